package engine

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"tarn/catalog"
	"tarn/catalog/pgcatalog"
	"tarn/delta"
	"tarn/exec"
	"tarn/planner/plan"
	"tarn/sql/sqlstate"
	"tarn/sql/types"
	"tarn/storage/arrangement"
)

// source is what a statement reads: a state, and over it what its transaction has written so far.
type source struct {
	engine  *Engine
	session *Session // nil for the engine's own reads
	state   *State
	tx      *transaction // whose reads are noted and whose writes are seen; nil for none
	errors  bool         // the caller takes a view's errors by itself
}

// written is what the transaction has written so far; nil for nothing.
func (s *source) written() *writeSet {
	if s.tx == nil || s.tx.writes.rows == 0 {
		return nil
	}
	return &s.tx.writes
}

// scanRows is the size of the batches a scan hands on.
const scanRows = 2048

// Scan implements exec.Sources.
func (s *source) Scan(ctx context.Context, scan *exec.Scan, f func(*delta.Batch) error) error {
	rel := scan.Relation
	if s.tx != nil {
		s.tx.noteScan(scan)
	}
	switch rel.Kind {
	case catalog.System:
		b, err := pgcatalog.Rows(rel, s.engine.catalogSource(s.session, s.state), scan.Columns)
		if err != nil || b.Len == 0 {
			return err
		}
		return f(b)
	case catalog.Stream:
		if err := s.scanStream(ctx, scan, f); err != nil {
			return err
		}
		return s.scanWrites(scan, f)
	case catalog.Table, catalog.MaterializedView:
		if rel.Kind == catalog.MaterializedView && s.outdated(rel) {
			return s.recompute(ctx, scan, f)
		}
		c, ok := s.state.of(rel.ID)
		if !ok {
			return s.scanNew(scan, f)
		}
		if !s.errors && rel.Kind == catalog.MaterializedView {
			if err := firstError(ctx, c.errs); err != nil {
				return err
			}
		}
		return s.scanArrangement(ctx, scan, c.rows, f)
	}
	return fmt.Errorf("scan of relation %q of kind %d", rel.Name, rel.Kind)
}

// scanNew reads a relation that the transaction itself has made: it has what the transaction wrote.
func (s *source) scanNew(scan *exec.Scan, f func(*delta.Batch) error) error {
	rel := scan.Relation
	if s.tx == nil || s.tx.state == s.tx.base {
		return errGone(rel.Name)
	}
	if scan.Order != plan.AnyOrder {
		rows, err := s.tx.writes.of(rel.ID).inOrder(rel, scan.Order == plan.Backward)
		if err != nil || len(rows) == 0 {
			return err
		}
		b := delta.NewBatch(rel.Types(), len(rows))
		for _, r := range rows {
			if _, err := delta.DecodeRow(b, []byte(r.row)); err != nil {
				return err
			}
			b.AppendCount(1)
		}
		return f(b.Project(scan.Columns))
	}
	for _, b := range s.tx.writes.net(rel) {
		if err := f(b.Project(scan.Columns)); err != nil {
			return err
		}
	}
	return nil
}

// outdated tells whether what a state holds of a materialised view is not what the transaction must see: it has written to
// something the view is made of, or made the view itself.
func (s *source) outdated(rel *catalog.Relation) bool {
	if s.tx == nil {
		return false
	}
	if _, made := s.tx.views[rel.ID]; made {
		return true
	}
	w := s.written()
	if w == nil {
		return false
	}
	for _, id := range rel.Depends {
		below, ok := s.state.Catalog.ByID(id)
		if !ok {
			continue
		}
		if len(w.changes[id]) > 0 || below.Kind != catalog.Table && s.outdated(below) {
			return true
		}
	}
	return false
}

