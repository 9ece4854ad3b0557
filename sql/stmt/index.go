package stmt

import (
	"strings"

	"tarn/sql/decode"
	"tarn/sql/lex"
)

func (p *parser) createIndex() Statement {
	s := &CreateIndex{Unique: p.Accept(lex.UNIQUE)}
	p.Expect(lex.INDEX)
	s.Concurrently = p.Accept(lex.CONCURRENTLY)
	s.IfNotExists = p.ifNotExists()
	if p.Kind() != lex.ON {
		s.Name = p.ColumnID().Text
	} else if s.IfNotExists {
		p.Syntax()
	}
	p.Expect(lex.ON)
	p.Accept(lex.ONLY)
	s.Table = p.name()
	if p.Accept(lex.USING) {
		s.Method = p.ColumnID().Text
	}
	s.Elems = p.indexElems()
	if p.Accept(lex.INCLUDE) {
		s.Include = p.ColumnIDs()
	}
	p.nullsDistinct()
	s.With = p.withOptions()
	if p.Accept(lex.TABLESPACE) {
		p.ColumnID()
	}
	if p.Accept(lex.WHERE) {
		s.Where = p.expr()
	}
	return s
}

// indexElems takes the list of columns and expressions of an index.
func (p *parser) indexElems() []IndexElem {
	p.Expect('(')
	var list []IndexElem
	for {
		e := IndexElem{Pos: p.Position(int(p.Start()))}
		next := p.Peek(1).Kind
		if p.Peek(0).IsColumnID() && next != '(' && next != '.' {
			e.Column = p.Next().Text
		} else {
			e.Expr = p.expr()
		}
		p.indexElemOptions(&e)
		list = append(list, e)
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return list
}

func (p *parser) indexElemOptions(e *IndexElem) {
	if p.Accept(lex.COLLATE) {
		p.Path()
		e.Collated = true
	}
	if p.Peek(0).IsColumnID() && p.Kind() != lex.NULLS {
		e.OpClass = strings.Join(p.Path(), ".")
		if p.Kind() == '(' {
			p.options()
		}
	}
	if p.Accept(lex.DESC) {
		e.Desc = true
	} else {
		p.Accept(lex.ASC)
	}
	if p.Accept(lex.NULLS) {
		e.Nulls = decode.NullsFirst
		if p.oneOf(lex.FIRST, lex.LAST) == lex.LAST {
			e.Nulls = decode.NullsLast
		}
	}
}
