package copyformat

import (
	"bytes"
	"io"
	"unicode/utf8"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// lineEnd is how lines end. The first line decides, and a different end later is an error (22P04), unless it is escaped
// (text) or quoted (csv) and therefore data.
type lineEnd uint8

const (
	unknownEnd lineEnd = iota
	newline
	carriageReturn
	crlf
)

const (
	readSize    = 64 << 10
	maxLine     = 1 << 30
	maxReadings = 100 // empty reads in a row before a source counts as broken
)

// lines cuts the bytes of a source into lines.
//
//	buf  [ lines of this batch | line being read | read ahead |      ]
//	     base                  pos                            end
//
// What lies between base and pos stays until release, so that the context of an error can quote a whole line.
type lines struct {
	source        io.Reader
	most          int // bytes of a line
	buf           []byte
	pos, end      int
	eof           bool // the source has ended
	marker        bool // \. was met
	hasNul        bool // a zero byte is in buf
	ends          lineEnd
	number        int  // of the line last read, from 1; quoted line ends count
	isPlain       bool // nothing in the line last read is quoted or escaped
	csv           bool
	quote, escape byte // csv; escape is 0 where it is the quote
}

// release gives up the lines before pos.
func (l *lines) release() {
	copy(l.buf, l.buf[l.pos:l.end])
	l.end -= l.pos
	l.pos = 0
	if l.end == 0 {
		l.hasNul = false
	}
}

// fill reads more behind end. It reports false at the end of the source. Offsets into buf stay good.
func (l *lines) fill() (bool, error) {
	if l.eof {
		return false, nil
	}
	if l.end-l.pos > l.most {
		return false, sqlstate.New(sqlstate.ProgramLimitExceeded, "line of COPY data exceeds %d bytes", l.most)
	}
	if len(l.buf)-l.end < readSize {
		l.buf = append(l.buf, make([]byte, max(readSize, len(l.buf)))...)
	}
	for range maxReadings {
		n, err := l.source.Read(l.buf[l.end:])
		if n > 0 && bytes.IndexByte(l.buf[l.end:l.end+n], 0) >= 0 {
			l.hasNul = true
		}
		l.end += n
		switch {
		case err == io.EOF:
			l.eof = true
			return n > 0, nil
		case err != nil:
			return false, err
		case n > 0:
			return true, nil
		}
	}
	return false, io.ErrNoProgress
}

// next is the next line without its end, valid until release. ok is false after the last one.
func (l *lines) next() (line []byte, ok bool, err error) {
	if l.marker {
		return nil, false, nil
	}
	l.number++
	start := l.pos
	line, l.isPlain = l.plain()
	if ok = l.isPlain; !ok {
		line, ok, err = l.scan()
	}
	if err != nil || !ok {
		return nil, false, err
	}
	if !utf8.Valid(line) || l.hasNul && bytes.IndexByte(line, 0) >= 0 {
		if _, _, err := l.at(l.pos + 2); err != nil { // the message shows what follows, across the line end
			return nil, false, err
		}
		return nil, false, encodingError(l.buf[start:l.end])
	}
	return line, true, nil
}

func encodingError(b []byte) error {
	_, err := types.Parse(types.Of(types.TextOID), string(b), nil)
	return err
}

// plain is next for the common line: wholly in the buffer, nothing quoted or escaped in it. ok is false for any other.
func (l *lines) plain() (line []byte, ok bool) {
	if l.ends != newline && l.ends != crlf {
		return nil, false
	}
	n := bytes.IndexByte(l.buf[l.pos:l.end], '\n')
	if n < 0 {
		return nil, false
	}
	line = l.buf[l.pos : l.pos+n]
	if l.ends == crlf {
		if n == 0 || line[n-1] != '\r' {
			return nil, false
		}
		line = line[:n-1]
	}
	switch {
	case bytes.IndexByte(line, '\r') >= 0,
		!l.csv && bytes.IndexByte(line, '\\') >= 0,
		l.csv && bytes.IndexByte(line, l.quote) >= 0,
		l.csv && len(line) > 0 && line[0] == '\\':
		return nil, false
	}
	l.pos += n + 1
	return line, true
}

// at makes byte i available; ok is false if the source ends before it.
func (l *lines) at(i int) (c byte, ok bool, err error) {
	for i >= l.end {
		if more, err := l.fill(); !more || err != nil {
			return 0, false, err
		}
	}
	return l.buf[i], true, nil
}

// scan is next byte by byte, for every line.
func (l *lines) scan() (line []byte, ok bool, err error) {
	inQuote, escaped := false, false
	for i := l.pos; ; i++ {
		c, ok, err := l.at(i)
		if err != nil {
			return nil, false, err
		}
		if !ok {
			line, l.pos = l.buf[l.pos:i], i
			return line, len(line) > 0, nil
		}
		if l.csv {
			// Where quote and escape differ, an escape counts only inside quotes, and only if not escaped itself.
			if inQuote && l.escape != 0 && c == l.escape {
				escaped = !escaped
			}
			if c == l.quote && !escaped {
				inQuote = !inQuote
			}
			if c != l.escape || l.escape == 0 {
				escaped = false
			}
			if inQuote && (c == '\n' && l.ends == newline || c == '\r' && l.ends != newline) {
				l.number++
			}
		}
		switch {
		case c == '\r' && !inQuote:
			return l.endAtReturn(i)
		case c == '\n' && !inQuote:
			if l.ends == carriageReturn || l.ends == crlf {
				return nil, false, l.literal("newline", `\n`)
			}
			l.ends = newline
			return l.cut(i, i+1)
		case c == '\\' && (!l.csv || i == l.pos):
			next, ok, err := l.at(i + 1)
			if err != nil {
				return nil, false, err
			}
			if ok && next == '.' {
				if found, err := l.endMarker(i); found || err != nil {
					line, ok, _ := l.cut(i, l.end)
					return line, ok && len(line) > 0 && err == nil, err
				}
			}
			if ok && !l.csv {
				i++ // whatever is escaped is data, a line end too
			}
		}
	}
}

func (l *lines) cut(to, next int) (line []byte, ok bool, err error) {
	line, l.pos = l.buf[l.pos:to], next
	return line, true, nil
}

// endAtReturn ends a line at the carriage return at i, alone or followed by a newline.
func (l *lines) endAtReturn(i int) (line []byte, ok bool, err error) {
	switch l.ends {
	case newline:
		return nil, false, l.literal("carriage return", `\r`)
	case carriageReturn:
		return l.cut(i, i+1)
	}
	c, ok, err := l.at(i + 1)
	switch {
	case err != nil:
		return nil, false, err
	case ok && c == '\n':
		l.ends = crlf
		return l.cut(i, i+2)
	case l.ends == crlf:
		return nil, false, l.literal("carriage return", `\r`)
	}
	l.ends = carriageReturn
	return l.cut(i, i+1)
}

// endMarker tells whether the \. at i ends the data, and if so reads the source to its end. In csv what is not a marker
// is data, in text it is an error.
func (l *lines) endMarker(i int) (found bool, err error) {
	i += 2
	corrupt := func() (bool, error) {
		if l.csv {
			return false, nil
		}
		return false, sqlstate.New(sqlstate.BadCopyFileFormat, "end-of-copy marker corrupt")
	}
	mismatch := sqlstate.New(sqlstate.BadCopyFileFormat, "end-of-copy marker does not match previous newline style")
	c, ok, err := l.at(i)
	if err != nil {
		return false, err
	}
	if l.ends == crlf {
		switch {
		case ok && c == '\n' && !l.csv:
			return false, mismatch
		case !ok || c != '\r':
			return corrupt()
		}
		if c, ok, err = l.at(i + 1); err != nil {
			return false, err
		}
	}
	if !ok || c != '\r' && c != '\n' {
		return corrupt()
	}
	if (l.ends == newline || l.ends == crlf) && c != '\n' || l.ends == carriageReturn && c != '\r' {
		return false, mismatch
	}
	l.marker = true
	return true, l.drain()
}

// drain reads the source to its end without keeping anything: data behind the marker means nothing.
func (l *lines) drain() error {
	if l.eof {
		return nil
	}
	l.eof = true
	_, err := io.Copy(io.Discard, l.source)
	return err
}

func (l *lines) literal(name, escape string) error {
	if l.csv {
		return sqlstate.New(sqlstate.BadCopyFileFormat, "unquoted %s found in data", name).
			WithHint("Use quoted CSV field to represent %s.", name)
	}
	return sqlstate.New(sqlstate.BadCopyFileFormat, "literal %s found in data", name).
		WithHint("Use \"%s\" to represent %s.", escape, name)
}
