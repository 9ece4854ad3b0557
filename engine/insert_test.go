package engine

import (
	"context"
	"fmt"
	"testing"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// A prepared INSERT of a single row is executed again and again: each time its expressions are evaluated anew, with what they
// depend on at the time.
func TestPreparedInsertOfARow(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE t (k int PRIMARY KEY, v int, s text DEFAULT 'a' || 'b', n int NOT NULL DEFAULT 7)")
	parsed, err := s.Parse("INSERT INTO t (k, v) VALUES ($1, 100 / $2)")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Prepare(context.Background(), parsed[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	insert := func(k, v int64) error {
		_, err := s.ExecuteLast(context.Background(), p, []types.Datum{{Int: k}, {Int: v}}, discard{})
		return err
	}
	for k := range int64(3) {
		if err := insert(k, k+1); err != nil {
			t.Fatal(err)
		}
	}
	if err := insert(3, 0); code(err) != sqlstate.DivisionByZero {
		t.Fatal(err)
	}
	if err := insert(2, 1); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	if err := insert(3, 25); err != nil {
		t.Fatal(err)
	}
	rows, _ := run(t, s, "SELECT k, v, s, n FROM t ORDER BY k")
	expect(t, rows, "0|100|ab|7", "1|50|ab|7", "2|33|ab|7", "3|4|ab|7")

	rows, _ = run(t, s, "INSERT INTO t VALUES (4, NULL, set_config('application_name', 'writer', false)) RETURNING s, n")
	expect(t, rows, "writer|7")
	rows, _ = run(t, s, "SHOW application_name")
	expect(t, rows, "writer")
	rows, _ = run(t, s, "EXPLAIN INSERT INTO t VALUES (5, 1 + 1)")
	expect(t, rows, "Result", "  Output: 5, 2, 'ab'::text, 7")
	if _, _, err := try(s, "INSERT INTO t VALUES (6, 1, 's', NULL)"); code(err) != sqlstate.NotNullViolation {
		t.Fatal(err)
	}
}

// An error about a row says whose it is, for clients that read more of it than the message.
func TestErrorsNameTheTable(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, "CREATE SCHEMA shop; CREATE TABLE shop.t (k int PRIMARY KEY, v int NOT NULL); INSERT INTO shop.t VALUES (1, 1)")
	for text, want := range map[string]string{
		"INSERT INTO shop.t VALUES (1, 2)": "23505 shop t  t_pkey",
		"INSERT INTO shop.t VALUES (2)":    "23502 shop t v ",
		"UPDATE shop.t SET v = NULL":       "23502 shop t v ",
	} {
		_, _, err := try(s, text)
		e := sqlstate.From(err)
		if got := fmt.Sprintf("%s %s %s %s %s", string(e.Code), e.Schema, e.Table, e.Column, e.Constraint); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
