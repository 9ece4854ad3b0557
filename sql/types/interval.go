package types

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"

	"tarn/sql/sqlstate"
)

// Interval is months, days and microseconds, which do not convert into each other: a day may have 23 hours.
type Interval struct {
	Months, Days int32
	US           int64
}

var intervalCodec = codec{
	in: intervalIn, out: intervalOut, recv: intervalRecv, send: intervalSend, compare: compareIntervals, key: appendIntervalKey,
}

const intervalLen = 16

// IntervalParts unpacks the 16 bytes of an interval.
func IntervalParts(b []byte) (months, days int32, us int64) {
	return int32(binary.BigEndian.Uint32(b)), int32(binary.BigEndian.Uint32(b[4:])), int64(binary.BigEndian.Uint64(b[8:]))
}

// IntervalOf unpacks the 16 bytes of an interval.
func IntervalOf(b []byte) Interval {
	months, days, us := IntervalParts(b)
	return Interval{months, days, us}
}

// AppendInterval appends the 16 bytes of an interval.
func AppendInterval(dst []byte, months, days int32, us int64) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(months))
	dst = binary.BigEndian.AppendUint32(dst, uint32(days))
	return binary.BigEndian.AppendUint64(dst, uint64(us))
}

// Append appends the 16 bytes of the interval.
func (i Interval) Append(dst []byte) []byte { return AppendInterval(dst, i.Months, i.Days, i.US) }

func intervalOut(dst []byte, d Datum, _ *Env) []byte { return IntervalOf(d.Bytes).AppendText(dst) }

// The wire has the microseconds first.
func intervalSend(dst []byte, d Datum) []byte {
	return append(append(append(dst, d.Bytes[8:]...), d.Bytes[4:8]...), d.Bytes[:4]...)
}

func intervalRecv(d *Datum, b []byte, mod int32) error {
	if len(b) != intervalLen {
		return insufficientData
	}
	i := Interval{
		Months: int32(binary.BigEndian.Uint32(b[12:])), Days: int32(binary.BigEndian.Uint32(b[8:])), US: int64(binary.BigEndian.Uint64(b)),
	}
	d.Bytes = i.round(mod).Append(d.Bytes[:0])
	return nil
}

// span is the 128-bit number of microseconds that comparison uses, with months of 30 days and days of 24 hours.
func (i Interval) span() (hi int64, lo uint64) {
	days := int64(i.Months)*daysPerMonth + int64(i.Days)
	high, low := bits.Mul64(absInt(days), USPerDay)
	if days < 0 {
		low = -low
		high = ^high
		if low == 0 {
			high++
		}
	}
	sum, carry := bits.Add64(low, uint64(i.US), 0)
	return int64(high) + i.US>>63 + int64(carry), sum
}

// Compare orders intervals by their spans.
func (i Interval) Compare(j Interval) int {
	var a, b [intervalLen]byte
	return bytes.Compare(i.appendKey(a[:0]), j.appendKey(b[:0]))
}

func (i Interval) appendKey(dst []byte) []byte {
	hi, lo := i.span()
	return binary.BigEndian.AppendUint64(AppendKeyInt(dst, hi), lo)
}

func compareIntervals(a, b Datum) int              { return IntervalOf(a.Bytes).Compare(IntervalOf(b.Bytes)) }
func appendIntervalKey(dst []byte, d Datum) []byte { return IntervalOf(d.Bytes).appendKey(dst) }

func intervalRange() error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
}

// Add is i + j; 22008 on overflow.
func (i Interval) Add(j Interval) (Interval, error) {
	months, days, us := int64(i.Months)+int64(j.Months), int64(i.Days)+int64(j.Days), i.US+j.US
	if months != int64(int32(months)) || days != int64(int32(days)) || (us > i.US) != (j.US > 0) {
		return Interval{}, intervalRange()
	}
	return Interval{int32(months), int32(days), us}, nil
}

// Neg is -i; 22008 on overflow.
func (i Interval) Neg() (Interval, error) {
	if i.Months == math.MinInt32 || i.Days == math.MinInt32 || i.US == math.MinInt64 {
		return Interval{}, intervalRange()
	}
	return Interval{-i.Months, -i.Days, -i.US}, nil
}

// Sub is i - j; 22008 on overflow.
func (i Interval) Sub(j Interval) (Interval, error) {
	months, days, us := int64(i.Months)-int64(j.Months), int64(i.Days)-int64(j.Days), i.US-j.US
	if months != int64(int32(months)) || days != int64(int32(days)) || (us < i.US) != (j.US > 0) {
		return Interval{}, intervalRange()
	}
	return Interval{int32(months), int32(days), us}, nil
}

// Mul is i * factor; fractions of months become days and fractions of days become time. 22008 on overflow.
func (i Interval) Mul(factor float64) (Interval, error) {
	return i.scale(func(v float64) float64 { return v * factor })
}

// Div is i / divisor, as Mul; 22012 for 0.
func (i Interval) Div(divisor float64) (Interval, error) {
	if divisor == 0 {
		return Interval{}, divisionByZero()
	}
	return i.scale(func(v float64) float64 { return v / divisor })
}

