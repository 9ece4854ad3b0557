package types

import "time"

// AppendDate prints a date in ISO style.
func AppendDate(dst []byte, days int64) []byte {
	if !IsFinite(days) {
		return appendInfinity(dst, days)
	}
	dst, bc := appendCivil(dst, days)
	return appendEra(dst, bc)
}

func appendInfinity(dst []byte, v int64) []byte {
	if v == NegInfinity {
		return append(dst, "-infinity"...)
	}
	return append(dst, "infinity"...)
}

func appendCivil(dst []byte, days int64) (_ []byte, bc bool) {
	year, month, day := CivilFromDays(days)
	if bc = year <= 0; bc {
		year = 1 - year
	}
	if year >= 10000 {
		dst = appendUint(dst, year)
	} else {
		dst = append2(append2(dst, year/100), year%100)
	}
	dst = append2(append(dst, '-'), month)
	return append2(append(dst, '-'), day), bc
}

func appendEra(dst []byte, bc bool) []byte {
	if bc {
		return append(dst, " BC"...)
	}
	return dst
}

func append2(dst []byte, v int64) []byte { return append(dst, byte('0'+v/10), byte('0'+v%10)) }

func appendUint(dst []byte, v int64) []byte {
	if v >= 10 {
		dst = appendUint(dst, v/10)
	}
	return append(dst, byte('0'+v%10))
}

// AppendTime prints a time of day.
func AppendTime(dst []byte, us int64) []byte {
	dst = append2(dst, us/USPerHour)
	dst = append2(append(dst, ':'), us/USPerMinute%60)
	dst = append2(append(dst, ':'), us/USPerSecond%60)
	return appendFraction(dst, us%USPerSecond)
}

// appendFraction prints microseconds as a fraction without zeros at its end.
func appendFraction(dst []byte, us int64) []byte {
	if us == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(100000); us != 0; unit /= 10 {
		dst = append(dst, byte('0'+us/unit))
		us %= unit
	}
	return dst
}

// AppendTimestamp prints a timestamp in ISO style.
func AppendTimestamp(dst []byte, us int64) []byte {
	if !IsFinite(us) {
		return appendInfinity(dst, us)
	}
	days, time := SplitTimestamp(us)
	dst, bc := appendCivil(dst, days)
	return appendEra(AppendTime(append(dst, ' '), time), bc)
}

// AppendTimestamptz prints an instant in ISO style with a zone's wall clock and offset.
func AppendTimestamptz(dst []byte, us int64, loc *time.Location) []byte {
	if !IsFinite(us) {
		return appendInfinity(dst, us)
	}
	offset := Offset(us, loc)
	days, time := SplitTimestamp(us + int64(offset)*USPerSecond)
	dst, bc := appendCivil(dst, days)
	return appendEra(appendOffset(AppendTime(append(dst, ' '), time), offset), bc)
}

// appendOffset prints seconds east of UTC as +HH[:MM[:SS]].
func appendOffset(dst []byte, seconds int) []byte {
	sign := byte('+')
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	dst = append2(append(dst, sign), int64(seconds/3600))
	if seconds%3600 != 0 {
		dst = append2(append(dst, ':'), int64(seconds/60%60))
	}
	if seconds%60 != 0 {
		dst = append2(append(dst, ':'), int64(seconds%60))
	}
	return dst
}
