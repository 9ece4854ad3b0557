package log

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// small makes segments of a few records, without preallocation.
var small = Options{SegmentBytes: 2 * firstRecord, GrowOnDemand: true}

func mustOpen(t testing.TB, fs vfs.FS, opts Options) *Log {
	t.Helper()
	l, err := Open(fs, "log", opts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustClose(t testing.TB, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustAppend(t testing.TB, l *Log, rec Record) Position {
	t.Helper()
	pos, err := l.Append(rec)
	if err != nil {
		t.Fatal(err)
	}
	return pos
}

// simple is a record of one relation.
func simple(epoch uint64, relation uint32, payload string) Record {
	return Record{Epoch: epoch, Parts: []Part{{Relation: relation, Payload: []byte(payload)}}}
}

// random is a record of up to four parts of up to size bytes, which may be empty or of the same relation.
func random(rng *rand.Rand, epoch uint64, size int) Record {
	rec := Record{Epoch: epoch}
	for range rng.IntN(5) {
		p := make([]byte, rng.IntN(size+1))
		for i := range p {
			p[i] = byte(rng.Uint32())
		}
		rec.Parts = append(rec.Parts, Part{Relation: uint32(rng.IntN(4)), Payload: p})
	}
	return rec
}

func replayed(t testing.TB, l *Log, from uint64) []Record {
	t.Helper()
	var recs []Record
	err := l.Replay(from, func(rec Record) error {
		c := Record{Epoch: rec.Epoch}
		for _, p := range rec.Parts {
			c.Parts = append(c.Parts, Part{p.Relation, bytes.Clone(p.Payload)})
		}
		recs = append(recs, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return recs
}

// texts shows records as "epoch relation:payload ...", for short payloads.
func texts(recs []Record) string {
	var lines []string
	for _, rec := range recs {
		line := fmt.Sprint(rec.Epoch)
		for _, p := range rec.Parts {
			line += fmt.Sprintf(" %d:%s", p.Relation, p.Payload)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

func sameRecords(t testing.TB, got, want []Record) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	for i := range got {
		same := got[i].Epoch == want[i].Epoch && slices.EqualFunc(got[i].Parts, want[i].Parts, func(a, b Part) bool {
			return a.Relation == b.Relation && bytes.Equal(a.Payload, b.Payload)
		})
		if !same {
			t.Fatalf("record %d is of epoch %d, want epoch %d, or its parts differ", i, got[i].Epoch, want[i].Epoch)
		}
	}
}

// sameRelation compares what ReadRelation delivers with what was appended.
func sameRelation(t testing.TB, l *Log, all []Record, relation uint32, from, to uint64) {
	t.Helper()
	type part struct {
		epoch   uint64
		payload string
	}
	var want, got []part
	for _, rec := range all {
		for _, p := range rec.Parts {
			if p.Relation == relation && rec.Epoch >= from && rec.Epoch <= to {
				want = append(want, part{rec.Epoch, string(p.Payload)})
			}
		}
	}
	err := l.ReadRelation(relation, from, to, func(epoch uint64, payload []byte) error {
		got = append(got, part{epoch, string(payload)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("relation %d, epochs %d to %d: %d parts, want %d", relation, from, to, len(got), len(want))
	}
}

func readFile(t testing.TB, fs vfs.FS, name string) []byte {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func putFile(t testing.TB, fs vfs.FS, name string, content []byte) {
	t.Helper()
	// A vfs.File may change what it is given to write.
	if err := writeFile(fs, name+".new", name, bytes.Clone(content)); err != nil {
		t.Fatal(err)
	}
}

// withSegment is a file system with a log of one segment of these bytes.
func withSegment(t testing.TB, content []byte) vfs.FS {
	t.Helper()
	fs := vfs.NewMem()
	fs.MkdirAll("log", 0o755)
	putFile(t, fs, "log/00000001.log", content)
	return fs
}

// What was appended comes back: over many segments, before and after a restart, from any epoch and by relation.
func TestRoundTrip(t *testing.T) {
	for _, opts := range []Options{small, {SegmentBytes: 64 << 10}} {
		t.Run(fmt.Sprintf("%+v", opts), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			fs := vfs.NewMem()
			var all []Record
			for range 4 {
				l := mustOpen(t, fs, opts)
				for range 100 {
					epoch := l.LastEpoch() + 1 + rng.Uint64N(2)
					all = append(all, random(rng, epoch, 1000))
					mustAppend(t, l, all[len(all)-1])
				}
				check := func() {
					sameRecords(t, replayed(t, l, 0), all)
					from := all[rng.IntN(len(all))].Epoch
					i := slices.IndexFunc(all, func(r Record) bool { return r.Epoch >= from })
					sameRecords(t, replayed(t, l, from), all[i:])
					for relation := range uint32(5) {
						sameRelation(t, l, all, relation, 0, l.LastEpoch())
						sameRelation(t, l, all, relation, from, from+rng.Uint64N(50))
					}
				}
				check()
				mustClose(t, l)
				l = mustOpen(t, fs, opts)
				check()
				if st := l.Stats(); st.Records != int64(len(all)) || st.LastEpoch != all[len(all)-1].Epoch || st.CutBytes != 0 || st.Background != nil {
					t.Fatalf("stats %+v after %d records", st, len(all))
				}
				mustClose(t, l)
			}
		})
	}
}

// A record larger than a segment gets its own, and one larger than the write buffer is written in pieces.
func TestLargeRecord(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	all := []Record{
		simple(1, 1, "small"),
		{Epoch: 2, Parts: []Part{
			{1, bytes.Repeat([]byte("large"), 5000)},
			{2, bytes.Repeat([]byte("x"), 2*chunkBytes+17)},
			{3, []byte("end")},
		}},
		simple(3, 1, "small"),
	}
	for _, rec := range all {
		mustAppend(t, l, rec)
	}
	sameRecords(t, replayed(t, l, 0), all)
	mustClose(t, l)
	l = mustOpen(t, fs, small)
	sameRecords(t, replayed(t, l, 0), all)
	sameRelation(t, l, all, 2, 0, 9)
	if st := l.Stats(); st.Segments != 3 {
		t.Fatalf("%d segments, want 3", st.Segments)
	}
	mustClose(t, l)
}

// An append that is not synced yet is not shown to any reader.
func TestReadersSeeOnlyDurableRecords(t *testing.T) {
	l := mustOpen(t, vfs.NewMem(), small)
	defer l.Close()
	mustAppend(t, l, simple(1, 7, "a"))
	if _, err := l.AppendNoSync(simple(2, 7, "b")); err != nil {
		t.Fatal(err)
	}
	sameRelation(t, l, []Record{simple(1, 7, "a")}, 7, 0, 9)
	if got := texts(replayed(t, l, 0)); got != "1 7:a" {
		t.Fatal(got)
	}
	if err := l.Sync(); err != nil {
		t.Fatal(err)
	}
	if got := texts(replayed(t, l, 0)); got != "1 7:a, 2 7:b" {
		t.Fatal(got)
	}
}

// Epochs grow; an epoch that does not is refused and changes nothing.
func TestEpochsGrow(t *testing.T) {
	l := mustOpen(t, vfs.NewMem(), small)
	defer l.Close()
	mustAppend(t, l, simple(5, 1, "a"))
	for _, epoch := range []uint64{0, 4, 5} {
		if _, err := l.Append(simple(epoch, 1, "b")); err == nil {
			t.Fatalf("epoch %d was appended after 5", epoch)
		}
	}
	if got := texts(replayed(t, l, 0)); got != "5 1:a" {
		t.Fatal(got)
	}
}

func TestSecondServerIsRefused(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	_, err := Open(fs, "log", small)
	var state *sqlstate.Error
	if !errors.As(err, &state) || state.Code != sqlstate.ObjectInUse || state.Message != `log directory "log" is in use by another server` {
		t.Fatal(err)
	}
	mustClose(t, l)
	mustClose(t, mustOpen(t, fs, small))

	// The same on a real file system.
	dir := t.TempDir()
	if l, err = Open(vfs.Default, dir, small); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err = Open(vfs.Default, dir, small); !errors.As(err, &state) || state.Code != sqlstate.ObjectInUse {
		t.Fatal(err)
	}
}

func TestOtherVersionIsRefused(t *testing.T) {
	fs := vfs.NewMem()
	mustClose(t, mustOpen(t, fs, small))
	content := readFile(t, fs, "log/00000001.log")
	content[8] = 9
	_, err := Open(withSegment(t, content), "log", small)
	want := "log segment 1 (00000001.log) has format version 9; this server reads version 2"
	if err == nil || err.Error() != want {
		t.Fatal(err)
	}
}

// Index files are a cache: missing or damaged ones are made again, at Open or while reading.
func TestIndexFilesAreMadeAgain(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	var all []Record
	for epoch := range uint64(60) {
		all = append(all, random(rng, epoch+1, 500))
		mustAppend(t, l, all[epoch])
	}
	mustClose(t, l)

	good := readFile(t, fs, "log/00000002.idx")
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x40
		putFile(t, fs, "log/00000002.idx", bad)
		l := mustOpen(t, fs, small)
		for relation := range uint32(4) {
			sameRelation(t, l, all, relation, 0, 99)
		}
		mustClose(t, l)
	}
	fs.Remove("log/00000001.idx")
	fs.Remove("log/00000002.idx")
	l = mustOpen(t, fs, small)
	for relation := range uint32(4) {
		sameRelation(t, l, all, relation, 0, 99)
	}
	mustClose(t, l)
	if !bytes.Equal(readFile(t, fs, "log/00000002.idx"), good) {
		t.Fatal("the index file that was made again differs")
	}
}

// A prepared segment that was not needed, and the mark of an orderly stop, leave no trace in what is read.
func TestPreallocatedSegments(t *testing.T) {
	fs := vfs.NewMem()
	opts := Options{SegmentBytes: 16 << 10}
	l := mustOpen(t, fs, opts)
	var all []Record
	for epoch := range uint64(100) {
		all = append(all, simple(epoch+1, 1, strings.Repeat("p", 300)))
		mustAppend(t, l, all[epoch])
	}
	mustClose(t, l)
	names, _ := fs.List("log")
	for _, name := range names {
		if strings.HasSuffix(name, ".log") {
			if size := len(readFile(t, fs, "log/"+name)); int64(size) != opts.SegmentBytes {
				t.Errorf("%s has %d bytes, want %d", name, size, opts.SegmentBytes)
			}
		}
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s was left behind", name)
		}
	}
	l = mustOpen(t, fs, opts)
	sameRecords(t, replayed(t, l, 0), all)
	mustClose(t, l)
}
