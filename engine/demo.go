package engine

import (
	"context"
	"time"

	"tarn/connector/nexmark"
	"tarn/delta"
	"tarn/sql/sqlstate"
)

// demoViews are the three views of the demonstration.
const demoViews = `CREATE MATERIALIZED VIEW IF NOT EXISTS bids_by_channel AS
  SELECT channel, count(*) AS bids, sum(price) AS volume, max(price) AS highest FROM bid GROUP BY channel;
CREATE MATERIALIZED VIEW IF NOT EXISTS hot_auctions AS
  SELECT a.id, a.item_name, count(*) AS bids, max(b.price) AS highest
  FROM auction a JOIN bid b ON b.auction = a.id GROUP BY a.id, a.item_name ORDER BY count(*) DESC, a.id LIMIT 10;
CREATE MATERIALIZED VIEW IF NOT EXISTS sellers_by_state AS
  SELECT p.state, count(DISTINCT p.id) AS sellers, count(*) AS auctions, avg(a.reserve) AS avg_reserve
  FROM person p JOIN auction a ON a.seller = p.id GROUP BY p.state;`

// Demo makes the streams and views of the demonstration, unless they are there, and feeds the streams with so many events a
// second until ctx ends.
func (e *Engine) Demo(ctx context.Context, perSecond float64, seed uint64) error {
	if _, ok := e.Relation("public", "bid"); !ok {
		if err := e.script(ctx, nexmark.Schema); err != nil {
			return err
		}
	}
	if err := e.script(ctx, demoViews); err != nil {
		return err
	}
	g := nexmark.New(seed, microseconds(e.cfg.Now()), perSecond)
	const steps = 20 // a second
	tick := time.NewTicker(time.Second / steps)
	defer tick.Stop()
	began, sent := time.Now(), 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		due := int(time.Since(began).Seconds()*perSecond) - sent
		if due <= 0 {
			continue
		}
		due = min(due, 1<<16) // after a pause: catch up in pieces
		b := g.Next(due)
		sent += due
		err := e.Ingest(ctx, map[string]*delta.Batch{"person": b.Persons, "auction": b.Auctions, "bid": b.Bids})
		if sqlstate.From(err) == nil || ctx.Err() != nil {
			continue
		}
		if sqlstate.From(err).Code != sqlstate.DiskFull {
			return err
		}
		e.cfg.Logger.Warn("demo waits for disk space", "error", err)
	}
}

// script runs statements of the engine's own.
func (e *Engine) script(ctx context.Context, text string) error {
	s, err := e.Connect("tarn", "tarn", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	statements, err := s.Parse(text)
	if err != nil {
		return err
	}
	for _, st := range statements {
		p, err := s.Prepare(ctx, st, nil)
		if err != nil {
			return err
		}
		if _, err := s.ExecuteLast(ctx, p, nil, discard{}); err != nil {
			return err
		}
	}
	return nil
}
