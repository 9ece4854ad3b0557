package decode

// Start is where the expression begins in the user's text, in characters from 1: where PostgreSQL points when it means a
// whole expression and not its operator (exprLocation). It is 0 for the zero Handle.
func (h Handle) Start() int {
	start := 0
	for !h.IsZero() {
		n := h.Node()
		if pos := n.Position(); start == 0 || pos < start {
			start = pos
		}
		h = leftmost(n)
	}
	return start
}

// leftmost is the operand that stands before a node's operator or behind nothing but it; zero if there is none.
func leftmost(n Node) Handle {
	switch n := n.(type) {
	case Op:
		return n.Args[0]
	case And:
		return n.Args[0]
	case Or:
		return n.Args[0]
	case IsTest:
		return n.X
	case Distinct:
		return n.Left
	case Like:
		return n.X
	case Between:
		return n.X
	case InList:
		return n.X
	case InQuery:
		return n.X
	case Quantified:
		return n.X
	case Cast:
		return n.X
	case AtTimeZone:
		return n.X
	case Collate:
		return n.X
	case Subscript:
		return n.X
	case Field:
		return n.X
	case Expand:
		return n.X
	}
	return Handle{}
}
