package functions

// The calendar of to_char, to_date and to_timestamp: years, months and days that need not be in range, in 32 bits that wrap
// around, so that what is no date has PostgreSQL's answer too.

// julianDay is the number of a day.
func julianDay(year, month, day int32) int32 {
	if month > 2 {
		month, year = month+1, year+4800
	} else {
		month, year = month+13, year+4799
	}
	century := year / 100
	return year*365 - 32167 + year/4 - century + century/4 + 7834*month/256 + day
}

// civilDay is the day with a number.
func civilDay(julian int32) (year, month, day int32) {
	j := uint32(julian) + 32044
	quad := j / 146097
	extra := (j-quad*146097)*4 + 3
	j += 60 + quad*3 + extra/146097
	quad = j / 1461
	j -= quad * 1461
	y := j * 4 / 1461
	if y != 0 {
		j = (j+305)%365 + 123
	} else {
		j = (j+306)%366 + 123
	}
	y += quad * 4
	quad = j * 2141 / 65536
	return int32(y) - 4800, int32((quad+10)%12) + 1, int32(j - 7834*quad/256)
}

// weekday is 0 for Sunday to 6 for Saturday.
func weekday(julian int32) int32 {
	d := (julian + 1) % 7
	if d < 0 {
		d += 7
	}
	return d
}

// firstMonday is the Monday of the first ISO week of a year.
func firstMonday(year int32) int32 {
	fourth := julianDay(year, 1, 4)
	return fourth - weekday(fourth-1)
}

// isoWeekOf is the ISO week of a day.
func isoWeekOf(year, month, day int32) int32 {
	n, first := julianDay(year, month, day), firstMonday(year)
	if n < first {
		first = firstMonday(year - 1)
	}
	week := (n-first)/7 + 1
	if next := firstMonday(year + 1); week >= 52 && n >= next {
		week = (n-next)/7 + 1
	}
	return week
}

// isoYearOf is the year that the ISO week of a day belongs to.
func isoYearOf(year, month, day int32) int32 {
	n, first := julianDay(year, month, day), firstMonday(year)
	if n < first {
		year--
		first = firstMonday(year)
	}
	if (n-first)/7+1 >= 52 && n >= firstMonday(year+1) {
		year++
	}
	return year
}

// isoYearDay is the number of a day in the year of its ISO week.
func isoYearDay(year, month, day int32) int32 {
	return julianDay(year, month, day) - firstMonday(isoYearOf(year, month, day)) + 1
}

// validJulian tells whether a day is in the range that PostgreSQL counts in.
func validJulian(year, month int32) bool {
	return (year > -4713 || year == -4713 && month >= 11) && (year < 5874898 || year == 5874898 && month < 6)
}
