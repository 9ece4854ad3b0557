package stmt

import (
	"strings"

	"tarn/sql/lex"
)

// withOptions takes WITH (..), if it follows.
func (p *parser) withOptions() []Option {
	if p.Kind() != lex.WITH || p.Peek(1).Kind != '(' {
		return nil
	}
	p.Next()
	return p.options()
}

// options takes (name = value, name value, name, ..). Names may be dotted, or quoted as strings.
func (p *parser) options() []Option {
	p.Expect('(')
	list := []Option{}
	for p.Kind() != ')' || len(list) > 0 {
		list = append(list, p.option())
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(')')
	return list
}

func (p *parser) option() Option {
	o := Option{Pos: p.Position(int(p.Start()))}
	if p.Kind() == lex.String {
		o.Name = p.Next().Text
	} else {
		o.Name = p.Label().Text
	}
	for p.Accept('.') {
		o.Name += "." + p.Label().Text
	}
	equals := p.Accept('=')
	if k := p.Kind(); !equals && (k == ',' || k == ')') {
		return o
	}
	p.optionValue(&o)
	return o
}

// optionValue takes a value: a string, a word, a number, * or a list of them in parentheses.
func (p *parser) optionValue(o *Option) {
	switch p.Kind() {
	case '*':
		p.Next()
		o.List = []string{"*"}
		return
	case '(':
		p.Next()
		for {
			o.List = append(o.List, p.value().Text)
			if !p.Accept(',') {
				break
			}
		}
		p.Expect(')')
		return
	}
	v := p.value()
	o.Value, o.Word, o.HasValue = v.Text, v.Word, true
}

// value takes a string, a word or a signed number.
func (p *parser) value() Value {
	switch k := p.Kind(); k {
	case lex.String:
		return Value{Text: p.Next().Text}
	case '+', '-':
		p.Next()
		sign := ""
		if k == '-' {
			sign = "-"
		}
		if k := p.Kind(); k != lex.Integer && k != lex.Numeric {
			p.Syntax()
		}
		return Value{Text: sign + p.Next().Text, Word: true}
	case lex.Integer, lex.Numeric:
		return Value{Text: p.Next().Text, Word: true}
	case lex.TRUE, lex.FALSE, lex.ON, lex.DEFAULT, lex.NULL:
		return Value{Text: p.Next().Text, Word: true}
	}
	if t := p.Peek(0); !t.IsColumnID() && !t.IsFunctionName() {
		p.Syntax()
	}
	return Value{Text: p.Next().Text, Word: true}
}

// bare makes an option that has no value.
func bare(name string) Option { return Option{Name: name} }

func option(name, value string) Option { return Option{Name: name, Value: value, HasValue: true} }

// upper takes words of the grammar and returns them in upper case, separated by blanks.
func upper(words ...string) string { return strings.ToUpper(strings.Join(words, " ")) }
