package storage

import (
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func TestInspect(t *testing.T) {
	fs := vfs.NewMem()
	s := openTest(t, fs)
	cp := s.Begin(41)
	cp.Put(Prefix(nil, SpaceRow, 7), []byte("key"), []byte("row"))
	mustCommit(t, cp, "cut", "catalogue")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Inspect(&out, fs, "data"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`format version "tarn 3"`, "epoch 41, cut of 3 bytes, catalogue of 9 bytes", "rows of relations"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if err := Inspect(&out, fs, "elsewhere"); err == nil {
		t.Error("a directory that does not exist was inspected")
	}
}
