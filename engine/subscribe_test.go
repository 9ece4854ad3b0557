package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// What a subscriber is sent, first the rows that are there and then the changes, adds up at every epoch to what the query
// answers: to a constant total while clients move money, and in the end to what anyone can read.
func TestSubscriptionsAddUp(t *testing.T) {
	const accounts, clients, transfers, total = 8, 4, 25, 800
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)")
	for i := range accounts {
		run(t, s, fmt.Sprintf("INSERT INTO accounts VALUES (%d, %d)", i, total/accounts))
	}
	run(t, s, "CREATE MATERIALIZED VIEW halves AS SELECT id % 2 AS half, count(*) AS n, sum(balance) AS sum FROM accounts GROUP BY id % 2")
	const joined = "SELECT a.id, h.half, a.balance FROM accounts a JOIN halves h ON h.half = a.id % 2"
	var subscribers sync.WaitGroup
	for _, q := range []struct{ subscribe, query, last string }{ // last is in a row of the end
		{"SUBSCRIBE halves", "SELECT * FROM halves", "|5|"},
		{"SUBSCRIBE (" + joined + ")", joined, "|100|"},
	} {
		started := make(chan struct{})
		begun := sync.OnceFunc(func() { close(started) })
		session, reader := connect(t, e), connect(t, e)
		subscribers.Go(func() {
			defer begun()
			rows, err := follow(session, q.subscribe, begun, q.last)
			if err != nil {
				t.Error(err)
				return
			}
			there := map[string]int{}
			for i, row := range rows {
				parts := strings.SplitN(row, "|", 3)
				n, _ := strconv.Atoi(parts[1])
				if there[parts[2]] += n; there[parts[2]] == 0 {
					delete(there, parts[2])
				}
				if i+1 < len(rows) && strings.HasPrefix(rows[i+1], parts[0]+"|") {
					continue // the epoch has more
				}
				sum := 0
				for row, n := range there {
					v, _ := strconv.Atoi(row[strings.LastIndexByte(row, '|')+1:])
					sum += n * v
				}
				if sum != total {
					t.Errorf("%s: at epoch %s the sum is %d: %v", q.subscribe, parts[0], sum, there)
					return
				}
			}
			var got []string
			for row, n := range there {
				got = append(got, slices.Repeat([]string{row}, max(n, 0))...)
			}
			slices.Sort(got)
			want, _, err := try(reader, q.query)
			slices.Sort(want)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s ends with %v, the query answers %v, %v", q.subscribe, got, want, err)
			}
		})
		<-started
	}
	var writers sync.WaitGroup
	for i := range clients {
		s := connect(t, e)
		rng := rand.New(rand.NewPCG(5, uint64(i)))
		writers.Go(func() {
			for range transfers {
				from, amount := rng.IntN(accounts), rng.IntN(20)
				to := (from + 1 + rng.IntN(accounts-1)) % accounts
				if err := transfer(s, fmt.Sprintf("UPDATE accounts SET balance = balance - %d WHERE id = %d", amount, from),
					fmt.Sprintf("UPDATE accounts SET balance = balance + %d WHERE id = %d", amount, to)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
	run(t, s, "INSERT INTO accounts VALUES (100, 0)")
	subscribers.Wait()
}

// follow returns what a SUBSCRIBE sends, up to the epoch in which a row comes that contains last. begun is called when the
// first rows have come.
func follow(s *Session, subscribe string, begun func(), last string) ([]string, error) {
	statements, err := s.Parse(subscribe)
	if err != nil {
		return nil, err
	}
	p, err := s.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		return nil, err
	}
	r, seen, enough := &recorder{fields: p.Fields}, 0, errors.New("enough")
	r.onFlush = func() error {
		begun()
		for ; seen < len(r.rows); seen++ {
			if strings.Contains(r.rows[seen], last) {
				return enough
			}
		}
		return nil
	}
	_, err = s.Execute(context.Background(), p, nil, r)
	if err == nil || !strings.Contains(err.Error(), enough.Error()) {
		return nil, fmt.Errorf("%s ended with %w", subscribe, err)
	}
	return r.rows, nil
}
