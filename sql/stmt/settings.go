package stmt

import (
	"strconv"
	"strings"

	"tarn/sql/lex"
)

// session parses the statements about transactions and settings; nil if it is none of them.
func (p *parser) session() Statement {
	start := p.Start()
	switch p.Kind() {
	case lex.BEGIN:
		p.Next()
		p.acceptWork()
		return &Begin{Modes: p.transactionModes()}
	case lex.START:
		p.Next()
		p.Expect(lex.TRANSACTION)
		return &Begin{Start: true, Modes: p.transactionModes()}
	case lex.COMMIT, lex.END:
		if p.Next().Kind == lex.COMMIT && p.Accept(lex.PREPARED) {
			return p.unsupportedFrom(start, "COMMIT PREPARED")
		}
		p.acceptWork()
		return &Commit{Chain: p.chain()}
	case lex.ROLLBACK, lex.ABORT:
		return p.rollback()
	case lex.SAVEPOINT:
		p.Next()
		return &Savepoint{Name: p.ColumnID().Text}
	case lex.RELEASE:
		p.Next()
		p.Accept(lex.SAVEPOINT)
		return &Release{Name: p.ColumnID().Text}
	case lex.SET:
		return p.set()
	case lex.RESET:
		p.Next()
		if p.Accept(lex.ALL) {
			return &Reset{}
		}
		return &Reset{Name: p.settingName()}
	case lex.SHOW:
		return p.show()
	case lex.DISCARD:
		p.Next()
		what := upper(p.oneOf(lex.ALL, lex.PLANS, lex.SEQUENCES, lex.TEMP, lex.TEMPORARY).Keyword())
		if what == "TEMPORARY" {
			what = "TEMP"
		}
		return &Discard{What: what}
	case lex.LISTEN:
		p.Next()
		return &Listen{Channel: p.ColumnID().Text}
	case lex.UNLISTEN:
		p.Next()
		if p.Accept('*') {
			return &Unlisten{Channel: "*"}
		}
		return &Unlisten{Channel: p.ColumnID().Text}
	case lex.NOTIFY:
		p.Next()
		s := &Notify{Channel: p.ColumnID().Text}
		if p.Accept(',') {
			s.Payload = p.Expect(lex.String).Text
		}
		return s
	case lex.LOCK:
		return p.lock()
	case lex.GRANT, lex.REVOKE:
		revoke := p.Next().Kind == lex.REVOKE
		if k := p.Kind(); k == ';' || k == lex.EOF {
			p.Syntax()
		}
		p.skip()
		return &Grant{Revoke: revoke}
	}
	return nil
}

// acceptWork takes WORK or TRANSACTION, if it follows.
func (p *parser) acceptWork() {
	if !p.Accept(lex.WORK) {
		p.Accept(lex.TRANSACTION)
	}
}

// chain takes AND [NO] CHAIN, if it follows.
func (p *parser) chain() bool {
	if !p.Accept(lex.AND) {
		return false
	}
	no := p.Accept(lex.NO)
	p.Expect(lex.CHAIN)
	return !no
}

func (p *parser) rollback() Statement {
	start := p.Start()
	if p.Next().Kind == lex.ROLLBACK && p.Accept(lex.PREPARED) {
		return p.unsupportedFrom(start, "ROLLBACK PREPARED")
	}
	p.acceptWork()
	if p.Accept(lex.TO) {
		p.Accept(lex.SAVEPOINT)
		return &RollbackTo{Name: p.ColumnID().Text}
	}
	return &Rollback{Chain: p.chain()}
}

// transactionModes takes any number of modes, with or without commas.
func (p *parser) transactionModes() TransactionModes {
	var m TransactionModes
	for {
		switch p.Kind() {
		case lex.ISOLATION:
			p.Next()
			p.Expect(lex.LEVEL)
			m.Isolation = p.isolation()
		case lex.READ:
			p.Next()
			readOnly := p.oneOf(lex.ONLY, lex.WRITE) == lex.ONLY
			m.ReadOnly = &readOnly
		case lex.DEFERRABLE:
			p.Next()
			yes := true
			m.Deferrable = &yes
		case lex.NOT:
			p.Next()
			p.Expect(lex.DEFERRABLE)
			no := false
			m.Deferrable = &no
		default:
			return m
		}
		if p.Kind() == ',' {
			p.Next()
			switch p.Kind() {
			case lex.ISOLATION, lex.READ, lex.DEFERRABLE, lex.NOT:
			default:
				p.Syntax()
			}
		}
	}
}

