package sqllogictest

import (
	"context"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var (
	callsOf   = flag.Int("functions.calls", 8, "calls of each function, operator and cast that are compared with PostgreSQL")
	callsSeed = flag.Uint64("functions.seed", 1, "seed of the arguments")
	callsLike = flag.String("functions.like", "", "regular expression for the names of functions and operators to compare")
	callsShow = flag.Int("functions.show", 40, "how many differences are printed")
)

// notCompared are functions whose answers are a matter of the server, or of its catalogue.
var notCompared = regexp.MustCompile(`^(pg_.*|current_.*|session_user|version|now|.*_timestamp|statement_.*|random.*|setseed|gen_random_uuid|has_.*|inet_.*|txid.*|` +
	`timeofday|acldefault|format_type|obj_description|col_description|shobj_description|to_reg.*|.*(in|out|recv|send)|set_config|lo_.*|hash.*|row_security_active|getdatabaseencoding|` +
	`.*support|.*_(consistent|compress|union|penalty|picksplit|same|sortsupport)|.*sel|table_to_.*|query_to.*|schema_to.*|database_to.*|cursor_to.*|.*typmod.*)$`)

// compared in spite of that.
var comparedAfterAll = regexp.MustCompile(`^(make_timestamp|to_timestamp|min|string_to_table|cos|sin|asin)$`)

// differences are where an answer that is not PostgreSQL's is right, or the best there is.
var differences = []struct {
	expression *regexp.Regexp
	accept     func(expression, got, want string) bool
	why        string
}{
	{regexp.MustCompile(`^"(sin|cos|tan|cot|asin|acos|atan|atan2|exp|ln|pow|power)d?"\([^)]*::double|^'[^']*'::double precision \^ `), lastDigits(1),
		"the C library does not always round correctly"},
	{regexp.MustCompile(`^"(sinh|cosh|tanh|asinh|acosh|atanh|log|log10)"\('[^']*'::double`), lastDigits(2), "nor does it, by up to two units in the last place"},
	{regexp.MustCompile(`^("cbrt"\(|\|\|/ )`), lastDigits(4), "nor by up to four"},
	{regexp.MustCompile(`"make_interval"`), refused("22008"), "PostgreSQL 15 wraps around where an interval overflows"},
	{regexp.MustCompile(`timestamp with(out)? time zone - .*::timestamp with`), refused("22008"), "PostgreSQL 15 wraps around where a difference overflows"},
	{regexp.MustCompile(`::"char"::char`), func(_, got, want string) bool {
		return strings.TrimSpace(got[1:]) == "" && want == "T (empty)" || strings.Contains(want, "22021") || strings.Contains(got, `\\`)
	},
		"PostgreSQL makes a string with a zero byte, or one that is no UTF-8"},
	{regexp.MustCompile(`^"age"\(.*infinity`), refused("22008"), "PostgreSQL 15 counts with the number that stands for infinity"},
	{regexp.MustCompile(`^"(convert_from|convert_to|length)"`), func(_, got, _ string) bool { return strings.HasPrefix(got, "error 0A000 conversion of encoding") },
		"encodings that are known by name only"},
	{regexp.MustCompile(`^"regexp_`), func(_, got, _ string) bool { return strings.HasPrefix(got, "error 0A000 basic regular expressions") }, "not supported"},
	{regexp.MustCompile(`^"to_char"\(.*::integer, '[^']*V`), multiplied, "PostgreSQL 15 wraps around where V leaves the integers"},
	{regexp.MustCompile(`^"to_(date|timestamp)"\(`), cutCharacter, "PostgreSQL cuts the text that it quotes within a character"},
	{regexp.MustCompile(`"width_bucket"`), func(_, _, want string) bool { return want == "I -2147483648" }, "PostgreSQL 15 overflows"},
}

// refused accepts an error in place of a value.
func refused(code string) func(expression, got, want string) bool {
	return func(_, got, want string) bool {
		return strings.HasPrefix(got, "error "+code) && !strings.HasPrefix(want, "error")
	}
}

// multiplied accepts any number of the form of the answer, for to_char of an integer that is multiplied by more than integers hold.
func multiplied(expression, got, _ string) bool {
	call := regexp.MustCompile(`'(-?\d+)'::integer, '([^']*)'`).FindStringSubmatch(expression)
	if call == nil {
		return false
	}
	v, _ := strconv.ParseInt(call[1], 10, 64)
	_, behind, _ := strings.Cut(call[2], "V")
	times := math.Pow10(strings.Count(behind, "9"))
	return math.Abs(float64(v))*times > math.MaxInt32 && strings.HasPrefix(got, "T ")
}

// cutCharacter accepts a message without the part of a character that PostgreSQL's has.
func cutCharacter(_, got, want string) bool {
	return !utf8.ValidString(want) && got == strings.ToValidUTF8(want, "")
}

// lastDigits accepts a float that is a few units in the last place away.
func lastDigits(units uint64) func(expression, got, want string) bool {
	return func(_, got, want string) bool {
		a, err1 := strconv.ParseFloat(strings.TrimPrefix(got, "R "), 64)
		b, err2 := strconv.ParseFloat(strings.TrimPrefix(want, "R "), 64)
		return err1 == nil && err2 == nil && max(math.Float64bits(a), math.Float64bits(b))-min(math.Float64bits(a), math.Float64bits(b)) <= units
	}
}

// comparison puts the same expressions to Tarn and to PostgreSQL.
type comparison struct {
	*rand.Rand
	t           *testing.T
	here, there Connection
	calls       int
	differ      int
	accepted    int
}

// compare starts a comparison, in a time zone that has daylight saving time.
func compare(t *testing.T) *comparison {
	c := &comparison{Rand: rand.New(rand.NewPCG(*callsSeed, 7)), t: t}
	var err error
	if c.there, err = postgresOf(t).Connect(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.there.Close)
	if c.here, err = database(t, Mode{}).Connect(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.here.Close)
	for _, connection := range []Connection{c.here, c.there} {
		rowsOf(t, connection, "SET timezone = 'Europe/Berlin'")
	}
	return c
}

// same compares what a query answers: its rows and types, or its SQLSTATE and message.
func (c *comparison) same(expression, query string) {
	c.t.Helper()
	c.calls++
	c.judge(expression, query, outcome(c.here, query), outcome(c.there, query))
}

// judge counts and prints a difference, unless it is one of those that are right.
func (c *comparison) judge(expression, query, got, want string) {
	c.t.Helper()
	if got == want {
		return
	}
	for _, d := range differences {
		if d.expression.MatchString(expression) && d.accept(expression, got, want) {
			c.accepted++
			return
		}
	}
	if c.differ++; c.differ <= *callsShow {
		c.t.Errorf("%s;\n got %s\nwant %s", query, got, want)
	}
}

func (c *comparison) done() {
	c.t.Helper()
	if c.calls == 0 && *callsLike == "" {
		c.t.Fatal("nothing was compared")
	}
	c.t.Logf("%d calls, %d differ, and %d where that is right", c.calls, c.differ, c.accepted)
}

// outcome is what a query gives: values and types, or SQLSTATE and message.
func outcome(c Connection, query string) string {
	result, err := c.Run(context.Background(), query, nil)
	var f *Failure
	switch {
	case errors.As(err, &f):
		return "error " + f.Code + " " + f.Message
	case err != nil:
		return "failure " + err.Error()
	}
	return result.Types + " " + strings.Join(result.Rows, " / ")
}

// value is a random value of a type, as an expression; for argument number k of a function with arguments of types, it is
// mostly one that means something there. ok is false if there are no values of the type.
func (c *comparison) value(function string, k int, types []string) (expression string, ok bool) {
	typ := types[k]
	values := argumentValues[typ]
	lists, listed := argumentLists[function+"("+types[0]+")"]
	if !listed {
		lists = argumentLists[function]
	}
	if list := lists[k]; list != nil && (c.IntN(5) > 0 || function == "generate_series") { // whose others have no end
		values = list
	}
	if len(values) == 0 {
		return "", false
	}
	if c.IntN(14) == 0 {
		return "NULL::" + typ, true
	}
	if typ == "double precision" && c.IntN(3) == 0 {
		return quoted(c.float()) + "::" + typ, true
	}
	return quoted(values[c.IntN(len(values))]) + "::" + typ, true
}

// float is a random float of any size, more often of one that has a sine.
func (c *comparison) float() string {
	v := c.NormFloat64()
	switch c.IntN(4) {
	case 0:
		v *= math.Pow10(c.IntN(600) - 300)
	case 1:
		v *= 1000
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// arguments are random arguments for a function whose types may be polymorphic.
func (c *comparison) arguments(function string, types []string) ([]string, bool) {
	if tuples := argumentTuples[function]; tuples != nil && len(types) == 2 && types[1] == "text" && c.IntN(6) > 0 {
		tuple := tuples[c.IntN(len(tuples))]
		return []string{quoted(tuple[0]), quoted(tuple[1])}, true
	}
	concrete, elem := make([]string, len(types)), elementTypes[c.IntN(len(elementTypes))]
	for i, typ := range types {
		switch typ {
		case "anyelement", "anynonarray", "anycompatible", "anycompatiblenonarray":
			typ = elem
		case "anyarray", "anycompatiblearray":
			typ = elem + "[]"
		case `"any"`, "any":
			typ = elementTypes[c.IntN(len(elementTypes))]
		}
		concrete[i] = typ
	}
	args := make([]string, len(types))
	for i := range types {
		var ok bool
		if args[i], ok = c.value(function, i, concrete); !ok {
			return nil, false
		}
	}
	return args, true
}

// rowsOf are the rows of a query, cut into columns.
func rowsOf(t *testing.T, c Connection, query string) [][]string {
	t.Helper()
	result, err := c.Run(context.Background(), query, nil)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	var rows [][]string
	for _, row := range result.Rows {
		rows = append(rows, strings.Split(row, "\t"))
	}
	return rows
}

// both are the rows of a query of the catalogue that Tarn and PostgreSQL have.
func (c *comparison) both(query string) [][]string {
	ours := map[string]bool{}
	for _, row := range rowsOf(c.t, c.here, query) {
		ours[strings.Join(row, "\t")] = true
	}
	return slices.DeleteFunc(rowsOf(c.t, c.there, query), func(row []string) bool { return !ours[strings.Join(row, "\t")] })
}

// typeNames are the names of types by oid.
func (c *comparison) typeNames() map[string]string {
	names := map[string]string{}
	for _, row := range rowsOf(c.t, c.there, "SELECT oid::int8, format_type(oid, NULL) FROM pg_type") {
		names[row[0]] = row[1]
	}
	return names
}

// callable is a function, operator or cast that both have.
type callable struct {
	name string
	args []string // types
	text func(args []string) string
}

// functionsOf are the functions of pg_proc that both have and that a condition holds for.
func (c *comparison) functionsOf(condition string) []callable {
	names := c.typeNames()
	var all []callable
	for _, row := range c.both("SELECT proname, proargtypes::text, provariadic <> 0 FROM pg_proc WHERE " + condition + " ORDER BY 1, 2") {
		if notCompared.MatchString(row[0]) && !comparedAfterAll.MatchString(row[0]) {
			continue
		}
		f := callable{name: row[0]}
		for _, oid := range strings.Fields(row[1]) {
			f.args = append(f.args, names[oid])
		}
		variadic := row[2] == "true" && strings.HasSuffix(f.args[len(f.args)-1], "[]")
		f.text = func(args []string) string {
			if variadic {
				args = slices.Clone(args)
				args[len(args)-1] = "VARIADIC " + args[len(args)-1]
			}
			return strconv.Quote(f.name) + "(" + strings.Join(args, ", ") + ")"
		}
		all = append(all, f)
	}
	return all
}

func (c *comparison) operators() []callable {
	names := c.typeNames()
	var all []callable
	for _, row := range c.both("SELECT oprname, oprleft::int8, oprright::int8 FROM pg_operator ORDER BY 1, 2, 3") {
		o := callable{name: row[0]}
		if row[1] != "0" {
			o.args = append(o.args, names[row[1]])
		}
		o.args = append(o.args, names[row[2]])
		o.text = func(args []string) string {
			if len(args) == 1 {
				return o.name + " " + args[0]
			}
			return args[0] + " " + o.name + " " + args[1]
		}
		all = append(all, o)
	}
	return all
}

// casts are those of pg_cast, and all from any type to any other: through text, or refused.
func (c *comparison) casts() []callable {
	names := c.typeNames()
	var all []callable
	add := func(source, target string) {
		if !strings.HasPrefix(target, "reg") { // their numbers mean other objects
			all = append(all, callable{name: "cast", args: []string{source}, text: func(args []string) string { return args[0] + "::" + target }})
		}
	}
	for _, row := range c.both("SELECT castsource::int8, casttarget::int8 FROM pg_cast ORDER BY 1, 2") {
		add(names[row[0]], names[row[1]])
	}
	var sources []string
	for source := range argumentValues {
		sources = append(sources, source)
	}
	slices.Sort(sources)
	for _, target := range castTargets {
		for _, source := range sources {
			add(source, target)
		}
	}
	return all
}

// Every function, operator and cast gives what PostgreSQL gives for the same arguments, errors included.
func TestFunctionsOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	like := regexp.MustCompile(*callsLike)
	for _, f := range slices.Concat(c.functionsOf("prokind = 'f' AND NOT proretset"), c.operators(), c.casts()) {
		if !like.MatchString(f.name) {
			continue
		}
		for range *callsOf {
			args, ok := c.arguments(f.name, f.args)
			if !ok {
				break
			}
			expression := f.text(args)
			c.same(expression, "SELECT "+expression)
		}
	}
}

// Every set-returning function gives the same rows.
func TestSetFunctionsOnPostgres(t *testing.T) {
	c := compare(t)
	defer c.done()
	like := regexp.MustCompile(*callsLike)
	for _, f := range c.functionsOf("prokind = 'f' AND proretset AND (prorettype <> 'record'::regtype OR proargmodes IS NOT NULL) AND proname NOT LIKE '%record%'") {
		if !like.MatchString(f.name) {
			continue
		}
		for range *callsOf * 4 {
			args, ok := c.arguments(f.name, f.args)
			if !ok {
				break
			}
			c.same(f.text(args), "SELECT * FROM "+f.text(args))
		}
	}
}
