package plan

import "tarn/sql/types"

// Types are the types of a node's output columns.
func Types(n Node) []types.Type {
	schema := n.Schema()
	ts := make([]types.Type, len(schema))
	for i := range schema {
		ts[i] = schema[i].Type
	}
	return ts
}

// Width is the number of a node's output columns. Of a tree of many joins it is found faster than the columns themselves.
func Width(n Node) int {
	switch n := n.(type) {
	case *Get:
		return len(n.Columns)
	case *Join:
		if n.Kind == Semi || n.Kind == Anti {
			return Width(n.L)
		}
		return Width(n.L) + Width(n.R)
	case *Index, *Filter, *Distinct, *Negate, *Threshold, *TopK:
		return Width(n.Inputs()[0])
	}
	return len(n.Schema())
}

// Size is the number of nodes of a plan written out as a tree, in which what is used twice stands twice; a large number if there
// are more.
func Size(n Node) int {
	const many = 1 << 30
	known := map[Node]int{}
	var size func(n Node) int
	size = func(n Node) int {
		if s, ok := known[n]; ok {
			return s
		}
		s := 1
		for _, in := range n.Inputs() {
			s = min(many, s+size(in))
		}
		known[n] = s
		return s
	}
	return size(n)
}

// Schema implements Node for every type below.
func (n *Get) Schema() []Field {
	out := make([]Field, len(n.Columns))
	for i, c := range n.Columns {
		out[i] = Field{n.Relation.Columns[c].Name, n.Relation.Columns[c].Type}
	}
	return out
}
func (n *Index) Schema() []Field    { return n.Input.Schema() }
func (n *Constant) Schema() []Field { return n.Fields }
func (n *Filter) Schema() []Field   { return n.Input.Schema() }
func (n *Project) Schema() []Field  { return n.Fields }
func (n *Join) Schema() []Field {
	l := n.L.Schema()
	if n.Kind == Semi || n.Kind == Anti {
		return l
	}
	return append(l[:len(l):len(l)], n.R.Schema()...)
}
func (n *Aggregate) Schema() []Field { return n.Fields }
func (n *Distinct) Schema() []Field  { return n.Input.Schema() }
func (n *Union) Schema() []Field     { return n.Fields }
func (n *Negate) Schema() []Field    { return n.Input.Schema() }
func (n *Threshold) Schema() []Field { return n.Input.Schema() }
func (n *TopK) Schema() []Field      { return n.Input.Schema() }
func (n *FlatMap) Schema() []Field {
	in := n.Input.Schema()
	out := append(in[:len(in):len(in)], n.Columns...)
	if n.Ordinality {
		out = append(out, Field{"ordinality", types.Of(types.Int8OID)})
	}
	return out
}

// Inputs implements Node.
func (n *Get) Inputs() []Node       { return nil }
func (n *Index) Inputs() []Node     { return []Node{n.Input} }
func (n *Constant) Inputs() []Node  { return nil }
func (n *Filter) Inputs() []Node    { return []Node{n.Input} }
func (n *Project) Inputs() []Node   { return []Node{n.Input} }
func (n *Join) Inputs() []Node      { return []Node{n.L, n.R} }
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }
func (n *Distinct) Inputs() []Node  { return []Node{n.Input} }
func (n *Union) Inputs() []Node     { return n.Children }
func (n *Negate) Inputs() []Node    { return []Node{n.Input} }
func (n *Threshold) Inputs() []Node { return []Node{n.Input} }
func (n *TopK) Inputs() []Node      { return []Node{n.Input} }
func (n *FlatMap) Inputs() []Node   { return []Node{n.Input} }

// WithInputs implements Node.
func (n *Get) WithInputs([]Node) Node      { return n }
func (n *Index) WithInputs(in []Node) Node { return &Index{in[0].(*Get), n.Keys} }
func (n *Constant) WithInputs([]Node) Node { return n }
func (n *Filter) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Project) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Join) WithInputs(in []Node) Node {
	c := *n
	c.L, c.R = in[0], in[1]
	return &c
}
func (n *Aggregate) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *Distinct) WithInputs(in []Node) Node { return &Distinct{in[0]} }
func (n *Union) WithInputs(in []Node) Node    { return &Union{in, n.Fields} }
func (n *Negate) WithInputs(in []Node) Node   { return &Negate{in[0]} }
func (n *Threshold) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *TopK) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
func (n *FlatMap) WithInputs(in []Node) Node {
	c := *n
	c.Input = in[0]
	return &c
}
