package sqllogictest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

var (
	oracleTime = flag.Duration("oracle.time", 20*time.Second, "how long random cases are compared with PostgreSQL")
	oracleSeed = flag.Uint64("oracle.seed", 1, "the first random case")
	oracleMany = flag.Bool("oracle.all", false, "go on after a difference")
)

// oracleStep is one statement of a random case, in pieces that can be taken away.
type oracleStep struct {
	sql   string   // "" for views, and for checks
	rows  []string // after sql: those of VALUES
	tail  string   // after the rows
	view  string   // the name of a view of query
	of    *query
	check bool // compare all views that exist
	crash bool // Tarn loses what it has not synced, and recovers
}

func (s oracleStep) text() string {
	switch {
	case s.view != "":
		return "CREATE MATERIALIZED VIEW " + s.view + " AS " + s.of.String()
	case s.rows != nil:
		return s.sql + strings.Join(s.rows, ", ") + s.tail
	}
	return s.sql
}

// oracleCase makes the random case of a seed: tables, views of any depth, before and between transactions that change the
// tables; views are compared after each.
func oracleCase(seed uint64) []oracleStep {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 3))}
	var steps []oracleStep
	for range g.IntN(3) + 1 {
		r := relation{name: g.name("t"), key: g.chance(60), stream: g.chance(20)}
		r.key = r.key && !r.stream
		var defs []string
		for i := range g.IntN(4) + 2 {
			c := column{name: g.name("c"), kind: kinds[g.IntN(len(kinds))]}
			if i == 0 {
				c.kind = "int"
			}
			def := c.name + " " + c.kind
			if i == 0 && r.key {
				def += " PRIMARY KEY"
			}
			r.columns, defs = append(r.columns, c), append(defs, def)
		}
		g.relations = append(g.relations, r)
		what := map[bool]string{true: "STREAM", false: "TABLE"}[r.stream]
		steps = append(steps, oracleStep{sql: "CREATE " + what + " " + r.name + " (" + strings.Join(defs, ", ") + ")"})
	}
	tables := len(g.relations)
	view := func() {
		q := g.query(2, nil)
		r := relation{name: g.name("v"), columns: q.columns}
		steps = append(steps, oracleStep{view: r.name, of: q})
		g.relations = append(g.relations, r)
	}
	for range g.IntN(4) + 2 {
		view()
	}
	for range g.IntN(6) + 3 {
		steps = append(steps, g.transaction(g.relations[:tables])...)
		steps = append(steps, oracleStep{crash: g.chance(12)}, oracleStep{check: true})
		if g.chance(15) {
			view()
		}
	}
	return steps
}

// transaction changes tables, in a block or not.
func (g *generator) transaction(tables []relation) []oracleStep {
	var steps []oracleStep
	block := g.chance(50)
	if block {
		steps = append(steps, oracleStep{sql: "BEGIN"})
	}
	for range g.IntN(3) + 1 {
		steps = append(steps, g.change(tables[g.IntN(len(tables))]))
		if block && g.chance(25) {
			steps = append(steps, oracleStep{check: true})
		}
	}
	if block {
		steps = append(steps, oracleStep{sql: g.one("COMMIT", "COMMIT", "COMMIT", "ROLLBACK")})
	}
	return steps
}

