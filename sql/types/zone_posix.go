package types

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// posixZone reads a time zone as POSIX writes it: a name, which may be empty, an offset west of Greenwich, and for daylight
// saving time another name, an offset unless it is an hour less, and rules unless they are those of the USA. It is nil for
// anything else.
//
//	EST5EDT,M3.2.0,M11.1.0    <+03>-3    UTC+2    +02    XXX3YYY
func posixZone(spec string) *time.Location {
	rest := spec
	standard, ok := posixName(&rest)
	if !ok || rest == "" {
		return nil
	}
	west, ok := posixOffset(&rest)
	if !ok {
		return nil
	}
	if rest == "" {
		return zoneOfRules(spec, standard, west, "")
	}
	saving, ok := posixName(&rest)
	if !ok || saving == "" {
		return nil
	}
	savingWest := west - 3600
	if rest != "" && rest[0] != ',' && rest[0] != ';' {
		if savingWest, ok = posixOffset(&rest); !ok {
			return nil
		}
	}
	if rest == "" {
		rest = ",M3.2.0,M11.1.0"
	}
	rules := rest[1:]
	if rest = rules; !posixRule(&rest) || !strings.HasPrefix(rest, ",") {
		return nil
	}
	if rest = rest[1:]; !posixRule(&rest) || rest != "" {
		return nil
	}
	return zoneOfRules(spec, standard, west, fmt.Sprintf("<%s>%s,%s", saving, posixTime(savingWest), rules))
}

// zoneOfRules is a zone with a name for its standard time, and what POSIX writes behind that.
func zoneOfRules(spec, standard string, west int, saving string) *time.Location {
	// A file of the zone database without transitions, whose rules are in its last line: RFC 8536.
	header := func(types, chars int) []byte {
		b := append([]byte("TZif2"), make([]byte, 15+4*4)...)
		b = binary.BigEndian.AppendUint32(b, uint32(types))
		return binary.BigEndian.AppendUint32(b, uint32(chars))
	}
	data := append(header(0, 0), header(1, len(standard)+1)...)
	data = binary.BigEndian.AppendUint32(data, uint32(-west))
	data = append(data, 0, 0) // no daylight saving time; the name begins at 0
	data = append(append(data, standard...), 0)
	if saving != "" {
		data = append(data, fmt.Sprintf("\n<%s>%s%s\n", standard, posixTime(west), saving)...)
	}
	loc, err := time.LoadLocationFromTZData(spec, data)
	if err != nil {
		return nil
	}
	return loc
}

func posixTime(seconds int) string {
	sign := ""
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	return fmt.Sprintf("%s%d:%02d:%02d", sign, seconds/3600, seconds/60%60, seconds%60)
}

// posixName takes the name of a kind of time off the front, which may stand between < and >.
func posixName(rest *string) (string, bool) {
	s := *rest
	if strings.HasPrefix(s, "<") {
		name, behind, ok := strings.Cut(s[1:], ">")
		*rest = behind
		return name, ok
	}
	end := strings.IndexAny(s, "0123456789,-+")
	if end < 0 {
		end = len(s)
	}
	*rest = s[end:]
	return s[:end], strings.IndexByte(s[:end], '>') < 0
}

// posixOffset takes hours, which may be those of a week, with minutes and seconds and a sign off the front.
func posixOffset(rest *string) (seconds int, ok bool) {
	sign := 1
	switch {
	case strings.HasPrefix(*rest, "-"):
		sign, *rest = -1, (*rest)[1:]
	case strings.HasPrefix(*rest, "+"):
		*rest = (*rest)[1:]
	}
	hours, ok := posixNumber(rest, 0, 24*7-1)
	if !ok {
		return 0, false
	}
	seconds = hours * 3600
	for i, unit := range [...]int{60, 1} {
		if !strings.HasPrefix(*rest, ":") {
			break
		}
		*rest = (*rest)[1:]
		n, ok := posixNumber(rest, 0, 59+i)
		if !ok {
			return 0, false
		}
		seconds += n * unit
	}
	return sign * seconds, true
}

// posixNumber takes a number within limits off the front.
func posixNumber(rest *string, least, most int) (n int, ok bool) {
	s := *rest
	i := 0
	for ; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		if n = n*10 + int(s[i]-'0'); n > most {
			return 0, false
		}
	}
	*rest = s[i:]
	return n, i > 0 && n >= least
}

// posixRule takes a day of the year, with a time if it is not two o'clock, off the front: 59, J60, or M3.2.0.
func posixRule(rest *string) (ok bool) {
	switch {
	case strings.HasPrefix(*rest, "J"):
		*rest = (*rest)[1:]
		_, ok = posixNumber(rest, 1, 365)
	case strings.HasPrefix(*rest, "M"):
		limits := [...][2]int{{1, 12}, {1, 5}, {0, 6}}
		for i, limit := range limits {
			*rest = (*rest)[1:]
			if _, ok = posixNumber(rest, limit[0], limit[1]); !ok {
				return false
			}
			if i < 2 && !strings.HasPrefix(*rest, ".") {
				return false
			}
		}
	default:
		_, ok = posixNumber(rest, 0, 365)
	}
	if ok && strings.HasPrefix(*rest, "/") {
		*rest = (*rest)[1:]
		_, ok = posixOffset(rest)
	}
	return ok
}
