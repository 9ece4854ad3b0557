package types

import (
	"encoding/binary"
	"strconv"
)

// Classes of the numeric key, in order.
const (
	keyNegInf = iota + 1
	keyNegative
	keyZero
	keyPositive
	keyPosInf
	keyNaN
)

// AppendKeyNumeric is AppendKey of numeric, whose bytes do not depend on the scale:
//
//	class | exponent, 4 bytes, big endian, sign flipped | pairs of decimal digits, each pair+1 | 00
//
// The exponent says where the point stands before the first digit, which is not 0; zeros at the end are left out. After the
// class, the bytes of a negative value are inverted. Zero, NaN and the infinities are their class alone.
func AppendKeyNumeric(dst, b []byte) []byte {
	if coef, scale, ok := NumericSmall(b); ok {
		if coef == 0 {
			return append(dst, keyZero)
		}
		var digits [20]byte
		return appendNumericKey(dst, strconv.AppendUint(digits[:0], absInt(coef), 10), scale, coef < 0)
	}
	var d decimal
	d.load(b)
	switch d.tag {
	case tagNaN:
		return append(dst, keyNaN)
	case tagPosInf:
		return append(dst, keyPosInf)
	case tagNegInf:
		return append(dst, keyNegInf)
	}
	if d.coef.Sign() == 0 {
		return append(dst, keyZero)
	}
	negative := d.coef.Sign() < 0
	d.coef.Abs(&d.coef)
	var digits [64]byte
	return appendNumericKey(dst, d.coef.Append(digits[:0], 10), d.scale, negative)
}

func appendNumericKey(dst, digits []byte, scale int, negative bool) []byte {
	exponent := int32(len(digits) - scale)
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	class := byte(keyPositive)
	if negative {
		class = keyNegative
	}
	dst = append(dst, class)
	start := len(dst)
	dst = binary.BigEndian.AppendUint32(dst, uint32(exponent)^1<<31)
	for i := 0; i < len(digits); i += 2 {
		pair := (digits[i] - '0') * 10
		if i+1 < len(digits) {
			pair += digits[i+1] - '0'
		}
		dst = append(dst, pair+1)
	}
	dst = append(dst, 0)
	if negative {
		for i := start; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return dst
}
