package log

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// threeRecords is a log as a crash leaves it after three synced records, with where the records start and, last, end.
func threeRecords(t *testing.T) (content []byte, starts []int64) {
	t.Helper()
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	defer l.Close()
	for epoch, payload := range []string{"one", "two", "three"} {
		rec := simple(uint64(epoch+1), 7, payload)
		rec.Parts = append(rec.Parts, Part{9, []byte("other")})
		starts = append(starts, mustAppend(t, l, rec).Offset)
	}
	return readFile(t, fs, "log/00000001.log"), append(starts, l.active.end)
}

// A write that stopped after any byte is cut, whatever follows it, and the log goes on as if it had not been tried.
func TestTornTailIsCut(t *testing.T) {
	content, starts := threeRecords(t)
	rng := rand.New(rand.NewPCG(5, 6))
	for keep := starts[2]; keep < starts[3]; keep++ {
		noise := make([]byte, 100)
		for i := range noise {
			noise[i] = byte(rng.Uint32())
		}
		for name, after := range map[string][]byte{"end of file": nil, "zeros": make([]byte, 5000), "noise": noise} {
			torn := append(bytes.Clone(content[:keep]), after...)
			fs := withSegment(t, torn)
			l := mustOpen(t, fs, small)
			if got := texts(replayed(t, l, 0)); got != "1 7:one 9:other, 2 7:two 9:other" {
				t.Fatalf("after %d bytes of the third record and %s: %s", keep-starts[2], name, got)
			}
			if dirty := int64(len(bytes.TrimRight(torn[starts[2]:], "\x00"))); l.Stats().CutBytes != dirty {
				t.Fatalf("cut %d bytes, want %d", l.Stats().CutBytes, dirty)
			}
			if rest := readFile(t, fs, "log/00000001.log")[starts[2]:]; !allZero(rest) {
				t.Fatal("the cut tail is not zero")
			}
			mustAppend(t, l, simple(3, 7, "again"))
			mustClose(t, l)
			l = mustOpen(t, fs, small)
			if got := texts(replayed(t, l, 3)); got != "3 7:again" {
				t.Fatal(got)
			}
			mustClose(t, l)
		}
	}
}

// A flipped bit in a record that later ones prove durable is an error that names segment and offset; in the last record
// it cannot be told from an unfinished write.
func TestBitFlips(t *testing.T) {
	content, starts := threeRecords(t)
	for i := range content {
		if i >= segmentHeaderBytes && i < firstRecord {
			continue // not used
		}
		for bit := range 8 {
			bad := bytes.Clone(content)
			bad[i] ^= 1 << bit
			l, err := Open(withSegment(t, bad), "log", small)
			if int64(i) >= starts[2] {
				if err != nil {
					t.Fatalf("byte %d: %v", i, err)
				}
				if got := texts(replayed(t, l, 0)); got != "1 7:one 9:other, 2 7:two 9:other" {
					t.Fatalf("byte %d: %s", i, got)
				}
				mustClose(t, l)
				continue
			}
			if i >= 8 && i < 12 && err != nil && strings.Contains(err.Error(), "format version") {
				continue
			}
			record, _ := slices.BinarySearch(starts, int64(i)+1)
			want := CorruptionError{Segment: 1}
			if record > 0 {
				want.Offset = starts[record-1]
			}
			var got *CorruptionError
			if !errors.As(err, &got) || got.Segment != want.Segment || got.Offset != want.Offset {
				t.Fatalf("byte %d, bit %d: %v, want damage at %d", i, bit, err, want.Offset)
			}
			var state *sqlstate.Error
			if !errors.As(err, &state) || state.Code != sqlstate.DataCorrupted {
				t.Fatalf("%v is not XX001", err)
			}
		}
	}
}

// A block of zeros, as a lost write leaves it, is damage as well if something durable follows.
func TestZerosInTheMiddleAreDamage(t *testing.T) {
	content, starts := threeRecords(t)
	clear(content[starts[0]:starts[1]])
	_, err := Open(withSegment(t, content), "log", small)
	want := fmt.Sprintf("log segment 1 (00000001.log) is damaged at offset %d: zeros instead of a record; "+
		"the record at offset %d says that this one was durable", starts[0], starts[1])
	if err == nil || err.Error() != want {
		t.Fatalf("%v\nwant %s", err, want)
	}
}

// The mark of an orderly stop makes damage to the last record an error too.
func TestOrderlyStopProtectsTheLastRecord(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	pos := mustAppend(t, l, simple(1, 7, "one"))
	mustClose(t, l)
	content := readFile(t, fs, "log/00000001.log")
	content[pos.Offset+recordHeaderBytes+partEntryBytes] ^= 1
	_, err := Open(withSegment(t, content), "log", small)
	var got *CorruptionError
	if !errors.As(err, &got) || got.Offset != pos.Offset {
		t.Fatal(err)
	}
}

