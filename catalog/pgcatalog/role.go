package pgcatalog

import "sort"

// roles are the names of the roles: the owner of everything, and whoever is connected. Tarn does not keep roles: every
// user name is accepted.
func (s *Source) roles() []string {
	names := map[string]bool{ownerName: true}
	if s.User != "" {
		names[s.User] = true
	}
	for _, session := range s.sessions() {
		names[session.User] = true
	}
	return sorted(names)
}

// databases are the names of the databases, which are one and the same under every name: those in use, and the one that
// clients connect to if they know no other.
func (s *Source) databases() []string {
	names := map[string]bool{"postgres": true}
	if s.Database != "" {
		names[s.Database] = true
	}
	for _, session := range s.sessions() {
		names[session.Database] = true
	}
	return sorted(names)
}

func sorted(names map[string]bool) []string {
	out := make([]string, 0, len(names))
	for name := range names {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
