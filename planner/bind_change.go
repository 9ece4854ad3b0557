package planner

import (
	"tarn/catalog"
	"tarn/planner/plan"
	"tarn/sql/decode"
	"tarn/sql/expr"
	"tarn/sql/stmt"
	"tarn/sql/types"
)

// Change is a planned UPDATE or DELETE. Source has, for every row to be changed, with its count: all columns of the row as it
// is, for an UPDATE then all columns of the row as it shall be, then the columns of RETURNING.
type Change struct {
	Relation  *catalog.Relation
	Source    plan.Node
	Update    bool
	Returning *Returning // nil: none; its expressions are columns of Source already
	Params    []types.Type
	Rules     []string // names of the rewrite rules that applied
}

// Update plans an UPDATE. A row that FROM matches several times is changed once.
func Update(cat *catalog.Snapshot, env *Env, st *stmt.Update) (*Change, error) {
	return change(cat, env, changing{
		with: st.With, table: st.Table, alias: st.Alias, set: st.Set, update: true,
		from: st.From, where: st.Where, cursor: st.CurrentOf, returning: st.Returning,
	})
}

// Delete plans a DELETE.
func Delete(cat *catalog.Snapshot, env *Env, st *stmt.Delete) (*Change, error) {
	return change(cat, env, changing{
		with: st.With, table: st.Table, alias: st.Alias,
		from: st.Using, where: st.Where, cursor: st.CurrentOf, returning: st.Returning,
	})
}

// changing is what UPDATE and DELETE have in common.
type changing struct {
	with      decode.QueryRef
	table     stmt.Name
	alias     string
	set       []stmt.Assignment
	update    bool
	from      []decode.TableExpr
	where     decode.Handle
	cursor    string
	returning []decode.SelectItem
}

func change(cat *catalog.Snapshot, env *Env, st changing) (_ *Change, err error) {
	defer caught(&err)
	b := newBinder(cat, env)
	if st.cursor != "" {
		return nil, unsupported(st.table.Pos, "WHERE CURRENT OF is not supported")
	}
	rel, err := b.relation(st.table.Catalog, st.table.Schema, st.table.Name, st.table.Pos)
	if err != nil {
		return nil, err
	}
	out := &Change{Relation: rel, Update: st.update}
	outer := &scope{}
	if !st.with.IsZero() {
		if err := b.bindWith(st.with.Read(), outer); err != nil {
			return nil, err
		}
	}
	target, cols, err := b.bindRelation(rel, st.table.Pos)
	if err != nil {
		return nil, err
	}
	e := &entry{name: rel.Name, schema: rel.Schema, rel: rel, cols: cols, relation: true, plain: true}
	if st.alias != "" && st.alias != rel.Name {
		e.name, e.unaliased = st.alias, rel.Name
	}
	sc := &scope{outer: outer}
	node := target
	if len(st.from) > 0 {
		from, err := b.bindFrom(st.from, sc)
		if err != nil {
			return nil, err
		}
		if err := conflict(sc.entries, e); err != nil {
			return nil, err
		}
		node = &join{kind: plan.Inner, l: target, r: from}
	}
	sc.entries = append([]*entry{e}, sc.entries...)
	if !st.where.IsZero() {
		if node, err = b.bindWhere(st.where, sc, node); err != nil {
			return nil, err
		}
	}
	exprs := make([]expr.Expr, len(cols))
	outputs := make([]output, 0, 2*len(cols))
	for i := range cols {
		exprs[i] = b.column(cols[i].id)
	}
	positions := columnPositions(cols)
	if st.update {
		attach := &attachments{}
		c := &clause{binder: b, sc: sc, name: "UPDATE", attach: attach}
		row, err := c.assignments(rel, st.set, cols)
		if err != nil {
			return nil, err
		}
		node = attach.onto(node)
		exprs = append(exprs, row...)
		for i := range cols { // RETURNING sees the new row
			positions[cols[i].id] = len(cols) + i
		}
	}
	p := &project{in: node}
	add := func(name string, e expr.Expr) {
		id := b.newColumn(name, e.Type())
		p.items = append(p.items, item{id, e})
		outputs = append(outputs, output{named: named{name: name, id: id}})
	}
	for i, e := range exprs {
		add(rel.Columns[i%len(cols)].Name, e)
	}
	// columns of FROM that RETURNING uses travel behind the rows, and are computed over like them
	width := len(exprs)
	for _, e := range sc.entries[1:] {
		for _, col := range e.cols {
			if _, ok := positions[col.id]; !ok && len(st.returning) > 0 {
				positions[col.id] = len(p.items)
				add(col.name, b.column(col.id))
			}
		}
	}
	returning, err := b.returning(st.returning, sc, positions)
	if err != nil {
		return nil, err
	}
	var source logical = p
	if len(st.from) > 0 {
		source = b.onceEach(rel, target, p, outputs)
	}
	root := b.lowered(source, outputIDs(outputs), outputs)
	if returning != nil {
		out.Returning = returning
		final := &plan.Project{Input: root.node}
		schema := root.node.Schema()
		for i := 0; i < width; i++ {
			final.Exprs = append(final.Exprs, &expr.Column{T: schema[i].Type, Index: i, Name: schema[i].Name})
			final.Fields = append(final.Fields, schema[i])
		}
		final.Exprs = append(final.Exprs, returning.Exprs...)
		final.Fields = append(final.Fields, returning.Fields...)
		root.node = final
	}
	out.Source, out.Rules = optimise(root.node, once, b.ctx)
	out.Params, err = b.paramTypes()
	return out, err
}

// onceEach keeps one match for each row of the target. Without a key equal rows are told apart by nothing: they are joined
// back, so that each of them is changed.
func (b *binder) onceEach(rel *catalog.Relation, target logical, p *project, outputs []output) logical {
	key := rel.Key
	if key == nil {
		for i := range rel.Columns {
			key = append(key, i)
		}
	}
	first := &topK{in: p, limit: &expr.Const{T: int8Type, Value: types.Datum{Int: 1}}}
	for _, k := range key {
		first.keys = append(first.keys, b.column(outputs[k].id))
	}
	if rel.Key != nil {
		return first
	}
	ids := target.columns()
	copyOf := &project{in: target}
	var on []expr.Expr
	for i := range ids {
		fresh := b.newColumn(rel.Columns[i].Name, rel.Columns[i].Type)
		copyOf.items = append(copyOf.items, item{fresh, b.column(ids[i])})
		same, err := b.notDistinct(b.column(fresh), b.column(outputs[i].id), 0, 0, 0, true)
		if err == nil {
			on = append(on, same)
		}
	}
	return &join{kind: plan.Inner, l: copyOf, r: first, on: and(on...)}
}
