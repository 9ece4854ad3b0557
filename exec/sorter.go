package exec

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"unsafe"

	"tarn/delta"
	"tarn/planner/plan"
	"tarn/sql/functions"
)

// sorter is the final ORDER BY of a one-time query, with its OFFSET and LIMIT. Rows equal in the order stay as they came.
// With a limit it keeps no more than some multiple of the rows wanted, and looks at those behind the last of them only to
// drop them.
type sorter struct {
	exprs   exprs
	order   sortOrder
	visible int
	offset  int64
	limit   int64
	send    func(*delta.Batch) error
	cols    []delta.Column
	batches []*delta.Batch
	rows    []sortRow
	data    []byte // sort keys
	worst   []byte // key of the last row that can be among those wanted; nil: not known yet
	held    int64  // of the query's memory
}

// sortRow is one row: its sort key, the front of it as a number, and where the row is.
type sortRow struct {
	front     uint64
	at, end   int
	batch, in int32
}

func newSorter(fn *functions.Context, q *plan.Query, offset, limit int64, send func(*delta.Batch) error) *sorter {
	s := &sorter{order: newSortOrder(q.OrderBy), visible: q.Visible, offset: offset, limit: limit, send: send}
	for _, o := range q.OrderBy {
		x := compileExprs(fn, o.Expr)
		s.exprs.progs, s.exprs.ts = append(s.exprs.progs, x.progs[0]), append(s.exprs.ts, x.ts[0])
	}
	s.exprs.fn = fn
	return s
}

func (s *sorter) states() []keeper { return nil }

// wanted is how many rows of the order are looked at.
func (s *sorter) wanted() int64 {
	if s.limit > math.MaxInt64-s.offset {
		return math.MaxInt64
	}
	return s.offset + s.limit
}

func (s *sorter) push(n *node, _ int, b *delta.Batch) error {
	b, cols, err := s.exprs.eval(n, b, s.cols[:0])
	if err != nil {
		return err
	}
	s.cols = cols
	batch, used := int32(len(s.batches)), false
	rows, keys := len(s.rows), len(s.data)
	for i := range b.Len {
		at := len(s.data)
		s.data = s.order.append(s.data, cols, i)
		if s.worst != nil && bytes.Compare(s.data[at:], s.worst) >= 0 {
			s.data = s.data[:at]
			continue
		}
		row := sortRow{front: front(s.data[at:]), at: at, end: len(s.data), batch: batch, in: int32(i)}
		for count := min(b.Count(i), s.wanted()); count > 0; count-- {
			if len(s.rows)%repeatRows == 0 && n.flow.ctx.Err() != nil {
				return n.flow.ctx.Err()
			}
			s.rows = append(s.rows, row)
			used = true
		}
	}
	bytes := bytesOfRows(len(s.rows)-rows, len(s.data)-keys)
	if used {
		b = b.Project(columnsOf(s.visible))
		s.batches = append(s.batches, b)
		bytes += b.Bytes()
	}
	s.held += bytes
	if err := n.flow.take(bytes); err != nil {
		return err
	}
	if w := s.wanted(); w < math.MaxInt64/2 && int64(len(s.rows)) > 2*w && (len(s.rows) > pruneRows || s.held > pruneBytes) {
		s.prune(int(w))
		held := bytesOfRows(len(s.rows), len(s.data)) + s.batches[0].Bytes()
		err := n.flow.take(held - s.held)
		s.held = held
		return err
	}
	return nil
}

// So much is kept before it is looked at which rows will do: seldom enough to cost little, often enough to hold little.
const (
	pruneRows  = 8192
	pruneBytes = 4 << 20
)

// bytesOfRows is the memory of rows and their keys, in slices that double when they grow.
func bytesOfRows(rows, keys int) int64 {
	return 2 * (int64(rows)*int64(unsafe.Sizeof(sortRow{})) + int64(keys))
}

// front is the first bytes of a key, so that most comparisons need no more.
func front(key []byte) uint64 {
	if len(key) >= 8 {
		return binary.BigEndian.Uint64(key)
	}
	var b [8]byte
	copy(b[:], key)
	return binary.BigEndian.Uint64(b[:])
}

func (s *sorter) sort() {
	slices.SortFunc(s.rows, func(a, b sortRow) int {
		if a.front != b.front {
			if a.front < b.front {
				return -1
			}
			return 1
		}
		if c := bytes.Compare(s.data[a.at:a.end], s.data[b.at:b.end]); c != 0 {
			return c
		}
		if a.batch != b.batch {
			return int(a.batch - b.batch)
		}
		return int(a.in - b.in)
	})
}

// prune keeps the first w rows, and copies them so that the memory of all others goes.
func (s *sorter) prune(w int) {
	s.sort()
	s.rows = s.rows[:w]
	kept := s.gather(s.rows)
	s.batches = []*delta.Batch{kept}
	data := make([]byte, 0, w*16)
	for i := range s.rows {
		r := &s.rows[i]
		at := len(data)
		data = append(data, s.data[r.at:r.end]...)
		r.at, r.end, r.batch, r.in = at, len(data), 0, int32(i)
	}
	s.data = data
	last := s.rows[w-1]
	s.worst = append([]byte(nil), data[last.at:last.end]...)
}

// gather is the rows named, in that order.
func (s *sorter) gather(rows []sortRow) *delta.Batch {
	first := s.batches[rows[0].batch]
	out := &delta.Batch{Cols: make([]delta.Column, len(first.Cols))}
	if len(s.batches) == 1 {
		sel := make([]int32, len(rows))
		for i := range rows {
			sel[i] = rows[i].in
		}
		for c := range out.Cols {
			out.Cols[c] = first.Cols[c].Gather(sel)
		}
		out.Len = len(rows)
		return out
	}
	for c := range out.Cols {
		col := delta.NewColumn(first.Cols[c].Kind, len(rows))
		for i := range rows {
			col.AppendRow(&s.batches[rows[i].batch].Cols[c], int(rows[i].in))
		}
		out.Cols[c] = col
	}
	out.Len = len(rows)
	return out
}

// sendRows is how many rows are sent in one batch.
const sendRows = 4096

func (s *sorter) flush(n *node) error {
	s.sort()
	rows := s.rows
	rows = rows[min(int64(len(rows)), s.offset):]
	rows = rows[:min(int64(len(rows)), s.limit)]
	for len(rows) > 0 {
		if err := n.flow.ctx.Err(); err != nil {
			return err
		}
		part := rows[:min(sendRows, len(rows))]
		rows = rows[len(part):]
		if err := s.send(s.gather(part)); err != nil {
			return err
		}
	}
	return nil
}
