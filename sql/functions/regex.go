package functions

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// regexFunctions are POSIX regular expressions and SIMILAR TO: section 9.7 of PostgreSQL's manual. Expressions are compiled
// by Go's regexp and matched in linear time; back references and look-around, which it does not have, are refused.
func regexFunctions() []Function {
	var out []Function
	for _, l := range sig(text, bpchar, name) {
		out = append(out,
			Function{Name: "~", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("", false))},
			Function{Name: "!~", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("", true))},
			Function{Name: "~*", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("i", false))},
			Function{Name: "!~*", Args: sig(l, text), Returns: boolean, Eval: bools(regexMatch("i", true))},
		)
	}
	return append(out,
		Function{Name: "similar_to_escape", Args: sig(text, text), Returns: text, Eval: blobs(similarEscape)},
		Function{Name: "similar_to_escape", Args: sig(text), Returns: text, Eval: blobs(similarEscape)},
		Function{Name: "similar_escape", Args: sig(text, text), Returns: text, NullCall: true, Eval: nullBlobs(similarEscape)},
		Function{Name: "substring", Args: sig(text, text), Returns: text, Eval: blobs(regexSubstring)},
		Function{Name: "substring", Args: sig(text, text, text), Returns: text, Eval: blobs(similarSubstring)},
		Function{Name: "regexp_like", Args: sig(text, text, text), Optional: 1, Returns: boolean, Eval: bools(regexLike)},
		Function{Name: "regexp_count", Args: sig(text, text, int4, text), Optional: 2, Returns: int4, Eval: ints(regexCount)},
		Function{Name: "regexp_substr", Args: sig(text, text, int4, int4, text, int4), Optional: 4, Returns: text, Eval: blobs(regexSubstr)},
		Function{Name: "regexp_instr", Args: sig(text, text, int4, int4, int4, text, int4), Optional: 5, Returns: int4, Eval: ints(regexInstr)},
		Function{Name: "regexp_replace", Args: sig(text, text, text), Returns: text, Eval: blobs(regexReplace)},
		Function{Name: "regexp_replace", Args: sig(text, text, text, text), Returns: text, Eval: blobs(regexReplace)},
		Function{Name: "regexp_replace", Args: sig(text, text, text, int4, int4, text), Optional: 2, Returns: text, Eval: blobs(regexReplaceFrom)},
		Function{Name: "regexp_split_to_table", Args: sig(text, text, text), Optional: 1, Returns: text, Set: regexSplitTable},
	)
}

func regexMatch(options string, not bool) func(r *Row) (bool, error) {
	return func(r *Row) (bool, error) {
		re, err := compileRegex(r.Text(1), options)
		if err != nil {
			return false, err
		}
		return re.matches(r.Bytes(0)) != not, nil
	}
}

// option is the text argument k, or "" where it is left out.
func (r *Row) option(k int) string {
	if k < len(r.Args) {
		return r.Text(k)
	}
	return ""
}

// number is the integer argument k, or otherwise where it is left out.
func (r *Row) number(k int, otherwise int64) int64 {
	if k < len(r.Args) {
		return r.Int(k)
	}
	return otherwise
}

// regexLike is regexp_like, which has no option g.
func regexLike(r *Row) (bool, error) {
	options := r.option(2)
	if err := matchOptions(options, "regexp_like"); err != nil {
		return false, err
	}
	re, err := compileRegex(r.Text(1), options)
	return err == nil && re.matches(r.Bytes(0)), err
}

func globalError(function string) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "%s() does not support the \"global\" option", function)
}

// matchOptions checks the options of a function that has none for all matches.
func matchOptions(options, function string) error {
	if _, err := translateRegex("", strings.ReplaceAll(options, "g", "")); err != nil {
		return err
	}
	if strings.Contains(options, "g") {
		return globalError(function)
	}
	return nil
}

// least fails a number below the least that a parameter may have.
func least(parameter string, v, lowest int64) error {
	if v < lowest {
		return parameterError(parameter, v)
	}
	return nil
}

