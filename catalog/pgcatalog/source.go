package pgcatalog

import (
	"sync"

	"tarn/catalog"
)

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

	once    sync.Once
	indexes map[name]*catalog.Relation // by the name of their primary key; made by index
	names   []string                   // of the roles
}

type name struct{ schema, name string }

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

// index finds the relation whose primary key has a name. What is asked for every row of a catalogue is computed once.
func (s *Source) index(schema, key string) *catalog.Relation {
	s.prepare()
	return s.indexes[name{schema, key}]
}

// roles are the names of the roles: the owner of everything, and whoever is connected. Tarn does not keep roles: every
// user name is accepted.
func (s *Source) roles() []string {
	s.prepare()
	return s.names
}

func (s *Source) prepare() {
	s.once.Do(func() {
		s.indexes = map[name]*catalog.Relation{}
		for _, r := range s.keyed() {
			s.indexes[name{r.Schema, keyName(r)}] = r
		}
		roles := map[string]bool{ownerName: true}
		if s.User != "" {
			roles[s.User] = true
		}
		for _, session := range s.sessions() {
			roles[session.User] = true
		}
		s.names = sorted(roles)
	})
}

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
