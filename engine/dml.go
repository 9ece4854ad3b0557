package engine

import (
	"context"
	"strings"

	"tarn/catalog"
	"tarn/delta"
	"tarn/sql/sqlstate"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// write executes a statement that changes rows: change computes its writes against the transaction it is given. Alone, it is
// committed at once, and run again on a newer state if it lost a race; the fourth time nobody else
// commits beside it.
func (x *executing) write(ctx context.Context, change func(tx *transaction) (string, error)) (string, error) {
	if x.readOnly() {
		return "", x.errReadOnly()
	}
	if !x.last {
		return change(x.session.open())
	}
	const tries = 3
	for try := 0; ; try++ {
		tag, err := x.writeOnce(ctx, change, try == tries)
		if err != error(errConflict) || try == tries {
			return tag, err
		}
	}
}

// writeOnce is one try of write; with alone, nobody else commits before it ends.
func (x *executing) writeOnce(ctx context.Context, change func(tx *transaction) (string, error), alone bool) (string, error) {
	g := &x.session.engine.gate
	if alone {
		if err := g.enter(ctx, true); err != nil {
			return "", err
		}
		defer g.leave()
	}
	tx := x.session.newTransaction(false)
	defer tx.release()
	tag, err := change(tx)
	if err != nil {
		return "", err
	}
	tx.inside = alone
	if err := tx.commit(ctx); err != nil {
		return "", err
	}
	return tag, nil
}

func (x *executing) errReadOnly() error {
	return sqlstate.New(sqlstate.ReadOnlySQLTransaction, "cannot execute %s in a read-only transaction", writes(x.prepared.Statement.Node))
}

// writes is what a statement that writes is called where it may not.
func writes(st stmt.Statement) string {
	switch st := st.(type) {
	case *stmt.Insert:
		return "INSERT"
	case *stmt.Update:
		return "UPDATE"
	case *stmt.Delete:
		return "DELETE"
	case *stmt.Truncate:
		return "TRUNCATE TABLE"
	case *stmt.Copy:
		return "COPY FROM"
	case *stmt.CreateTable:
		if st.AsText != "" {
			return "CREATE TABLE AS"
		}
		return "CREATE TABLE"
	case *stmt.CreateStream:
		return "CREATE STREAM"
	case *stmt.CreateView:
		return "CREATE VIEW"
	case *stmt.CreateMaterializedView:
		return "CREATE MATERIALIZED VIEW"
	case *stmt.CreateSchema:
		return "CREATE SCHEMA"
	case *stmt.Drop:
		return "DROP " + st.Kind
	case *stmt.Comment:
		return "COMMENT"
	}
	return "this statement"
}

// readOnly tells whether a statement may not write: its transaction is read-only, or would be.
func (x *executing) readOnly() bool {
	if x.last || x.session.tx == nil {
		v, _ := x.session.settings.get("default_transaction_read_only")
		return v == "on"
	}
	return x.session.tx.readOnly
}

// maxWrites is how much of the memory one transaction may gather before it commits.
func (e *Engine) maxWrites() int64 { return e.cfg.Memory / 4 }

// largestValue is how long a value may be that a statement computes, and the values of a column of a batch together.
func (e *Engine) largestValue() int { return int(min(e.cfg.Memory/16, 1<<30-1)) }

// insert adds rows with all columns of a relation to what a transaction writes, after the checks that need no other rows.
// where, if not nil, says where row i of a batch comes from.
func (x *executing) insert(tx *transaction, rel *catalog.Relation, b *delta.Batch, where func(i int) string) error {
	if err := checkNotNull(rel, b, &x.session.env, where); err != nil {
		return err
	}
	if rel.Key != nil && !x.last { // the loop's check is enough for a statement that is all of its transaction
		if err := x.checkKeys(tx, rel, b); err != nil {
			return err
		}
	}
	tx.writes.add(rel.ID, b)
	return x.checkSize(tx)
}

func (x *executing) checkSize(tx *transaction) error { return x.checkRoom(tx, 0) }

// checkRoom checks what a transaction writes, and more that it is about to: against the limit of one transaction (54000), and
// against the memory that all statements share (53200).
func (x *executing) checkRoom(tx *transaction, more int64) error {
	bytes := tx.writes.bytes + more
	if limit := x.session.engine.maxWrites(); bytes > limit {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "transaction writes more than %d MiB", limit>>20).
			WithHint("Load the data in several transactions, or give the server more --memory.")
	}
	return tx.charge(bytes)
}