// recompute runs a view's query over what the transaction sees: the epoch that would bring the view up to date is the one
// that the transaction has yet to become.
func (s *source) recompute(ctx context.Context, scan *exec.Scan, f func(*delta.Batch) error) error {
	root, made := s.tx.views[scan.Relation.ID]
	if !made {
		var err error
		if root, err = s.engine.viewPlan(s.state.Catalog, scan.Relation); err != nil {
			return err
		}
	}
	q := &plan.Query{Root: root, Visible: len(root.Schema())}
	opts := exec.Options{Pool: s.engine.work, Parallel: parallel()}
	return exec.Run(ctx, q, s, opts, func(b *delta.Batch) error { return f(b.Project(scan.Columns)) })
}

// scanArrangement reads a table or view: by key where the scan has one, and less or more what the transaction wrote.
func (s *source) scanArrangement(ctx context.Context, scan *exec.Scan, view *arrangement.View, f func(*delta.Batch) error) error {
	rel := scan.Relation
	if len(scan.Columns) == 0 && (s.written() == nil || len(s.written().changes[rel.ID]) == 0) {
		return scanNumber(view, f)
	}
	if mode(rel) == arrangement.Append {
		return scanAppend(ctx, scan, view, f)
	}
	var one [1]span
	parts := spans(one[:0], scan, rel)
	if int64(len(parts)) > view.Rows()/4 && len(parts) > 1 {
		parts = []span{{}} // it is quicker to read all
	}
	scan.Exact = parts[0].lo != nil // what lies there has the Key
	size := 64
	if parts[0].point {
		size = len(parts)
	}
	full := scanRows
	if scan.Order != plan.AnyOrder { // perhaps the first few are enough
		full = 16
	}
	b := scan.NewBatch(min(size, full))
	var failed error
	add := func(row []byte, count int64) bool {
		if count == 0 {
			return true
		}
		if failed = scan.Decoder.Append(b, row, count); failed != nil {
			return false
		}
		if b.Len >= full {
			if failed = f(b); failed != nil {
				return false
			}
			full = min(2*full, scanRows)
			b = scan.NewBatch(full)
		}
		return true
	}
	backward := scan.Order == plan.Backward
	if backward {
		slices.Reverse(parts)
	}
	for _, part := range parts {
		written := s.changesOf(rel, part)
		var ahead []keyedRow // new rows that have to come in order
		if scan.Order != plan.AnyOrder {
			var err error
			if ahead, err = written.inOrder(rel, backward); err != nil {
				return err
			}
		}
		each := func(key, row []byte, count int64) bool {
			if mode(rel) == arrangement.Bag {
				row = key
			}
			for len(ahead) > 0 && (string(key) > ahead[0].key) != backward && string(key) != ahead[0].key {
				if next := ahead[0].row; !add([]byte(next), written.take([]byte(next))) {
					return false
				}
				ahead = ahead[1:]
			}
			return add(row, count+written.take(row))
		}
		if part.point {
			row, count, err := view.Get(nil, part.lo)
			if err != nil {
				return err
			}
			if count > 0 {
				each(part.lo, row, count)
			}
		} else if err := view.Scan(ctx, part.lo, part.hi, backward, each); err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
		for _, next := range ahead {
			if !add([]byte(next.row), written.take([]byte(next.row))) {
				return failed
			}
		}
		written.rest(func(row []byte, count int64) bool { return add(row, count) })
		if failed != nil {
			return failed
		}
	}
	if b.Len > 0 {
		return f(b)
	}
	return nil
}

// scanNumber reads rows of which no column is wanted: one for all.
func scanNumber(view *arrangement.View, f func(*delta.Batch) error) error {
	n := view.Rows()
	if n == 0 {
		return nil
	}
	b := delta.NewBatch(nil, 1)
	b.AppendCount(n)
	return f(b)
}

// changesOf are what the transaction has written of the rows of a relation that lie in a span.
func (s *source) changesOf(rel *catalog.Relation, part span) rowChanges {
	w := s.written()
	if w != nil && (part.lo != nil || part.hi != nil) {
		return s.tx.writtenBetween(rel, part)
	}
	return w.of(rel.ID)
}

// span is the arrangement keys from lo to before hi, where nil is no bound; or lo alone.
type span struct {
	lo, hi []byte
	point  bool
}

