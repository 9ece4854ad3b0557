package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

// Planning is part of a statement: a cancel and statement_timeout end it.
func TestPlanningEnds(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (id int PRIMARY KEY, a int)")
	var b strings.Builder
	b.WriteString("SELECT 1 FROM t t0")
	for i := range 1000 { // takes many seconds to plan
		fmt.Fprintf(&b, " JOIN t t%d ON t%[1]d.id = t%d.a", i+1, i)
	}
	query := b.String()
	for _, text := range []string{query, "EXPLAIN " + query, "CREATE VIEW v AS " + query, "CREATE MATERIALIZED VIEW m AS " + query, "CREATE TABLE c AS " + query,
		"INSERT INTO t (id) " + query, "UPDATE t SET a = 1 WHERE EXISTS (" + query + ")", "DECLARE c CURSOR FOR " + query} {
		if _, _, err := try(s, "BEGIN; SET LOCAL statement_timeout = '1ms'; "+text); code(err) != sqlstate.QueryCanceled || !strings.Contains(err.Error(), "timeout") {
			t.Errorf("%.30s: %v", text, err)
		}
		run(t, s, "ROLLBACK")

		ended := make(chan error)
		ctx, cancel := context.WithCancel(context.Background())
		statements, err := s.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		run(t, s, "BEGIN")
		go func() {
			p, err := s.Prepare(ctx, statements[0], nil)
			if err == nil {
				_, err = s.ExecuteLast(ctx, p, nil, discard{})
			}
			ended <- err
		}()
		pid, secret := s.ID()
		for done := false; !done; {
			select {
			case err := <-ended:
				if done = true; code(err) != sqlstate.QueryCanceled || !strings.Contains(err.Error(), "user request") {
					t.Errorf("%.30s: %v", text, err)
				}
			default:
				e.Cancel(pid, secret)
			}
		}
		cancel()
		s.Fail()
		run(t, s, "ROLLBACK")
	}
}
