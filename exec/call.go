package exec

import (
	"bytes"
	"encoding/binary"
	"math"

	"tarn/delta"
	"tarn/sql/functions"
	"tarn/sql/types"
	"tarn/storage/state"
)

// callKind is how one aggregate of a group is kept.
type callKind uint8

const (
	fixedState   callKind = iota // functions.Aggregate.Update, in the fixed part of the group
	varyingState                 // functions.Aggregate.Fold, in the varying part
	bestFixed                    // min or max of a number whose input only grows: the best value, in the fixed part
	bestVarying                  // the same of other types, in the varying part
	extreme                      // min or max: all values, ordered, in values
	collected                    // functions.Aggregate.Collect: all values, ordered, in values
)

// call is one aggregate call of an aggregate operator.
type call struct {
	fn       *functions.Aggregate
	ctx      *functions.Context
	kind     callKind
	args     int          // index of its first argument among the operator's columns
	ts       []types.Type // of its arguments
	filter   int          // index of its filter, or -1
	orderBy  int          // index of its first sort key
	order    sortOrder    // of what is collected: by the sort keys,
	byValue  sortOrder    // then by the arguments
	skipNull bool

	count   int // where in the group the count of its rows is; 0: the count of the group's rows serves
	at      int // where in the group its fixed state is
	size    int
	tail    int  // number of its varying state
	unique  bool // DISTINCT, where values are kept
	keepArg bool // values equal under SQL may differ: the one that was counted is kept

	distinct *state.Map      // group key, argument keys -> count (8 bytes), flag (1 byte) if forms, exact arguments if keepArg
	forms    *forms          // of the arguments of DISTINCT that may come in several, and go again; else nil
	values   *state.Multimap // group key -> values in order
}

// scratch is memory a worker reuses from row to row.
type scratch struct {
	key, row []byte
}

// add brings row i into the call's state.
func (c *call) add(a *aggregate, w *aggregateWorker, g *group, i int, count int64) error {
	args := a.cols[c.args : c.args+len(c.ts)]
	switch {
	case c.distinct == nil:
		return c.fold(a, w, g, args, i, count)
	case c.forms != nil:
		return c.addForms(a, w, g, args, i, count)
	}
	change, rep, err := c.addDistinct(w, g, args, i, count)
	if err != nil || change == 0 {
		return err
	}
	if rep != nil {
		args, i = rep, 0
	}
	return c.fold(a, w, g, args, i, change)
}

// fold brings row i of the arguments into what the call keeps of the group.
func (c *call) fold(a *aggregate, w *aggregateWorker, g *group, args []delta.Column, i int, count int64) error {
	had := int64(0)
	if c.count != 0 {
		had = readInt(g.val[c.count:])
		addInt(g.val[c.count:], count)
	}
	switch c.kind {
	case fixedState:
		if c.fn.Update != nil {
			c.fn.Update(g.val[c.at:c.at+c.size:c.at+c.size], args, i, count)
		}
	case varyingState:
		from, to := a.tail(g.val, c.tail)
		var s []byte
		if from < to {
			s = g.val[from:to:to]
		}
		return a.setTail(w, g, c.tail, c.fn.Fold(s, args, i, count))
	case bestFixed:
		s := g.val[c.at : c.at+8]
		v := args[0].Datum(i)
		if had <= 0 || c.better(v, fixedDatum(args[0].Kind, s)) {
			putFixed(args[0].Kind, s, v)
		}
	case bestVarying:
		from, to := a.tail(g.val, c.tail)
		v := args[0].Datum(i)
		if had <= 0 || c.better(v, types.Datum{Bytes: g.val[from:to]}) {
			return a.setTail(w, g, c.tail, v.Bytes)
		}
	case extreme, collected:
		w.scratch.row = c.appendValue(w.scratch.row[:0], a.cols, i)
		_, _, err := c.values.Add(g.hash, g.key, w.scratch.row, count)
		return err
	}
	return nil
}

