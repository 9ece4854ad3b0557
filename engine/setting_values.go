package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tarn/sql/copyformat"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// What follows checks values of settings: each takes a setting's name and a value for it, and returns the value as it is kept.
// What Tarn cannot do is refused, never kept without effect, but where the comment of the setting says so.

func oneOf(words ...string) func(name, v string) (string, error) {
	return func(name, v string) (string, error) {
		for _, w := range words {
			if strings.EqualFold(v, w) {
				return w, nil
			}
		}
		return "", invalidSetting(name, v).WithHint("%s", "Available values: "+strings.Join(words, ", ")+".")
	}
}

func boolean(name, v string) (string, error) {
	d, err := types.Parse(types.Of(types.BoolOID), v, nil)
	if err != nil {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "parameter %q requires a Boolean value", name)
	}
	return onOff(d.Int != 0), nil
}

func synchronousCommit(name, v string) (string, error) {
	if b, err := boolean(name, v); err == nil {
		return b, nil
	}
	return oneOf("local", "remote_write", "remote_apply", "on", "off")(name, v)
}

// floatDigits takes what makes floats be written with the digits that restore them.
func floatDigits(name, v string) (string, error) {
	n, err := strconv.Atoi(strings.TrimSpace(v))
	switch {
	case err != nil:
		return "", invalidSetting(name, v)
	case n < -15 || n > 3:
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "%d is outside the valid range for parameter %q (-15 .. 3)", n, name)
	case n < 1:
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "%s = %d is not supported", name, n).
			WithHint("Floats are written with the digits that restore them. Use round() or to_char() for fewer.")
	}
	return strconv.Itoa(n), nil
}

// encodingUTF8 takes UTF8, and SQL_ASCII, which asks for no conversion.
func encodingUTF8(name, v string) (string, error) {
	v = strings.Trim(v, "'\" ")
	switch known, supported := copyformat.Encoding(v); {
	case supported:
		return "UTF8", nil
	case known:
		return "", sqlstate.New(sqlstate.FeatureNotSupported, "client encoding %q is not supported", v).
			WithHint("Tarn speaks UTF8 only.")
	}
	return "", invalidSetting(name, v)
}

// dateStyle takes the style and the order of fields that there are: a list of words, of which any may be missing.
func dateStyle(name, v string) (string, error) {
	for _, word := range strings.Split(v, ",") {
		switch word = strings.ToLower(strings.TrimSpace(word)); word {
		case "iso", "mdy", "us", "noneuro", "noneuropean", "default":
		case "dmy", "euro", "european", "ymd", "german", "sql", "postgres":
			return "", sqlstate.New(sqlstate.FeatureNotSupported, "%s %q is not supported", name, v).
				WithHint("Dates are written in ISO style, and read with the month before the day where they are ambiguous.")
		default:
			return "", invalidSetting(name, v)
		}
	}
	return "ISO, MDY", nil
}

// isolation accepts every level: each transaction is strictly serialisable, which is what all of them allow.
func isolation(name, v string) (string, error) {
	return oneOf("serializable", "repeatable read", "read committed", "read uncommitted", "strict serializable")(name, v)
}

// durationUnits are the units of a time, the largest first.
var durationUnits = []struct {
	name string
	size time.Duration
}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"min", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}, {"us", time.Microsecond}}

// duration is a time in milliseconds, or with a unit, kept as PostgreSQL shows it: in the largest unit without a fraction.
func duration(name, v string) (string, error) {
	d, err := parseDuration(v)
	if err != nil {
		return "", invalidSetting(name, v).WithHint(`Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".`)
	}
	ms := d.Round(time.Millisecond).Milliseconds()
	if ms < 0 || ms > math.MaxInt32 {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "%d ms is outside the valid range for parameter %q (0 .. 2147483647)", ms, name)
	}
	for _, u := range durationUnits {
		if n := u.size.Milliseconds(); ms > 0 && ms%n == 0 {
			return strconv.FormatInt(ms/n, 10) + u.name, nil
		}
	}
	return "0", nil
}

// parseDuration reads a time, which may be below zero.
func parseDuration(v string) (time.Duration, error) {
	n, unit, err := quantity(v)
	if err != nil {
		return 0, err
	}
	if unit == "" {
		unit = "ms"
	}
	for _, u := range durationUnits {
		if u.name == unit {
			return time.Duration(n * float64(u.size)), nil
		}
	}
	return 0, strconv.ErrSyntax
}

