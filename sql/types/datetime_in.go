package types

import (
	"math"
	"strconv"
	"strings"

	"tarn/sql/sqlstate"
)

var (
	dateCodec        = codec{in: dateIn, out: dateOut, recv: dateRecv, send: dateSend}
	timeCodec        = codec{in: timeIn, out: timeOut, recv: timeRecv, send: int64Send}
	timestampCodec   = codec{in: timestampIn, out: timestampOut, recv: timestampRecv, send: int64Send}
	timestamptzCodec = codec{in: timestamptzIn, out: timestamptzOut, recv: timestampRecv, send: int64Send}
)

// failure is why a date, time or interval could not be read: PostgreSQL's DTERR codes.
type failure uint8

const (
	dtOK failure = iota
	dtBadFormat
	dtFieldOverflow
	dtMonthDayOverflow // as dtFieldOverflow, with a hint about DateStyle
	dtIntervalOverflow
	dtZoneOverflow
	dtUnknownZone
	dtNoClock
)

// err words a failure; name is the type as messages call it.
func (f failure) err(name, s string) error {
	switch f {
	case dtOK:
		return nil
	case dtFieldOverflow:
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s)
	case dtMonthDayOverflow:
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s).
			WithHint("Perhaps you need a different \"datestyle\" setting.")
	case dtIntervalOverflow:
		return sqlstate.New(sqlstate.IntervalFieldOverflow, "interval field value out of range: \"%s\"", s)
	case dtZoneOverflow:
		return sqlstate.New(sqlstate.InvalidTimeZoneDisplacementValue, "time zone displacement out of range: \"%s\"", s)
	case dtNoClock:
		return sqlstate.New(sqlstate.FeatureNotSupported, "the current time is not known here: \"%s\"", s)
	}
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", name, s)
}

func dateIn(d *Datum, s string, _ int32, env *Env) error {
	if days, ok := parseISODate(s); ok && len(s) == 10 {
		d.Int = days
		return nil
	}
	p := dateParser{env: env}
	if f := p.parse(s); f != dtOK {
		return p.err(f, "date", s)
	}
	if p.special != 0 {
		d.Int = p.special
		return nil
	}
	if p.isNow {
		d.Int, _ = SplitTimestamp(ToLocal(p.now, env.location()))
		return nil
	}
	if !p.hasDate() {
		return dtBadFormat.err("date", s)
	}
	if !ValidDate(p.days) {
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
	}
	d.Int = p.days
	return nil
}

func timestampIn(d *Datum, s string, mod int32, env *Env) error {
	if c, ok := parseISO(s); ok {
		d.Int = c.days*USPerDay + c.time
		roundTimestamp(d, mod)
		return nil
	}
	p := dateParser{env: env}
	if f := p.parse(s); f != dtOK {
		return p.err(f, "timestamp", s)
	}
	return p.timestamp(d, s, mod, "timestamp", false)
}

func timestamptzIn(d *Datum, s string, mod int32, env *Env) error {
	if c, ok := parseISO(s); ok {
		d.Int = c.days*USPerDay + c.time
		if c.zoned {
			d.Int -= c.offset * USPerSecond
		} else {
			d.Int = ToInstant(d.Int, env.location())
		}
		roundTimestamp(d, mod)
		return nil
	}
	p := dateParser{env: env}
	if f := p.parse(s); f != dtOK {
		return p.err(f, "timestamp with time zone", s)
	}
	return p.timestamp(d, s, mod, "timestamp with time zone", true)
}

// timestamp makes the value of timestamp or (instant) timestamptz from what was read.
func (p *dateParser) timestamp(d *Datum, s string, mod int32, name string, instant bool) error {
	switch {
	case p.special != 0:
		d.Int = p.special
		return nil
	case p.isNow:
		d.Int = p.now
		if !instant {
			d.Int = ToLocal(p.now, p.env.location())
		}
		roundTimestamp(d, mod)
		return nil
	case !p.hasDate():
		return dtBadFormat.err(name, s)
	case p.days < minDate-1 || p.days > endTimestamp/USPerDay+1: // a zone may still move it by a day
		return timestampRange(s)
	}
	us := p.days*USPerDay + p.time // cannot overflow more than the range check below sees
	if instant {
		us = p.toInstant(us)
	}
	if !ValidTimestamp(us) {
		return timestampRange(s)
	}
	d.Int = us
	roundTimestamp(d, mod)
	return nil
}

func (p *dateParser) toInstant(local int64) int64 {
	switch {
	case p.zone != nil:
		return ToInstant(local, p.zone)
	case p.hasOffset:
		return local - int64(p.offset)*USPerSecond
	}
	return ToInstant(local, p.env.location())
}

func timestampRange(s string) error {
	return sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", s)
}

// roundTimestamp rounds to the precision of a modifier. As in PostgreSQL, the last second of the range may become the next.
func roundTimestamp(d *Datum, mod int32) {
	if mod >= 0 && mod < maxTimePrec && IsFinite(d.Int) {
		d.Int = roundTime(d.Int, int(mod))
	}
}

