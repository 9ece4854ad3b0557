package types

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tarn/sql/sqlstate"
)

// fieldUnit is what extract and date_trunc name.
type fieldUnit uint8

const (
	fieldNone fieldUnit = iota
	unitFieldUS
	unitFieldMS
	unitFieldSecond
	unitFieldMinute
	unitFieldHour
	unitFieldDay
	unitFieldWeek
	unitFieldMonth
	unitFieldQuarter
	unitFieldYear
	unitFieldDecade
	unitFieldCentury
	unitFieldMillennium
	unitFieldZone
	unitFieldZoneHour
	unitFieldZoneMinute
	// The following can be extracted but not truncated to.
	unitFieldISOYear
	unitFieldDow
	unitFieldISODow
	unitFieldDoy
	unitFieldJulian
	unitFieldEpoch
)

var fieldOfUnit = map[intervalUnit]fieldUnit{
	unitUS: unitFieldUS, unitMS: unitFieldMS, unitSecond: unitFieldSecond, unitMinute: unitFieldMinute, unitHour: unitFieldHour,
	unitDay: unitFieldDay, unitWeek: unitFieldWeek, unitMonth: unitFieldMonth, unitYear: unitFieldYear, unitDecade: unitFieldDecade,
	unitCentury: unitFieldCentury, unitMillennium: unitFieldMillennium,
}

var fieldNames = map[string]fieldUnit{
	"qtr": unitFieldQuarter, "quarter": unitFieldQuarter, "timezone": unitFieldZone, "timezone_h": unitFieldZoneHour,
	"timezone_m": unitFieldZoneMinute, "isoyear": unitFieldISOYear, "dow": unitFieldDow, "isodow": unitFieldISODow,
	"doy": unitFieldDoy, "epoch": unitFieldEpoch, "j": unitFieldJulian, "jd": unitFieldJulian, "julian": unitFieldJulian,
}

// Field is a resolved argument of extract, date_part and date_trunc.
type Field struct {
	unit fieldUnit
	name string // in lower case, for messages
}

// LookupField resolves the name of a field, in any case and with PostgreSQL's abbreviations. An unknown one is not an
// error yet: it becomes one of 22023 when it is used, since only then is the type known.
func LookupField(name string) Field {
	name = strings.ToLower(name)
	key := name[:min(len(name), unitLen)]
	if unit, ok := fieldNames[key]; ok {
		return Field{unit, name}
	}
	return Field{fieldOfUnit[intervalUnits[key]], name}
}

// err is the error of a field that a type does not have.
func (f Field) err(t OID) error {
	if f.unit == fieldNone {
		return f.unknown(t)
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "unit \"%s\" not supported for type %s", f.name, sqlNameOf(t))
}

func (f Field) unknown(t OID) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "unit \"%s\" not recognized for type %s", f.name, sqlNameOf(t))
}

func sqlNameOf(t OID) string { return Of(t).Info().SQLName }

const usPerMilli = 1000

// Part is what extract gives: Value * 10^-Scale, or that plus Rest microseconds in a unit of RestUnit microseconds (a
// millisecond, a second or a day: date_part adds the two as floats), or an infinity (Inf 1 or -1), or NULL.
type Part struct {
	Value    int64
	Scale    int
	Rest     int64
	RestUnit int64
	Inf      int
	Null     bool
}

// AppendNumeric appends the part, which must not be NULL, as extract returns it.
func (p Part) AppendNumeric(dst []byte) []byte {
	if p.Inf != 0 {
		return AppendNumericInf(dst, p.Inf)
	}
	if p.RestUnit == 0 {
		return AppendNumericSmall(dst, p.Value, p.Scale)
	}
	var rest []byte
	if p.RestUnit == USPerDay {
		rest, _ = NumericDiv(nil, NumericFromInt(nil, p.Rest), NumericFromInt(nil, USPerDay)) // not by zero
	} else {
		scale := 6
		if p.RestUnit == usPerMilli {
			scale = 3
		}
		if us, ok := mulInt(p.Value, p.RestUnit); ok && us < math.MaxInt64/2 && us > math.MinInt64/2 {
			return AppendNumericSmall(dst, us+p.Rest, scale)
		}
		rest = AppendNumericSmall(nil, p.Rest, scale)
	}
	dst, _ = NumericAdd(dst, NumericFromInt(nil, p.Value), rest) // far from the limits
	return dst
}