func (p *parser) isolation() string {
	switch p.oneOf(lex.SERIALIZABLE, lex.REPEATABLE, lex.READ) {
	case lex.SERIALIZABLE:
		return "serializable"
	case lex.REPEATABLE:
		p.Expect(lex.READ)
		return "repeatable read"
	}
	return "read " + p.oneOf(lex.COMMITTED, lex.UNCOMMITTED).Keyword()
}

// set parses SET in all its forms.
func (p *parser) set() Statement {
	start := p.Start()
	p.Next()
	local := false
	if next := p.Peek(1).Kind; next != lex.TO && next != '=' && next != '.' {
		switch p.Kind() {
		case lex.LOCAL:
			p.Next()
			local = true
		case lex.SESSION:
			p.Next()
			switch p.Kind() {
			case lex.CHARACTERISTICS:
				p.Next()
				p.Expect(lex.AS)
				p.Expect(lex.TRANSACTION)
				return &SetTransaction{Session: true, Modes: p.someModes()}
			case lex.AUTHORIZATION:
				p.Next()
				return p.setWord("session_authorization", local)
			}
		case lex.CONSTRAINTS:
			return p.setConstraints()
		}
	}
	switch k, next := p.Kind(), p.Peek(1).Kind; {
	case k == lex.TRANSACTION && next == lex.SNAPSHOT:
		return p.unsupportedFrom(start, "SET TRANSACTION SNAPSHOT")
	case k == lex.TRANSACTION && next != lex.TO && next != '=':
		p.Next()
		return &SetTransaction{Modes: p.someModes()}
	case k == lex.TIME && next == lex.ZONE:
		p.Next()
		p.Next()
		return p.setTimeZone(local)
	case k == lex.SESSION && next == lex.AUTHORIZATION:
		p.Next()
		p.Next()
		return p.setWord("session_authorization", local)
	case k == lex.ROLE && next != lex.TO && next != '=':
		p.Next()
		return p.setWord("role", local)
	case k == lex.NAMES && next != lex.TO && next != '=':
		p.Next()
		if k := p.Kind(); k == lex.EOF || k == ';' {
			return &Set{Name: "client_encoding", Default: true, Local: local}
		}
		return p.setWord("client_encoding", local)
	case (k == lex.SCHEMA || k == lex.CATALOG) && next == lex.String:
		p.Next()
		if k == lex.CATALOG {
			p.Unsupported(p.Start(), "current database cannot be changed: SET CATALOG")
		}
		return p.setWord("search_path", local)
	case k == lex.XML && next == lex.OPTION:
		p.Next()
		p.Next()
		return &Set{Name: "xmloption", Values: []Value{{Text: p.oneOf(lex.DOCUMENT, lex.CONTENT).Keyword(), Word: true}}, Local: local}
	}
	return p.setVariable(local)
}

// someModes takes at least one transaction mode.
func (p *parser) someModes() TransactionModes {
	switch p.Kind() {
	case lex.ISOLATION, lex.READ, lex.DEFERRABLE, lex.NOT:
		return p.transactionModes()
	}
	p.Syntax()
	return TransactionModes{}
}

func (p *parser) setVariable(local bool) Statement {
	s := &Set{Name: p.dottedName(), Local: local}
	if p.Accept(lex.FROM) {
		p.Expect(lex.CURRENT)
		p.Unsupported(p.Start(), "SET .. FROM CURRENT")
	}
	if !p.Accept(lex.TO) {
		p.Expect('=')
	}
	if p.Accept(lex.DEFAULT) {
		s.Default = true
		return s
	}
	for {
		s.Values = append(s.Values, p.settingValue())
		if !p.Accept(',') {
			return s
		}
	}
}

// settingValue is value without the words that are no setting's value.
func (p *parser) settingValue() Value {
	if k := p.Kind(); k == lex.DEFAULT || k == lex.NULL {
		p.Syntax()
	}
	return p.value()
}

