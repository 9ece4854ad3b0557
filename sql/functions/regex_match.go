package functions

import (
	"regexp"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// regex is a compiled expression.
type regex struct {
	*regexp.Regexp
	longest bool
	// prog is there if the expression asks what stands before a character, as ^ and \m do: a search can not begin within a
	// string then as if that were a string of its own.
	prog  *syntax.Prog
	words bool // it asks where words begin and end, of which package regexp knows those of ASCII only
}

// wordStart and wordEnd stand for \m and \M in an expression in Go's syntax: code points that are no characters. Each is written
// twice, or package syntax would make a class of it and of a character that is another way.
const (
	wordStart = '\U0010FFFE'
	wordEnd   = '\U0010FFFF'
)

// newRegex compiles an expression in Go's syntax.
func newRegex(translated string, longest bool) (*regex, error) {
	re, err := regexp.Compile(translated)
	if err != nil {
		return nil, err
	}
	if longest {
		re.Longest()
	}
	out := &regex{Regexp: re, longest: longest}
	parsed, err := syntax.Parse(translated, syntax.Perl)
	if err != nil {
		return nil, err
	}
	back, words := looks(parsed)
	if out.words = words; back || words {
		if out.prog, err = syntax.Compile(parsed.Simplify()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// looks tells whether an expression asks what stands before a character, and whether it asks for words.
func looks(re *syntax.Regexp) (back, words bool) {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText:
		back = true
	case syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		words = true
	case syntax.OpLiteral:
		for _, c := range re.Rune {
			words = words || c == wordStart || c == wordEnd
		}
	}
	for _, sub := range re.Sub {
		b, w := looks(sub)
		back, words = back || b, words || w
	}
	return back, words
}

// matches tells whether s has a match.
func (re *regex) matches(s []byte) bool {
	if re.words {
		return re.search(s, 0) != nil
	}
	return re.Match(s)
}

// find is the first match in s that begins at or behind at, as FindSubmatchIndex gives it; nil if there is none.
func (re *regex) find(s []byte, at int) []int {
	switch {
	case re.words || re.prog != nil && at > 0:
		return re.search(s, at)
	case at == 0:
		return re.FindSubmatchIndex(s)
	}
	m := re.FindSubmatchIndex(s[at:])
	for i := range m {
		if m[i] >= 0 {
			m[i] += at
		}
	}
	return m
}

// findAll is the first n matches, or all if n is below zero, of those that begin at or behind start. A match may be empty,
// also right behind another one; the next search begins a character later then. A start below zero is behind the end.
func (re *regex) findAll(s []byte, start, n int) [][]int {
	var found [][]int
	for at := start; at >= 0 && n != 0; n-- {
		m := re.find(s, at)
		if m == nil {
			break
		}
		found = append(found, m)
		if at = m[1]; m[0] == m[1] {
			if at == len(s) {
				break
			}
			_, size := utf8.DecodeRune(s[at:])
			at += size
		}
	}
	return found
}

// search runs the expression's program over s from at on: Pike's machine, in time linear in the text, with the same rules for
// what is preferred as package regexp.
func (re *regex) search(s []byte, at int) []int {
	m := machine{prog: re.prog, s: s}
	now, next := newThreads(len(m.prog.Inst)), newThreads(len(m.prog.Inst))
	captures := make([]int, 2*(re.NumSubexp()+1))
	var best []int
	for pos := at; ; {
		if best == nil {
			for i := range captures {
				captures[i] = -1
			}
			captures[0] = pos
			m.add(now, uint32(m.prog.Start), pos, captures)
		}
		c, size := utf8.RuneError, 0
		if pos < len(s) {
			c, size = utf8.DecodeRune(s[pos:])
		}
		for _, t := range now.list {
			if re.longest && best != nil && best[0] < t.captures[0] {
				continue
			}
			inst := &m.prog.Inst[t.pc]
			if inst.Op == syntax.InstMatch {
				if !re.longest || best == nil || best[1] < pos {
					best = append(best[:0], t.captures...)
					best[1] = pos
				}
				if !re.longest {
					break
				}
			} else if size > 0 && inst.MatchRune(c) {
				m.add(next, inst.Out, pos+size, t.captures)
			}
		}
		if size == 0 || len(next.list) == 0 && best != nil {
			return best
		}
		now, next = next, now
		next.clear()
		pos += size
	}
}

// machine is what the threads of a search share.
type machine struct {
	prog *syntax.Prog
	s    []byte
}

// thread is a place in the program, with the parts of the match so far.
type thread struct {
	pc       uint32
	captures []int
}

// threads are in the order in which they are preferred.
type threads struct {
	seen []bool
	list []thread
}

func newThreads(n int) *threads { return &threads{seen: make([]bool, n)} }

func (t *threads) clear() {
	clear(t.seen)
	t.list = t.list[:0]
}

// add adds the threads that are at pc without reading any more.
func (m *machine) add(to *threads, pc uint32, pos int, captures []int) {
	if to.seen[pc] {
		return
	}
	to.seen[pc] = true
	inst := &m.prog.Inst[pc]
	switch inst.Op {
	case syntax.InstFail:
	case syntax.InstAlt, syntax.InstAltMatch:
		m.add(to, inst.Out, pos, captures)
		m.add(to, inst.Arg, pos, captures)
	case syntax.InstNop:
		m.add(to, inst.Out, pos, captures)
	case syntax.InstCapture:
		before := captures[inst.Arg]
		captures[inst.Arg] = pos
		m.add(to, inst.Out, pos, captures)
		captures[inst.Arg] = before
	case syntax.InstEmptyWidth:
		if m.holds(syntax.EmptyOp(inst.Arg), pos) {
			m.add(to, inst.Out, pos, captures)
		}
	default:
		if inst.Op == syntax.InstRune1 && inst.Rune[0] >= wordStart {
			before, after := m.word(pos)
			if before != after && after == (inst.Rune[0] == wordStart) {
				m.add(to, inst.Out, pos, captures)
			}
			return
		}
		to.list = append(to.list, thread{pc, append([]int(nil), captures...)})
	}
}

// word tells whether the characters before and behind a position are of words.
func (m *machine) word(pos int) (before, after bool) {
	last, _ := utf8.DecodeLastRune(m.s[:pos])
	next, _ := utf8.DecodeRune(m.s[pos:])
	return pos > 0 && wordRune(last), pos < len(m.s) && wordRune(next)
}

func wordRune(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsNumber(c) }

// holds tells whether conditions on a position hold.
func (m *machine) holds(op syntax.EmptyOp, pos int) bool {
	start, end := pos == 0, pos == len(m.s)
	before, after := m.word(pos)
	switch {
	case op&syntax.EmptyBeginText != 0 && !start,
		op&syntax.EmptyEndText != 0 && !end,
		op&syntax.EmptyBeginLine != 0 && !start && m.s[pos-1] != '\n',
		op&syntax.EmptyEndLine != 0 && !end && m.s[pos] != '\n',
		op&syntax.EmptyWordBoundary != 0 && before == after,
		op&syntax.EmptyNoWordBoundary != 0 && before != after:
		return false
	}
	return true
}
