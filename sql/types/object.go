package types

import (
	"encoding/binary"
	"math"
	"strconv"

	"tarn/sql/sqlstate"
)

var (
	oidCodec = codec{in: oidIn, out: integerOut, recv: oidRecv, send: oidSend}
	xidCodec = codec{in: xidIn, out: integerOut, recv: oidRecv, send: oidSend}
)

// regCodec is the codec of a type whose values are OIDs printed as the names of what they number.
func regCodec(t OID) codec {
	return codec{
		in:   func(d *Datum, s string, _ int32, env *Env) error { return regIn(d, s, t, env) },
		out:  func(dst []byte, d Datum, env *Env) []byte { return regOut(dst, d, t, env) },
		recv: oidRecv,
		send: oidSend,
	}
}

// oidIn accepts what oidin does: unsigned 32 bits, or the signed form of one.
func oidIn(d *Datum, s string, _ int32, _ *Env) error {
	v, state := parseInteger(s)
	switch {
	case state == integerInvalid:
		return invalidText("oid", s)
	case state == integerOverflow || v > math.MaxUint32 || v < math.MinInt32:
		return sqlstate.New(sqlstate.NumericValueOutOfRange, "value \"%s\" is out of range for type oid", s)
	}
	d.Int = int64(uint32(v))
	return nil
}

// xidIn is as forgiving as strtoul, which xidin is made of.
func xidIn(d *Datum, s string, _ int32, _ *Env) error {
	v, _ := parseInteger(s)
	d.Int = int64(uint32(v))
	return nil
}

func oidRecv(d *Datum, b []byte, _ int32) error {
	if len(b) != 4 {
		return insufficientData
	}
	d.Int = int64(binary.BigEndian.Uint32(b))
	return nil
}

func oidSend(dst []byte, d Datum) []byte { return binary.BigEndian.AppendUint32(dst, uint32(d.Int)) }

func regIn(d *Datum, s string, t OID, env *Env) error {
	if s == "-" {
		d.Int = 0
		return nil
	}
	if len(s) > 0 && s[0]-'0' <= 9 {
		return oidIn(d, s, -1, env)
	}
	if env == nil || env.Objects == nil {
		return sqlstate.New(sqlstate.FeatureNotSupported, "the name \"%s\" cannot be resolved here", s)
	}
	oid, err := env.Objects.ObjectOID(t, s)
	d.Int = oid
	return err
}

func regOut(dst []byte, d Datum, t OID, env *Env) []byte {
	if d.Int == 0 {
		return append(dst, '-')
	}
	if env != nil && env.Objects != nil {
		if name, ok := env.Objects.ObjectName(t, d.Int); ok {
			return append(dst, name...)
		}
	}
	return strconv.AppendInt(dst, d.Int, 10)
}

// regtypeIn reads the name of a type, without modifier, or its number.
func regtypeIn(d *Datum, s string, env *Env) error {
	if s == "-" || len(s) > 0 && s[0]-'0' <= 9 {
		return regIn(d, s, RegtypeOID, env)
	}
	oid, ok := ByName(foldTypeName(s))
	if !ok {
		return sqlstate.New(sqlstate.UndefinedObject, "type \"%s\" does not exist", s)
	}
	d.Int = int64(oid)
	return nil
}

func regtypeOut(dst []byte, d Datum) []byte {
	if d.Int == 0 {
		return append(dst, '-')
	}
	if info, ok := Lookup(OID(d.Int)); ok {
		return append(dst, info.SQLName...)
	}
	return strconv.AppendInt(dst, d.Int, 10)
}

// foldTypeName lowers a type name, makes each run of spaces one, and drops the schema pg_catalog.
func foldTypeName(s string) string {
	s = trimSpace(s)
	folded := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isSpace(c) {
			if n := len(folded); folded[n-1] != ' ' {
				folded = append(folded, ' ')
			}
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		folded = append(folded, c)
	}
	const schema = "pg_catalog."
	if len(folded) > len(schema) && string(folded[:len(schema)]) == schema {
		folded = folded[len(schema):]
	}
	return string(folded)
}
