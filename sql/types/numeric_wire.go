package types

import (
	"encoding/binary"
	"slices"
	"strconv"

	"tarn/sql/sqlstate"
)

// The binary form of PostgreSQL: int16 number of digits, int16 weight, uint16 sign, uint16 scale, then the digits in base
// 10,000, int16 each, without zeros at either end.
const (
	wirePositive = 0x0000
	wireNegative = 0x4000
	wireNaN      = 0xC000
	wirePosInf   = 0xD000
	wireNegInf   = 0xF000
	wireInfScale = 0x20 // what PostgreSQL sends as the scale of an infinity
)

func numericSend(dst []byte, datum Datum) []byte {
	var d decimal
	d.load(datum.Bytes)
	switch d.tag {
	case tagNaN:
		return appendWireNumeric(dst, 0, 0, wireNaN, 0)
	case tagPosInf:
		return appendWireNumeric(dst, 0, 0, wirePosInf, wireInfScale)
	case tagNegInf:
		return appendWireNumeric(dst, 0, 0, wireNegInf, wireInfScale)
	}
	sign := wirePositive
	if d.coef.Sign() < 0 {
		sign = wireNegative
		d.coef.Neg(&d.coef)
	}
	// Decimal digits, with zeros added on both sides so that the point falls between groups of four.
	var buf [64]byte
	text := d.coef.Append(buf[:0], 10)
	for range (digitsPerBaseUnit - d.scale%digitsPerBaseUnit) % digitsPerBaseUnit {
		text = append(text, '0')
	}
	fraction := (d.scale + digitsPerBaseUnit - 1) / digitsPerBaseUnit
	lead := (digitsPerBaseUnit - len(text)%digitsPerBaseUnit) % digitsPerBaseUnit
	text = slices.Insert(text, 0, []byte("000")[:lead]...)
	groups := len(text) / digitsPerBaseUnit
	weight := groups - fraction - 1
	for groups > 0 && string(text[:digitsPerBaseUnit]) == "0000" {
		text = text[digitsPerBaseUnit:]
		groups--
		weight--
	}
	for groups > 0 && string(text[len(text)-digitsPerBaseUnit:]) == "0000" {
		text = text[:len(text)-digitsPerBaseUnit]
		groups--
	}
	if groups == 0 {
		weight = 0
	}
	dst = appendWireNumeric(dst, groups, weight, sign, d.scale)
	for i := 0; i < len(text); i += digitsPerBaseUnit {
		n, _ := strconv.Atoi(string(text[i : i+digitsPerBaseUnit]))
		dst = binary.BigEndian.AppendUint16(dst, uint16(n))
	}
	return dst
}

func appendWireNumeric(dst []byte, digits, weight, sign, scale int) []byte {
	for _, v := range [...]int{digits, weight, sign, scale} {
		dst = binary.BigEndian.AppendUint16(dst, uint16(v))
	}
	return dst
}

func numericRecv(d *Datum, b []byte, mod int32) error {
	d.Bytes = d.Bytes[:0]
	if len(b) < 8 {
		return insufficientData
	}
	groups := int(binary.BigEndian.Uint16(b))
	weight := int(int16(binary.BigEndian.Uint16(b[2:])))
	sign := binary.BigEndian.Uint16(b[4:])
	scale := int(binary.BigEndian.Uint16(b[6:]))
	if len(b) != 8+2*groups {
		return insufficientData
	}
	var v decimal
	switch sign {
	case wirePositive, wireNegative:
	case wireNaN:
		v.tag = tagNaN
	case wirePosInf:
		v.tag = tagPosInf
	case wireNegInf:
		v.tag = tagNegInf
	default:
		return invalidExternal("sign")
	}
	if scale > maxNumericDscale {
		return invalidExternal("scale")
	}
	if v.tag != 0 {
		return v.appendCoerced(d, mod)
	}
	text := make([]byte, 0, digitsPerBaseUnit*groups+1)
	text = append(text, '0')
	for i := range groups {
		digit := int(binary.BigEndian.Uint16(b[8+2*i:]))
		if digit > 9999 {
			return invalidExternal("digit")
		}
		text = append(text, byte('0'+digit/1000), byte('0'+digit/100%10), byte('0'+digit/10%10), byte('0'+digit%10))
	}
	v.coef.SetString(string(text), 10)
	v.scale = digitsPerBaseUnit * (groups - 1 - weight)
	if v.coef.Sign() == 0 {
		v.scale = scale
	}
	v.truncate(scale)
	v.rescale(scale)
	if sign == wireNegative {
		v.coef.Neg(&v.coef)
	}
	return v.appendCoerced(d, mod)
}

func invalidExternal(what string) error {
	return sqlstate.New(sqlstate.InvalidBinaryRepresentation, "invalid %s in external \"numeric\" value", what)
}