// spans appends to none where the rows of a scan lie, one or more, in order.
func spans(none []span, scan *exec.Scan, rel *catalog.Relation) []span {
	if len(scan.Any) == 0 || mode(rel) != arrangement.Unique {
		return append(none, bounds(scan, rel))
	}
	one := *scan
	one.Any, one.Key = nil, append(slices.Clip(scan.Key), types.Null)
	parts := slices.Grow(none, len(scan.Any))
	for _, d := range scan.Any {
		one.Key[len(scan.Key)] = d
		parts = append(parts, bounds(&one, rel))
	}
	slices.SortFunc(parts, func(a, b span) int { return bytes.Compare(a.lo, b.lo) })
	return slices.CompactFunc(parts, func(a, b span) bool { return bytes.Equal(a.lo, b.lo) })
}

// bounds are where the rows of a scan without a list of values lie.
func bounds(scan *exec.Scan, rel *catalog.Relation) span {
	if mode(rel) != arrangement.Unique || len(rel.Key) == 0 || len(scan.Key) == 0 && scan.Lo == nil && scan.Hi == nil {
		return span{}
	}
	var prefix []byte
	for i, d := range scan.Key {
		prefix = delta.AppendKeyDatum(prefix, rel.Columns[rel.Key[i]].Type, d)
	}
	if len(scan.Key) == len(rel.Key) {
		return span{lo: prefix, point: true}
	}
	t := rel.Columns[rel.Key[len(scan.Key)]].Type
	lo, hi := prefix, after(prefix)
	if scan.Lo != nil {
		lo = delta.AppendKeyDatum(append([]byte(nil), prefix...), t, scan.Lo.Value)
		if !scan.Lo.Inclusive {
			lo = after(lo)
		}
	}
	if scan.Hi != nil {
		hi = delta.AppendKeyDatum(append([]byte(nil), prefix...), t, scan.Hi.Value)
		if scan.Hi.Inclusive {
			hi = after(hi)
		}
	} else if scan.Lo != nil && len(prefix) == 0 {
		hi = nil
	}
	return span{lo: lo, hi: hi}
}

// after is the smallest key above all keys that begin with prefix; nil if there is none.
func after(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xff {
			out := append([]byte(nil), prefix[:i+1]...)
			out[i]++
			return out
		}
	}
	return nil
}

