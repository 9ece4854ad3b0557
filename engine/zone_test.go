package engine

import "testing"

// A session's zone is named as PostgreSQL takes it: in any case, by abbreviation, or by offset.
func TestTimeZone(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	for _, test := range []struct{ set, shown, noon string }{
		{"'europe/berlin'", "Europe/Berlin", "2026-01-01 13:00:00+01"},
		{"'America/New_York'", "America/New_York", "2026-01-01 07:00:00-05"},
		{"'utc'", "UTC", "2026-01-01 12:00:00+00"},
		{"'EST5EDT'", "EST5EDT", "2026-01-01 07:00:00-05"},
		{"'PST8'", "PST8", "2026-01-01 04:00:00-08"},
	} {
		run(t, s, "SET TIME ZONE "+test.set)
		rows, _ := run(t, s, "SHOW TimeZone")
		expect(t, rows, test.shown)
		rows, _ = run(t, s, "SELECT (timestamptz '2026-01-01 12:00+00')::text")
		expect(t, rows, test.noon)
	}
	if _, _, err := try(s, "SET TIME ZONE 'Mars/Olympus'"); code(err) != "22023" {
		t.Error(err)
	}
}
