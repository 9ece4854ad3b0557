package types

import (
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

// Modifiers are encoded as PostgreSQL's atttypmod: char and varchar length+4; numeric (precision<<16 | scale)+4; times and
// timestamps the precision; interval fields<<16 | precision.
const (
	modHeader       = 4
	maxCharLen      = 10485760
	maxNumericPrec  = 1000
	maxNumericScale = 1000
	maxTimePrec     = 6
	fullPrecision   = 0xFFFF
	fullRange       = 0x7FFF
)

// Interval fields of a modifier, the bits of PostgreSQL's INTERVAL_MASK.
const (
	fieldMonth  = 1 << 1
	fieldYear   = 1 << 2
	fieldDay    = 1 << 3
	fieldHour   = 1 << 10
	fieldMinute = 1 << 11
	fieldSecond = 1 << 12
)

var intervalFields = map[string]int32{
	"year":             fieldYear,
	"month":            fieldMonth,
	"day":              fieldDay,
	"hour":             fieldHour,
	"minute":           fieldMinute,
	"second":           fieldSecond,
	"year to month":    fieldYear | fieldMonth,
	"day to hour":      fieldDay | fieldHour,
	"day to minute":    fieldDay | fieldHour | fieldMinute,
	"day to second":    fieldDay | fieldHour | fieldMinute | fieldSecond,
	"hour to minute":   fieldHour | fieldMinute,
	"hour to second":   fieldHour | fieldMinute | fieldSecond,
	"minute to second": fieldMinute | fieldSecond,
}

// Modifier encodes the arguments of a type name: numeric(10,2), varchar(20), timestamp(3), interval(3). No arguments give
// -1. Errors are 22023 and worded as PostgreSQL's; a type without modifiers gives 42601.
func Modifier(oid OID, args []int64) (int32, error) {
	if len(args) == 0 {
		return -1, nil
	}
	info := Of(oid).Info()
	if info.Category == 'A' && info.Array == 0 && info.Elem != 0 {
		oid = info.Elem
	}
	switch oid {
	case VarcharOID:
		return charModifier("varchar", args)
	case BpcharOID:
		return charModifier("char", args)
	case NumericOID:
		return numericModifier(args)
	case TimeOID:
		return timeModifier("TIME(%d)%s precision must not be negative", "", args)
	case TimestampOID:
		return timeModifier("TIMESTAMP(%d)%s precision must not be negative", "", args)
	case TimestamptzOID:
		return timeModifier("TIMESTAMP(%d)%s precision must not be negative", " WITH TIME ZONE", args)
	case IntervalOID:
		if len(args) != 1 {
			return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid INTERVAL type modifier")
		}
		return IntervalModifier("", args[0])
	}
	return 0, sqlstate.New(sqlstate.SyntaxError, "type modifier is not allowed for type %q", info.Name)
}

// IntervalModifier encodes interval FIELDS(precision), with fields in lower case ("day to second", "" for all) and a
// negative precision for none.
func IntervalModifier(fields string, precision int64) (int32, error) {
	mask := int32(fullRange)
	if fields != "" {
		var ok bool
		if mask, ok = intervalFields[fields]; !ok {
			return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid INTERVAL type modifier")
		}
	}
	if precision < 0 {
		if fields == "" {
			return -1, nil
		}
		return mask<<16 | fullPrecision, nil
	}
	return mask<<16 | int32(min(precision, maxTimePrec)), nil
}

func charModifier(name string, args []int64) (int32, error) {
	switch n := args[0]; {
	case len(args) != 1:
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier")
	case n < 1:
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "length for type %s must be at least 1", name)
	case n > maxCharLen:
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxCharLen)
	default:
		return int32(n) + modHeader, nil
	}
}

func numericModifier(args []int64) (int32, error) {
	if len(args) > 2 {
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid NUMERIC type modifier")
	}
	precision, scale := args[0], int64(0)
	if precision < 1 || precision > maxNumericPrec {
		return 0, sqlstate.New(sqlstate.InvalidParameterValue,
			"NUMERIC precision %d must be between 1 and %d", precision, maxNumericPrec)
	}
	if len(args) == 2 {
		scale = args[1]
		if scale < -maxNumericScale || scale > maxNumericScale {
			return 0, sqlstate.New(sqlstate.InvalidParameterValue,
				"NUMERIC scale %d must be between %d and %d", scale, -maxNumericScale, maxNumericScale)
		}
	}
	return int32(precision)<<16 | int32(scale)&0x7ff + modHeader, nil
}

func timeModifier(message, zone string, args []int64) (int32, error) {
	if len(args) != 1 {
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, "invalid type modifier")
	}
	if args[0] < 0 {
		return 0, sqlstate.New(sqlstate.InvalidParameterValue, message, args[0], zone)
	}
	return int32(min(args[0], maxTimePrec)), nil
}

// MaxLength is the n of char(n) and varchar(n), or -1.
func (t Type) MaxLength() int {
	if t.Mod < modHeader || t.OID != VarcharOID && t.OID != BpcharOID {
		return -1
	}
	return int(t.Mod) - modHeader
}

// NumericPrecision is the p and s of numeric(p,s); ok is false for a numeric without modifier.
func (t Type) NumericPrecision() (precision, scale int, ok bool) {
	if t.OID != NumericOID {
		return 0, 0, false
	}
	return numericMod(t.Mod)
}

func numericMod(mod int32) (precision, scale int, ok bool) {
	if mod < modHeader {
		return 0, 0, false
	}
	mod -= modHeader
	return int(mod >> 16 & 0xffff), int(mod&0x7ff^1024) - 1024, true
}

// String is the type as messages print it: numeric(10,2), timestamp(3) with time zone, integer[]. It is also what format_type
// gives, except that format_type calls a bpchar whose modifier is -1 (not NULL) bpchar.
func (t Type) String() string {
	info := t.Info()
	if info.Category == 'A' && info.codec.in == nil {
		return t.Elem().String() + "[]"
	}
	if t.Mod < 0 {
		return info.SQLName
	}
	switch t.OID {
	case VarcharOID, BpcharOID:
		return info.SQLName + "(" + strconv.Itoa(t.MaxLength()) + ")"
	case NumericOID:
		precision, scale, ok := numericMod(t.Mod)
		if !ok {
			return info.SQLName
		}
		return "numeric(" + strconv.Itoa(precision) + "," + strconv.Itoa(scale) + ")"
	case TimeOID, TimestampOID, TimestamptzOID:
		name, rest, _ := strings.Cut(info.SQLName, " ")
		return name + "(" + strconv.Itoa(int(t.Mod)) + ") " + rest
	case IntervalOID:
		return "interval" + intervalModString(t.Mod)
	}
	return info.SQLName
}

func intervalModString(mod int32) string {
	s := ""
	if mask := mod >> 16 & fullRange; mask != fullRange {
		for name, m := range intervalFields {
			if m == mask {
				s = " " + name
			}
		}
	}
	if precision := mod & fullPrecision; precision != fullPrecision {
		s += "(" + strconv.Itoa(int(precision)) + ")"
	}
	return s
}
