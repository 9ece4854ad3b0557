package expr

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// TestGolden evaluates the lines of testdata/*.txt, each "expression => type: value" or "expression => code: message", as
// PostgreSQL 15 answered them (time zone Europe/Berlin, collation C).
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	ctx := &functions.Context{Env: types.Env{Location: berlin}, User: "postgres", Database: "postgres"}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			lines := bufio.NewScanner(f)
			for number := 1; lines.Scan(); number++ {
				text, want, ok := strings.Cut(lines.Text(), " => ")
				if !ok || strings.HasPrefix(text, "--") {
					continue
				}
				if got := evaluate(ctx, text); got != want {
					t.Errorf("%s:%d: %s\n got %s\nwant %s", file, number, text, got, want)
				}
			}
		})
	}
}

// evaluate parses and computes an expression and renders it as the golden files do.
func evaluate(ctx *functions.Context, text string) (result string) {
	p := &parser{text: text, ctx: ctx}
	defer func() {
		if r := recover(); r != nil {
			err, ok := r.(*sqlstate.Error)
			if !ok {
				result = fmt.Sprintf("not evaluated: %v", r)
				return
			}
			result = fmt.Sprintf("%s: %s", err.Code, err.Message)
		}
	}()
	e := p.expression()
	if p.skip(); p.at != len(p.text) {
		panic("left over: " + p.text[p.at:])
	}
	if e.Type().OID == types.UnknownOID {
		e = p.coerce(e, types.TextOID)
	}
	// three rows, so that a kernel that forgets a row is seen
	out := Compile(e).Eval(ctx, &delta.Batch{Len: 3})
	if err := out.Errs.Err(2); err != nil {
		return fmt.Sprintf("%s: %s", err.Code, err.Message)
	}
	value := "NULL"
	if !out.IsNull(2) {
		value = strings.ReplaceAll(string(types.AppendText(nil, e.Type(), out.Datum(2), &ctx.Env)), "\n", `\n`)
	}
	return types.Of(e.Type().OID).String() + ": " + value
}

// parser reads the little SQL of the golden files: constants, calls, casts, subscript-free operators of one level.
type parser struct {
	text string
	at   int
	ctx  *functions.Context
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(sqlstate.From(err))
	}
	return v
}

func (p *parser) skip() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

func (p *parser) eat(s string) bool {
	p.skip()
	if strings.HasPrefix(p.text[p.at:], s) {
		p.at += len(s)
		return true
	}
	return false
}

const operatorRunes = "+-*/<>=~!@#%^&|?"

func (p *parser) operator() string {
	p.skip()
	from := p.at
	for p.at < len(p.text) && strings.IndexByte(operatorRunes, p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[from:p.at]
}

func (p *parser) expression() Expr {
	left := p.primary()
	if symbol := p.operator(); symbol != "" {
		right := p.primary()
		f := must(functions.ResolveOperator(symbol, left.Type().OID, right.Type().OID))
		return p.call(f, left, right)
	}
	return left
}

func (p *parser) word() string {
	p.skip()
	from := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '"') {
			break
		}
		p.at++
	}
	return p.text[from:p.at]
}

func (p *parser) primary() Expr {
	var e Expr
	p.skip()
	switch c := p.text[p.at]; {
	case p.eat("("):
		e = p.expression()
		if !p.eat(")") {
			panic("no )")
		}
	case c == '\'':
		e = &Const{types.Of(types.UnknownOID), types.Datum{Bytes: []byte(p.literal())}}
	case c >= '0' && c <= '9':
		e = p.number()
	case strings.IndexByte(operatorRunes, c) >= 0:
		symbol := p.operator()
		arg := p.primary()
		e = p.call(must(functions.ResolveOperator(symbol, 0, arg.Type().OID)), arg)
	default:
		word := p.word()
		switch {
		case word == "null":
			e = &Const{types.Of(types.UnknownOID), types.Null}
		case word == "true" || word == "false":
			e = &Const{boolT, types.Datum{Int: map[string]int64{"true": 1}[word]}}
		case p.eat("("):
			e = p.function(word)
		default:
			oid, ok := types.ByName(word)
			if !ok {
				panic("type " + word)
			}
			p.skip()
			e = &Const{types.Of(oid), must(types.Parse(types.Of(oid), p.literal(), &p.ctx.Env))}
		}
	}
	for p.eat("::") {
		e = p.cast(e)
	}
	return e
}

func (p *parser) literal() string {
	var out strings.Builder
	for p.at++; ; p.at++ {
		if p.text[p.at] == '\'' {
			if p.at+1 < len(p.text) && p.text[p.at+1] == '\'' {
				p.at++
			} else {
				p.at++
				return out.String()
			}
		}
		out.WriteByte(p.text[p.at])
	}
}

func (p *parser) number() Expr {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("0123456789.", p.text[p.at]) >= 0 {
		p.at++
	}
	s := p.text[from:p.at]
	oid := types.OID(types.NumericOID)
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		oid = types.Int8OID
		if v == int64(int32(v)) {
			oid = types.Int4OID
		}
	}
	return &Const{types.Of(oid), must(types.Parse(types.Of(oid), s, nil))}
}

func (p *parser) function(name string) Expr {
	var args []Expr
	var ts []types.OID
	for !p.eat(")") {
		if len(args) > 0 && !p.eat(",") {
			panic("no ,")
		}
		if p.eat(")") {
			break
		}
		e := p.expression()
		args, ts = append(args, e), append(ts, e.Type().OID)
	}
	return p.call(must(functions.Resolve(name, ts)), args...)
}

func (p *parser) call(f *functions.Function, args ...Expr) Expr {
	for i := range args {
		args[i] = p.coerce(args[i], f.Args[i])
	}
	return &Call{T: types.Of(f.Returns), Fn: f, Args: args}
}

func (p *parser) coerce(e Expr, to types.OID) Expr {
	from := e.Type().OID
	if from == to {
		return e
	}
	if c, ok := e.(*Const); ok && from == types.UnknownOID {
		if c.Value.Null {
			return &Const{types.Of(to), types.Null}
		}
		return &Const{types.Of(to), must(types.Parse(types.Of(to), string(c.Value.Bytes), &p.ctx.Env))}
	}
	c, ok := functions.FindCast(from, to, functions.Implicit)
	if !ok {
		panic(fmt.Sprintf("no cast from %s to %s", e.Type(), types.Of(to)))
	}
	return &Cast{T: types.Of(to), Arg: e, Cast: c}
}

func (p *parser) cast(e Expr) Expr {
	name := p.word()
	var mods []int64
	if p.eat("(") {
		for !p.eat(")") {
			p.eat(",")
			p.skip()
			n := p.number().(*Const)
			mods = append(mods, n.Value.Int)
		}
	}
	if p.eat("[]") {
		name += "[]"
	}
	oid, ok := types.ByName(name)
	if !ok {
		panic("type " + name)
	}
	to := types.Type{OID: oid, Mod: must(types.Modifier(oid, mods))}
	if c, ok := e.(*Const); ok && e.Type().OID == types.UnknownOID {
		if c.Value.Null {
			return &Const{to, types.Null}
		}
		parsed := must(types.Parse(types.Of(oid), string(c.Value.Bytes), &p.ctx.Env))
		if e = (&Const{types.Of(oid), parsed}); to.Mod < 0 {
			return e
		}
	}
	c, ok := functions.FindCast(e.Type().OID, oid, functions.Explicit)
	if !ok {
		panic(functions.CannotCast(e.Type(), to))
	}
	return &Cast{T: to, Arg: e, Cast: c, Explicit: true}
}
