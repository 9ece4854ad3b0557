// Package lex splits PostgreSQL text into tokens, by the rules of PostgreSQL 15 with standard_conforming_strings on.
//
// It promises PostgreSQL's own errors at PostgreSQL's own positions and never panics. Text is valid UTF-8 without NUL
// (CheckText), which the caller has made sure of. Tokens are read on demand, so that a syntax error that comes before a
// lexical one is reported first, as PostgreSQL does.
package lex

// Kind is what a token is: a character standing for itself, one of the kinds below, or a keyword.
type Kind uint16

// The kinds that are neither a character nor a keyword.
const (
	EOF           Kind = 0
	Ident         Kind = 128 + iota
	Integer            // digits only
	Numeric            // digits with a point or exponent
	String             // '..', E'..', U&'..', $$..$$
	Bits               // B'..' and X'..'
	Param              // $n
	Operator           // any operator that has no kind of its own
	TypeCast           // ::
	DotDot             // ..
	ColonEquals        // :=
	EqualsGreater      // =>
	LessEquals         // <=
	GreaterEquals      // >=
	NotEquals          // <> and !=
	Bad                // no token: the stream holds an error

	firstKeyword Kind = 256
)

// Class says where a keyword may stand as a name.
type Class uint8

// The classes of keywords.
const (
	Unreserved   Class = iota // anywhere
	ColumnName                // not as a function or type name
	TypeFunction              // only as a function or type name
	Reserved                  // nowhere, except after AS
)

type keyword struct {
	word  string
	class Class
	bare  bool // may be a column label without AS
}

// Token is a piece of the text. Text is its value: folded and truncated identifiers, keywords in lower case, strings
// without quotes and escapes, "b.." or "x.." for Bits, the digits of Param.
type Token struct {
	Text       string
	Start, End int32 // bytes in the source
	Kind       Kind
	National   bool // N'..'
}

// IsKeyword says that the token is a keyword of any class.
func (t *Token) IsKeyword() bool { return t.Kind >= firstKeyword }

// IsColumnID says that the token can name a column or table (PostgreSQL's ColId).
func (t *Token) IsColumnID() bool {
	return t.Kind == Ident || t.Kind >= firstKeyword && keywords[t.Kind-firstKeyword].class <= ColumnName
}

// IsFunctionName says that the token can name a type or function (PostgreSQL's type_function_name).
func (t *Token) IsFunctionName() bool {
	if t.Kind < firstKeyword {
		return t.Kind == Ident
	}
	class := keywords[t.Kind-firstKeyword].class
	return class == Unreserved || class == TypeFunction
}

// IsLabel says that the token can be a label after AS or a dot: any word (PostgreSQL's ColLabel).
func (t *Token) IsLabel() bool { return t.Kind == Ident || t.Kind >= firstKeyword }

// IsBareLabel says that the token can be a label without AS.
func (t *Token) IsBareLabel() bool {
	return t.Kind == Ident || t.Kind >= firstKeyword && keywords[t.Kind-firstKeyword].bare
}

// Is says that the token is an unquoted word that is no keyword of PostgreSQL: a keyword of Tarn's own statements.
// Word is lower case.
func (t *Token) Is(word string, source string) bool {
	return t.Kind == Ident && t.Text == word && source[t.Start] != '"'
}

// words maps each keyword to its kind.
var words = func() map[string]Kind {
	m := make(map[string]Kind, len(keywords))
	for i, k := range keywords {
		m[k.word] = firstKeyword + Kind(i)
	}
	return m
}()

// Keyword is the word of a keyword kind, in lower case; empty for other kinds.
func (k Kind) Keyword() string {
	if k < firstKeyword || int(k-firstKeyword) >= len(keywords) {
		return ""
	}
	return keywords[k-firstKeyword].word
}
