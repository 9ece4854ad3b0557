package log

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// FuzzReadSegment opens a last segment of any content. It is refused or read, never a panic; and what was read once is
// read again after a restart, with what was appended then. With mend, the checksums of the header and of the first record
// are made to match, so that the checks behind them are reached.
func FuzzReadSegment(f *testing.F) {
	fs := vfs.NewMem()
	l := mustOpen(f, fs, small)
	for epoch := range uint64(3) {
		mustAppend(f, l, Record{Epoch: epoch + 1, Parts: []Part{{0, []byte("create")}, {7, []byte("rows")}}})
	}
	mustClose(f, l)
	whole := readFile(f, fs, "log/00000001.log")
	f.Add(whole[:segmentHeaderBytes], whole[firstRecord:], true)
	f.Add(whole[:segmentHeaderBytes], whole[firstRecord:len(whole)-20], false)
	f.Add(whole[:segmentHeaderBytes], append(make([]byte, 100), whole[firstRecord+100:]...), false)
	f.Add([]byte(segmentMagic), []byte{}, true)

	f.Fuzz(func(t *testing.T, header, records []byte, mend bool) {
		content := make([]byte, firstRecord, firstRecord+len(records))
		copy(content, header)
		content = append(content, records...)
		if mend {
			binary.LittleEndian.PutUint32(content[36:], checksum(0, content[:36]))
			salt := binary.LittleEndian.Uint32(content[12:])
			if first := content[firstRecord:]; len(first) >= recordHeaderBytes {
				table := first[recordHeaderBytes:]
				parts := min(int64(binary.LittleEndian.Uint32(first[40:])), int64(len(table)/partEntryBytes))
				binary.LittleEndian.PutUint32(first[44:], checksum(salt, table[:parts*partEntryBytes]))
				binary.LittleEndian.PutUint32(first[4:], checksum(salt, first[8:recordHeaderBytes]))
			}
		}
		fs := vfs.NewMem()
		fs.MkdirAll("log", 0o755)
		putFile(t, fs, "log/00000001.log", content)
		l, err := Open(fs, "log", small)
		var writing *writeError
		if errors.As(err, &writing) {
			t.Fatalf("reading ended in an error of writing: %v", err)
		}
		if err != nil {
			return
		}
		if l.LastEpoch() == math.MaxUint64 {
			l.Close()
			return
		}
		from := l.segments[0].base + 1
		found := replayed(t, l, from)
		rec := simple(l.LastEpoch()+1, 3, "more")
		mustAppend(t, l, rec)
		found = append(found, rec)
		mustClose(t, l)
		l = mustOpen(t, fs, small)
		sameRecords(t, replayed(t, l, from), found)
		mustClose(t, l)
	})
}
