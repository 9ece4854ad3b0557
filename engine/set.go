package engine

import (
	"context"
	"strings"

	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// isUser tells whether a setting is of who the user is: any is accepted for now, and all may do the same.
func isUser(name string) bool { return name == "session_authorization" || name == "role" }

func executeSet(_ context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Set), x.session
	if isUser(st.Name) {
		return "SET", nil
	}
	name := settingName(st.Name)
	x.keepSettings()
	if st.Local {
		if x.last { // it would end with the statement
			x.client.Notice(sqlstate.New(sqlstate.NoActiveSQLTransaction, "SET LOCAL can only be used in transaction blocks"))
			return "SET", nil
		}
		x.keepLocal(name)
	}
	if st.Default {
		if _, err := s.settings.reset(name); err != nil {
			return "", err
		}
		return "SET", x.changed(name)
	}
	words := make([]string, len(st.Values))
	for i, v := range st.Values {
		words[i] = v.Text
		if name == "search_path" && !v.Word && v.Text != strings.ToLower(v.Text) {
			words[i] = `"` + v.Text + `"`
		}
	}
	if _, err := s.settings.set(name, strings.Join(words, ", ")); err != nil {
		return "", err
	}
	return "SET", x.changed(name)
}

// setConfig is set_config(name, value, local).
func (x *executing) setConfig(name, value string, local bool) error {
	name = settingName(name)
	s := x.session
	if s.outside == nil {
		x.keepSettings()
	}
	if local {
		if s.tx == nil { // it ends with the statement
			_, err := settingsOf{}.set(name, value)
			return err
		}
		x.keepLocal(name)
	}
	if _, err := s.settings.set(name, value); err != nil {
		return err
	}
	if out := s.outside; out != nil {
		out.mu.Lock()
		out.made = append(out.made, settingMade{name, value, local})
		out.mu.Unlock()
	}
	return x.changed(name)
}

// settingName is a setting's name as the table spells it.
func settingName(name string) string {
	if known, ok := findSetting(name); ok {
		return known.name
	}
	return strings.ToLower(name)
}

// keepLocal keeps a setting's value for the end of the open transaction, before SET LOCAL hides it.
func (x *executing) keepLocal(name string) {
	s := x.session
	if s.tx.local == nil {
		s.tx.local = settingsOf{}
	}
	if _, saved := s.tx.local[name]; !saved {
		old, had := s.settings[name]
		if !had {
			old = unset
		}
		s.tx.local[name] = old
	}
}

// changed makes a new value of a setting take effect and tells the client, if it follows it.
func (x *executing) changed(name string) error {
	s := x.session
	switch name {
	case "TimeZone":
		if err := s.loadEnv(); err != nil {
			return err
		}
	case "transaction_read_only":
		if s.tx != nil {
			s.tx.readOnly = s.settings[name] == "on"
		}
	case "application_name":
		v, _ := s.settings.get(name)
		s.mu.Lock()
		s.view.Application = v
		s.mu.Unlock()
	}
	if known, ok := findSetting(name); ok && known.reported {
		v, _ := s.settings.get(name)
		x.client.Parameter(known.name, v)
	}
	return nil
}

func executeReset(_ context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Reset), x.session
	if isUser(strings.ToLower(st.Name)) {
		return "RESET", nil
	}
	x.keepSettings()
	if st.Name != "" {
		known, err := s.settings.reset(st.Name)
		if err != nil {
			return "", err
		}
		if known != nil {
			return "RESET", x.changed(known.name)
		}
		return "RESET", nil
	}
	return "RESET", x.resetAll()
}

func (x *executing) resetAll() error {
	s := x.session
	for name := range s.settings {
		if name == "session_authorization" {
			continue
		}
		delete(s.settings, name)
		if err := x.changed(name); err != nil {
			return err
		}
	}
	return nil
}

func executeDiscard(_ context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.Discard)
	what := strings.ToUpper(st.What)
	if what == "ALL" {
		if x.session.tx != nil && x.session.tx.block {
			return "", sqlstate.New(sqlstate.ActiveSQLTransaction, "DISCARD ALL cannot run inside a transaction block")
		}
		x.session.forgetAll()
		if err := x.resetAll(); err != nil {
			return "", err
		}
	}
	return "DISCARD " + what, nil
}

func textField(name string) Field { return Field{Name: name, Type: types.Of(types.TextOID)} }

func planShow(_ *planning, p *Prepared) error {
	st := p.Statement.Node.(*stmt.Show)
	switch {
	case strings.EqualFold(st.Name, "all"):
		p.Fields = []Field{textField("name"), textField("setting"), textField("description")}
	default:
		known, ok := findSetting(st.Name)
		switch {
		case ok:
			p.Fields = []Field{textField(known.name)}
		case strings.Contains(st.Name, "."):
			p.Fields = []Field{textField(st.Name)}
		default:
			return unknownSetting(st.Name)
		}
	}
	return nil
}

func executeShow(_ context.Context, x *executing) (string, error) {
	st, s := x.prepared.Statement.Node.(*stmt.Show), x.session
	if strings.EqualFold(st.Name, "all") {
		rows := make([][]string, len(settings))
		for i := range settings {
			v, _ := s.settings.get(settings[i].name)
			rows[i] = []string{settings[i].name, v, settings[i].comment}
		}
		return "SHOW", x.client.Rows(textBatch(rows))
	}
	v, ok := s.settings.get(st.Name)
	if !ok {
		return "", unknownSetting(st.Name)
	}
	if known, isKnown := findSetting(st.Name); isKnown && known.name == "transaction_read_only" {
		v = onOff(s.tx != nil && s.tx.readOnly)
	}
	return "SHOW", x.client.Rows(textBatch([][]string{{v}}))
}

// textBatch is rows of text.
func textBatch(rows [][]string) *delta.Batch {
	b := &delta.Batch{Len: len(rows)}
	if len(rows) == 0 {
		return b
	}
	for c := range rows[0] {
		col := delta.NewColumn(types.Bytes, len(rows))
		for _, r := range rows {
			col.AppendString(r[c])
		}
		b.Cols = append(b.Cols, col)
	}
	return b
}
