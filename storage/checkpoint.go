package storage

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// maxBatch bounds one checkpoint: Pebble counts the bytes of a batch in 32 bits, and a checkpoint that took two batches
// would not be atomic.
const maxBatch = 3 << 30

// Checkpoint collects what changed since the last one. Its methods are called by the one goroutine that turns epochs,
// which hands it over with Commit and must not touch it afterwards.
//
// Within a checkpoint a key is written once. Ranges are deleted after everything else, so that they also take away what
// the same checkpoint wrote into them.
type Checkpoint struct {
	store  *Store
	number uint64
	epoch  uint64
	bytes  []byte // keys and values of ops, one after the other
	ops    []op
	later  []func(*Batch) error
	drops  [][2][]byte

	laterBytes int       // what later will write, about
	stretches  []stretch // of ops, in the order of their keys, once sorted

	cut, catalogue []byte
	done           func(error)
}

// op is one key in Checkpoint.bytes: key, then value. The beginning of the key tells most of them apart.
type op struct {
	first, second  uint64
	at, key, value uint32
	kind           opKind
}

type opKind uint8

const (
	opPut opKind = iota
	opDelete
)

// Begin starts the checkpoint of the state after epoch. The previous one may still be in the background.
func (s *Store) Begin(epoch uint64) *Checkpoint {
	cp := s.spare.Swap(nil)
	if cp == nil {
		cp = &Checkpoint{store: s}
	}
	s.begun++
	cp.number, cp.epoch = s.begun, epoch
	return cp
}

// Number counts the checkpoints begun since the store was opened, from 1.
func (cp *Checkpoint) Number() uint64 { return cp.number }

// Epoch is the epoch the checkpoint holds the state of.
func (cp *Checkpoint) Epoch() uint64 { return cp.epoch }

// Bytes is the memory taken by the keys and values collected so far, Later not included.
func (cp *Checkpoint) Bytes() int { return len(cp.bytes) }

// Put sets the key prefix‖key. All three are copied.
func (cp *Checkpoint) Put(prefix, key, value []byte) { cp.add(opPut, prefix, key, value) }

// Delete removes the key prefix‖key, whether it exists or not.
func (cp *Checkpoint) Delete(prefix, key []byte) { cp.add(opDelete, prefix, key, nil) }

func (cp *Checkpoint) add(kind opKind, prefix, key, value []byte) {
	at := len(cp.bytes)
	if at > maxBatch {
		return // Commit refuses it
	}
	cp.bytes = append(append(append(cp.bytes, prefix...), key...), value...)
	cp.ops = append(cp.ops, newOp(cp.bytes[at:at+len(prefix)+len(key)], at, len(value), kind))
}

// Later has write called on the committing goroutine, where it may take its time, and where about so many bytes are kept
// ready for it. What it reads must be immutable, and it must write other keys than the rest of the checkpoint, best in
// ascending order.
func (cp *Checkpoint) Later(bytes int, write func(*Batch) error) {
	cp.later = append(cp.later, write)
	cp.laterBytes += bytes
}

// DeleteRange removes all keys k with lo <= k < hi. The bounds are kept, not copied.
func (cp *Checkpoint) DeleteRange(lo, hi []byte) { cp.drops = append(cp.drops, [2][]byte{lo, hi}) }

// DropID removes everything stored under an id, in all spaces. What is open under the id must not be used again; a later
// checkpoint may fill it anew.
func (cp *Checkpoint) DropID(id uint32) {
	for space := SpaceMeta + 1; space < spaceEnd; space++ {
		lo := Prefix(nil, space, id)
		cp.DeleteRange(lo, PrefixEnd(nil, lo))
	}
}

// Commit hands the checkpoint to the background, with the cut that its epoch includes and the catalogue; a nil catalogue
// leaves the stored one as it is. Both are owned by the store from here on.
//
// done, if not nil, is called once on another goroutine: with nil after the checkpoint is committed and Snapshot returns
// it, or with an error. After an error the store takes no checkpoint any more (see Store.Err); it stays readable, the
// log has everything since the last one, and opening the store again continues from there.
func (cp *Checkpoint) Commit(cut, catalogue []byte, done func(error)) {
	cp.cut, cp.catalogue, cp.done = cut, catalogue, done
	cp.store.enqueue(cp)
}

// write builds the batch; called on the committing goroutine.
func (cp *Checkpoint) write(b *Batch) error {
	if len(cp.bytes) > maxBatch {
		return fmt.Errorf("checkpoint of epoch %d exceeds %d bytes", cp.epoch, maxBatch)
	}
	cp.sort()
	for _, s := range cp.stretches {
		for _, o := range cp.ops[s.from:s.to] {
			key := cp.bytes[o.at : o.at+o.key]
			switch o.kind {
			case opPut:
				b.Put(nil, key, cp.bytes[o.at+o.key:o.at+o.key+o.value])
			case opDelete:
				b.Delete(nil, key)
			}
		}
	}
	for _, write := range cp.later {
		if err := write(b); err != nil {
			return err
		}
	}
	for _, r := range cp.drops {
		b.deleteRange(r[0], r[1])
	}
	if cp.catalogue != nil {
		b.Put(nil, keyCatalogue, cp.catalogue)
	}
	b.Put(nil, keyMeta, append(binary.AppendUvarint(nil, cp.epoch), cp.cut...))
	return b.err
}

