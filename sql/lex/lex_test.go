package lex

import (
	"fmt"
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

// tokens prints the tokens of a text, or the error that ends them.
func tokens(text string) string {
	s := NewStream(NewSource(text))
	var list []string
	for {
		t := s.Next()
		switch {
		case t.Kind == EOF:
			return strings.Join(list, " ")
		case t.Kind == Bad:
			e := s.Unexpected()
			return strings.Join(append(list, fmt.Sprintf("%s@%d: %s", string(e.Code), e.Position, e.Message)), " ")
		case t.IsKeyword():
			list = append(list, strings.ToUpper(t.Text))
		case t.Kind < 128:
			list = append(list, string(rune(t.Kind)))
		default:
			name := map[Kind]string{Ident: "ident", Integer: "int", Numeric: "num", String: "str", Bits: "bits", Param: "param",
				Operator: "op", TypeCast: "cast", DotDot: "dots", ColonEquals: "assign", EqualsGreater: "arrow", LessEquals: "le",
				GreaterEquals: "ge", NotEquals: "ne"}[t.Kind]
			list = append(list, fmt.Sprintf("%s<%s>", name, t.Text))
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"SELECT sElEcT foo_1$ Ünï", "SELECT SELECT ident<foo_1$> ident<Ünï>"},
		{`"Foo" "a""b" U&"d\0061t!" U&"d!0061" UESCAPE '!'`, `ident<Foo> ident<a"b> ident<dat!> ident<da>`},
		{"1 1.5 .5 1. 1e5 1e 1..2 1.5e-3 12abc", "int<1> num<1.5> num<.5> num<1.> num<1e5> 42601@17: trailing junk after numeric literal at or near \"1e\""},
		{"1..2 3", "int<1> dots<..> int<2> int<3>"},
		{"'a' 'b''c' ''", "str<a> str<b'c> str<>"},
		{"'a'\n 'b' -- c\n 'd'", "str<abd>"},
		{"'a' -- c\n 'b' /*d*/\n 'e'", "str<ab> str<e>"},
		{`E'a\tb\\\'\x41\101\u00e9\U0001F600'`, "str<a\tb\\'AAé😀>"},
		{`E'\ud83d\ude00'`, "str<😀>"},
		{"$$a'b$$ $x$a$$b$x$ $1 $ 2", "str<a'b> str<a$$b> param<1> 42601@23: syntax error at or near \"$\""},
		{"B'01' x'1f' n'a'", "bits<b01> bits<x1f> str<a>"},
		{"a::b a:=b a=>b a<=b a>=b a<>b a!=b", "ident<a> cast<::> ident<b> ident<a> assign<:=> ident<b> ident<a> arrow<=>> ident<b> " +
			"ident<a> le<<=> ident<b> ident<a> ge<>=> ident<b> ident<a> ne<<>> ident<b> ident<a> ne<<>> ident<b>"},
		{"a<-1 a@-1 a*-1 a+-+b a||-b", "ident<a> < - int<1> ident<a> op<@-> int<1> ident<a> * - int<1> ident<a> + - + ident<b> ident<a> op<||-> ident<b>"},
		{"a<--b\n1 a/*c*/+b", "ident<a> < int<1> ident<a> + ident<b>"},
		{"/* a /* b */ c */ d", "ident<d>"},
		{"/* a /* b */ c", "42601@1: unterminated /* comment at or near \"/* a /* b */ c\""},
		{"é 'x", "ident<é> 42601@3: unterminated quoted string at or near \"'x\""},
		{"\"x", "42601@1: unterminated quoted identifier at or near \"\"x\""},
		{`E'\u12'`, "22025@3: invalid Unicode escape"},
		{"a;b", "ident<a> ; ident<b>"},
		{strings.Repeat("x", 70), "ident<" + strings.Repeat("x", 63) + ">"},
		{strings.Repeat("é", 40), "ident<" + strings.Repeat("é", 31) + ">"},
	} {
		if got := tokens(c.text); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestPositions(t *testing.T) {
	text := strings.Repeat("é日x", 400)
	s := NewSource(text)
	n := 1
	for i := range text {
		if got := s.Position(i); got != n {
			t.Fatalf("offset %d is at %d instead of %d", i, got, n)
		}
		n++
	}
	if got := NewSource("abc").Position(3); got != 4 {
		t.Errorf("the end of abc is at %d", got)
	}
}

func TestCheckText(t *testing.T) {
	for text, want := range map[string]string{
		"héllo":         "",
		"a\x00b":        `invalid byte sequence for encoding "UTF8": 0x00`,
		"a\xff":         `invalid byte sequence for encoding "UTF8": 0xff`,
		"a\xe9b":        `invalid byte sequence for encoding "UTF8": 0xe9 0x62`,
		"\xf0\x9f\x98!": `invalid byte sequence for encoding "UTF8": 0xf0 0x9f 0x98 0x21`,
	} {
		got := ""
		if err := CheckText(text); err != nil {
			got = sqlstate.From(err).Message
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// FuzzLex: no text panics, tokens move forward, and each lies inside the text.
func FuzzLex(f *testing.F) {
	for _, text := range []string{"SELECT 'a' \"b\" $$c$$ 1.5e3 --x\n/* y */", `E'\u0041' U&'\0041' UESCAPE '!'`, "a<-1", "$1a", "B'1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if CheckText(text) != nil {
			return
		}
		s := NewStream(NewSource(text))
		for end := int32(0); ; {
			tok := s.Next()
			if tok.Kind == EOF {
				return
			}
			if tok.Kind == Bad {
				if e := s.Unexpected(); e.Message == "" || e.Position < 1 {
					t.Fatalf("%q: error without place: %v", text, e)
				}
				return
			}
			if tok.Start < end || tok.End <= tok.Start || int(tok.End) > len(text) {
				t.Fatalf("%q: token %v behind %d", text, tok, end)
			}
			end = tok.End
		}
	})
}
