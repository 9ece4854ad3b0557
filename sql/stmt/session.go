package stmt

// TransactionModes are those of BEGIN and SET TRANSACTION. Empty strings were not written.
type TransactionModes struct {
	Isolation  string // "serializable", "repeatable read", "read committed", "read uncommitted"
	ReadOnly   *bool
	Deferrable *bool
}

// Begin is BEGIN or START TRANSACTION.
type Begin struct {
	Start bool // START TRANSACTION, which has a tag of its own
	Modes TransactionModes
}

// Commit is COMMIT or END.
type Commit struct{ Chain bool }

// Rollback is ROLLBACK or ABORT.
type Rollback struct{ Chain bool }

// Savepoint is SAVEPOINT.
type Savepoint struct{ Name string }

// Release is RELEASE SAVEPOINT.
type Release struct{ Name string }

// RollbackTo is ROLLBACK TO SAVEPOINT.
type RollbackTo struct{ Name string }

// SetTransaction is SET [SESSION CHARACTERISTICS AS] TRANSACTION.
type SetTransaction struct {
	Session bool
	Modes   TransactionModes
}

// SetConstraints is SET CONSTRAINTS, which does nothing as no constraint is deferrable.
type SetConstraints struct{ Deferred bool }

// Value is one value of SET. Word: written as a bare word or number, not as a string.
type Value struct {
	Text string
	Word bool
}

// Set is SET [LOCAL] name. Names with a space come as their variable: TIME ZONE as timezone, NAMES as client_encoding,
// SESSION AUTHORIZATION as session_authorization, SCHEMA as search_path, XML OPTION as xmloption.
type Set struct {
	Name    string
	Values  []Value
	Default bool // TO DEFAULT
	Local   bool
}

// Reset is RESET name; empty: ALL.
type Reset struct{ Name string }

// Show is SHOW name, with the names of Set; "all" is SHOW ALL. Words of Tarn's own lists (TABLES, STREAMS, ..) come as
// names too.
type Show struct {
	Name string
	Rest string // text after the first word, if any (SHOW COLUMNS FROM t)
}

// Discard is DISCARD ALL, PLANS, SEQUENCES or TEMP.
type Discard struct{ What string }

// Listen is LISTEN.
type Listen struct{ Channel string }

// Unlisten is UNLISTEN; Channel is "*" for all.
type Unlisten struct{ Channel string }

// Notify is NOTIFY.
type Notify struct{ Channel, Payload string }

// Lock is LOCK TABLE.
type Lock struct {
	Tables []Name
	Mode   string // upper case; empty if not written
	NoWait bool
}

// Grant is GRANT or REVOKE; the rest is not looked at.
type Grant struct{ Revoke bool }

func (*Begin) statement()          {}
func (*Commit) statement()         {}
func (*Rollback) statement()       {}
func (*Savepoint) statement()      {}
func (*Release) statement()        {}
func (*RollbackTo) statement()     {}
func (*SetTransaction) statement() {}
func (*SetConstraints) statement() {}
func (*Set) statement()            {}
func (*Reset) statement()          {}
func (*Show) statement()           {}
func (*Discard) statement()        {}
func (*Listen) statement()         {}
func (*Unlisten) statement()       {}
func (*Notify) statement()         {}
func (*Lock) statement()           {}
func (*Grant) statement()          {}