// Float is the part, which must not be NULL, as date_part returns it.
func (p Part) Float() float64 {
	if p.Inf != 0 {
		return math.Inf(p.Inf)
	}
	f := float64(p.Value) / exactPow10[p.Scale]
	if p.RestUnit != 0 {
		f += float64(p.Rest) / float64(p.RestUnit)
	}
	return f
}

func whole(v int64) (Part, error) { return Part{Value: v}, nil }

// clockPart is a field of a time of day.
func clockPart(f Field, us int64) (Part, bool) {
	switch f.unit {
	case unitFieldUS:
		return Part{Value: us % USPerMinute}, true
	case unitFieldMS:
		return Part{Value: us % USPerMinute / USPerSecond * 1000, Rest: us % USPerSecond, RestUnit: usPerMilli}, true
	case unitFieldSecond:
		return Part{Value: us % USPerMinute / USPerSecond, Rest: us % USPerSecond, RestUnit: USPerSecond}, true
	case unitFieldMinute:
		return Part{Value: us / USPerMinute % 60}, true
	case unitFieldHour:
		return Part{Value: us / USPerHour}, true
	}
	return Part{}, false
}

// ExtractTime is a field of a time.
func ExtractTime(f Field, us int64) (Part, error) {
	if p, ok := clockPart(f, us); ok {
		return p, nil
	}
	if f.unit == unitFieldEpoch {
		return Part{Value: us, Scale: 6}, nil
	}
	return Part{}, f.err(TimeOID)
}

// ExtractDate is a field of a date.
func ExtractDate(f Field, days int64) (Part, error) {
	if f.unit <= unitFieldHour || f.unit >= unitFieldZone && f.unit <= unitFieldZoneMinute {
		return Part{}, f.err(DateOID)
	}
	if !IsFinite(days) {
		return infinitePart(f, days), nil
	}
	if f.unit == unitFieldEpoch {
		return whole((days - unixEpochDays) * 86400)
	}
	if p, ok := datePart(f, days); ok {
		return p, nil
	}
	return Part{}, f.err(DateOID)
}

// infinitePart is an infinity for fields that grow forever, and NULL for those that come round.
func infinitePart(f Field, v int64) Part {
	switch f.unit {
	case unitFieldYear, unitFieldDecade, unitFieldCentury, unitFieldMillennium, unitFieldJulian, unitFieldISOYear, unitFieldEpoch:
		return Part{Inf: signInt(v)}
	}
	return Part{Null: true}
}

func datePart(f Field, days int64) (Part, bool) {
	year, month, day := CivilFromDays(days)
	v := int64(0)
	switch f.unit {
	case unitFieldDay:
		v = day
	case unitFieldWeek:
		_, v = ISOWeek(days)
	case unitFieldMonth:
		v = month
	case unitFieldQuarter:
		v = (month-1)/3 + 1
	case unitFieldYear:
		v = skipZero(year)
	case unitFieldDecade:
		v = floorDiv64(year, 10)
	case unitFieldCentury:
		v = skipZero(floorDiv64(year+99, 100))
	case unitFieldMillennium:
		v = skipZero(floorDiv64(year+999, 1000))
	case unitFieldISOYear:
		v, _ = ISOWeek(days)
		v = skipZero(v)
	case unitFieldDow:
		v = DayOfWeek(days)
	case unitFieldISODow:
		v = floorMod64(days+5, 7) + 1
	case unitFieldDoy:
		v = days - DaysFromCivil(year, 1, 1) + 1
	case unitFieldJulian:
		v = days + julianEpoch
	default:
		return Part{}, false
	}
	return Part{Value: v}, true
}

