package engine

import (
	"sort"
	"strings"

	"tarn/sql/sqlstate"
)

// setting is one row of the table of settings.
type setting struct {
	name     string
	value    string // default
	comment  string
	reported bool                                     // the client is told of changes (ParameterStatus)
	fixed    bool                                     // cannot be changed
	check    func(name, value string) (string, error) // nil: any value
}

// settings are all there are, by name. Clients set many that mean nothing here: those are accepted and shown.
var settings = []setting{
	{name: "application_name", reported: true, comment: "Sets the application name to be reported in statistics and logs."},
	{name: "bytea_output", value: "hex", check: oneOf("hex"), comment: "Sets the output format for bytea."},
	{name: "client_encoding", value: "UTF8", reported: true, check: encodingUTF8, comment: "Sets the client's character set encoding."},
	{name: "client_min_messages", value: "notice", check: oneOf("debug5", "debug4", "debug3", "debug2", "debug1", "debug", "log", "notice", "warning", "error"), comment: "Sets the message levels that are sent to the client."},
	{name: "DateStyle", value: "ISO, MDY", reported: true, check: dateStyle, comment: "Sets the display format for date and time values."},
	{name: "default_table_access_method", value: "heap", fixed: true, comment: "Shows the access method that pg_class has for every table."},
	{name: "default_transaction_isolation", value: "serializable", check: isolation, comment: "Sets the transaction isolation level of each new transaction."},
	{name: "default_transaction_read_only", value: "off", check: boolean, comment: "Sets the default read-only status of new transactions."},
	{name: "extra_float_digits", value: "1", check: floatDigits, comment: "Sets the number of digits displayed for floating-point values: always as many as restore them."},
	{name: "idle_in_transaction_session_timeout", value: "0", check: duration, comment: "Accepted and not heeded: an idle transaction holds no locks."},
	{name: "integer_datetimes", value: "on", reported: true, fixed: true, comment: "Shows whether datetimes are integer based."},
	{name: "IntervalStyle", value: "postgres", reported: true, check: oneOf("postgres"), comment: "Sets the display format for interval values."},
	{name: "is_superuser", value: "on", reported: true, fixed: true, comment: "Shows whether the current user is a superuser."},
	{name: "jit", value: "off", check: boolean, comment: "Accepted for clients that turn it off."},
	{name: "lock_timeout", value: "0", check: duration, comment: "Accepted; nothing ever waits for a lock."},
	{name: "max_identifier_length", value: "63", fixed: true, comment: "Shows the maximum identifier length."},
	{name: "max_index_keys", value: "32", fixed: true, comment: "Shows the maximum number of index keys."},
	{name: "password_encryption", value: "scram-sha-256", check: oneOf("scram-sha-256"), comment: "Accepted for clients that ask for it; there are no passwords yet."},
	{name: "row_security", value: "on", check: boolean, comment: "Accepted for clients that turn it off."},
	{name: "search_path", value: `"$user", public`, comment: "Sets the schema search order for names that are not schema-qualified."},
	{name: "server_encoding", value: "UTF8", reported: true, fixed: true, comment: "Shows the server character set encoding."},
	{name: "server_version", value: serverVersion, reported: true, fixed: true, comment: "Shows the server version."},
	{name: "server_version_num", value: "150018", fixed: true, comment: "Shows the server version as an integer."},
	{name: "session_authorization", reported: true, fixed: true, comment: "Shows the session's user name."},
	{name: "standard_conforming_strings", value: "on", reported: true, check: oneOf("on"), comment: "Causes '...' strings to treat backslashes literally."},
	{name: "statement_timeout", value: "0", check: duration, comment: "Sets the maximum allowed duration of any statement."},
	{name: "subscribe_output", value: "rows", check: oneOf("rows", "copy"), comment: "Sets how SUBSCRIBE sends changes: as rows of a result, or as COPY does. The default for psql is copy, as it shows rows only when a result is complete."},
	{name: "synchronize_seqscans", value: "on", check: boolean, comment: "Accepted for clients that turn it off."},
	{name: "synchronous_commit", value: "on", check: synchronousCommit, comment: "Every commit waits for the disk; less is accepted and not heeded."},
	{name: "TimeZone", value: "UTC", reported: true, check: zone, comment: "Sets the time zone for displaying and interpreting time stamps."},
	{name: "transaction_isolation", value: "serializable", check: isolation, comment: "Sets the current transaction's isolation level."},
	{name: "transaction_read_only", value: "off", check: boolean, comment: "Sets the current transaction's read-only status."},
	{name: "work_mem", value: "4MB", check: memory, comment: "Accepted; memory is budgeted for the whole server (--memory)."},
}

// serverVersion says which PostgreSQL clients may take us for: what they parse for features.
const serverVersion = "15.18 (Tarn)"

// findSetting finds a setting by name, in any case.
func findSetting(name string) (*setting, bool) {
	for i := range settings {
		if len(settings[i].name) == len(name) && strings.EqualFold(settings[i].name, name) {
			return &settings[i], true
		}
	}
	return nil, false
}

func unknownSetting(name string) error {
	return sqlstate.New(sqlstate.UndefinedObject, "unrecognized configuration parameter %q", name)
}

func invalidSetting(name, value string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter %q: %q", name, value)
}

// settingsOf is what a session has set, over the defaults.
type settingsOf map[string]string

func (m settingsOf) get(name string) (string, bool) {
	if s, ok := findSetting(name); ok {
		if v, ok := m[s.name]; ok {
			return v, true
		}
		return s.value, true
	}
	v, ok := m[strings.ToLower(name)] // a custom one, with a dot
	return v, ok
}

// set checks and stores a value; the setting's row is returned (nil for a custom one).
func (m settingsOf) set(name, value string) (*setting, error) {
	s, ok := findSetting(name)
	if !ok {
		if !strings.Contains(name, ".") {
			return nil, unknownSetting(name)
		}
		m[strings.ToLower(name)] = value
		return nil, nil
	}
	if s.fixed {
		return nil, sqlstate.New(sqlstate.CantChangeRuntimeParam, "parameter %q cannot be changed", s.name)
	}
	if s.check != nil {
		v, err := s.check(s.name, value)
		if err != nil {
			return nil, err
		}
		value = v
	}
	m[s.name] = value
	return s, nil
}

func (m settingsOf) reset(name string) (*setting, error) {
	s, ok := findSetting(name)
	if !ok {
		if _, ok := m[strings.ToLower(name)]; !ok {
			return nil, unknownSetting(name)
		}
		delete(m, strings.ToLower(name))
		return nil, nil
	}
	delete(m, s.name)
	return s, nil
}

// reportedSettings are the names a client is told of, in the order of the table.
func reportedSettings() []string {
	var out []string
	for i := range settings {
		if settings[i].reported {
			out = append(out, settings[i].name)
		}
	}
	sort.Strings(out)
	return out
}
