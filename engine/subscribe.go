package engine

import (
	"context"
	"fmt"

	"tarn/delta"
	"tarn/exec"
	"tarn/planner"
	"tarn/planner/plan"
	"tarn/sql/copyformat"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// subscription is a planned SUBSCRIBE: a query kept current for one client, as long as it listens.
type subscription struct {
	root     plan.Node
	snapshot bool // send what is there first
	progress bool // send a row for every epoch that has passed
}

// The columns a subscription puts before those of the query. Epoch: the epoch a change belongs to; all changes of an epoch
// come together. Diff: how many of the row are added, below zero removed. Progressed (WITH (PROGRESS)): true in a row that
// says that all changes before its epoch have been sent, false in a change.
var (
	epochField      = Field{Name: "tarn_epoch", Type: types.Of(types.Int8OID)}
	progressedField = Field{Name: "tarn_progressed", Type: types.Of(types.BoolOID)}
	diffField       = Field{Name: "tarn_diff", Type: types.Of(types.Int8OID)}
)

// followBytes is how much a subscriber may fall behind before it is cut off.
const followBytes = 64 << 20

// planSubscribe plans SUBSCRIBE. psql shows the rows of a result when it is complete, which a subscription never is, but
// data of COPY as it comes: with subscribe_output set to copy, as it is for psql, SUBSCRIBE is COPY (SUBSCRIBE ...) TO STDOUT.
func planSubscribe(pl *planning, p *Prepared) error {
	if v, _ := pl.session.settings.get("subscribe_output"); v == "rows" {
		return planSubscription(pl, p)
	}
	inner := &Prepared{Statement: p.Statement}
	if err := planSubscription(pl, inner); err != nil {
		return err
	}
	options := copyformat.DefaultOptions(copyformat.Text)
	options.Header = copyformat.WithHeader
	p.planned = &copyPlan{options: options, follow: inner}
	return nil
}

func planSubscription(pl *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Subscribe)
	switch {
	case st.Rest != "":
		return sqlstate.New(sqlstate.FeatureNotSupported, "SUBSCRIBE ... %s is not supported", st.Rest).At(st.Pos)
	case !st.AsOf.IsZero() || !st.UpTo.IsZero():
		return sqlstate.New(sqlstate.FeatureNotSupported, "SUBSCRIBE ... AS OF and UP TO are not supported yet").At(st.Pos)
	}
	sub := &subscription{snapshot: true}
	for _, o := range st.Options {
		on := true
		if o.HasValue {
			v, err := boolean(o.Name, o.Value)
			if err != nil {
				return sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value", o.Name).At(o.Pos)
			}
			on = v == "on"
		}
		switch o.Name {
		case "snapshot":
			sub.snapshot = on
		case "progress":
			sub.progress = on
		default:
			return sqlstate.New(sqlstate.SyntaxError, "unrecognized SUBSCRIBE option %q", o.Name).
				WithHint("The options are SNAPSHOT and PROGRESS.").At(o.Pos)
		}
	}
	env := pl.session.planEnv(pl.ctx, pl.state, pl.tx, pl.declared)
	if st.Table != nil {
		rel, err := pl.session.find(pl.state.Catalog, *st.Table)
		if err != nil {
			return err
		}
		if sub.root, err = planner.Relation(pl.state.Catalog, env, rel); err != nil {
			return err
		}
	} else {
		v, err := planner.CreateView(pl.state.Catalog, env, st.Query, true)
		if err != nil {
			return err
		}
		sub.root = v.Root
	}
	if names := systemRelations(sub.root); len(names) > 0 {
		return sqlstate.New(sqlstate.FeatureNotSupported, "cannot subscribe to system relation %q", names[0]).
			WithHint("Changes of the catalogue are not streamed.")
	}
	p.Fields = []Field{epochField}
	if sub.progress {
		p.Fields = append(p.Fields, progressedField)
	}
	p.Fields = append(p.Fields, diffField)
	for _, f := range sub.root.Schema() {
		p.Fields = append(p.Fields, Field{Name: f.Name, Type: f.Type})
	}
	p.planned = sub
	return nil
}

func executeSubscribe(ctx context.Context, x *executing) (string, error) {
	state, tx := x.session.look()
	err := x.current(ctx, tx)
	if x.session.tx == nil {
		state.release()
	}
	if err != nil {
		return "", err
	}
	if c, ok := x.prepared.planned.(*copyPlan); ok {
		return x.copyTo(ctx, c)
	}
	n := 0
	if err := x.subscribe(ctx, x.prepared, func(b *delta.Batch) error {
		n += b.Len
		return x.client.Rows(b)
	}); err != nil {
		return "", err
	}
	return fmt.Sprintf("SUBSCRIBE %d", n), nil
}

