package sql

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"tarn/sql/lex"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
)

var (
	rounds = flag.Int("rounds", 800, "how many random expressions to compare")
	seed   = flag.Uint64("seed", 1, "of the random expressions")
)

// precedenceSchema makes every operator of the test exist for booleans, so that any combination has a type and
// pg_get_viewdef shows PostgreSQL's own tree, with all its parentheses.
func precedenceSchema() string {
	var b strings.Builder
	b.WriteString(`CREATE SCHEMA p; SET search_path = p, pg_catalog;
CREATE FUNCTION b2(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION b1(boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION p.timezone(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION p.like_escape(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION p.similar_to_escape(boolean, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION p.similar_to_escape(boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE t (a boolean, b boolean, c boolean, d boolean, l boolean[]);
`)
	for _, op := range []string{"+", "-", "*", "/", "%", "^", "||", "&", "|", "#", "<<", ">>", "@>", "->", "~~", "~~*", "!~~", "!~~*", "~", "!~"} {
		fmt.Fprintf(&b, "CREATE OPERATOR p.%s (LEFTARG = boolean, RIGHTARG = boolean, FUNCTION = b2);\n", op)
	}
	for _, op := range []string{"+", "-", "~", "@", "!!", "|/"} {
		fmt.Fprintf(&b, "CREATE OPERATOR p.%s (RIGHTARG = boolean, FUNCTION = b1);\n", op)
	}
	return b.String()
}

var (
	randomBinary = []string{"+", "-", "*", "/", "%", "^", "||", "&", "|", "#", "<<", "@>", "->", "=", "<>", "<", "<=", ">", ">=", "AND", "OR",
		"IS DISTINCT FROM", "IS NOT DISTINCT FROM", "LIKE", "NOT LIKE", "ILIKE", "NOT ILIKE", "SIMILAR TO", "NOT SIMILAR TO",
		"AT TIME ZONE", "~", "OPERATOR(p.+)"}
	randomPrefix = []string{"NOT", "-", "+", "~", "@", "!!", "OPERATOR(p.~)"}
	randomSuffix = []string{"IS NULL", "IS NOT NULL", "ISNULL", "NOTNULL", "IS TRUE", "IS NOT FALSE", "IS UNKNOWN", "IN (a, b)", "NOT IN (c)",
		"::boolean", "= ANY (l)", "< ALL (l)", "LIKE ANY (l)", "IN (SELECT d FROM t)", "ESCAPE b"}
)

// randomExpr writes terms joined by operators, with few parentheses, so that precedence decides.
func randomExpr(r *rand.Rand, terms int) string {
	var b strings.Builder
	for i := range terms {
		if i > 0 {
			if r.IntN(10) == 0 {
				b.WriteString(" BETWEEN ")
				b.WriteString(randomExpr(r, 1+r.IntN(2)))
				b.WriteString(" AND ")
			} else {
				b.WriteString(" " + pick(r, randomBinary) + " ")
			}
		}
		if r.IntN(4) == 0 {
			b.WriteString(pick(r, randomPrefix) + " ")
		}
		switch r.IntN(12) {
		case 0:
			b.WriteString("(" + randomExpr(r, 2) + ")")
		case 1:
			b.WriteString("CASE WHEN " + randomExpr(r, 1) + " THEN " + randomExpr(r, 1) + " END")
		case 2:
			b.WriteString("(SELECT a FROM t)")
		default:
			b.WriteString(pick(r, []string{"a", "b", "c", "d"}))
		}
		if r.IntN(5) == 0 {
			b.WriteString(" " + pick(r, randomSuffix))
		}
	}
	return b.String()
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// TestPrecedence compares PostgreSQL's tree of random expressions with its tree of what we print back.
func TestPrecedence(t *testing.T) {
	o := startOracle(t)
	if _, err := o.text(precedenceSchema()); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = o.text("RESET search_path; DROP SCHEMA p CASCADE") }()
	r := rand.New(rand.NewPCG(*seed, 2))
	same, refused := 0, 0
	for range *rounds {
		sql := "SELECT " + randomExpr(r, 2+r.IntN(3)) + " AS x FROM t"
		want, wantErr := o.view(sql)
		list, err := Parse(sql)
		switch {
		case err != nil && wantErr != nil && state(wantErr) == "42601":
			refused++
			if got, want := describeError(sqlstate.From(err)), describePgError(wantErr); got != want {
				t.Errorf("%s\nis refused with\n  %s\nand by PostgreSQL with\n  %s", sql, got, want)
			}
		case err != nil:
			t.Errorf("%s\nis refused (%v), PostgreSQL says %v", sql, err, wantErr)
		case wantErr != nil && state(wantErr) == "42601":
			t.Errorf("%s\nis accepted, PostgreSQL says %v", sql, wantErr)
		case wantErr != nil: // no such operator after all: nothing to compare
		default:
			text := deparse(list[0].Node.(*stmt.Select).Query, false)
			if got, err := o.view(text); got != want {
				t.Errorf("%s\nwas printed back as\n%s\nwhich PostgreSQL reads as\n%s (%v)\ninstead of\n%s", sql, text, got, err, want)
			}
			same++
		}
	}
	t.Logf("%d trees are the same, %d expressions refused by both", same, refused)
	if same < *rounds/2 || refused < *rounds/10 {
		t.Error("the expressions do not say much")
	}
}