func (g *generator) change(r relation) oracleStep {
	scope := scopeOf(r, r.name)
	where := ""
	if g.chance(90) {
		where = " WHERE " + g.condition(2, scope)
		if g.chance(15) {
			where += " AND " + g.subcondition(scope)
		}
	}
	switch n := g.IntN(20); {
	case n < 11 || r.stream:
		s := oracleStep{sql: "INSERT INTO " + r.name + " VALUES "}
		for range g.IntN(8) + 1 {
			var values []string
			for i, c := range r.columns {
				if i == 0 && r.key {
					values = append(values, fmt.Sprint(g.IntN(40)))
					continue
				}
				values = append(values, g.literal(c.kind))
			}
			s.rows = append(s.rows, "("+strings.Join(values, ", ")+")")
		}
		if r.key && g.chance(75) {
			s.tail = " ON CONFLICT DO NOTHING"
		}
		return s
	case n < 15:
		var sets []string
		for i, c := range r.columns {
			if (i > 0 || !r.key) && (g.chance(50) || len(sets) == 0 && i == len(r.columns)-1) {
				sets = append(sets, c.name+" = "+g.expr(c.kind, 1, scope))
			}
		}
		return oracleStep{sql: "UPDATE " + r.name + " SET " + strings.Join(sets, ", ") + where}
	case n < 19:
		return oracleStep{sql: "DELETE FROM " + r.name + where}
	default:
		return oracleStep{sql: "TRUNCATE " + r.name}
	}
}

// oracle is Tarn and PostgreSQL side by side.
type oracle struct {
	t           *testing.T
	tarn, other Connection
	unsupported map[string]int
}

// errSkip says that a case can not be compared.
var errSkip = errors.New("not comparable")

// play runs a case on both and returns the first difference, as text, or "" if there is none.
func (o *oracle) play(steps []oracleStep) (difference string, err error) {
	ctx := context.Background()
	fs := vfs.NewCrashableMem()
	e, err := openMemory(fs)
	if err != nil {
		return "", err
	}
	defer func() { e.Close(ctx) }()
	if o.tarn, err = (InProcess{e}).Connect(ctx); err != nil {
		return "", err
	}
	if o.other.InBlock() {
		_, _ = o.other.Run(ctx, "ROLLBACK", nil)
	}
	clean(o.t, o.other)
	var views []string
	queries := map[string]string{}
	for _, s := range steps {
		if s.check {
			for _, v := range views {
				if d, err := o.compare(ctx, v, queries[v]); d != "" || err != nil {
					return d, err
				}
			}
			continue
		}
		if s.crash {
			if o.tarn.InBlock() {
				continue
			}
			fs = fs.CrashClone(vfs.CrashCloneCfg{})
			e.Close(ctx)
			if e, err = openMemory(fs); err != nil {
				return "the database does not open after a crash: " + err.Error(), nil
			}
			if o.tarn, err = (InProcess{e}).Connect(ctx); err != nil {
				return "", err
			}
			continue
		}
		text := s.text()
		if text == "" {
			continue
		}
		ours, tarnErr := o.tarn.Run(ctx, text, nil)
		if s.view != "" && code(tarnErr) == "0A000" {
			o.unsupported[tarnErr.Error()]++
			return "", errSkip
		}
		other, changed := ForPostgres(text)
		theirs, pgErr := o.other.Run(ctx, other, nil)
		switch {
		case code(pgErr) == "57014":
			return "", errSkip
		case code(tarnErr) != code(pgErr):
			return fmt.Sprintf("%s\n# Tarn: %v\n# PostgreSQL: %v", text, tarnErr, pgErr), nil
		case tarnErr == nil && !changed && ours.Tag != theirs.Tag:
			return fmt.Sprintf("%s\n# Tarn: %s\n# PostgreSQL: %s", text, ours.Tag, theirs.Tag), nil
		case tarnErr == nil && s.view != "":
			views = append(views, s.view)
			queries[s.view] = s.of.String()
		}
	}
	return "", nil
}

// compare asks both for a view, and Tarn for its query, too.
func (o *oracle) compare(ctx context.Context, view, query string) (difference string, err error) {
	read := "SELECT * FROM " + view
	want, pgErr := o.other.Run(ctx, read, nil)
	if code(pgErr) == "57014" || len(want.Rows) > 5000 {
		return "", errSkip
	}
	for _, text := range []string{read, query} {
		got, tarnErr := o.tarn.Run(ctx, text, nil)
		if code(tarnErr) == code(pgErr) && got.Types == want.Types && equalRows(got.Rows, want.Rows, false) {
			continue
		}
		return fmt.Sprintf("query %s\n%s\n----\n%s\n\n# Tarn, in a block: %v:\n# %s",
			want.Types, text, answer(want, pgErr), o.tarn.InBlock(), strings.ReplaceAll(answer(got, tarnErr), "\n", "\n# ")), nil
	}
	return "", nil
}

