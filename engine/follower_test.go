package engine

import (
	"testing"

	"tarn/exec"
)

// A follower holds what it was given until it takes it, within its limit: one large epoch always fits, a second one does not.
func TestFollowerLimit(t *testing.T) {
	f := newFollower([]uint32{1}, 100, errTooSlow)
	big := feed{epoch: 1, changes: map[uint32]exec.Input{1: {}}}
	f.put(big, 500)
	if got, err := f.take(); len(got) != 1 || err != nil {
		t.Fatal(got, err)
	}
	f.put(big, 60)
	f.put(big, 60)
	if got, err := f.take(); len(got) != 0 || err != error(errTooSlow) {
		t.Fatal(got, err)
	}
}