// view is PostgreSQL's definition of a query as a view.
func (o *oracle) view(sql string) (string, error) {
	text, err := o.text("BEGIN; CREATE TEMP VIEW v AS " + sql + "; SELECT pg_get_viewdef('v'::regclass)")
	_, _ = o.text("ROLLBACK")
	return text, err
}

func describePgError(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err.Error()
	}
	// The statement stands behind what o.view puts in front of it.
	position := int(e.Position)
	if position > 0 {
		position -= len("BEGIN; CREATE TEMP VIEW v AS ")
	}
	near := strings.Replace(e.Message, `at or near ";"`, "at end of input", 1)
	return describeError(&sqlstate.Error{Code: sqlstate.Code(e.Code), Message: near, Hint: e.Hint, Position: position})
}

// TestMutations changes tokens of known queries and compares which of them are syntax errors, and where.
func TestMutations(t *testing.T) {
	o := startOracle(t)
	texts := meaningCases(t)
	for _, text := range clientCases(t) {
		if len(text) < 400 && !strings.Contains(text, ";") {
			texts = append(texts, text)
		}
	}
	r := rand.New(rand.NewPCG(*seed, 4))
	agreed, total := 0, 4**rounds
	var differences []string
	for range total {
		sql := mutate(r, texts)
		list, err := Parse(sql)
		got := ""
		if err != nil {
			e := sqlstate.From(err)
			if e.Code == sqlstate.InternalError {
				t.Errorf("%s\n%s\n%s", sql, e.Message, e.Detail)
			}
			if e.Code == sqlstate.FeatureNotSupported {
				continue
			}
			got = describeError(e)
		}
		for _, s := range list {
			dump(s.Node)
		}
		_, pgErr := o.conn.Prepare(t.Context(), "", sql, nil)
		want := ""
		var e *pgconn.PgError
		if errors.As(pgErr, &e) && e.Code == "42601" && strings.Contains(e.Message, " at ") {
			want = describeError(&sqlstate.Error{Code: sqlstate.Code(e.Code), Message: e.Message, Hint: e.Hint, Position: int(e.Position)})
		}
		if want == got || want == "" && err != nil && !strings.Contains(got, "syntax error at") {
			agreed++
			continue
		}
		differences = append(differences, fmt.Sprintf("%s\n  here:       %s\n  PostgreSQL: %s", sql, got, want))
	}
	t.Logf("%d of %d agreed", agreed, total)
	if len(differences) > total/100 { // PostgreSQL takes a keyword for a name in some more places
		t.Error(strings.Join(differences, "\n"))
	}
}

// mutate removes, doubles, swaps or replaces a token or two of a text.
func mutate(r *rand.Rand, texts []string) string {
	tokens := split(pick(r, texts))
	other := split(pick(r, texts))
	if len(tokens) == 0 || len(other) == 0 {
		return "SELECT"
	}
	for range 1 + r.IntN(2) {
		i, j := r.IntN(len(tokens)), r.IntN(len(tokens))
		switch r.IntN(5) {
		case 0:
			tokens[i] = ""
		case 1:
			tokens[i] += " " + tokens[i]
		case 2:
			tokens[i], tokens[j] = tokens[j], tokens[i]
		case 3:
			tokens[i] = pick(r, other)
		case 4:
			tokens[i] += " " + pick(r, other)
		}
	}
	return strings.Join(tokens, " ")
}

func split(text string) []string {
	s := lex.NewStream(lex.NewSource(text))
	var list []string
	for {
		t := s.Next()
		if t.Kind == lex.EOF || t.Kind == lex.Bad {
			return list
		}
		list = append(list, text[t.Start:t.End])
	}
}
