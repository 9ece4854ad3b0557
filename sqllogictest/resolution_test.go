package sqllogictest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// anyOperand is a random value of any type, or a literal without one.
func (c *comparison) anyOperand() string {
	return c.operand(related[c.IntN(len(related))])
}

// wholeNames are the names of which PostgreSQL has nothing that Tarn has not, by a query for names that both are asked.
func (c *comparison) wholeNames(query string) []string {
	ours := map[string]bool{}
	for _, row := range rowsOf(c.t, c.here, query) {
		ours[strings.Join(row, "\t")] = true
	}
	missing, all := map[string]bool{}, []string{}
	for _, row := range rowsOf(c.t, c.there, query) {
		all = append(all, row[0])
		missing[row[0]] = missing[row[0]] || !ours[strings.Join(row, "\t")]
	}
	return slices.DeleteFunc(slices.Compact(all), func(name string) bool {
		return missing[name] || notCompared.MatchString(name) && !comparedAfterAll.MatchString(name)
	})
}

// Which function or operator a call means, and of what type its value is, or that there is none or more than one, is as in
// PostgreSQL, also where operands have no type of their own.
func TestResolutionOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	like := regexp.MustCompile(*callsLike)
	for _, name := range c.wholeNames("SELECT proname, proargtypes::text FROM pg_proc WHERE prokind = 'f' AND NOT proretset ORDER BY 1, 2") {
		if !like.MatchString(name) {
			continue
		}
		for range *callsOf {
			args := make([]string, c.IntN(4))
			for i := range args {
				args[i] = c.anyOperand()
			}
			call := strconv.Quote(name) + "(" + strings.Join(args, ", ") + ")"
			c.sameType(call)
		}
	}
	operators := c.wholeNames("SELECT oprname, oprleft::text || ' ' || oprright::text FROM pg_operator ORDER BY 1, 2")
	for _, name := range operators {
		if !like.MatchString(name) {
			continue
		}
		for range *callsOf * 4 {
			call := c.anyOperand() + " " + name + " " + c.anyOperand()
			c.sameType(call)
		}
	}
}

// sameType compares the type of an expression, or what its error says.
func (c *comparison) sameType(expression string) {
	c.t.Helper()
	c.sameExactly(expression, "SELECT pg_typeof("+expression+")")
}

// The type that CASE, COALESCE, UNION, VALUES and ARRAY give several expressions, and their values, are PostgreSQL's.
func TestCommonTypesOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	for range *callsOf * 200 {
		group := related[c.IntN(len(related))]
		o := func() string { return c.operand(group) }
		switch c.IntN(7) {
		case 0:
			e := "CASE WHEN " + o() + " IS NULL THEN " + o() + " WHEN true THEN " + o() + " ELSE " + o() + " END"
			c.sameExactly(e, "SELECT "+e+", pg_typeof("+e+")")
		case 1:
			e := "COALESCE(" + o() + ", " + o() + ", " + o() + ")"
			c.sameExactly(e, "SELECT "+e+", pg_typeof("+e+")")
		case 2, 3:
			e := "SELECT " + o() + " UNION ALL SELECT " + o() + " UNION ALL SELECT " + o()
			c.sameExactly(e, "SELECT x::text, pg_typeof(x) FROM ("+e+") u(x) ORDER BY 1")
		case 4:
			e := "VALUES (" + o() + "), (" + o() + "), (" + o() + ")"
			c.sameExactly(e, "SELECT x::text, pg_typeof(x) FROM ("+e+") u(x) ORDER BY 1")
		case 5:
			e := "ARRAY[" + o() + ", " + o() + ", " + o() + "]"
			c.sameExactly(e, "SELECT "+e+", pg_typeof("+e+")")
		case 6:
			e := "SELECT " + o() + " " + []string{"UNION", "EXCEPT", "INTERSECT"}[c.IntN(3)] + " SELECT " + o()
			c.sameExactly(e, "SELECT pg_typeof(x), count(*) FROM ("+e+") u(x) GROUP BY 1") // which of equal rows stays is open
		}
	}
}
