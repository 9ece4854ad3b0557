package functions

import (
	"strings"
	"unicode/utf8"

	"tarn/delta"
	"tarn/sql/types"
)

// splitText is string_to_array's rule: a NULL separator gives characters, an empty one the whole; nullWord, if not NULL,
// stands for NULL.
func splitText(s string, separator, nullWord types.Datum) []types.Datum {
	var parts []string
	switch {
	case s == "":
	case separator.Null:
		for len(s) > 0 {
			_, size := utf8.DecodeRuneInString(s)
			parts, s = append(parts, s[:size]), s[size:]
		}
	case len(separator.Bytes) == 0:
		parts = []string{s}
	default:
		parts = strings.Split(s, string(separator.Bytes))
	}
	return textDatums(parts, nullWord)
}

func textDatums(parts []string, nullWord types.Datum) []types.Datum {
	out := make([]types.Datum, len(parts))
	for i, p := range parts {
		if !nullWord.Null && p == string(nullWord.Bytes) {
			out[i] = types.Null
		} else {
			out[i] = types.Datum{Bytes: []byte(p)}
		}
	}
	return out
}

func stringToTable(_ *Context, args []types.Datum, out []delta.Column) error {
	if args[0].Null {
		return nil
	}
	nullWord := types.Null
	if len(args) > 2 {
		nullWord = args[2]
	}
	for _, d := range splitText(string(args[0].Bytes), args[1], nullWord) {
		out[0].AppendDatum(d)
	}
	return nil
}

// regexSplit cuts s at the matches of re; an empty match at the start or right behind the last one, or any at the end, cuts
// nothing.
func regexSplit(re *regex, s string) []string {
	var parts []string
	at, end := 0, 0
	for _, m := range re.findAll([]byte(s), 0, -1) {
		if m[0] < len(s) && m[1] > end {
			parts = append(parts, s[at:m[0]])
			at = m[1]
		}
		end = m[1]
	}
	return append(parts, s[at:])
}

func splitByRegex(s, pattern, options string, function string) ([]string, error) {
	if strings.Contains(options, "g") {
		return nil, globalError(function)
	}
	re, err := compileRegex(pattern, options)
	if err != nil {
		return nil, err
	}
	return regexSplit(re, s), nil
}

func regexSplitTable(_ *Context, args []types.Datum, out []delta.Column) error {
	options := ""
	if len(args) > 2 {
		options = string(args[2].Bytes)
	}
	parts, err := splitByRegex(string(args[0].Bytes), string(args[1].Bytes), options, "regexp_split_to_table")
	for _, p := range parts {
		out[0].AppendString(p)
	}
	return err
}
