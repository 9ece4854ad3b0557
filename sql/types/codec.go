package types

import (
	"bytes"
	"cmp"
	"math"
	"time"
	"unsafe"

	"tarn/sql/sqlstate"
)

// Env is what the meaning of a text form depends on besides the text. A nil *Env is UTC, with no clock and no catalogue.
type Env struct {
	Location *time.Location // of timestamptz without an explicit zone; nil is UTC
	Now      time.Time      // what now, today, tomorrow and yesterday mean; the zero time refuses them

	Objects Objects // names of regclass and its like; nil: an object is its number
}

// Objects resolves the names of regclass, regproc, regnamespace and regrole, whose OID is t. An object that ObjectName does not
// know is its number.
type Objects interface {
	ObjectOID(t OID, name string) (oid int64, err error)
	ObjectName(t OID, oid int64) (name string, ok bool)
}

func (e *Env) location() *time.Location {
	if e == nil || e.Location == nil {
		return time.UTC
	}
	return e.Location
}

// Parse reads a value from its text form, and coerces it to the type's modifier as an assignment does. Errors: 22P02 (not
// of the form), 22007, 22008, 22009 (dates and times), 22015 (interval), 22003 (out of range), 22001 (string too long).
func Parse(t Type, s string, env *Env) (Datum, error) {
	var d Datum
	err := parse(t, s, env, &d)
	return d, err
}

// ParseBytes is Parse without allocation: it overwrites *d, keeping the memory of d.Bytes to write into. b is not kept.
func ParseBytes(t Type, b []byte, env *Env, d *Datum) error {
	return parse(t, unsafe.String(unsafe.SliceData(b), len(b)), env, d)
}

func parse(t Type, s string, env *Env, d *Datum) error {
	info := t.Info()
	d.Null = false
	switch {
	case t.OID == RegtypeOID:
		return regtypeIn(d, s, env)
	case info.in != nil:
		return info.in(d, s, t.Mod, env)
	case info.Category == 'A':
		return arrayIn(d, s, t, env)
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "cannot accept a value of type %s", info.Name)
}

// AppendText appends the text form of a value that is not NULL.
func AppendText(dst []byte, t Type, d Datum, env *Env) []byte {
	info := t.Info()
	switch {
	case t.OID == RegtypeOID:
		return regtypeOut(dst, d)
	case info.out != nil:
		return info.out(dst, d, env)
	case info.Category == 'A':
		return arrayOut(dst, d, info, env)
	case t.OID == RecordOID:
		return recordOut(dst, d, env)
	}
	return append(dst, d.Bytes...)
}

// AppendBinary appends the binary wire form of a value that is not NULL.
func AppendBinary(dst []byte, t Type, d Datum) []byte {
	info := t.Info()
	switch {
	case info.send != nil:
		return info.send(dst, d)
	case info.Category == 'A':
		return arraySend(dst, d, info)
	case t.OID == RecordOID:
		return recordSend(dst, d)
	}
	return append(dst, d.Bytes...)
}

// ParseBinary reads a value from its binary wire form. b is not kept. Errors: 22P03, 08P01 (wrong length), and those of
// Parse for values that are out of range or exceed the modifier.
func ParseBinary(t Type, b []byte) (Datum, error) {
	var d Datum
	info := t.Info()
	switch {
	case info.recv != nil:
		err := info.recv(&d, b, t.Mod)
		return d, err
	case info.Category == 'A':
		err := arrayRecv(&d, b, t)
		return d, err
	}
	return d, sqlstate.New(sqlstate.FeatureNotSupported, "cannot accept a value of type %s", info.Name)
}

// Compare orders two values that are not NULL, as the type's btree operators do: text by bytes, NaN greatest and equal to
// itself, arrays by elements. Types without such operators (json) are ordered by their bytes.
func Compare(t Type, a, b Datum) int {
	info := t.Info()
	if info.compare != nil {
		return info.compare(a, b)
	}
	switch info.Kind {
	case Bool, Int64:
		return cmp.Compare(a.Int, b.Int)
	case Float64:
		return compareFloat(a.Float, b.Float)
	}
	if info.Category == 'A' {
		return compareArrays(info, a, b)
	}
	if t.OID == RecordOID {
		return bytes.Compare(AppendKey(nil, t, a), AppendKey(nil, t, b))
	}
	return bytes.Compare(a.Bytes, b.Bytes)
}

// AppendKey appends the canonical key of a value that is not NULL: the same bytes if and only if the values are equal
// under SQL, ordered as Compare orders, and no key a proper prefix of another, so that keys can be concatenated.
//
//	bool                 1 byte
//	Int64 kinds          8 bytes, big endian, sign flipped
//	Float64 kinds        8 bytes, big endian, negatives inverted; -0 is 0; NaN greatest
//	Bytes kinds          the bytes with 00 as 00 FF, then 00 01
//	bpchar               without trailing spaces, as Bytes
//	numeric              class, exponent, digits       numeric_key.go
//	interval             the span in microseconds, 16 bytes, big endian, sign flipped
//	uuid                 its 16 bytes
//	jsonb                jsonb_key.go
//	arrays, record       01 key or 02 (NULL) for each element, 00; arrays then their dimensions
func AppendKey(dst []byte, t Type, d Datum) []byte {
	info := t.Info()
	if info.key != nil {
		return info.key(dst, d)
	}
	switch info.Kind {
	case Bool:
		return append(dst, byte(d.Int))
	case Int64:
		return AppendKeyInt(dst, d.Int)
	case Float64:
		return AppendKeyFloat(dst, d.Float)
	}
	if info.Category == 'A' {
		return appendArrayKey(dst, info, d)
	}
	if t.OID == RecordOID {
		return appendRecordKey(dst, d)
	}
	return AppendKeyBytes(dst, d.Bytes)
}

// AppendKeyInt is AppendKey of the Int64 kinds.
func AppendKeyInt(dst []byte, v int64) []byte {
	u := uint64(v) ^ 1<<63
	return append(dst, byte(u>>56), byte(u>>48), byte(u>>40), byte(u>>32), byte(u>>24), byte(u>>16), byte(u>>8), byte(u))
}

// AppendKeyFloat is AppendKey of the Float64 kinds.
func AppendKeyFloat(dst []byte, f float64) []byte {
	var u uint64
	switch {
	case f != f:
		u = math.MaxUint64
	case f == 0:
		u = 1 << 63
	default:
		u = math.Float64bits(f)
		if u>>63 != 0 {
			u = ^u
		} else {
			u |= 1 << 63
		}
	}
	return AppendKeyInt(dst, int64(u^1<<63))
}

// AppendKeyBytes is AppendKey of text, bytea and the other Bytes kinds ordered by their bytes.
func AppendKeyBytes(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, 0)
		if i < 0 {
			break
		}
		dst = append(append(dst, b[:i+1]...), 0xFF)
		b = b[i+1:]
	}
	return append(append(dst, b...), 0, 1)
}

// compareFloat is float8_cmp: NaN equals NaN and exceeds everything else.
func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	case a == a:
		return -1
	case b == b:
		return 1
	}
	return 0
}

func invalidText(typ, s string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", typ, s)
}

func invalidBinary(typ string) error {
	return sqlstate.New(sqlstate.InvalidBinaryRepresentation, "incorrect binary data format for type %s", typ)
}

// insufficientData is what PostgreSQL says of a binary value that is too short or too long.
var insufficientData = sqlstate.New(sqlstate.ProtocolViolation, "insufficient data left in message")
