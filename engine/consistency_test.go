package engine

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"tarn/sql/sqlstate"
)

// Money moves between accounts, by single statements and by blocks that are tried again when they lose a race. Whoever
// looks, however, wherever and whenever: the sum is the same (E2).
func TestTransfers(t *testing.T) {
	const accounts, clients, transfers, total = 10, 6, 60, 1000
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL); CREATE STREAM moves (a int, b int, amount int)")
	for i := range accounts {
		run(t, s, fmt.Sprintf("INSERT INTO accounts VALUES (%d, %d)", i, total/accounts))
	}
	run(t, s, "CREATE MATERIALIZED VIEW total AS SELECT sum(balance) AS sum FROM accounts")
	run(t, s, "CREATE MATERIALIZED VIEW halves AS SELECT id % 2 AS half, sum(balance) AS sum FROM accounts GROUP BY id % 2")
	run(t, s, "CREATE MATERIALIZED VIEW of_halves AS SELECT sum(sum) AS sum FROM halves")
	// What the stream says of the moves and what the table holds are two ways to one number.
	run(t, s, `CREATE MATERIALIZED VIEW difference AS
		SELECT a.id, a.balance - coalesce(m.delta, 0) AS start FROM accounts a LEFT JOIN
		(SELECT id, sum(delta) AS delta FROM (SELECT a AS id, -amount AS delta FROM moves UNION ALL SELECT b, amount FROM moves) u GROUP BY id) m ON m.id = a.id`)

	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for i := range clients {
		s := connect(t, e)
		rng := rand.New(rand.NewPCG(3, uint64(i)))
		writers.Go(func() {
			for n := range transfers {
				from, amount := rng.IntN(accounts), rng.IntN(20)
				to := (from + 1 + rng.IntN(accounts-1)) % accounts
				var err error
				if n%2 == 0 {
					err = transfer(s, fmt.Sprintf("UPDATE accounts SET balance = balance - %[1]d WHERE id = %[2]d", amount, from),
						fmt.Sprintf("UPDATE accounts SET balance = balance + %d WHERE id = %d", amount, to),
						fmt.Sprintf("INSERT INTO moves VALUES (%d, %d, %d)", from, to, amount))
				} else { // one statement for the accounts, in a block with the stream
					err = transfer(s, fmt.Sprintf("UPDATE accounts SET balance = balance + CASE id WHEN %d THEN -(%d) ELSE %[2]d END WHERE id IN (%[1]d, %[3]d)", from, amount, to),
						fmt.Sprintf("INSERT INTO moves VALUES (%d, %d, %d)", from, to, amount))
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	questions := []string{
		"SELECT sum FROM total", "SELECT sum FROM of_halves", "SELECT sum(balance) FROM accounts", "SELECT sum(sum) FROM halves",
		"SELECT sum(start) FROM difference", "SELECT t.sum + h.sum - o.sum FROM total t, of_halves h, of_halves o",
		fmt.Sprintf("SELECT %d + count(*) FROM difference WHERE start <> %d", total, total/accounts),
	}
	for i := range 3 {
		s := connect(t, e)
		readers.Go(func() {
			for n := i; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				q := questions[n%len(questions)]
				block := n%4 == 3
				if block {
					run(t, s, "BEGIN; SELECT sum FROM total")
				}
				rows, _, err := try(s, q)
				if err != nil || len(rows) != 1 || rows[0] != strconv.Itoa(total) {
					t.Errorf("%s: %v, %v", q, rows, err)
					return
				}
				if block {
					run(t, s, "COMMIT")
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
	rows, _ := run(t, s, "SELECT count(*) FROM moves")
	expect(t, rows, strconv.Itoa(clients*transfers))
}

// transfer runs statements in a block until it commits.
func transfer(s *Session, statements ...string) error {
	for {
		_, _, err := try(s, "BEGIN")
		for _, text := range statements {
			if err == nil {
				_, _, err = try(s, text)
			}
		}
		if err == nil {
			_, _, err = try(s, "COMMIT")
		}
		if err == nil {
			return nil
		}
		if _, _, rollback := try(s, "ROLLBACK"); rollback != nil {
			return rollback
		}
		if code(err) != sqlstate.SerializationFailure {
			return err
		}
	}
}

// A read that starts after a write was acknowledged sees it, in a view three deep and from any connection (E1).
func TestReadsFollowWrites(t *testing.T) {
	const clients, writes = 6, 40
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (id int PRIMARY KEY, who int);
		CREATE MATERIALIZED VIEW one AS SELECT who, count(*) AS n FROM t GROUP BY who;
		CREATE VIEW between_them AS SELECT who, n FROM one WHERE n > 0;
		CREATE MATERIALIZED VIEW two AS SELECT a.who, a.n FROM between_them a JOIN one b ON a.who = b.who;
		CREATE MATERIALIZED VIEW three AS SELECT who, max(n) AS n FROM two GROUP BY who`)
	var wg sync.WaitGroup
	for i := range clients {
		writer, reader := connect(t, e), connect(t, e)
		wg.Go(func() {
			for n := 1; n <= writes; n++ {
				if _, _, err := try(writer, fmt.Sprintf("INSERT INTO t VALUES (%d, %d)", i*writes+n, i)); err != nil {
					t.Error(err)
					return
				}
				for _, s := range []*Session{writer, reader} {
					rows, _, err := try(s, fmt.Sprintf("SELECT n FROM three WHERE who = %d", i))
					if err != nil || len(rows) != 1 || rows[0] != strconv.Itoa(n) {
						t.Errorf("after write %d: %v, %v", n, rows, err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

// What a block reads does not change under it, in tables nor in views.
func TestBlocksReadOneState(t *testing.T) {
	e := open(t, t.TempDir())
	reader, writer := connect(t, e), connect(t, e)
	run(t, writer, `CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM t; INSERT INTO t VALUES (1)`)
	run(t, reader, "BEGIN; SELECT 1")
	rows, _ := run(t, reader, "SELECT n FROM n")
	expect(t, rows, "1")
	for i := range 50 {
		run(t, writer, fmt.Sprintf("INSERT INTO t VALUES (%d)", i+2))
		rows, _ = run(t, reader, "SELECT n FROM n UNION ALL SELECT count(*) FROM t")
		expect(t, rows, "1", "1")
	}
	run(t, reader, "COMMIT")
	rows, _ = run(t, reader, "SELECT n FROM n")
	expect(t, rows, "51")
}
