package log

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// writes is a file that remembers where each write to it ended.
type writes struct {
	vfs.File
	ends []int64
}

func (f *writes) WriteAt(p []byte, offset int64) (int, error) {
	f.ends = append(f.ends, offset+int64(len(p)))
	return f.File.WriteAt(p, offset)
}

// Whatever the sizes of its parts, what a record is made of arrives in order, in writes of whole blocks.
func TestChunkWriter(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	sizes := []int{0, 1, 47, blockBytes - 1, blockBytes, directBytes - 1, directBytes, directBytes + 1, chunkBytes, chunkBytes + 1, 3*chunkBytes + 5}
	noise := make([]byte, 4*chunkBytes)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	fs := vfs.NewMem()
	for range 40 {
		file, err := fs.Create("f", writeCategory)
		if err != nil {
			t.Fatal(err)
		}
		recorder := &writes{File: file}
		start := int64(rng.IntN(3 * blockBytes))
		want := make([]byte, start)
		w := chunkWriter{file: recorder, offset: start}
		for range rng.IntN(12) {
			n := sizes[rng.IntN(len(sizes))]
			p := noise[rng.IntN(len(noise)-n):][:n]
			want = append(want, p...)
			w.write(p)
		}
		w.flush()
		if w.err != nil || w.offset != int64(len(want)) {
			t.Fatalf("%d bytes were written of %d: %v", w.offset, len(want), w.err)
		}
		if got := readFile(t, fs, "f"); int64(len(want)) > start && !bytes.Equal(got, want) {
			t.Fatalf("from %d, ends %d: the content differs", start, recorder.ends)
		}
		for i, end := range recorder.ends {
			if end%blockBytes != 0 && i < len(recorder.ends)-1 {
				t.Fatalf("from %d, a write ends inside a block: %d", start, recorder.ends)
			}
		}
		file.Close()
	}
}

// On a real file system too a segment is full of zeros before it is used, whole steps of them or not, and is written to in
// the ordinary way from then on.
func TestSegmentsOnDisk(t *testing.T) {
	fs, dir := vfs.Default, filepath.Join(t.TempDir(), "log")
	opts := Options{SegmentBytes: 2*fillStepBytes + 3*blockBytes}
	rng := rand.New(rand.NewPCG(4, 5))
	var all []Record
	for range 3 {
		l, err := Open(fs, dir, opts)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			all = append(all, random(rng, l.LastEpoch()+1, 150_000))
			mustAppend(t, l, all[len(all)-1])
		}
		sameRecords(t, replayed(t, l, 0), all)
		active, end := l.active.number, l.active.end
		if active < 2 {
			t.Fatalf("%d segments, want some", active)
		}
		content := readFile(t, fs, filepath.Join(dir, segmentName(active)))
		if int64(len(content)) != opts.SegmentBytes || !allZero(content[end:]) {
			t.Fatalf("the active segment has %d bytes, want %d, and zeros from %d on", len(content), opts.SegmentBytes, end)
		}
		mustClose(t, l)
	}
}