func (p *parser) setWord(name string, local bool) Statement {
	if p.Accept(lex.DEFAULT) {
		return &Set{Name: name, Default: true, Local: local}
	}
	return &Set{Name: name, Values: []Value{p.settingValue()}, Local: local}
}

func (p *parser) setTimeZone(local bool) Statement {
	s := &Set{Name: "timezone", Local: local}
	switch {
	case p.Accept(lex.DEFAULT), p.Accept(lex.LOCAL):
		s.Default = true
	case p.Kind() == lex.INTERVAL:
		s.Values = []Value{p.zoneInterval()}
	default:
		s.Values = []Value{p.settingValue()}
	}
	return s
}

// zoneInterval takes INTERVAL 'text' [HOUR [TO MINUTE]], as a value of that form. A number alone counts the last unit named.
func (p *parser) zoneInterval() Value {
	p.TypeName()
	text, unit := p.Expect(lex.String).Text, "seconds"
	if p.Accept(lex.HOUR) {
		if unit = "hours"; p.Accept(lex.TO) {
			p.Expect(lex.MINUTE)
			unit = "minutes"
		}
	}
	if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
		text += " " + unit
	}
	return Value{Text: "INTERVAL '" + text + "'"}
}

func (p *parser) setConstraints() Statement {
	p.Next()
	if !p.Accept(lex.ALL) {
		p.names()
	}
	return &SetConstraints{Deferred: p.oneOf(lex.DEFERRED, lex.IMMEDIATE) == lex.DEFERRED}
}

// dottedName takes the name of a setting. Settings are folded, so that case does not matter even in quotes.
func (p *parser) dottedName() string { return strings.Join(p.Path(), ".") }

// settingName takes the name of a setting as SHOW and RESET have it.
func (p *parser) settingName() string {
	switch k, next := p.Kind(), p.Peek(1).Kind; {
	case k == lex.TIME && next == lex.ZONE:
		p.Next()
		p.Next()
		return "timezone"
	case k == lex.TRANSACTION && next == lex.ISOLATION:
		p.Next()
		p.Next()
		p.Expect(lex.LEVEL)
		return "transaction_isolation"
	case k == lex.SESSION && next == lex.AUTHORIZATION:
		p.Next()
		p.Next()
		return "session_authorization"
	}
	return p.dottedName()
}

func (p *parser) show() Statement {
	p.Next()
	if p.Accept(lex.ALL) {
		return &Show{Name: "all"}
	}
	switch k, next := p.Kind(), p.Peek(1).Kind; {
	case k == lex.TABLE && next != '.':
		p.Syntax()
	case k == lex.CREATE, k == lex.COLUMNS, p.word("indexes"):
		if next != lex.EOF && next != ';' {
			name := p.Next().Text
			return &Show{Name: name, Rest: p.skip()}
		}
	case k == lex.MATERIALIZED && next == lex.VIEWS:
		p.Next()
		p.Next()
		return &Show{Name: "materialized views"}
	}
	return &Show{Name: p.settingName()}
}

func (p *parser) lock() Statement {
	p.Next()
	p.Accept(lex.TABLE)
	s := &Lock{}
	for {
		p.Accept(lex.ONLY)
		s.Tables = append(s.Tables, p.name())
		p.Accept('*')
		if !p.Accept(',') {
			break
		}
	}
	if p.Accept(lex.IN) {
		s.Mode = p.lockMode()
		p.Expect(lex.MODE)
	}
	s.NoWait = p.Accept(lex.NOWAIT)
	return s
}

func (p *parser) lockMode() string {
	switch k := p.oneOf(lex.ACCESS, lex.ROW, lex.SHARE, lex.EXCLUSIVE); k {
	case lex.ACCESS, lex.ROW:
		return upper(k.Keyword(), p.oneOf(lex.SHARE, lex.EXCLUSIVE).Keyword())
	case lex.SHARE:
		switch {
		case p.Accept(lex.UPDATE):
			p.Expect(lex.EXCLUSIVE)
			return "SHARE UPDATE EXCLUSIVE"
		case p.Accept(lex.ROW):
			p.Expect(lex.EXCLUSIVE)
			return "SHARE ROW EXCLUSIVE"
		}
		return "SHARE"
	}
	return "EXCLUSIVE"
}