// addInts brings rows into a minimum or maximum of numbers that only grow by comparing the best of them with it, and tells whether
// it could. All that is an Int64 is ordered as integers are.
func (c *call) addInts(a *aggregate, g *group, rows []int32, b *delta.Batch) bool {
	if c.kind != bestFixed || c.filter >= 0 || b.Counts != nil {
		return false
	}
	arg := &a.cols[c.args]
	if arg.Kind != types.Int64 || arg.Valid != nil {
		return false
	}
	best := arg.Ints[rows[0]]
	if c.fn.Extreme > 0 {
		for _, i := range rows {
			best = max(best, arg.Ints[i])
		}
	} else {
		for _, i := range rows {
			best = min(best, arg.Ints[i])
		}
	}
	had := readInt(g.val[c.count:])
	addInt(g.val[c.count:], int64(len(rows)))
	if s := g.val[c.at : c.at+8]; had <= 0 || c.better(types.Datum{Int: best}, fixedDatum(types.Int64, s)) {
		putFixed(types.Int64, s, types.Datum{Int: best})
	}
	return true
}

// addDistinct counts a row's arguments and returns how the number of their appearances among the distinct ones changes: by
// 1, -1 or 0. If rep is not nil, its row 0 are the arguments that stand for the equal ones.
func (c *call) addDistinct(w *aggregateWorker, g *group, args []delta.Column, i int, count int64) (change int64, rep []delta.Column, err error) {
	hash, key := c.distinctKey(w, g, args, i)
	size := 8
	if c.keepArg {
		val, found, err := c.distinct.Get(hash, key)
		if err != nil {
			return 0, nil, err
		}
		if found {
			size = len(val)
		} else {
			w.scratch.row = delta.AppendRow(w.scratch.row[:0], &delta.Batch{Cols: args}, i)
			size = 8 + len(w.scratch.row)
		}
	}
	val, existed, err := c.distinct.Put(hash, key, size)
	if err != nil {
		return 0, nil, err
	}
	if !existed {
		copy(val[8:], w.scratch.row[:size-8])
	}
	before := readInt(val)
	after := before + count
	binary.LittleEndian.PutUint64(val, uint64(after))
	if before <= 0 && after > 0 {
		change = 1
	} else if before > 0 && after <= 0 {
		change = -1
	}
	if change != 0 && c.keepArg {
		rep = newColumns(c.ts, 1)
		if _, err := delta.DecodeColumns(rep, val[8:]); err != nil {
			return 0, nil, err
		}
	}
	if after == 0 {
		_, err = c.distinct.Delete(hash, key)
	}
	return change, rep, err
}

// distinctKey is the key of a row's arguments in distinct, in the memory of w.
func (c *call) distinctKey(w *aggregateWorker, g *group, args []delta.Column, i int) (hash uint64, key []byte) {
	key = append(w.scratch.key[:0], g.key...)
	for j, t := range c.ts {
		key = delta.AppendKeyColumn(key, &args[j], t, i)
	}
	w.scratch.key = key
	key = shortKey(key)
	return delta.HashKey(key), key
}

// final appends the call's value to out.
func (c *call) final(a *aggregate, w *aggregateWorker, g *group, out *delta.Column) error {
	rows := readInt(g.val[c.count:])
	switch c.kind {
	case fixedState:
		c.fn.Final(c.ctx, g.val[c.at:c.at+c.size:c.at+c.size], rows, out)
	case varyingState:
		from, to := a.tail(g.val, c.tail)
		c.fn.Final(c.ctx, g.val[from:to:to], rows, out)
	case bestFixed:
		if rows <= 0 {
			out.AppendNull()
		} else {
			out.AppendDatum(fixedDatum(out.Kind, g.val[c.at:]))
		}
	case bestVarying:
		if rows <= 0 {
			out.AppendNull()
		} else {
			from, to := a.tail(g.val, c.tail)
			out.AppendBytes(g.val[from:to])
		}
	case extreme:
		return c.finalExtreme(g, out)
	case collected:
		return c.finalCollected(g, out)
	}
	return nil
}