// scanAppend reads an append-only view: its batches in order.
func scanAppend(ctx context.Context, scan *exec.Scan, view *arrangement.View, f func(*delta.Batch) error) error {
	var failed error
	err := view.Scan(ctx, nil, nil, false, func(_, payload []byte, _ int64) bool {
		var b *delta.Batch
		// The payload is the view's; the batch keeps its bytes.
		if b, failed = delta.DecodeBatch(append([]byte(nil), payload...)); failed == nil {
			failed = f(b.Project(scan.Columns))
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// scanStream reads the history of a stream from the log, up to the state's epoch. Small epochs are gathered.
func (s *source) scanStream(ctx context.Context, scan *exec.Scan, f func(*delta.Batch) error) error {
	gathered := delta.NewBatch(scan.Types, 0)
	err := s.engine.log.ReadRelation(scan.Relation.ID, s.state.horizon(scan.Relation.ID), s.state.Epoch, func(epoch uint64, payload []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := delta.DecodeBatch(append([]byte(nil), payload...))
		if err != nil {
			return sqlstate.New(sqlstate.DataCorrupted, "stream %q, epoch %d: %v", scan.Relation.Name, epoch, err)
		}
		b = b.Project(scan.Columns)
		if b.Len < scanRows/2 {
			gathered.AppendBatch(b)
			if gathered.Len < scanRows {
				return nil
			}
			b, gathered = gathered, delta.NewBatch(scan.Types, scanRows)
		}
		for lo := 0; lo < b.Len; lo += appendRows {
			if err := f(b.Slice(lo, min(lo+appendRows, b.Len))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || gathered.Len == 0 {
		return err
	}
	return f(gathered)
}

// scanWrites adds what the transaction itself has put into a stream.
func (s *source) scanWrites(scan *exec.Scan, f func(*delta.Batch) error) error {
	w := s.written()
	if w == nil {
		return nil
	}
	for _, b := range w.changes[scan.Relation.ID] {
		if err := f(b.Project(scan.Columns)); err != nil {
			return err
		}
	}
	return nil
}

// firstError is an error that a view holds, the smallest in the order of its encoding, or nil.
func firstError(ctx context.Context, errs *arrangement.View) error {
	if errs == nil || errs.Rows() == 0 {
		return nil
	}
	var out error
	err := errs.Scan(ctx, nil, nil, false, func(row, _ []byte, count int64) bool {
		if count <= 0 {
			return true
		}
		b := delta.NewBatch(exec.ErrorTypes, 1)
		if _, err := delta.DecodeRow(b, row); err != nil {
			out = err
		} else {
			b.AppendCount(count)
			out = exec.ErrorAt(b, 0)
		}
		return false
	})
	if err != nil {
		return err
	}
	return out
}

// errorsOf are all errors a view holds, as a change from none.
func (s *source) errorsOf(ctx context.Context, rel *catalog.Relation) (*delta.Batch, error) {
	c, ok := s.state.of(rel.ID)
	if !ok || c.errs == nil || c.errs.Rows() == 0 {
		return nil, nil
	}
	b := delta.NewBatch(exec.ErrorTypes, int(c.errs.Rows()))
	var failed error
	err := c.errs.Scan(ctx, nil, nil, false, func(row, _ []byte, count int64) bool {
		if _, failed = delta.DecodeRow(b, row); failed == nil {
			b.AppendCount(count)
		}
		return failed == nil
	})
	if failed != nil {
		return nil, failed
	}
	return b, err
}

// writeSet is what a transaction wants to write, by relation, and visible to itself.
type writeSet struct {
	changes changes
	order   []uint32
	rows    int
	bytes   int64
}

// add takes rows with all columns of a relation.
func (w *writeSet) add(id uint32, b *delta.Batch) {
	if b.Len == 0 {
		return
	}
	if w.changes == nil {
		w.changes = changes{}
	}
	if _, ok := w.changes[id]; !ok {
		w.order = append(w.order, id)
	}
	w.changes[id] = append(w.changes[id], b)
	w.rows += b.Len
	w.bytes += b.Bytes()
}

// of are the net changes of one relation, by row.
func (w *writeSet) of(id uint32) rowChanges {
	if w == nil || len(w.changes[id]) == 0 {
		return nil
	}
	out := rowChanges{}
	var enc []byte
	for _, b := range w.changes[id] {
		for i := 0; i < b.Len; i++ {
			enc = delta.AppendRow(enc[:0], b, i)
			out[string(enc)] += b.Count(i)
		}
	}
	return out
}

// rowChanges are signed counts by exact row encoding. nil for none.
type rowChanges map[string]int64

// take is the change of a row, which it forgets.
func (c rowChanges) take(row []byte) int64 {
	if c == nil {
		return 0
	}
	n, ok := c[string(row)]
	if ok {
		delete(c, string(row))
	}
	return n
}

// rest are the changes that were not taken: rows that are new.
func (c rowChanges) rest(f func(row []byte, count int64) bool) {
	for row, count := range c {
		if count > 0 && !f([]byte(row), count) {
			return
		}
	}
}

// keyedRow is a row of a table and its key in the arrangement.
type keyedRow struct{ key, row string }

// inOrder are the rows of which there may be more, in the order of their keys.
func (c rowChanges) inOrder(rel *catalog.Relation, backward bool) ([]keyedRow, error) {
	var rows []keyedRow
	keys := keyTypes(rel)
	for row, count := range c {
		if count <= 0 {
			continue
		}
		b := delta.NewBatch(rel.Types(), 1)
		if _, err := delta.DecodeRow(b, []byte(row)); err != nil {
			return nil, err
		}
		b.AppendCount(1)
		rows = append(rows, keyedRow{string(appendKey(nil, rel, keys, b, 0)), row})
	}
	slices.SortFunc(rows, func(a, b keyedRow) int {
		if backward {
			a, b = b, a
		}
		return strings.Compare(a.key, b.key)
	})
	return rows, nil
}