// subscribe sends what a query gives, then its changes, epoch by epoch, until ctx ends or the client does not take them. The
// first state is the newest published, whatever transaction is open: its end would never come.
func (x *executing) subscribe(ctx context.Context, p *Prepared, emit func(*delta.Batch) error) error {
	sub, e := p.planned.(*subscription), x.session.engine
	const output = 1 // any id: the dataflow is this client's own
	flow, err := exec.Compile(sub.root, output, exec.Options{Pool: e.work, Parallel: 1})
	if err != nil {
		return err
	}
	defer flow.Release()
	f := newFollower(flow.Reads(), followBytes, errTooSlow)
	var state *State
	if err := e.do(ctx, func(l *loop) error {
		state = e.acquire()
		l.followers[f] = struct{}{}
		return nil
	}); err != nil {
		return err
	}
	defer func() {
		_ = e.do(context.WithoutCancel(ctx), func(l *loop) error {
			delete(l.followers, f)
			return nil
		})
	}()
	h := &hydration{flow: flow}
	out, err := h.snapshot(ctx, e, state)
	epoch := state.Epoch
	state.release()
	if err != nil {
		return err
	}
	send := &subscriber{subscription: sub, emit: emit, errors: map[string]int64{}}
	if err := send.errs(out.Errs); err != nil {
		return err
	}
	if sub.snapshot {
		if err := send.changes(epoch, out.Rows); err != nil {
			return err
		}
	}
	if err := send.progressTo(epoch + 1); err != nil {
		return err
	}
	for {
		if err := x.client.Flush(); err != nil {
			return err
		}
		feeds, err := f.next(ctx)
		if err != nil {
			return err
		}
		for _, fd := range feeds {
			if fd.epoch <= epoch {
				continue
			}
			if len(fd.changes) > 0 {
				outputs, err := flow.Step(ctx, fd.changes)
				if err != nil {
					return err
				}
				if err := send.errs(outputs[output].Errs); err != nil {
					return err
				}
				if err := send.changes(fd.epoch, outputs[output].Rows); err != nil {
					return err
				}
			}
			epoch = fd.epoch
			if err := send.progressTo(epoch + 1); err != nil {
				return err
			}
		}
	}
}

// snapshot fills a dataflow from a state and returns its output.
func (h *hydration) snapshot(ctx context.Context, e *Engine, s *State) (exec.Output, error) {
	src := &source{engine: e, state: s, errors: true}
	for _, id := range h.flow.Reads() {
		rel, ok := s.Catalog.ByID(id)
		if !ok {
			return exec.Output{}, errConflict
		}
		errs, err := src.errorsOf(ctx, rel)
		if err == nil && errs != nil {
			err = h.flow.Push(ctx, id, exec.Input{Errs: errs})
		}
		if err == nil {
			err = src.Scan(ctx, wholeScan(rel), func(b *delta.Batch) error {
				return h.flow.Push(ctx, id, exec.Input{Rows: []*delta.Batch{b}})
			})
		}
		if err != nil {
			return exec.Output{}, err
		}
	}
	outputs, err := h.flow.Flush(ctx)
	if err != nil {
		return exec.Output{}, err
	}
	for _, out := range outputs {
		return out, nil
	}
	return exec.Output{}, nil
}

// subscriber puts changes into the form a client gets them in.
type subscriber struct {
	*subscription
	emit   func(*delta.Batch) error
	errors map[string]int64
}

// errs keeps account of the errors of the query; while there is one, the subscription has no right answer, and ends with it.
func (s *subscriber) errs(b *delta.Batch) error {
	if b == nil {
		return nil
	}
	for i := 0; i < b.Len; i++ {
		key := string(delta.AppendRow(nil, b, i))
		if s.errors[key] += b.Count(i); s.errors[key] == 0 {
			delete(s.errors, key)
		}
	}
	for i := 0; i < b.Len; i++ {
		if b.Count(i) > 0 && s.errors[string(delta.AppendRow(nil, b, i))] > 0 {
			return exec.ErrorAt(b, i)
		}
	}
	return nil
}

// changes sends the rows of one epoch: those that go before those that come.
func (s *subscriber) changes(epoch uint64, b *delta.Batch) error {
	if b == nil || b.Len == 0 {
		return nil
	}
	var order []int32
	for _, adds := range []bool{false, true} {
		for i := 0; i < b.Len; i++ {
			if (b.Count(i) > 0) == adds {
				order = append(order, int32(i))
			}
		}
	}
	for lo := 0; lo < len(order); lo += scanRows {
		part := b.Gather(order[lo:min(lo+scanRows, len(order))])
		out := &delta.Batch{Len: part.Len, Cols: []delta.Column{delta.Repeat(types.Int64, types.Datum{Int: int64(epoch)}, part.Len)}}
		if s.progress {
			out.Cols = append(out.Cols, delta.Repeat(types.Bool, types.Datum{}, part.Len))
		}
		counts := make([]int64, part.Len)
		for i := range counts {
			counts[i] = part.Count(i)
		}
		out.Cols = append(append(out.Cols, delta.IntColumn(counts, nil)), part.Cols...)
		if err := s.emit(out); err != nil {
			return err
		}
	}
	return nil
}

// progressTo sends that all changes before an epoch are out.
func (s *subscriber) progressTo(epoch uint64) error {
	if !s.progress {
		return nil
	}
	out := &delta.Batch{Len: 1, Cols: []delta.Column{
		delta.IntColumn([]int64{int64(epoch)}, nil), delta.BoolColumn([]bool{true}, nil), delta.Repeat(types.Int64, types.Null, 1),
	}}
	for _, f := range s.root.Schema() {
		out.Cols = append(out.Cols, delta.Repeat(f.Type.Kind(), types.Null, 1))
	}
	return s.emit(out)
}

// systemRelations are the system relations a plan reads.
func systemRelations(n plan.Node) []string {
	var out []string
	if g, ok := n.(*plan.Get); ok && g.Relation.ID < 16384 {
		out = append(out, g.Relation.Name)
	}
	for _, in := range n.Inputs() {
		out = append(out, systemRelations(in)...)
	}
	return out
}
