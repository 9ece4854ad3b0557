package engine

import (
	"context"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

// A block may define, fill and drop relations: all of it takes effect at its COMMIT, in one epoch, or not at all.
func TestDefinitionsInTransactions(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	a, b := connect(t, e), connect(t, e)
	run(t, a, "CREATE TABLE old (k int PRIMARY KEY); INSERT INTO old VALUES (1), (2)")
	run(t, a, `BEGIN; CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b'); UPDATE t SET v = 'B' WHERE k = 2;
		CREATE VIEW w AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT old.k, v FROM old LEFT JOIN t USING (k);
		INSERT INTO old VALUES (3); CREATE TABLE u AS SELECT k FROM old`)
	rows, _ := run(t, a, "SELECT * FROM w")
	expect(t, rows, "1|a", "2|B")
	if _, _, err := try(b, "SELECT * FROM t"); code(err) != sqlstate.UndefinedTable {
		t.Fatal(err)
	}
	run(t, b, "INSERT INTO old VALUES (4)")
	run(t, b, "SELECT * FROM old")
	// u was made of old, which has changed since: the block has to be run again.
	if _, _, err := try(a, "COMMIT"); code(err) != sqlstate.SerializationFailure {
		t.Fatal(err)
	}
	rows, _ = run(t, b, "SELECT relname FROM pg_class WHERE relname IN ('t', 'u', 'w', 'm')")
	expect(t, rows)
	run(t, a, `BEGIN; CREATE TABLE t (k int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b'); CREATE VIEW w AS SELECT * FROM t;
		CREATE MATERIALIZED VIEW m AS SELECT old.k, v FROM old LEFT JOIN t USING (k); INSERT INTO old VALUES (3)`)
	run(t, b, "INSERT INTO old VALUES (5)")
	run(t, a, "COMMIT")
	for range 2 {
		rows, _ = run(t, b, "SELECT * FROM m")
		expect(t, rows, "1|a", "2|b", "3|NULL", "4|NULL", "5|NULL")
		rows, _ = run(t, b, "SELECT * FROM w")
		expect(t, rows, "1|a", "2|b")
		e.Close(context.Background())
		e = open(t, dir)
		b = connect(t, e)
	}
}

// What a block reads of the relations it makes itself nobody else can have changed.
func TestReadingANewTable(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	rows, _ := run(t, s, `BEGIN; CREATE TABLE t (k int PRIMARY KEY, v text); CREATE TABLE u (k int); CREATE VIEW w AS SELECT * FROM t JOIN u USING (k);
		INSERT INTO t VALUES (1, 'a'); INSERT INTO u SELECT k FROM t; UPDATE t SET v = 'b' WHERE k = 1; SELECT * FROM w`)
	expect(t, rows, "1|b")
	run(t, s, "COMMIT")
	rows, _ = run(t, s, "SELECT * FROM w")
	expect(t, rows, "1|b")
}

func TestRolledBackDefinitions(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	run(t, s, "CREATE TABLE keep (k int); BEGIN; DROP TABLE keep; CREATE TABLE keep (v text); CREATE SCHEMA s; ROLLBACK; INSERT INTO keep VALUES (1)")
	rows, _ := run(t, s, "SELECT * FROM keep")
	expect(t, rows, "1")
	if _, _, err := try(s, "DROP SCHEMA s"); code(err) != sqlstate.InvalidSchemaName {
		t.Fatal(err)
	}
}

// Two keys in one block that makes the table: no other row is there to tell, and it is an error all the same.
func TestKeysOfANewTable(t *testing.T) {
	e := open(t, t.TempDir())
	s := connect(t, e)
	if _, _, err := try(s, "BEGIN; CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)"); code(err) != sqlstate.UniqueViolation {
		t.Fatal(err)
	}
	run(t, s, "ROLLBACK")
}

// A type without values to store is refused as a column's, as PostgreSQL words it.
func TestPseudoTypes(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	for text, want := range map[string]string{
		"CREATE TABLE a (x record)":                     `column "x" has pseudo-type record (SQLSTATE 42P16)`,
		"CREATE STREAM a (x trigger)":                   `column "x" has pseudo-type trigger (SQLSTATE 42P16)`,
		"CREATE VIEW a AS SELECT NULL::anyelement AS x": `column "x" has pseudo-type anyelement (SQLSTATE 42P16)`,
	} {
		if _, _, err := try(s, text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestComments(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	s := connect(t, e)
	run(t, s, `CREATE TABLE t (k int, v text); CREATE MATERIALIZED VIEW m AS SELECT k FROM t; INSERT INTO t VALUES (1);
		COMMENT ON TABLE t IS 'what it is'; COMMENT ON COLUMN public.t.v IS 'a value'; COMMENT ON MATERIALIZED VIEW m IS 'kept'; INSERT INTO t VALUES (2)`)
	for range 2 {
		rows, _ := run(t, s, `SELECT obj_description('t'::regclass, 'pg_class'), col_description('t'::regclass, 2), obj_description('m'::regclass, 'pg_class'), (SELECT count(*) FROM m)`)
		expect(t, rows, "what it is|a value|kept|2")
		e.Close(context.Background())
		e = open(t, dir)
		s = connect(t, e)
	}
	run(t, s, "COMMENT ON TABLE t IS NULL")
	rows, _ := run(t, s, "SELECT obj_description('t'::regclass, 'pg_class')")
	expect(t, rows, "NULL")
}

// What goes along with CASCADE is told in one notice; without it, it is named.
func TestDropTellsWhatDepends(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, `CREATE SCHEMA shop; CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT * FROM t;
		CREATE MATERIALIZED VIEW shop.w AS SELECT count(*) AS n FROM v; CREATE TABLE shop.x (a int); CREATE VIEW y AS SELECT * FROM shop.x`)
	for text, want := range map[string]string{
		"DROP TABLE t":    "cannot drop table t because other objects depend on it",
		"DROP TABLE t, u": "cannot drop desired object(s) because other objects depend on them",
	} {
		if _, _, err := try(s, text); code(err) != sqlstate.DependentObjectsStillExist || sqlstate.From(err).Message != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, step := range [][2]string{
		{"DROP TABLE u CASCADE", ""},
		{"DROP TABLE t CASCADE", "drop cascades to 2 other objectsdrop cascades to view v\ndrop cascades to materialized view shop.w"},
		{"CREATE SCHEMA other; CREATE TABLE other.u (a int); CREATE TABLE u (a int); SET search_path = public, other; DROP SCHEMA other CASCADE", "drop cascades to table other.u"},
		{"DROP SCHEMA shop CASCADE", "drop cascades to 2 other objectsdrop cascades to table shop.x\ndrop cascades to view y"},
		{"CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT * FROM v; DROP VIEW v CASCADE", "drop cascades to view w"},
		{"DROP VIEW IF EXISTS shop.v, nowhere", `schema "shop" does not exist, skipping|view "nowhere" does not exist, skipping`},
	} {
		r := &recorder{}
		statements, err := s.Parse(step[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range statements {
			p, err := s.Prepare(context.Background(), st, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.ExecuteLast(context.Background(), p, nil, r); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(r.notices, "|"); got != step[1] {
			t.Errorf("%s: told %q, want %q", step[0], got, step[1])
		}
	}
}