// quantity splits a number with a unit.
func quantity(v string) (n float64, unit string, err error) {
	v = strings.TrimSpace(v)
	at := strings.IndexFunc(v, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' })
	if at >= 0 {
		v, unit = strings.TrimSpace(v[:at]), strings.TrimSpace(v[at:])
	}
	n, err = strconv.ParseFloat(v, 64)
	return n, unit, err
}

// memory is an amount of memory in kilobytes, or with a unit, kept as PostgreSQL shows it.
func memory(name, v string) (string, error) {
	n, unit, err := quantity(v)
	scale, ok := map[string]float64{"B": 1.0 / 1024, "": 1, "kB": 1, "MB": 1 << 10, "GB": 1 << 20, "TB": 1 << 30}[unit]
	if err != nil || !ok {
		return "", invalidSetting(name, v).WithHint(`Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`)
	}
	kB := int64(math.Round(n * scale))
	if kB < 64 || kB > math.MaxInt32 {
		return "", sqlstate.New(sqlstate.InvalidParameterValue, "%d kB is outside the valid range for parameter %q (64 .. 2147483647)", kB, name)
	}
	for _, unit := range []string{"kB", "MB", "GB"} {
		if kB%1024 != 0 || unit == "GB" {
			return strconv.FormatInt(kB, 10) + unit, nil
		}
		kB /= 1024
	}
	return "", nil // not reached: gigabytes return
}

// zone takes a time zone: a name, a number of hours east of Greenwich, or, as SET TIME ZONE INTERVAL leaves it, an interval.
// The last two are kept as POSIX writes them, with the sign the other way round.
func zone(name, v string) (string, error) {
	v = strings.TrimSpace(v)
	if text, ok := zoneInterval(v); ok {
		d, err := types.Parse(types.Of(types.IntervalOID), text, nil)
		if err != nil {
			return "", invalidSetting(name, v)
		}
		switch months, days, us := types.IntervalParts(d.Bytes); {
		case months != 0:
			return "", invalidSetting(name, v).WithDetail("Cannot specify months in time zone interval.")
		case days != 0:
			return "", invalidSetting(name, v).WithDetail("Cannot specify days in time zone interval.")
		default:
			v = posixOffset(us / 1e6)
		}
	} else if h, err := strconv.ParseFloat(v, 64); err == nil && !math.IsNaN(h) {
		v = posixOffset(int64(max(-1e6, min(h, 1e6)) * 3600))
	}
	loc, err := loadZone(v)
	if err != nil {
		return "", invalidSetting(name, v)
	}
	if strings.EqualFold(loc.String(), v) {
		v = loc.String() // as the zone spells itself
	}
	return v, nil
}

// zoneInterval is the text between the quotes of INTERVAL '...'.
func zoneInterval(v string) (string, bool) {
	const word = "interval"
	if len(v) < len(word) || !strings.EqualFold(v[:len(word)], word) {
		return "", false
	}
	rest := strings.TrimSpace(v[len(word):])
	if len(rest) < 2 || rest[0] != '\'' || rest[len(rest)-1] != '\'' {
		return "", false
	}
	return rest[1 : len(rest)-1], true
}

// posixOffset is a zone so many seconds east of Greenwich: <-03:30>+03:30.
func posixOffset(east int64) string {
	sign, opposite := '+', '-'
	if east < 0 {
		sign, opposite, east = '-', '+', -east
	}
	digits := fmt.Sprintf("%02d", east/3600)
	if east%3600 != 0 {
		digits += fmt.Sprintf(":%02d", east/60%60)
	}
	if east%60 != 0 {
		digits += fmt.Sprintf(":%02d", east%60)
	}
	return fmt.Sprintf("<%c%s>%c%s", sign, digits, opposite, digits)
}

// loadZone finds a time zone as types.LoadZoneName does: by name in any case, by offset as POSIX writes it.
func loadZone(v string) (*time.Location, error) {
	switch strings.ToUpper(v) {
	case "UTC", "GMT", "Z", "ZULU", "DEFAULT", "LOCAL":
		return time.UTC, nil
	}
	return types.LoadZoneName(v)
}
