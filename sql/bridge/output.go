package bridge

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

// Output is a rewritten statement: the text for TiDB's parser, one SELECT per fragment, and the side tables.
type Output struct {
	Text      string
	Fragments int
	Loose     []Hole // literals that are not in the text
	Tails     []Tail
	Labels    []Label
	Params    int // the highest $n

	holes []Hole // in the order of offsets
	where []int32
	marks []mark
}

// mark says which place of the source a place of the text stands for. Both are byte offsets.
type mark struct{ text, source int32 }

// Bytes is about how much memory the text, its side tables and the tree of it take: most of that is the tree's nodes.
func (o *Output) Bytes() int64 {
	return int64(len(o.Text))*treeBytesPerText + int64(len(o.holes)+len(o.Loose))*bytesPerHole
}

const treeBytesPerText, bytesPerHole = 30, 200

// Hole is the hole at an offset of the text.
func (o *Output) Hole(offset int) *Hole {
	i, ok := slices.BinarySearch(o.where, int32(offset))
	if !ok {
		return nil
	}
	return &o.holes[i]
}

// Source is the byte offset in the source of what stands at an offset of the text.
func (o *Output) Source(offset int) int32 {
	i, ok := slices.BinarySearchFunc(o.marks, int32(offset), func(m mark, t int32) int { return cmp.Compare(m.text, t) })
	if !ok {
		i--
	}
	if i < 0 {
		return 0
	}
	return o.marks[i].source
}

// fragment is the text of one SELECT while it grows. Text is appended to raw; what turns out to stand before a piece
// already written is an insertion, merged at the end. So nothing is ever moved.
type fragment struct {
	raw    []byte
	holes  []rawHole
	marks  []mark // text offsets are those of raw
	insert []insertion
}

type rawHole struct {
	at   int32
	hole Hole
}

// insertion is text that goes before offset at of raw. Of two at the same place the later one is the outer one and
// comes first. If hole is set, the text holds one `?` for it.
type insertion struct {
	at, seq int32
	pos     int32 // source offset of the text, or -1
	hole    *Hole
	text    string
}

// fragment runs f with a new fragment as the output.
func (p *Parser) fragment(f func()) int32 {
	outer, height, labels := p.out, p.height, p.labels
	p.labels = false
	id := int32(len(p.fragments))
	p.out = &fragment{raw: make([]byte, 0, 128)}
	p.fragments = append(p.fragments, p.out)
	f()
	p.out, p.height, p.labels = outer, height, labels
	return id
}

func (p *Parser) raw(text string) { p.out.raw = append(p.out.raw, text...) }

// here is the place to insert something later before what comes next.
func (p *Parser) here() int32 { return int32(len(p.out.raw)) }

// mark notes that what comes next stands for a place of the source.
func (p *Parser) mark(source int32) {
	p.out.marks = append(p.out.marks, mark{text: p.here(), source: source})
}

// hole writes a `?`.
func (p *Parser) hole(h Hole) {
	p.mark(h.Pos)
	p.out.holes = append(p.out.holes, rawHole{at: p.here(), hole: h})
	p.out.raw = append(p.out.raw, '?')
}

// word writes a hole for a marker's own argument.
func (p *Parser) word(text string, pos int32) { p.hole(Hole{Kind: HoleWord, Text: text, Pos: pos}) }

// ident writes a quoted name.
func (p *Parser) ident(name string) { p.out.raw = appendIdent(p.out.raw, name) }

func appendIdent(b []byte, name string) []byte {
	b = append(b, '"')
	if strings.IndexByte(name, '"') < 0 {
		b = append(b, name...)
	} else {
		b = append(b, strings.ReplaceAll(name, `"`, `""`)...)
	}
	return append(b, '"')
}

// open is the text that opens a marker's call.
func open(marker string) string { return "\"" + Schema + "\".\"" + marker + "\"(" }