// skipZero numbers years, centuries and millennia as history does: there is none numbered 0.
func skipZero(v int64) int64 {
	if v <= 0 {
		return v - 1
	}
	return v
}

// ExtractTimestamp is a field of a timestamp.
func ExtractTimestamp(f Field, ts int64) (Part, error) {
	if f.unit == fieldNone || f.unit >= unitFieldZone && f.unit <= unitFieldZoneMinute && IsFinite(ts) {
		return Part{}, f.err(TimestampOID)
	}
	return extractLocal(f, ts, ts)
}

// ExtractTimestamptz is a field of a timestamptz, on the clocks of a zone.
func ExtractTimestamptz(f Field, ts int64, loc *time.Location) (Part, error) {
	if f.unit == fieldNone {
		return Part{}, f.err(TimestamptzOID)
	}
	if IsFinite(ts) {
		offset := int64(Offset(ts, loc))
		switch f.unit {
		case unitFieldZone:
			return whole(offset)
		case unitFieldZoneHour:
			return whole(offset / 3600)
		case unitFieldZoneMinute:
			return whole(offset % 3600 / 60)
		}
	}
	return extractLocal(f, ToLocal(ts, loc), ts)
}

// extractLocal takes the calendar's fields from local and the epoch from ts.
func extractLocal(f Field, local, ts int64) (Part, error) {
	if !IsFinite(ts) {
		return infinitePart(f, ts), nil
	}
	days, us := SplitTimestamp(local)
	if p, ok := clockPart(f, us); ok {
		return p, nil
	}
	if f.unit == unitFieldEpoch {
		if us := ts - unixEpochUS; us > ts {
			return Part{Value: us, Scale: 6}, nil
		}
		// Too far away for microseconds in 64 bits: PostgreSQL divides, with sixteen digits.
		us := (ts + 50) / 100 * 100
		return Part{Value: us/USPerSecond - unixEpochUS/USPerSecond, Rest: us % USPerSecond, RestUnit: USPerSecond}, nil
	}
	p, _ := datePart(f, days)
	if f.unit == unitFieldJulian {
		p.Rest, p.RestUnit = us, USPerDay
	}
	return p, nil
}

// ExtractInterval is a field of an interval.
func ExtractInterval(f Field, i Interval) (Part, error) {
	years, months := int64(i.Months/monthsPerYear), int64(i.Months%monthsPerYear)
	if p, ok := clockPart(f, i.US); ok {
		return p, nil
	}
	switch f.unit {
	case unitFieldDay:
		return whole(int64(i.Days))
	case unitFieldMonth:
		return whole(months)
	case unitFieldQuarter:
		return whole(months/3 + 1)
	case unitFieldYear:
		return whole(years)
	case unitFieldDecade:
		return whole(years / 10)
	case unitFieldCentury:
		return whole(years / 100)
	case unitFieldMillennium:
		return whole(years / 1000)
	case unitFieldEpoch:
		const quarterDay = 86400 / 4 // a year has 365.25 days
		quarters := years*(4*365+1) + (months*daysPerMonth+int64(i.Days))*4
		us, ok := mulInt(quarters*quarterDay, USPerSecond)
		sum := us + i.US
		if !ok || (sum > us) != (i.US > 0) {
			return Part{Value: quarters*quarterDay + i.US/USPerSecond, Rest: i.US % USPerSecond, RestUnit: USPerSecond}, nil
		}
		return Part{Value: sum, Scale: 6}, nil
	}
	return Part{}, f.err(IntervalOID)
}

// TruncTimestamp is the start of the unit that a timestamp is in.
func TruncTimestamp(f Field, ts int64) (int64, error) {
	switch {
	case !IsFinite(ts):
		return ts, nil
	case f.unit == fieldNone || f.unit > unitFieldZoneMinute:
		return 0, f.unknown(TimestampOID)
	case f.unit >= unitFieldZone:
		return 0, f.err(TimestampOID)
	}
	return checkTimestamp(truncLocal(f, ts), false)
}