// sort orders the keys: Pebble takes a large sorted batch at a third of the cost of a random one. Operators write shard by shard,
// so the keys come in stretches of the same first six bytes, which are short, nearly sorted, and each shard's only one: the
// stretches are ordered, and each in itself.
func (cp *Checkpoint) sort() {
	cp.stretches = cp.stretches[:0]
	for i := range cp.ops {
		prefix := cp.ops[i].first >> 16
		if last := len(cp.stretches) - 1; last < 0 || cp.stretches[last].prefix != prefix {
			cp.stretches = append(cp.stretches, stretch{prefix: prefix, from: i})
		}
		cp.stretches[len(cp.stretches)-1].to = i + 1
	}
	slices.SortFunc(cp.stretches, func(a, b stretch) int { return cmp.Compare(a.prefix, b.prefix) })
	for i := 1; i < len(cp.stretches); i++ {
		if cp.stretches[i].prefix == cp.stretches[i-1].prefix { // then all of it is one
			cp.stretches = append(cp.stretches[:0], stretch{from: 0, to: len(cp.ops)})
		}
	}
	for _, s := range cp.stretches {
		slices.SortFunc(cp.ops[s.from:s.to], cp.compare)
	}
}

// stretch is the ops from to to whose keys have the same first six bytes.
type stretch struct {
	prefix   uint64
	from, to int
}

func (cp *Checkpoint) compare(a, b op) int {
	if a.first != b.first {
		return cmp.Compare(a.first, b.first)
	}
	if a.second != b.second {
		return cmp.Compare(a.second, b.second)
	}
	return bytes.Compare(cp.bytes[a.at:a.at+a.key], cp.bytes[b.at:b.at+b.key])
}

// newOp is the op of a key, whose first sixteen bytes are taken as two numbers that order like them.
func newOp(key []byte, at, value int, kind opKind) op {
	var buf [16]byte
	start := key
	if len(key) < len(buf) {
		copy(buf[:], key)
		start = buf[:]
	}
	return op{
		first: binary.BigEndian.Uint64(start), second: binary.BigEndian.Uint64(start[8:]),
		at: uint32(at), key: uint32(len(key)), value: uint32(value), kind: kind,
	}
}

// reset empties the checkpoint for reuse, giving up buffers that one large epoch blew up.
func (cp *Checkpoint) reset() {
	if cap(cp.bytes) > 64<<20 {
		cp.bytes, cp.ops = nil, nil
	}
	*cp = Checkpoint{store: cp.store, bytes: cp.bytes[:0], ops: cp.ops[:0], stretches: cp.stretches[:0]}
}

// Batch is a checkpoint as it is being committed.
type Batch struct {
	store *Store
	batch *pebble.Batch
	err   error

	before  *pebble.Iterator // what was committed before, opened when first needed
	scratch []byte
}

// Put sets the key prefix‖key.
func (b *Batch) Put(prefix, key, value []byte) { b.put(prefix, key, len(value), value, nil) }

// PutParts sets the key prefix‖key to head‖value.
func (b *Batch) PutParts(prefix, key, head, value []byte) {
	b.put(prefix, key, len(head)+len(value), head, value)
}

func (b *Batch) put(prefix, key []byte, n int, head, value []byte) {
	if !b.room(len(prefix) + len(key) + n) {
		return
	}
	d := b.batch.SetDeferred(len(prefix)+len(key), n)
	copy(d.Key[copy(d.Key, prefix):], key)
	copy(d.Value[copy(d.Value, head):], value)
	b.finish(d)
}

// Delete removes the key prefix‖key.
func (b *Batch) Delete(prefix, key []byte) {
	if !b.room(len(prefix) + len(key)) {
		return
	}
	d := b.batch.DeleteDeferred(len(prefix) + len(key))
	copy(d.Key[copy(d.Key, prefix):], key)
	b.finish(d)
}

// AddCount adds to the count of the key prefix‖key, which is removed at zero. What only grows is added without looking;
// to take away, the count is read first, which is cheapest when keys come in ascending order.
func (b *Batch) AddCount(prefix, key []byte, count int64) {
	if !b.room(len(prefix) + len(key) + binary.MaxVarintLen64) {
		return
	}
	var value [binary.MaxVarintLen64]byte
	if count > 0 {
		n := binary.PutVarint(value[:], count)
		d := b.batch.MergeDeferred(len(prefix)+len(key), n)
		copy(d.Key[copy(d.Key, prefix):], key)
		copy(d.Value, value[:n])
		b.finish(d)
		return
	}
	before, err := b.count(prefix, key)
	if err != nil {
		b.err = err
		return
	}
	if before+count == 0 {
		b.Delete(prefix, key)
		return
	}
	b.Put(prefix, key, value[:binary.PutVarint(value[:], before+count)])
}

// count reads the count of the key prefix‖key as of the checkpoint before.
func (b *Batch) count(prefix, key []byte) (n int64, err error) {
	if b.before == nil {
		if b.before, err = b.store.db.NewIter(nil); err != nil {
			return 0, err
		}
	}
	b.scratch = append(append(b.scratch[:0], prefix...), key...)
	if !b.before.SeekGE(b.scratch) || !bytes.Equal(b.before.Key(), b.scratch) {
		return 0, b.before.Error()
	}
	value, err := b.before.ValueAndErr()
	if err != nil {
		return 0, err
	}
	return ParseCount(value)
}

func (b *Batch) close() {
	if b.before != nil {
		_ = b.before.Close() // its errors were seen at each step
	}
	if b.batch != nil {
		_ = b.batch.Close()
	}
}

func (b *Batch) deleteRange(lo, hi []byte) {
	if err := b.batch.DeleteRange(lo, hi, nil); err != nil && b.err == nil {
		b.err = err
	}
}

func (b *Batch) room(n int) bool {
	if b.batch.Len()+n > maxBatch && b.err == nil {
		b.err = fmt.Errorf("checkpoint exceeds %d bytes", maxBatch)
	}
	return b.err == nil
}

func (b *Batch) finish(d *pebble.DeferredBatchOp) {
	if err := d.Finish(); err != nil && b.err == nil {
		b.err = err
	}
}