// call writes the beginning of a marker's call.
func (p *Parser) call(marker string, pos int32) {
	p.mark(pos)
	p.raw("\"" + Schema + "\".\"")
	p.raw(marker)
	p.raw("\"(")
}

// before inserts text at a place; pos is the source offset it stands for.
func (p *Parser) before(at int32, text string, pos int32) {
	p.out.insert = append(p.out.insert, insertion{at: at, seq: int32(len(p.out.insert)), pos: pos, text: text})
}

// callBefore inserts the beginning of a marker's call at a place.
func (p *Parser) callBefore(at int32, marker string, pos int32) { p.before(at, open(marker), pos) }

// callHoleBefore is callBefore with a hole as the first argument.
func (p *Parser) callHoleBefore(at int32, marker string, h Hole) {
	p.holeBefore(at, open(marker)+"?,", h)
}

// holeBefore inserts text with one `?` in it at a place.
func (p *Parser) holeBefore(at int32, text string, h Hole) {
	p.out.insert = append(p.out.insert, insertion{at: at, seq: int32(len(p.out.insert)), pos: h.Pos, hole: &h, text: text})
}

// odd says that a name cannot be written natively: it holds the reserved character, or ends in a space, which TiDB
// refuses in a schema's name.
func odd(name string) bool {
	return strings.IndexByte(name, Schema[0]) >= 0 || name[len(name)-1] == ' '
}

func oddPath(names []string, most int) bool {
	return len(names) > most || slices.ContainsFunc(names, odd)
}

// label keeps a label and returns the alias that names it.
func (p *Parser) label(l Label) string {
	p.result.Labels = append(p.result.Labels, l)
	return Schema + strconv.Itoa(len(p.result.Labels)-1)
}

// assemble merges the fragments into one text.
func (o *Output) assemble(fragments []*fragment) {
	size, holes, marks := 0, 0, 0
	for _, f := range fragments {
		size += len(f.raw) + 1
		holes += len(f.holes)
		marks += len(f.marks)
		for i := range f.insert {
			size += len(f.insert[i].text)
			if f.insert[i].hole != nil {
				holes++
			}
		}
		marks += len(f.insert)
	}
	if size > maxText {
		panic(sqlstate.New(sqlstate.StatementTooComplex, "statement is too long").
			WithHint("Use COPY or INSERT .. VALUES to bring in many values."))
	}
	o.Fragments = len(fragments)
	o.holes, o.where = make([]Hole, 0, holes), make([]int32, 0, holes)
	o.marks = make([]mark, 0, marks)
	text := make([]byte, 0, size)
	for i, f := range fragments {
		if i > 0 {
			text = append(text, ';')
		}
		text = o.merge(text, f)
	}
	o.Text = string(text)
}

// merge appends one fragment with its insertions to the text, translating offsets.
func (o *Output) merge(text []byte, f *fragment) []byte {
	slices.SortFunc(f.insert, func(a, b insertion) int {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
		return cmp.Compare(b.seq, a.seq)
	})
	done := int32(0) // of raw
	holes, marks := f.holes, f.marks
	copyTo := func(end int32) {
		shift := int32(len(text)) - done
		for len(holes) > 0 && holes[0].at < end {
			o.where = append(o.where, holes[0].at+shift)
			o.holes = append(o.holes, holes[0].hole)
			holes = holes[1:]
		}
		for len(marks) > 0 && marks[0].text < end {
			o.marks = append(o.marks, mark{marks[0].text + shift, marks[0].source})
			marks = marks[1:]
		}
		text = append(text, f.raw[done:end]...)
		done = end
	}
	for i := range f.insert {
		in := &f.insert[i]
		copyTo(in.at)
		if in.pos >= 0 {
			o.marks = append(o.marks, mark{int32(len(text)), in.pos})
		}
		if in.hole != nil {
			o.where = append(o.where, int32(len(text)+strings.IndexByte(in.text, '?')))
			o.holes = append(o.holes, *in.hole)
		}
		text = append(text, in.text...)
	}
	copyTo(int32(len(f.raw)))
	return text
}
