package engine

import (
	"strings"
	"testing"

	"tarn/sql/sqlstate"
)

// What clients commonly ask for and Tarn does not have: each answer says so, and most say what to do instead.
func TestRefusals(t *testing.T) {
	s := connect(t, open(t, t.TempDir()))
	run(t, s, "CREATE TABLE t (k int)")
	wide := "CREATE TABLE wide (c"
	for i := range maxColumns + 1 {
		if i > 0 {
			wide += ", c"
		}
		wide += string(rune('a'+i%26)) + strings.Repeat("x", i/26) + " int"
	}
	for _, c := range []struct {
		text string
		code sqlstate.Code
		hint string
	}{
		{"CREATE TABLE s (id serial PRIMARY KEY)", sqlstate.FeatureNotSupported, "gen_random_uuid"},
		{"ALTER TABLE t ADD PRIMARY KEY (k)", sqlstate.FeatureNotSupported, "PRIMARY KEY in CREATE TABLE"},
		{"LISTEN news", sqlstate.FeatureNotSupported, "SUBSCRIBE"},
		{"CREATE INDEX ON t (k)", sqlstate.FeatureNotSupported, "materialized view"},
		{wide + ")", sqlstate.TooManyColumns, ""},
		{"SELECT 1" + strings.Repeat(", 1", 1664), sqlstate.TooManyColumns, ""},
	} {
		_, _, err := try(s, c.text)
		if e := sqlstate.From(err); err == nil || e.Code != c.code || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%.40s: %v", c.text, err)
		}
	}
	// What pools send when they take a connection back, and what reflection asks for.
	run(t, s, "UNLISTEN *; RESET ALL; SELECT pg_advisory_unlock_all(), current_setting('default_table_access_method')")
}