// Records written between two syncs may reach the disk in any order: a hole among them is an unfinished write.
func TestHoleInUnsyncedGroupIsCut(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	defer l.Close()
	mustAppend(t, l, simple(1, 7, "one"))
	two, _ := l.AppendNoSync(simple(2, 7, "two"))
	three, _ := l.AppendNoSync(simple(3, 7, "three"))
	content := readFile(t, fs, "log/00000001.log")
	clear(content[two.Offset:three.Offset])
	crashed := mustOpen(t, withSegment(t, content), small)
	defer crashed.Close()
	if got := texts(replayed(t, crashed, 0)); got != "1 7:one" {
		t.Fatal(got)
	}
}

// A payload that holds a whole record is not taken for one, though its bytes are those of a valid record elsewhere.
func TestPayloadThatLooksLikeARecord(t *testing.T) {
	content, starts := threeRecords(t)
	copied := content[starts[1]:starts[3]]
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	pos := mustAppend(t, l, Record{Epoch: 1, Parts: []Part{{7, copied}, {8, bytes.Repeat(recordMagic, 1000)}}})
	torn := readFile(t, fs, "log/00000001.log")
	l.Close()
	torn[pos.Offset] ^= 1
	l = mustOpen(t, withSegment(t, torn), small)
	defer l.Close()
	if got := replayed(t, l, 0); len(got) != 0 {
		t.Fatal(texts(got))
	}
}

// sealedLog is a closed log of several segments.
func sealedLog(t *testing.T) (fs *vfs.MemFS, all []Record) {
	fs = vfs.NewMem()
	l := mustOpen(t, fs, small)
	for epoch := range uint64(40) {
		all = append(all, simple(epoch+1, 7, strings.Repeat("s", 400)))
		mustAppend(t, l, all[epoch])
	}
	mustClose(t, l)
	return fs, all
}

// In a sealed segment, whatever is wrong is damage: found by reading, and by Open where it must read the segment.
func TestDamageInSealedSegment(t *testing.T) {
	type change func(content []byte) []byte
	for name, damage := range map[string]change{
		"flip":      func(p []byte) []byte { p[firstRecord+100] ^= 1; return p },
		"no seal":   func(p []byte) []byte { clear(p[len(p)-recordHeaderBytes:]); return p },
		"short":     func(p []byte) []byte { return p[:len(p)-recordHeaderBytes-7] },
		"very torn": func(p []byte) []byte { clear(p[firstRecord:]); return p },
	} {
		t.Run(name, func(t *testing.T) {
			fs, _ := sealedLog(t)
			putFile(t, fs, "log/00000002.log", damage(readFile(t, fs, "log/00000002.log")))
			var got *CorruptionError
			l, err := Open(fs, "log", small)
			if err == nil {
				err = l.Replay(0, func(Record) error { return nil })
				l.Close()
			}
			if !errors.As(err, &got) || got.Segment != 2 {
				t.Fatalf("with the index file: %v", err)
			}
			fs.Remove("log/00000002.idx")
			if _, err := Open(fs, "log", small); !errors.As(err, &got) || got.Segment != 2 {
				t.Fatalf("without the index file: %v", err)
			}
		})
	}
}

// Reading one relation finds damage to its parts and is not stopped by damage to others.
func TestReadRelationFindsDamage(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	defer l.Close()
	rec := Record{Epoch: 1, Parts: []Part{{7, []byte("seven")}, {8, []byte("eight")}}}
	pos := mustAppend(t, l, rec)
	f, _ := fs.OpenReadWrite("log/00000001.log", writeCategory)
	payload := pos.Offset + recordHeaderBytes + 2*partEntryBytes
	f.WriteAt([]byte("S"), payload)
	f.Close()
	err := l.ReadRelation(7, 0, 1, func(uint64, []byte) error { return nil })
	var got *CorruptionError
	if !errors.As(err, &got) || got.Segment != 1 || got.Offset != payload {
		t.Fatal(err)
	}
	sameRelation(t, l, []Record{rec}, 8, 0, 1)
}

func TestMissingSegmentIsDamage(t *testing.T) {
	fs, _ := sealedLog(t)
	fs.Remove("log/00000002.log")
	_, err := Open(fs, "log", small)
	var got *CorruptionError
	if !errors.As(err, &got) || got.Segment != 2 || got.Reason != "the segment is missing" {
		t.Fatal(err)
	}
}

