package wire

import (
	"encoding/binary"
	"errors"
	"strings"

	"github.com/jackc/pgproto3/v2"

	"tarn/sql/sqlstate"
)

// The codes that begin a startup packet, besides versions (major<<16 | minor).
const (
	cancelRequest = 1234<<16 | 5678
	sslRequest    = 1234<<16 | 5679
	gssencRequest = 1234<<16 | 5680
	version3      = 3 << 16
)

// errStartupDone ends a connection that wanted nothing but to cancel another one's statement.
var errStartupDone = errors.New("cancel request served")

// start takes a connection from its first byte to ReadyForQuery.
func (c *conn) start() error {
	for encryption := 0; ; encryption++ {
		packet, err := c.in.startup()
		if err != nil {
			return err
		}
		m := message{b: packet}
		switch code := uint32(m.int32()); {
		case code == cancelRequest:
			pid, secret := m.int32(), m.int32()
			if err := m.end(); err != nil {
				return err
			}
			c.server.db.Cancel(pid, secret)
			return errStartupDone
		case (code == sslRequest || code == gssencRequest) && encryption < 2:
			// What came behind the request would be from somebody who did not wait for the answer: see CVE-2021-23214.
			if c.in.waiting() {
				return sqlstate.New(sqlstate.ProtocolViolation, "received unencrypted data after SSL request")
			}
			c.out.buf = append(c.out.buf, 'N')
			if err := c.out.flush(); err != nil {
				return err
			}
		case code>>16 == 3:
			return c.open(code, &m)
		default:
			return sqlstate.New(sqlstate.FeatureNotSupported,
				"unsupported frontend protocol %d.%d: server supports 3.0 to 3.0", code>>16, code&0xFFFF)
		}
	}
}

// open makes the session that a startup packet asks for. Any user is trusted.
func (c *conn) open(version uint32, m *message) error {
	s, err := parseStartup(m)
	if err != nil {
		return err
	}
	if version != version3 || len(s.unknown) > 0 {
		c.negotiate(s.unknown)
	}
	if c.server.sessions.Add(1) > int64(c.server.cfg.MaxConnections) {
		c.server.sessions.Add(-1)
		c.server.refused.Add(1)
		return errTooMany
	}
	c.counted = true
	if c.session, err = c.server.db.connect(s.user, s.database, s.settings); err != nil {
		return err
	}
	c.in.take = c.session.Room
	c.out.send(&pgproto3.AuthenticationOk{})
	for _, p := range c.session.Parameters() {
		c.out.parameterStatus(p[0], p[1])
	}
	pid, secret := c.session.ID()
	c.out.send(&pgproto3.BackendKeyData{ProcessID: uint32(pid), SecretKey: uint32(secret)})
	c.out.ready(c.session.Status())
	return nil
}

// negotiate tells a client that asked for more than protocol 3.0 what it gets (NegotiateProtocolVersion).
func (c *conn) negotiate(unknown []string) {
	buf, at := begin(c.out.buf, 'v')
	buf = binary.BigEndian.AppendUint32(buf, version3)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(unknown)))
	for _, name := range unknown {
		buf = append(append(buf, name...), 0)
	}
	c.out.buf = end(buf, at)
}

type startup struct {
	user, database string
	settings       map[string]string
	unknown        []string // protocol options
}

// parseStartup reads the parameters of a startup packet: name, value, ..., and an empty name.
func parseStartup(m *message) (startup, error) {
	s := startup{settings: make(map[string]string)}
	options := ""
	for {
		name := m.string()
		if name == "" {
			break
		}
		value := m.string()
		switch {
		case name == "user":
			s.user = value
		case name == "database":
			s.database = value
		case name == "options":
			options = value
		case name == "replication":
			switch strings.ToLower(value) {
			case "false", "off", "no", "0":
			default:
				return s, sqlstate.New(sqlstate.FeatureNotSupported, "replication connections are not supported")
			}
		case strings.HasPrefix(name, "_pq_."):
			s.unknown = append(s.unknown, name)
		default:
			s.settings[name] = value
		}
	}
	if m.end() != nil {
		return s, sqlstate.New(sqlstate.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte")
	}
	if s.user == "" {
		return s, sqlstate.New(sqlstate.InvalidAuthorizationSpecification, "no PostgreSQL user name specified in startup packet")
	}
	if s.database == "" {
		s.database = s.user
	}
	return s, parseCommandLine(options, s.settings)
}

// parseCommandLine adds the settings of "-c name=value --name=value", which win over what is there. A backslash escapes
// a blank.
func parseCommandLine(line string, settings map[string]string) error {
	words := splitWords(line)
	for i := 0; i < len(words); i++ {
		assignment, found := strings.CutPrefix(words[i], "--")
		if !found {
			if assignment, found = strings.CutPrefix(words[i], "-c"); found && assignment == "" && i+1 < len(words) {
				i++
				assignment = words[i]
			}
		}
		name, value, ok := strings.Cut(assignment, "=")
		if !found || !ok || name == "" {
			return sqlstate.New(sqlstate.SyntaxError, "invalid command-line argument for server process: %s", words[i])
		}
		settings[strings.ReplaceAll(name, "-", "_")] = value
	}
	return nil
}

func splitWords(s string) (words []string) {
	var word strings.Builder
	inWord := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ' ' || c >= '\t' && c <= '\r' {
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
			continue
		}
		if c == '\\' && i+1 < len(s) {
			i++
			c = s[i]
		}
		word.WriteByte(c)
		inWord = true
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}