// TruncTimestamptz is the start of the unit that a timestamptz is in on the clocks of a zone.
func TruncTimestamptz(f Field, ts int64, loc *time.Location) (int64, error) {
	switch {
	case !IsFinite(ts):
		return ts, nil
	case f.unit == fieldNone || f.unit > unitFieldZoneMinute:
		return 0, f.unknown(TimestamptzOID)
	case f.unit >= unitFieldZone:
		return 0, f.err(TimestamptzOID)
	}
	offset := int64(Offset(ts, loc)) * USPerSecond
	local := truncLocal(f, ts+offset)
	if f.unit < unitFieldDay { // an hour that is shown twice is truncated within itself
		return checkTimestamp(local-offset, false)
	}
	return checkTimestamp(ToInstant(local, loc), false)
}

func truncLocal(f Field, ts int64) int64 {
	switch f.unit {
	case unitFieldUS:
		return ts
	case unitFieldMS:
		return ts - floorMod64(ts, 1000)
	case unitFieldSecond:
		return ts - floorMod64(ts, USPerSecond)
	case unitFieldMinute:
		return ts - floorMod64(ts, USPerMinute)
	case unitFieldHour:
		return ts - floorMod64(ts, USPerHour)
	}
	days, _ := SplitTimestamp(ts)
	year, month, _ := CivilFromDays(days)
	switch f.unit {
	case unitFieldDay:
		return days * USPerDay
	case unitFieldWeek:
		return (days - floorMod64(days+5, 7)) * USPerDay
	case unitFieldMonth:
	case unitFieldQuarter:
		month = (month-1)/3*3 + 1
	default:
		month = 1
		switch f.unit {
		case unitFieldDecade:
			year = floorDiv64(year, 10) * 10
		case unitFieldCentury:
			year = floorDiv64(year-1, 100)*100 + 1
		case unitFieldMillennium:
			year = floorDiv64(year-1, 1000)*1000 + 1
		}
	}
	return DaysFromCivil(year, month, 1) * USPerDay
}

// TruncInterval cuts the fields below a unit off an interval.
func TruncInterval(f Field, i Interval) (Interval, error) {
	years := func(n int32) Interval { return Interval{Months: i.Months / (monthsPerYear * n) * (monthsPerYear * n)} }
	clock := func(unit int64) Interval { return Interval{i.Months, i.Days, i.US / unit * unit} }
	switch f.unit {
	case fieldNone:
		return i, f.unknown(IntervalOID)
	case unitFieldMillennium:
		return years(1000), nil
	case unitFieldCentury:
		return years(100), nil
	case unitFieldDecade:
		return years(10), nil
	case unitFieldYear:
		return years(1), nil
	case unitFieldQuarter:
		return Interval{Months: i.Months / 3 * 3}, nil
	case unitFieldMonth:
		return Interval{Months: i.Months}, nil
	case unitFieldDay:
		return Interval{Months: i.Months, Days: i.Days}, nil
	case unitFieldHour:
		return clock(USPerHour), nil
	case unitFieldMinute:
		return clock(USPerMinute), nil
	case unitFieldSecond:
		return clock(USPerSecond), nil
	case unitFieldMS:
		return clock(1000), nil
	case unitFieldUS:
		return i, nil
	case unitFieldWeek:
		return i, f.err(IntervalOID).(*sqlstate.Error).WithDetail("Months usually have fractional weeks.")
	}
	if f.unit > unitFieldZoneMinute {
		return i, f.unknown(IntervalOID)
	}
	return i, f.err(IntervalOID)
}

// roundSeconds is seconds in microseconds, rounded.
func roundSeconds(second float64) int64 { return int64(math.RoundToEven(second * USPerSecond)) }

// printSeconds is C's %02g.
func printSeconds(second float64) string {
	if math.IsInf(second, 0) {
		return string(AppendFloat(nil, second, 64))
	}
	s := strconv.FormatFloat(second, 'g', 6, 64)
	if len(s) < 2 {
		s = "0" + s
	}
	return s
}
