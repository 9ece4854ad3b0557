package pgcatalog

import "tarn/catalog"

// Source is what the rows are computed from: a catalogue, and what is known of the session that asks. The zero value of
// every field but Snapshot is allowed: it means that there is no session, or that nothing is known.
type Source struct {
	Snapshot *catalog.Snapshot
	Started  int64    // of the server, microseconds since 2000-01-01
	User     string   // of the session
	Database string   // of the session
	Schemas  []string // the session's search path

	RowCount func(id uint32) float64 // rows of a relation, -1 if not known
	Bytes    func(id uint32) int64   // of a relation on disk; of all of them for id 0
	Sessions func() []Session
	Settings func() []Setting
}

// Session is what pg_stat_activity shows of a session.
type Session struct {
	PID                   int32
	User, Database        string
	Application           string
	State                 string // active, idle, idle in transaction, ...
	Query                 string // the newest statement
	Started, QueryStarted int64  // microseconds since 2000-01-01; QueryStarted is 0 before the first statement
}

// Setting is what pg_settings shows of a setting.
type Setting struct{ Name, Value, Default, Comment string }

// rowCount is the number of rows of a relation, -1 if not known.
func (s *Source) rowCount(id uint32) float64 {
	if s.RowCount == nil {
		return -1
	}
	return s.RowCount(id)
}

func (s *Source) bytes(id uint32) int64 {
	if s.Bytes == nil {
		return 0
	}
	return s.Bytes(id)
}

func (s *Source) sessions() []Session {
	if s.Sessions == nil {
		return nil
	}
	return s.Sessions()
}
