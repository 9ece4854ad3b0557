package types

import "math"

// Dates are days and timestamps microseconds since 2000-01-01; both have infinities at the ends of int64. Years are
// astronomical here: 0 is 1 BC. The calendar is the proleptic Gregorian one.
const (
	Infinity    = math.MaxInt64
	NegInfinity = math.MinInt64

	USPerSecond = 1_000_000
	USPerMinute = 60 * USPerSecond
	USPerHour   = 60 * USPerMinute
	USPerDay    = 24 * USPerHour

	daysPerMonth  = 30 // of an interval that must be compared or cascaded
	monthsPerYear = 12

	unixEpochDays = -10957 // 1970-01-01
	unixEpochUS   = unixEpochDays * USPerDay
	julianEpoch   = 2451545 // Julian day of 2000-01-01

	minDate      = -julianEpoch         // 4714-11-24 BC
	endDate      = 2147483494 - 2451545 // 5874898-01-01
	minTimestamp = -211813488000000000
	endTimestamp = 9223371331200000000 // 294277-01-01
)

// IsFinite reports whether a date or timestamp is neither infinity nor -infinity.
func IsFinite(v int64) bool { return v != Infinity && v != NegInfinity }

// ValidDate reports whether a finite date is within PostgreSQL's range.
func ValidDate(days int64) bool { return days >= minDate && days < endDate }

// ValidTimestamp reports whether a finite timestamp is within PostgreSQL's range.
func ValidTimestamp(us int64) bool { return us >= minTimestamp && us < endTimestamp }

// DaysFromCivil is the date of a year, month (1-12) and day. Neither month nor day need to be in range of each other:
// day 31 of a month of 30 is the next month's first.
func DaysFromCivil(year, month, day int64) int64 {
	// Years begin in March, so that the leap day is the last one.
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv64(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - 730425 // days from 0000-03-01 to 2000-01-01
}

// CivilFromDays is the year, month and day of a date.
func CivilFromDays(days int64) (year, month, day int64) {
	days += 730425
	era := floorDiv64(days, 146097)
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*m+2)/5 + 1
	month = m + 3
	year = yearOfEra + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

// DaysInMonth is 28 to 31.
func DaysInMonth(year, month int64) int64 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// DayOfWeek is 0 for Sunday to 6 for Saturday.
func DayOfWeek(days int64) int64 { return floorMod64(days+6, 7) }

// ISOWeek is the ISO 8601 week of a date and the year that week belongs to.
func ISOWeek(days int64) (year, week int64) {
	thursday := days - floorMod64(days+5, 7) + 3 // of the same week
	year, _, _ = CivilFromDays(thursday)
	return year, (thursday-DaysFromCivil(year, 1, 1))/7 + 1
}

// SplitTimestamp divides a finite timestamp into its date and the microseconds of its day.
func SplitTimestamp(us int64) (days, time int64) {
	days = floorDiv64(us, USPerDay)
	return days, us - days*USPerDay
}

func floorDiv64(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod64(a, b int64) int64 { return a - floorDiv64(a, b)*b }