// regexFrom compiles the pattern and gives where in the string, in bytes, its character number from begins; -1 behind its end.
func regexFrom(r *Row, options string, from int64) (re *regex, start int, err error) {
	if re, err = compileRegex(r.Text(1), options); err != nil {
		return nil, 0, err
	}
	if from > int64(utf8.RuneCount(r.Bytes(0)))+1 {
		return re, -1, nil
	}
	return re, runeOffset(r.Bytes(0), from-1), nil
}

func parameterError(parameter string, v int64) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter \"%s\": %d", parameter, v)
}

func regexCount(r *Row) (int64, error) {
	from, options := r.number(2, 1), r.option(3)
	if err := cmp.Or(least("start", from, 1), matchOptions(options, "regexp_count")); err != nil {
		return 0, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return 0, err
	}
	return int64(len(re.findAll(r.Bytes(0), start, -1))), nil
}

func regexSubstr(r *Row, dst []byte) ([]byte, error) {
	from, n, options, group := r.number(2, 1), r.number(3, 1), r.option(4), r.number(5, 0)
	err := cmp.Or(least("start", from, 1), least("n", n, 1), least("subexpr", group, 0), matchOptions(options, "regexp_substr"))
	if err != nil {
		return nil, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return nil, err
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	group = wholeGroup(re, group)
	if int64(len(found)) < n || int(group) > re.NumSubexp() {
		return nil, errNull
	}
	m := found[n-1]
	if m[2*group] < 0 {
		return nil, errNull
	}
	return append(dst, r.Bytes(0)[m[2*group]:m[2*group+1]]...), nil
}

func regexInstr(r *Row) (int64, error) {
	from, n, end, options, group := r.number(2, 1), r.number(3, 1), r.number(4, 0), r.option(5), r.number(6, 0)
	err := cmp.Or(least("start", from, 1), least("n", n, 1))
	switch {
	case err != nil:
	case end != 0 && end != 1:
		err = parameterError("endoption", end)
	default:
		err = cmp.Or(least("subexpr", group, 0), matchOptions(options, "regexp_instr"))
	}
	if err != nil {
		return 0, err
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return 0, err
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	group = wholeGroup(re, group)
	if int64(len(found)) < n || int(group) > re.NumSubexp() || found[n-1][2*group] < 0 {
		return 0, nil
	}
	return int64(utf8.RuneCount(r.Bytes(0)[:found[n-1][2*group+end]])) + 1, nil
}

// wholeGroup is the number of a parenthesised part; the first one of a pattern without any is the whole match.
func wholeGroup(re *regex, group int64) int64 {
	if group == 1 && re.NumSubexp() == 0 {
		return 0
	}
	return group
}

// regexSubstring is the first parenthesised part of the first match, or the match if there are no parentheses.
func regexSubstring(r *Row, dst []byte) ([]byte, error) {
	re, err := compileRegex(r.Text(1), "")
	if err != nil {
		return nil, err
	}
	m := re.find(r.Bytes(0), 0)
	if m == nil {
		return nil, errNull
	}
	if re.NumSubexp() > 0 {
		m = m[2:]
	}
	if m[0] < 0 {
		return nil, errNull
	}
	return append(dst, r.Bytes(0)[m[0]:m[1]]...), nil
}

// groups is what regexp_match gives for a match: its parenthesised parts, or the whole.
func groups(re *regex, s []byte, m []int) []types.Datum {
	if re.NumSubexp() > 0 {
		m = m[2:]
	}
	out := make([]types.Datum, 0, len(m)/2)
	for i := 0; i < len(m); i += 2 {
		if m[i] < 0 {
			out = append(out, types.Null)
		} else {
			out = append(out, types.Datum{Bytes: s[m[i]:m[i+1]]})
		}
	}
	return out
}

func regexpMatch(r *Row, dst []byte) ([]byte, error) {
	options := r.option(2)
	if err := matchOptions(options, "regexp_match"); err != nil {
		return nil, err
	}
	re, err := compileRegex(r.Text(1), options)
	if err != nil {
		return nil, err
	}
	m := re.find(r.Bytes(0), 0)
	if m == nil {
		return nil, errNull
	}
	return appendTexts(dst, groups(re, r.Bytes(0), m)), nil
}