// A segment from another log does not pass for the one that belongs in its place.
func TestForeignSegmentIsDamage(t *testing.T) {
	fs, _ := sealedLog(t)
	other := vfs.NewMem()
	l := mustOpen(t, other, small)
	for epoch := range uint64(40) {
		mustAppend(t, l, simple(2*epoch+1, 7, strings.Repeat("s", 400)))
	}
	mustClose(t, l)
	putFile(t, fs, "log/00000002.log", readFile(t, other, "log/00000002.log"))
	_, err := Open(fs, "log", small)
	var got *CorruptionError
	if !errors.As(err, &got) || got.Segment != 2 {
		t.Fatal(err)
	}
}

// Inspect shows what is there and where it is damaged, and its error is the damage.
func TestInspect(t *testing.T) {
	fs := vfs.NewMem()
	l := mustOpen(t, fs, small)
	for epoch := range uint64(4) {
		rec := simple(epoch+1, 7, strings.Repeat("i", 1000))
		if epoch == 0 {
			rec.Parts = append(rec.Parts, Part{Catalogue, []byte("create")})
		}
		mustAppend(t, l, rec)
	}
	mustClose(t, l)
	inspect := func() (string, error) {
		var out strings.Builder
		err := Inspect(&out, fs, "log")
		return out.String(), err
	}
	got, err := inspect()
	want := `log log: 2 segments
segment 1: sealed, format 2, begins after epoch 0, 3 records up to epoch 3, 7358 bytes of 7358
  relation 0 (catalogue): 1 parts, 6 bytes, epochs 1 to 1
  relation 7: 3 parts, 3000 bytes, epochs 1 to 3
segment 2: open, format 2, begins after epoch 3, 1 records up to epoch 4, 5208 bytes of 5208, 1 orderly stops
  relation 7: 1 parts, 1000 bytes, epochs 4 to 4
`
	if err != nil || got != want {
		t.Fatalf("%v\n%s", err, got)
	}

	// An unfinished write is no damage; a flipped bit is.
	content := readFile(t, fs, "log/00000002.log")
	putFile(t, fs, "log/00000002.log", append(bytes.Clone(content), "half"...))
	got, err = inspect()
	if err != nil || !strings.HasSuffix(got, "\n  unfinished write: offsets 5208 to 5212; the next start cuts it\n") {
		t.Fatalf("%v\n%s", err, got)
	}
	content[5000] ^= 1
	putFile(t, fs, "log/00000002.log", content)
	got, err = inspect()
	var damage *CorruptionError
	if !errors.As(err, &damage) || damage.Segment != 2 || damage.Offset != firstRecord ||
		!strings.HasSuffix(got, "  DAMAGE: "+err.Error()+"\n") {
		t.Fatalf("%v\n%s", err, got)
	}
}

// Inspect tells damage in sealed segments, missing segments, and what retention removed, from each other.
func TestInspectSealedSegments(t *testing.T) {
	fs, _ := sealedLog(t)
	inspect := func(want ...string) {
		t.Helper()
		var out strings.Builder
		err := Inspect(&out, fs, "log")
		if damaged := strings.Contains(out.String(), "DAMAGE"); damaged != (err != nil) {
			t.Errorf("error %v with this output", err)
		}
		for _, line := range want {
			if !strings.Contains(out.String(), line+"\n") {
				t.Errorf("no line %q in\n%s", line, out.String())
			}
		}
	}
	inspect()

	index := readFile(t, fs, "log/00000001.idx")
	index[len(index)-1] ^= 1
	putFile(t, fs, "log/00000001.idx", index)
	inspect("  index file: relation 7 cannot be used; it is read from the segment (the index file does not match its segment)")
	fs.Remove("log/00000001.idx")
	inspect("  index file: none that can be used; the next start makes it (open log/00000001.idx: file does not exist)")

	second := readFile(t, fs, "log/00000002.log")
	second[firstRecord+recordHeaderBytes+partEntryBytes] ^= 1
	putFile(t, fs, "log/00000002.log", second)
	inspect("  DAMAGE: log segment 2 (00000002.log) is damaged at offset 4096: the checksum of relation 7 does not match")
	clear(second[firstRecord:])
	putFile(t, fs, "log/00000002.log", second)
	inspect("  DAMAGE: log segment 2 (00000002.log) is damaged at offset 4096: the segment is not the last one and ends without a seal",
		"  DAMAGE: log segment 3 (00000003.log) is damaged at offset 0: it begins after epoch 16, but segment 2 ends at epoch 8")
	second[0] = 'X'
	putFile(t, fs, "log/00000002.log", second)
	inspect("  DAMAGE: log segment 2 (00000002.log) is damaged at offset 0: it does not start with a segment header")
	fs.Remove("log/00000002.log")
	inspect("  DAMAGE: log segment 2 (00000002.log) is damaged at offset 0: the segment is missing")
	putFile(t, fs, "log/00000002.gone", nil)
	inspect("segment 2: removed, nobody needs it")
}