func answer(r Result, err error) string {
	if err != nil {
		return "# " + err.Error()
	}
	slices.Sort(r.Rows)
	return strings.Join(r.Rows, "\n")
}

func code(err error) string {
	var f *Failure
	if errors.As(err, &f) {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// shrink takes statements, rows and parts of queries away as long as a difference stays.
func (o *oracle) shrink(steps []oracleStep, difference string) ([]oracleStep, string) {
	deadline := time.Now().Add(25 * time.Second)
	try := func(smaller []oracleStep) bool {
		if time.Now().After(deadline) {
			return false
		}
		d, err := o.play(smaller)
		if err != nil || d == "" || strings.Contains(d, "does not exist") != strings.Contains(difference, "does not exist") {
			return false // gone, or another one: a name that was taken away
		}
		steps, difference = smaller, d
		return true
	}
	for size := len(steps) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(steps); {
			if !try(slices.Delete(slices.Clone(steps), at, at+size)) {
				at += size
			}
		}
	}
	for again := true; again; {
		again = false
		for i := 0; i < len(steps); i++ {
			if try(slices.Delete(slices.Clone(steps), i, i+1)) {
				again = true
				i--
				continue
			}
			replaced := func(s oracleStep) []oracleStep {
				c := slices.Clone(steps)
				c[i] = s
				return c
			}
			for k := 0; k < len(steps[i].rows) && len(steps[i].rows) > 1; {
				s := steps[i]
				s.rows = slices.Delete(slices.Clone(s.rows), k, k+1)
				if try(replaced(s)) {
					again = true
				} else {
					k++
				}
			}
			if steps[i].view == "" {
				continue
			}
			for found := true; found; {
				found = false
				for _, q := range steps[i].of.smaller() {
					s := steps[i]
					s.of = q
					if try(replaced(s)) {
						found, again = true, true
						break
					}
				}
			}
		}
	}
	return steps, difference
}

// scriptOf writes a case as a script that ends in the difference.
func scriptOf(steps []oracleStep, difference string) string {
	var b strings.Builder
	for _, s := range steps {
		if s.crash {
			b.WriteString("# A crash, and recovery.\n\n")
		} else if s.text() != "" {
			fmt.Fprintf(&b, "statement ok\n%s\n\n", s.text())
		}
	}
	return b.String() + difference
}

// Random schemas, views and transactions have the same answers here and in PostgreSQL.
func TestOracle(t *testing.T) {
	db := postgresOf(t)
	other, err := db.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Run(context.Background(), "SET statement_timeout = '500ms'; SET jit = off; SET client_min_messages = error", nil); err != nil {
		t.Fatal(err)
	}
	o := &oracle{t: t, other: other, unsupported: map[string]int{}}
	deadline := time.Now().Add(*oracleTime)
	cases, skipped, differences := 0, 0, 0
	for seed := *oracleSeed; time.Now().Before(deadline); seed++ {
		steps := oracleCase(seed)
		difference, err := o.play(steps)
		switch {
		case errors.Is(err, errSkip):
			skipped++
		case err != nil:
			t.Fatalf("seed %d: %v", seed, err)
		case difference != "":
			steps, difference = o.shrink(steps, difference)
			t.Errorf("seed %d:\n%s", seed, scriptOf(steps, difference))
			if differences++; !*oracleMany || differences >= 12 {
				return
			}
		}
		cases++
	}
	t.Logf("%d cases, %d of them cut short: PostgreSQL took too long, or Tarn refuses a view", cases, skipped)
	for message, n := range o.unsupported {
		t.Logf("%d x %s", n, message)
	}
}
