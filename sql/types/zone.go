package types

import (
	"math"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must be the same on every machine, also one without a zone database

	"tarn/sql/sqlstate"
)

// LoadZone finds a time zone as AT TIME ZONE does: an abbreviation (EST), which is always the same offset, or what
// LoadZoneName finds. 22023 if there is none.
func LoadZone(name string) (*time.Location, error) {
	key := strings.ToLower(name)
	if offset, ok := zoneAbbreviations[key]; ok {
		if offset == 0 {
			return time.UTC, nil
		}
		return time.FixedZone(strings.ToUpper(name), offset*60), nil
	}
	if zone, ok := zonesOfAbbreviations[key]; ok {
		return LoadZoneName(zone)
	}
	return LoadZoneName(name)
}

// LoadZoneName finds a time zone as SET timezone does: a name of the IANA database in any case, or a POSIX specification
// (EST5EDT, UTC+2, +02: hours west of Greenwich). 22023 if there is none.
func LoadZoneName(name string) (*time.Location, error) {
	if loc := loadIANA(name); loc != nil {
		return loc, nil
	}
	if loc := posixZone(name); loc != nil {
		return loc, nil
	}
	return nil, sqlstate.New(sqlstate.InvalidParameterValue, "time zone \"%s\" not recognized", name)
}

// zones keeps what loadIANA found, by name in lower case, since loading reads a file.
var zones sync.Map // string to *time.Location

func loadIANA(name string) *time.Location {
	key := strings.ToLower(name)
	if loc, ok := zones.Load(key); ok {
		return loc.(*time.Location)
	}
	loc := findIANA(name)
	if loc != nil {
		zones.Store(key, loc)
	}
	return loc
}

func findIANA(name string) *time.Location {
	if name == "" || strings.EqualFold(name, "local") || strings.ContainsAny(name, "\\") || strings.HasPrefix(name, "/") {
		return nil
	}
	for _, spelled := range [...]string{name, titleZone(name), strings.ToUpper(name)} {
		if loc, err := time.LoadLocation(spelled); err == nil {
			return loc
		}
	}
	return nil
}

// titleZone spells a zone as the database mostly does: each word capital, but short joining words small.
func titleZone(name string) string {
	b := []byte(strings.ToLower(name))
	start := true
	for i, c := range b {
		if start && c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		start = c == '/' || c == '_' || c == '-' || c == '+'
	}
	spelled := string(b)
	for _, word := range [...]string{"Of", "Es", "Au"} {
		spelled = strings.ReplaceAll(spelled, "_"+word+"_", "_"+strings.ToLower(word)+"_")
		spelled = strings.ReplaceAll(spelled, "-"+word+"-", "-"+strings.ToLower(word)+"-")
	}
	return spelled
}

// FixedZone is a zone east of UTC by an interval's worth of time, as AT TIME ZONE interval needs it.
func FixedZone(us int64) *time.Location {
	seconds := int(us / USPerSecond)
	var buf [16]byte
	return time.FixedZone(string(appendOffset(buf[:0], seconds)), seconds)
}

// LoadZoneEast is LoadZone as make_timestamptz reads zones: an offset without a name is one east of UTC, as in a timestamp, not
// one west of it as POSIX has it.
func LoadZoneEast(name string) (*time.Location, error) {
	switch {
	case name != "" && '0' <= name[0] && name[0] <= '9':
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "invalid input syntax for type numeric time zone: \"%s\"", name).
			WithHint("Numeric time zones must have \"-\" or \"+\" as first character.")
	case name == "" || name[0] != '+' && name[0] != '-':
		return LoadZone(name)
	}
	seconds, failure := parseZoneOffset(name)
	switch failure {
	case dtOK:
		return FixedZone(int64(seconds) * USPerSecond), nil
	case dtZoneOverflow:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "numeric time zone \"%s\" out of range", name)
	}
	return LoadZone(name)
}

// clockTime is an instant as a time.Time in a zone, for what the clocks show there. The calendar and the days of the week
// repeat every 400 years, and with them the rules of daylight saving time: an instant further away than package time's rules
// reach is taken for the one in the cycle before the year 2770.
func clockTime(instant int64, loc *time.Location) time.Time {
	const (
		cycle = 146097 * 86400
		limit = 2 * cycle // after 1970
	)
	seconds := floorDiv64(instant, USPerSecond) - unixEpochUS/USPerSecond
	if seconds > limit {
		seconds = limit - cycle + (seconds-limit)%cycle
	}
	return time.Unix(seconds, 0).In(loc)
}

// Offset is how many seconds a zone is east of UTC at an instant (a timestamptz).
func Offset(instant int64, loc *time.Location) int {
	if loc == time.UTC {
		return 0
	}
	_, offset := clockTime(instant, loc).Zone()
	return offset
}

// ZoneName is the abbreviation in force in a zone at an instant, and whether it is daylight saving time.
func ZoneName(instant int64, loc *time.Location) (string, bool) {
	t := clockTime(instant, loc)
	name, _ := t.Zone()
	return name, t.IsDST()
}

// ToLocal is the wall clock (a timestamp) of an instant (a timestamptz) in a zone.
func ToLocal(instant int64, loc *time.Location) int64 {
	if !IsFinite(instant) || loc == time.UTC {
		return instant
	}
	return instant + int64(Offset(instant, loc))*USPerSecond
}

// ToInstant is the instant at which a zone's clocks show a wall clock. Of a time shown twice it is the later; one skipped
// is read with the offset before the gap.
func ToInstant(local int64, loc *time.Location) int64 {
	if !IsFinite(local) || loc == time.UTC {
		return local
	}
	before := int64(Offset(saturatingAdd(local, -USPerDay), loc)) * USPerSecond
	after := int64(Offset(saturatingAdd(local, USPerDay), loc)) * USPerSecond
	if before == after {
		return local - before
	}
	early, late := local-before, local-after
	earlyValid := int64(Offset(early, loc))*USPerSecond == before
	lateValid := int64(Offset(late, loc))*USPerSecond == after
	if earlyValid && !lateValid || !earlyValid && !lateValid && early > late {
		return early
	}
	return late
}

func saturatingAdd(a, b int64) int64 {
	switch sum := a + b; {
	case b > 0 && sum < a:
		return math.MaxInt64
	case b < 0 && sum > a:
		return math.MinInt64
	default:
		return sum
	}
}

// TimeOf is the instant of a finite timestamptz as a time.Time in UTC.
func TimeOf(instant int64) time.Time {
	us := instant - unixEpochUS
	return time.Unix(floorDiv64(us, USPerSecond), floorMod64(us, USPerSecond)*1000).UTC()
}

// InstantOf is the timestamptz of a time.Time, cut to microseconds.
func InstantOf(t time.Time) int64 { return t.UnixMicro() + unixEpochUS }