// roundTime rounds microseconds half away from zero to a number of decimal places of the second.
func roundTime(us int64, precision int) int64 {
	if precision >= maxTimePrec {
		return us
	}
	unit := pow10[maxTimePrec-precision]
	if us < 0 {
		return -((-us + unit/2) / unit * unit)
	}
	return (us + unit/2) / unit * unit
}

func timeIn(d *Datum, s string, mod int32, env *Env) error {
	if us, n, ok := parseISOTime(s); ok && n == len(s) {
		d.Int = us
	} else {
		p := dateParser{env: env, timeOnly: true}
		if f := p.parse(s); f != dtOK {
			return p.err(f, "time", s)
		}
		switch {
		case p.isNow:
			_, d.Int = SplitTimestamp(ToLocal(p.now, env.location()))
		case p.special != 0 || p.seen&sawTime == 0:
			return dtBadFormat.err("time", s)
		default:
			d.Int = p.time
		}
	}
	if mod >= 0 {
		d.Int = roundTime(d.Int, int(mod))
	}
	return nil
}

func dateOut(dst []byte, d Datum, _ *Env) []byte      { return AppendDate(dst, d.Int) }
func timeOut(dst []byte, d Datum, _ *Env) []byte      { return AppendTime(dst, d.Int) }
func timestampOut(dst []byte, d Datum, _ *Env) []byte { return AppendTimestamp(dst, d.Int) }
func timestamptzOut(dst []byte, d Datum, env *Env) []byte {
	return AppendTimestamptz(dst, d.Int, env.location())
}

func int64Send(dst []byte, d Datum) []byte { return sendInteger(dst, d.Int, 8) }

func dateSend(dst []byte, d Datum) []byte {
	v := d.Int
	switch v {
	case Infinity:
		v = math.MaxInt32
	case NegInfinity:
		v = math.MinInt32
	}
	return sendInteger(dst, v, 4)
}

func dateRecv(d *Datum, b []byte, _ int32) error {
	v, err := recvInteger(b, 4)
	switch {
	case err != nil:
		return err
	case v == math.MaxInt32:
		v = Infinity
	case v == math.MinInt32:
		v = NegInfinity
	case !ValidDate(v):
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range")
	}
	d.Int = v
	return nil
}

func timeRecv(d *Datum, b []byte, mod int32) error {
	v, err := recvInteger(b, 8)
	if err != nil {
		return err
	}
	if v < 0 || v > USPerDay {
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "time out of range")
	}
	d.Int = v
	if mod >= 0 {
		d.Int = roundTime(v, int(mod))
	}
	return nil
}

func timestampRecv(d *Datum, b []byte, mod int32) error {
	v, err := recvInteger(b, 8)
	if err != nil {
		return err
	}
	if IsFinite(v) && !ValidTimestamp(v) {
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range")
	}
	d.Int = v
	roundTimestamp(d, mod)
	return nil
}

// parseZoneOffset reads (+|-)HH[MM], (+|-)HH:MM[:SS] into seconds; the sign is taken as written.
func parseZoneOffset(s string) (seconds int, f failure) {
	if len(s) < 2 || s[0] != '+' && s[0] != '-' {
		return 0, dtBadFormat
	}
	parts := strings.Split(s[1:], ":")
	if len(parts) == 1 && len(parts[0]) > 2 {
		n := len(parts[0])
		parts = []string{parts[0][:n-2], parts[0][n-2:]}
	}
	if len(parts) > 3 {
		return 0, dtBadFormat
	}
	var values [3]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil || !isDigits(part) {
			return 0, dtBadFormat
		}
		values[i] = v
	}
	if values[0] > 15 || values[1] > 59 || values[2] > 59 {
		return 0, dtZoneOverflow
	}
	seconds = values[0]*3600 + values[1]*60 + values[2]
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, dtOK
}

// clock sets now from the environment.
func (p *dateParser) clock() failure {
	if p.env == nil || p.env.Now.IsZero() {
		return dtNoClock
	}
	p.now = InstantOf(p.env.Now)
	return dtOK
}

func (p *dateParser) today(offset int64) failure {
	if f := p.clock(); f != dtOK {
		return f
	}
	days, _ := SplitTimestamp(ToLocal(p.now, p.env.location()))
	p.days = days + offset
	p.seen |= sawDate
	p.resolved = true
	return dtOK
}

// err words a failure of this parse.
func (p *dateParser) err(f failure, name, s string) error {
	if f == dtUnknownZone {
		return sqlstate.New(sqlstate.InvalidParameterValue, "time zone \"%s\" not recognized", p.zoneName)
	}
	return f.err(name, s)
}

// setZone resolves a zone name or abbreviation.
func (p *dateParser) setZone(name string) failure {
	loc, err := LoadZone(name)
	if err != nil {
		p.zoneName = name
		return dtUnknownZone
	}
	p.zone = loc
	p.seen |= sawZone
	return dtOK
}
