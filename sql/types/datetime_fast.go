package types

// The fast path reads what programs write, YYYY-MM-DD[( |T)HH:MM[:SS[.ffffff]][Z|(+|-)HH[[:]MM]]], in one pass. Whatever
// else, or is out of range, goes to datetime_in.go, which knows all spellings and the errors.

// isoClock is a parsed ISO string; zoned says that offset (seconds east) was given.
type isoClock struct {
	days, time int64
	offset     int64
	zoned      bool
}

func two(s string, i int) (int64, bool) {
	a, b := s[i]-'0', s[i+1]-'0'
	return int64(a)*10 + int64(b), a <= 9 && b <= 9
}

// parseISODate reads YYYY-MM-DD at the start of s.
func parseISODate(s string) (days int64, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	century, ok1 := two(s, 0)
	rest, ok2 := two(s, 2)
	month, ok3 := two(s, 5)
	day, ok4 := two(s, 8)
	year := century*100 + rest
	if !ok1 || !ok2 || !ok3 || !ok4 || year == 0 || month < 1 || month > 12 || day < 1 || day > 28 && day > DaysInMonth(year, month) {
		return 0, false
	}
	return DaysFromCivil(year, month, day), true
}

// parseISOTime reads HH:MM[:SS[.ffffff]] at the start of s and says how much of s that was.
func parseISOTime(s string) (us int64, n int, ok bool) {
	if len(s) < 5 || s[2] != ':' {
		return 0, 0, false
	}
	hour, ok1 := two(s, 0)
	minute, ok2 := two(s, 3)
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return 0, 0, false
	}
	us = hour*USPerHour + minute*USPerMinute
	if len(s) == 5 || s[5] != ':' {
		return us, 5, len(s) == 5 || s[5] != '.' && s[5]-'0' > 9
	}
	if len(s) < 8 {
		return 0, 0, false
	}
	second, ok3 := two(s, 6)
	if !ok3 || second > 59 {
		return 0, 0, false
	}
	us += second * USPerSecond
	n = 8
	if n < len(s) && s[n] == '.' {
		unit := int64(USPerSecond / 10)
		for n++; n < len(s) && s[n]-'0' <= 9; n++ {
			if unit == 0 {
				return 0, 0, false
			}
			us += int64(s[n]-'0') * unit
			unit /= 10
		}
	}
	return us, n, n == len(s) || s[n] != ':' && s[n]-'0' > 9
}

func parseISO(s string) (c isoClock, ok bool) {
	if c.days, ok = parseISODate(s); !ok || len(s) == 10 {
		return c, ok
	}
	if s[10] != ' ' && s[10] != 'T' {
		return c, false
	}
	s = s[11:]
	time, n, ok := parseISOTime(s)
	if !ok {
		return c, false
	}
	c.time = time
	if s = s[n:]; s == "" {
		return c, true
	}
	c.zoned = true
	if s == "Z" {
		return c, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return c, false
	}
	hour, ok := two(s, 1)
	if !ok || hour > 15 {
		return c, false
	}
	c.offset = hour * 3600
	if minutes := s[3:]; minutes != "" {
		if minutes[0] == ':' {
			minutes = minutes[1:]
		}
		if len(minutes) != 2 {
			return c, false
		}
		minute, ok := two(minutes, 0)
		if !ok || minute > 59 {
			return c, false
		}
		c.offset += minute * 60
	}
	if s[0] == '-' {
		c.offset = -c.offset
	}
	return c, true
}
