package copyformat

import (
	"slices"
	"strings"

	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Format is one of COPY's formats.
type Format uint8

// The formats. Arrow is written, as an IPC stream, by package arrowio; this package only knows its name.
const (
	Text Format = iota
	CSV
	Arrow
)

// Header is what the first line holds.
type Header uint8

// The kinds of header.
const (
	NoHeader    Header = iota // data
	WithHeader                // column names: skipped by COPY FROM, written by COPY TO
	MatchHeader               // column names, which COPY FROM compares with the columns
)

// Options are the options of a COPY. The zero value is not useful: start from DefaultOptions or ParseOptions.
type Options struct {
	Relation  string // named in the context of errors; empty for COPY of a query
	MaxLine   int    // bytes of a line, COPY FROM; 0: a gigabyte
	Format    Format
	Delimiter byte
	Null      string
	Header    Header
	Quote     byte // csv
	Escape    byte // csv

	ForceQuote   []string // csv, COPY TO: columns always quoted; "*" is all
	ForceNotNull []string // csv, COPY FROM: columns never compared with Null
	ForceNull    []string // csv, COPY FROM: columns compared with Null even if quoted
}

// Column is a column copied from or to.
type Column struct {
	Name string
	Type types.Type
}

// DefaultOptions are those of COPY without options in a format.
func DefaultOptions(format Format) Options {
	o := Options{Format: format, Delimiter: '\t', Null: `\N`}
	if format == CSV {
		o.Delimiter, o.Null, o.Quote, o.Escape = ',', "", '"', '"'
	}
	return o
}

// ParseOptions reads the options of a COPY FROM (from) or COPY TO. Errors are those of PostgreSQL: 42601, 22023, 0A000.
func ParseOptions(options []stmt.Option, from bool) (Options, error) {
	for i := range options {
		if slices.ContainsFunc(options[:i], func(o stmt.Option) bool { return o.Name == options[i].Name }) {
			return Options{}, sqlstate.New(sqlstate.SyntaxError, "conflicting or redundant options").At(options[i].Pos)
		}
	}
	p := optionParser{from: from}
	for i := range options {
		if err := p.option(&options[i]); err != nil {
			return Options{}, sqlstate.From(err).At(options[i].Pos)
		}
	}
	return p.finish()
}

type optionParser struct {
	from             bool
	format           Format
	header           Header
	delimiter, null  *string
	quote, escape    *string
	forceQuote       []string
	forceNotNull     []string
	forceNull        []string
	hasForceQuote    bool
	hasForceNotNull  bool
	hasForceNullList bool
}

func (p *optionParser) option(o *stmt.Option) (err error) {
	switch o.Name {
	case "format":
		p.format, err = parseFormat(o)
	case "delimiter":
		p.delimiter, err = stringValue(o)
	case "null":
		p.null, err = stringValue(o)
	case "quote":
		p.quote, err = stringValue(o)
	case "escape":
		p.escape, err = stringValue(o)
	case "header":
		p.header, err = parseHeader(o, p.from)
	case "force_quote":
		p.hasForceQuote = true
		p.forceQuote, err = columnList(o, true)
	case "force_not_null":
		p.hasForceNotNull = true
		p.forceNotNull, err = columnList(o, false)
	case "force_null":
		p.hasForceNullList = true
		p.forceNull, err = columnList(o, false)
	case "encoding":
		err = checkEncoding(o)
	case "freeze":
		_, err = parseBool(o)
	default:
		err = sqlstate.New(sqlstate.SyntaxError, "option \"%s\" not recognized", o.Name)
	}
	return err
}

func stringValue(o *stmt.Option) (*string, error) {
	if !o.HasValue {
		return nil, sqlstate.New(sqlstate.SyntaxError, "%s requires a parameter", o.Name)
	}
	return &o.Value, nil
}

func parseFormat(o *stmt.Option) (Format, error) {
	if !o.HasValue {
		return 0, sqlstate.New(sqlstate.SyntaxError, "format requires a parameter")
	}
	switch o.Value {
	case "text":
		return Text, nil
	case "csv":
		return CSV, nil
	case "arrow":
		return Arrow, nil
	case "binary":
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "COPY format \"binary\" is not supported").
			WithHint("Use the text or csv format.")
	}
	return 0, sqlstate.New(sqlstate.InvalidParameterValue, "COPY format \"%s\" not recognized", o.Value)
}

func parseBool(o *stmt.Option) (bool, error) {
	if !o.HasValue {
		return true, nil
	}
	switch strings.ToLower(o.Value) {
	case "true", "on", "1":
		return true, nil
	case "false", "off", "0":
		return false, nil
	}
	return false, sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value", o.Name)
}

func parseHeader(o *stmt.Option, from bool) (Header, error) {
	if o.HasValue && strings.EqualFold(o.Value, "match") {
		if !from {
			return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot use \"%s\" with HEADER in COPY TO", o.Value)
		}
		return MatchHeader, nil
	}
	on, err := parseBool(o)
	if err != nil {
		return 0, sqlstate.New(sqlstate.SyntaxError, "%s requires a Boolean value or \"match\"", o.Name)
	}
	if on {
		return WithHeader, nil
	}
	return NoHeader, nil
}

func columnList(o *stmt.Option, star bool) ([]string, error) {
	if len(o.List) == 0 || !star && o.List[0] == "*" {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", o.Name)
	}
	return o.List, nil
}

