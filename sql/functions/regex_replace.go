package functions

import (
	"cmp"
	"strings"

	"tarn/sql/sqlstate"
)

func regexReplace(r *Row, dst []byte) ([]byte, error) {
	options := r.option(3)
	if len(options) > 0 && options[0] >= '0' && options[0] <= '9' {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid regular expression option: \"%c\"", options[0]).WithHint(
			"If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.")
	}
	n := 1
	if strings.Contains(options, "g") {
		n, options = -1, strings.ReplaceAll(options, "g", "")
	}
	re, err := compileRegex(r.Text(1), options)
	if err != nil {
		return nil, err
	}
	return replaceMatches(dst, r, re.findAll(r.Bytes(0), 0, n))
}

// regexReplaceFrom is regexp_replace with a start, a number of the match to replace (0: all) and options.
func regexReplaceFrom(r *Row, dst []byte) ([]byte, error) {
	options := r.option(5)
	from, n := r.number(3, 1), r.number(4, 1)
	if err := cmp.Or(least("start", from, 1), least("n", n, 0)); err != nil {
		return nil, err
	}
	if strings.Contains(options, "g") {
		options = strings.ReplaceAll(options, "g", "")
		if len(r.Args) < 5 {
			n = 0
		}
	}
	re, start, err := regexFrom(r, options, from)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return replaceMatches(dst, r, re.findAll(r.Bytes(0), start, -1))
	}
	found := re.findAll(r.Bytes(0), start, int(n))
	if int64(len(found)) < n {
		found = nil
	} else {
		found = found[n-1 : n]
	}
	return replaceMatches(dst, r, found)
}

// replaceMatches writes argument 0 with the matches replaced by argument 2, in which \& is the match and \1 to \9 its parts.
func replaceMatches(dst []byte, r *Row, found [][]int) ([]byte, error) {
	s, with, at, from := r.Bytes(0), r.Bytes(2), 0, len(dst)
	for _, m := range found {
		if err := r.Ctx.fits(int64(len(dst) - from)); err != nil {
			return nil, err
		}
		dst = append(dst, s[at:m[0]]...)
		for i := 0; i < len(with); i++ {
			if with[i] != '\\' || i+1 == len(with) {
				dst = append(dst, with[i])
				continue
			}
			i++
			switch c := with[i]; {
			case c == '&':
				dst = append(dst, s[m[0]:m[1]]...)
			case c >= '1' && c <= '9':
				if g := int(c-'0') * 2; g < len(m) && m[g] >= 0 {
					dst = append(dst, s[m[g]:m[g+1]]...)
				}
			case c == '\\':
				dst = append(dst, c)
			default:
				dst = append(dst, '\\', c)
			}
		}
		at = m[1]
	}
	return append(dst, s[at:]...), nil
}