func (c *call) finalExtreme(g *group, out *delta.Column) error {
	end := c.values.First
	if c.fn.Extreme > 0 {
		end = c.values.Last
	}
	row, _, found, err := end(g.hash, g.key)
	if err != nil {
		return err
	}
	if !found {
		out.AppendNull()
		return nil
	}
	switch out.Kind {
	case types.Int64:
		out.AppendInt(int64(binary.BigEndian.Uint64(row[1:]) ^ 1<<63))
	case types.Float64:
		out.AppendFloat(keyFloat(row[1:9]))
		if len(row) > 9 {
			out.Floats[out.Len()-1] = math.Copysign(0, -1)
		}
	default:
		_, exact := splitSortedRow(row)
		cols := []delta.Column{*out}
		_, err = delta.DecodeColumns(cols, exact)
		*out = cols[0]
	}
	return err
}

func (c *call) finalCollected(g *group, out *delta.Column) error {
	args := newColumns(c.ts, 16)
	var (
		n    int
		last []byte
		bad  error
		held int64 // of the query's memory
	)
	take := func(bytes int64) error {
		if c.ctx.Room == nil {
			return nil
		}
		if err := c.ctx.Room(bytes); err != nil {
			return err
		}
		held += bytes
		return nil
	}
	defer func() { _ = take(-held) }()
	err := c.values.Each(g.hash, g.key, func(row []byte, count int64) bool {
		key, exact := splitSortedRow(row)
		if c.unique {
			if n > 0 && bytes.Equal(key, last) || count <= 0 {
				return true
			}
			last, count = append(last[:0], key...), 1
		}
		for ; count > 0; count-- {
			// The values here, once more in the result, and slices that double when they grow.
			if bad = take(3 * int64(len(exact)+8*len(args))); bad != nil {
				return false
			}
			if _, bad = delta.DecodeColumns(args, exact); bad != nil {
				return false
			}
			n++
		}
		return true
	})
	if err == nil {
		err = bad
	}
	if err != nil {
		return err
	}
	if n == 0 {
		out.AppendNull()
	} else {
		c.fn.Collect(c.ctx, args, n, out)
	}
	return nil
}

// appendValue appends what values keeps of row i: for a min or max of numbers the key, which determines the value, but for a byte
// more that tells -0 from 0; else a sorted row.
func (c *call) appendValue(dst []byte, cols []delta.Column, i int) []byte {
	args := cols[c.args : c.args+len(c.ts)]
	if c.kind == extreme && (args[0].Kind == types.Int64 || args[0].Kind == types.Float64) {
		dst = delta.AppendKeyColumn(dst, &args[0], c.ts[0], i)
		if args[0].Kind == types.Float64 && args[0].Floats[i] == 0 && math.Signbit(args[0].Floats[i]) {
			dst = append(dst, 0) // behind 0, whose key it has
		}
		return dst
	}
	from := len(dst)
	dst = c.order.append(dst, cols[c.orderBy:], i)
	dst = c.byValue.append(dst, args, i)
	mid := len(dst)
	dst = delta.AppendRow(dst, &delta.Batch{Cols: args}, i)
	return endSortedRow(dst, from, mid)
}

// better tells whether v comes before the best value so far in the direction of the aggregate.
func (c *call) better(v, best types.Datum) bool {
	return types.Compare(c.ts[0], v, best)*c.fn.Extreme > 0
}

func fixedDatum(kind types.Kind, s []byte) types.Datum {
	if kind == types.Float64 {
		return types.Datum{Float: math.Float64frombits(binary.LittleEndian.Uint64(s))}
	}
	return types.Datum{Int: readInt(s)}
}

func putFixed(kind types.Kind, s []byte, d types.Datum) {
	if kind == types.Float64 {
		binary.LittleEndian.PutUint64(s, math.Float64bits(d.Float))
	} else {
		binary.LittleEndian.PutUint64(s, uint64(d.Int))
	}
}

// keyFloat is the inverse of types.AppendKeyFloat, but for -0, which is 0.
func keyFloat(key []byte) float64 {
	u := binary.BigEndian.Uint64(key)
	switch {
	case u == math.MaxUint64:
		return math.NaN()
	case u>>63 != 0:
		return math.Float64frombits(u &^ (1 << 63))
	default:
		return math.Float64frombits(^u)
	}
}