// Encoding tells whether a name is that of an encoding, in PostgreSQL's spellings, and whether of the only one there is: UTF-8,
// or none at all.
func Encoding(name string) (known, supported bool) {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(name))
	if name == "utf8" || name == "unicode" || name == "sqlascii" {
		return true, true
	}
	return slices.ContainsFunc(otherEncodings, func(prefix string) bool { return strings.HasPrefix(name, prefix) }), false
}

func checkEncoding(o *stmt.Option) error {
	switch known, supported := Encoding(o.Value); {
	case supported:
		return nil
	case known:
		return sqlstate.New(sqlstate.FeatureNotSupported, "encoding \"%s\" is not supported", o.Value).
			WithHint("Convert the data to UTF8.")
	}
	return sqlstate.New(sqlstate.InvalidParameterValue, "argument to option \"%s\" must be a valid encoding name", o.Name)
}

// otherEncodings are how the names of the encodings begin that PostgreSQL knows and Tarn does not.
var otherEncodings = []string{"latin", "win", "iso88", "koi8", "euc", "sjis", "shiftjis", "big5", "gbk", "uhc", "gb18030", "johab", "mule"}

// finish applies the defaults of the format and checks the options against each other, in PostgreSQL's order.
func (p *optionParser) finish() (Options, error) {
	o := DefaultOptions(p.format)
	o.Header, o.ForceQuote, o.ForceNotNull, o.ForceNull = p.header, p.forceQuote, p.forceNotNull, p.forceNull
	csv := p.format == CSV
	if p.format == Arrow {
		return o, p.arrowAlone()
	}
	for _, check := range []func(*Options, bool) error{p.delimiterAndNull, p.quoting, p.forcing} {
		if err := check(&o, csv); err != nil {
			return Options{}, err
		}
	}
	if strings.IndexByte(o.Null, o.Delimiter) >= 0 {
		return Options{}, sqlstate.New(sqlstate.FeatureNotSupported, "COPY delimiter must not appear in the NULL specification")
	}
	if csv && strings.IndexByte(o.Null, o.Quote) >= 0 {
		return Options{}, sqlstate.New(sqlstate.FeatureNotSupported, "CSV quote character must not appear in the NULL specification")
	}
	return o, nil
}

// arrowAlone checks that the arrow format comes without the options of the formats that are text.
func (p *optionParser) arrowAlone() error {
	switch {
	case p.from:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY FROM in arrow format is not supported").
			WithHint("Use the text or csv format.")
	case p.delimiter != nil || p.null != nil || p.quote != nil || p.escape != nil || p.header != NoHeader ||
		p.hasForceQuote || p.hasForceNotNull || p.hasForceNullList:
		return sqlstate.New(sqlstate.SyntaxError, "cannot specify options of the text and csv formats in ARROW mode")
	}
	return nil
}

func (p *optionParser) delimiterAndNull(o *Options, csv bool) error {
	if p.delimiter != nil {
		if len(*p.delimiter) != 1 {
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY delimiter must be a single one-byte character")
		}
		o.Delimiter = (*p.delimiter)[0]
	}
	if p.null != nil {
		o.Null = *p.null
	}
	switch {
	case o.Delimiter == '\r' || o.Delimiter == '\n':
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(o.Null, "\r\n"):
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY null representation cannot use newline or carriage return")
	case !csv && strings.IndexByte(`\.abcdefghijklmnopqrstuvwxyz0123456789`, o.Delimiter) >= 0:
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter cannot be \"%s\"", string(o.Delimiter))
	}
	return nil
}

func (p *optionParser) quoting(o *Options, csv bool) error {
	if p.quote != nil {
		switch {
		case !csv:
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY quote available only in CSV mode")
		case len(*p.quote) != 1:
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY quote must be a single one-byte character")
		}
		o.Quote = (*p.quote)[0]
		o.Escape = o.Quote
	}
	if csv && o.Delimiter == o.Quote {
		return sqlstate.New(sqlstate.InvalidParameterValue, "COPY delimiter and quote must be different")
	}
	if p.escape != nil {
		switch {
		case !csv:
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY escape available only in CSV mode")
		case len(*p.escape) != 1:
			return sqlstate.New(sqlstate.FeatureNotSupported, "COPY escape must be a single one-byte character")
		}
		o.Escape = (*p.escape)[0]
	}
	return nil
}

func (p *optionParser) forcing(_ *Options, csv bool) error {
	switch {
	case p.hasForceQuote && !csv:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force quote available only in CSV mode")
	case p.hasForceQuote && p.from:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force quote only available using COPY TO")
	case p.hasForceNotNull && !csv:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force not null available only in CSV mode")
	case p.hasForceNotNull && !p.from:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force not null only available using COPY FROM")
	case p.hasForceNullList && !csv:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force null available only in CSV mode")
	case p.hasForceNullList && !p.from:
		return sqlstate.New(sqlstate.FeatureNotSupported, "COPY force null only available using COPY FROM")
	}
	return nil
}

// flags tells for each column whether a list names it. option is the name of the list in errors.
func flags(columns []Column, names []string, option string) ([]bool, error) {
	out := make([]bool, len(columns))
	for _, name := range names {
		i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
		if i < 0 {
			return nil, sqlstate.New(sqlstate.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", option, name)
		}
		out[i] = true
	}
	return out, nil
}