// checkNotNull is PostgreSQL's check of NOT NULL columns, for rows that are inserted.
func checkNotNull(rel *catalog.Relation, b *delta.Batch, env *types.Env, where func(i int) string) error {
	for c := range rel.Columns {
		if !rel.Columns[c].NotNull || b.Cols[c].Valid == nil {
			continue
		}
		for i := 0; i < b.Len; i++ {
			if b.Count(i) <= 0 || !b.Cols[c].IsNull(i) {
				continue
			}
			e := sqlstate.New(sqlstate.NotNullViolation, "null value in column %q of relation %q violates not-null constraint", rel.Columns[c].Name, rel.Name).
				WithDetail("Failing row contains (%s).", rowText(rel, b, i, env))
			e.Schema, e.Table, e.Column = rel.Schema, rel.Name, rel.Columns[c].Name
			if where != nil {
				e.Where = where(i)
			}
			return e
		}
	}
	return nil
}

// rowText is a row as PostgreSQL shows it in details of errors.
func rowText(rel *catalog.Relation, b *delta.Batch, i int, env *types.Env) string {
	parts := make([]string, len(rel.Columns))
	for c := range rel.Columns {
		d := b.Cols[c].Datum(i)
		if d.Null {
			parts[c] = "null"
			continue
		}
		text := string(types.AppendText(nil, rel.Columns[c].Type, d, env))
		if len(text) > 64 {
			text = strings.ToValidUTF8(text[:64], "") + "..."
		}
		parts[c] = text
	}
	return strings.Join(parts, ", ")
}

// checkKeys looks for rows that have the keys of new ones already, in what the transaction sees: so that the statement fails,
// not only the commit. What others commit meanwhile the loop finds. A key that is taken has been read: a block may go on after
// the error, from a savepoint.
func (x *executing) checkKeys(tx *transaction, rel *catalog.Relation, b *delta.Batch) error {
	written, seen := tx.writtenTo(rel), make(map[string]int64, b.Len)
	c, existed := tx.state.of(rel.ID) // false: made by this transaction
	keys := keyTypes(rel)
	var key []byte
	for i := 0; i < b.Len; i++ {
		key = appendKey(key[:0], rel, keys, b, i)
		own := written.count(key) + seen[string(key)]
		seen[string(key)] += b.Count(i)
		if b.Count(i) < 0 {
			continue
		}
		present := own > 0
		if !present && existed {
			_, count, err := c.rows.Get(nil, key)
			if err != nil {
				return err
			}
			if present = count+own > 0; present {
				tx.noteKey(rel, key)
			}
		}
		if present {
			return duplicateKey(rel, b, i)
		}
	}
	return nil
}

func keyTypes(rel *catalog.Relation) []types.Type {
	ts := make([]types.Type, len(rel.Key))
	for i, c := range rel.Key {
		ts[i] = rel.Columns[c].Type
	}
	return ts
}

// writable checks that a relation takes INSERT (or, with update, UPDATE and DELETE).
func writable(rel *catalog.Relation, update bool, verb string) error {
	switch {
	case rel.Kind == catalog.Table, rel.Kind == catalog.Stream && !update:
		return nil
	case rel.Kind == catalog.Stream:
		return sqlstate.New(sqlstate.WrongObjectType, "cannot %s stream %q", verb, rel.Name).
			WithDetail("A stream is append-only.").WithHint("Keep rows that change in a table.")
	case rel.Kind == catalog.System:
		return sqlstate.New("42501", "permission denied for table %s", rel.Name)
	case rel.Kind == catalog.MaterializedView:
		return sqlstate.New(sqlstate.WrongObjectType, "cannot change materialized view %q", rel.Name)
	default:
		code := sqlstate.ObjectNotInPrerequisiteState
		if verb == "copy to" || verb == "truncate" {
			code = sqlstate.WrongObjectType
		}
		return sqlstate.New(code, "cannot %s view %q", verb, rel.Name).
			WithHint("Change the tables that the view reads.")
	}
}

func executeTruncate(ctx context.Context, x *executing) (string, error) {
	st := x.prepared.Statement.Node.(*stmt.Truncate)
	return x.write(ctx, func(tx *transaction) (string, error) {
		for _, n := range st.Tables {
			rel, err := x.session.find(tx.state.Catalog, n)
			if err != nil {
				return "", err
			}
			if err := writable(rel, true, "truncate"); err != nil {
				return "", err
			}
			if err := x.deleteAll(ctx, tx, rel); err != nil {
				return "", err
			}
		}
		return "TRUNCATE TABLE", nil
	})
}

// deleteAll deletes every row a transaction sees of a table.
func (x *executing) deleteAll(ctx context.Context, tx *transaction, rel *catalog.Relation) error {
	src := &source{engine: x.session.engine, session: x.session, state: tx.state, tx: tx}
	var all []*delta.Batch
	bytes := int64(0)
	if err := src.Scan(ctx, wholeScan(rel), func(b *delta.Batch) error {
		b = b.Negate()
		all = append(all, b)
		bytes += b.Bytes()
		return x.checkRoom(tx, bytes)
	}); err != nil {
		return err
	}
	for _, b := range all {
		tx.writes.add(rel.ID, b)
	}
	return x.checkSize(tx)
}