func (i Interval) scale(by func(float64) float64) (Interval, error) {
	const secondsPerDay = 86400
	months, days, us := by(float64(i.Months)), by(float64(i.Days)), by(float64(i.US))
	if !fitsInt32(months) || !fitsInt32(days) {
		return Interval{}, intervalRange()
	}
	var r Interval
	r.Months, r.Days = int32(months), int32(days)
	monthRest := roundMicro((months - float64(r.Months)) * daysPerMonth)
	secondRest := roundMicro((days - float64(r.Days) + monthRest - math.Trunc(monthRest)) * secondsPerDay)
	restDays := int64(monthRest)
	if math.Abs(secondRest) >= secondsPerDay {
		whole := math.Trunc(secondRest / secondsPerDay)
		restDays += int64(whole)
		secondRest -= whole * secondsPerDay
	}
	total := int64(r.Days) + restDays
	us = math.RoundToEven(us + secondRest*USPerSecond)
	if total != int64(int32(total)) || us != us || us >= math.MaxInt64 || us < math.MinInt64 {
		return Interval{}, intervalRange()
	}
	r.Days, r.US = int32(total), int64(us)
	return r, nil
}

func fitsInt32(v float64) bool { return v > math.MinInt32-1 && v < math.MaxInt32+1 }

// roundMicro rounds to six decimal places.
func roundMicro(v float64) float64 { return math.RoundToEven(v*1e6) / 1e6 }

// JustifyHours moves whole 24 hours into days; 22008 on overflow.
func (i Interval) JustifyHours() (Interval, error) {
	days := int64(i.Days) + i.US/USPerDay
	us := i.US % USPerDay
	if days > 0 && us < 0 {
		us += USPerDay
		days--
	} else if days < 0 && us > 0 {
		us -= USPerDay
		days++
	}
	if days != int64(int32(days)) {
		return Interval{}, intervalRange()
	}
	return Interval{i.Months, int32(days), us}, nil
}

// JustifyDays moves whole 30 days into months; 22008 on overflow.
func (i Interval) JustifyDays() (Interval, error) {
	months := int64(i.Months) + int64(i.Days)/daysPerMonth
	days := i.Days % daysPerMonth
	if months > 0 && days < 0 {
		days += daysPerMonth
		months--
	} else if months < 0 && days > 0 {
		days -= daysPerMonth
		months++
	}
	if months != int64(int32(months)) {
		return Interval{}, intervalRange()
	}
	return Interval{int32(months), days, i.US}, nil
}

// JustifyInterval does both, and gives all three parts the same sign; 22008 on overflow.
func (i Interval) JustifyInterval() (Interval, error) {
	days := int64(i.Days) + i.US/USPerDay
	us := i.US % USPerDay
	months := int64(i.Months) + days/daysPerMonth
	days %= daysPerMonth
	if months > 0 && (days < 0 || days == 0 && us < 0) {
		days += daysPerMonth
		months--
	} else if months < 0 && (days > 0 || days == 0 && us > 0) {
		days -= daysPerMonth
		months++
	}
	if days > 0 && us < 0 {
		us += USPerDay
		days--
	} else if days < 0 && us > 0 {
		us -= USPerDay
		days++
	}
	if months != int64(int32(months)) {
		return Interval{}, intervalRange()
	}
	return Interval{int32(months), int32(days), us}, nil
}

// AppendText prints the interval in style postgres: 1 year 2 mons -3 days +04:05:06.7.
func (i Interval) AppendText(dst []byte) []byte {
	start := len(dst)
	negativeBefore := false
	part := func(v int64, unit string) {
		if v == 0 {
			return
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if negativeBefore && v > 0 {
			dst = append(dst, '+')
		}
		dst = append(append(strconv.AppendInt(dst, v, 10), ' '), unit...)
		if v != 1 {
			dst = append(dst, 's')
		}
		negativeBefore = v < 0
	}
	part(int64(i.Months/monthsPerYear), "year")
	part(int64(i.Months%monthsPerYear), "mon")
	part(int64(i.Days), "day")
	if i.US == 0 && len(dst) > start {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	us := absInt(i.US)
	if i.US < 0 {
		dst = append(dst, '-')
	} else if negativeBefore {
		dst = append(dst, '+')
	}
	if hours := us / USPerHour; hours < 100 {
		dst = append2(dst, int64(hours))
	} else {
		dst = strconv.AppendUint(dst, hours, 10)
	}
	dst = append2(append(dst, ':'), int64(us/USPerMinute%60))
	dst = append2(append(dst, ':'), int64(us/USPerSecond%60))
	return appendFraction(dst, int64(us%USPerSecond))
}

// round cuts the fields finer than a modifier names and rounds to its precision (AdjustIntervalForTypmod).
func (i Interval) round(mod int32) Interval {
	if mod < 0 {
		return i
	}
	mask, precision := mod>>16&fullRange, int(mod&fullPrecision)
	cut := func(unit int64) { i.US = i.US / unit * unit }
	switch mask {
	case fieldYear:
		i.Months = i.Months / monthsPerYear * monthsPerYear
		i.Days, i.US = 0, 0
	case fieldMonth, fieldYear | fieldMonth:
		i.Days, i.US = 0, 0
	case fieldDay:
		i.US = 0
	case fieldHour, fieldDay | fieldHour:
		cut(USPerHour)
	case fieldMinute, fieldDay | fieldHour | fieldMinute, fieldHour | fieldMinute:
		cut(USPerMinute)
	}
	if precision < maxTimePrec {
		i.US = roundTime(i.US, precision)
	}
	return i
}
