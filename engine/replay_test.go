package engine

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Views that only the log has are filled again with saves on the way, so that memory holds no more of them than when they were
// made. A crash at any change of the disk meanwhile leaves a directory that opens with the same views.
func TestReplayedViewsAreSaved(t *testing.T) {
	original := vfs.NewCrashableMem()
	disk := newParts(original)
	e := openOn(t, disk)
	s := connect(t, e)
	run(t, s, crashTables)
	crashRows(t, s, 0, 300)
	storedState(t, e) // makes a checkpoint
	if err := e.store.Flush(); err != nil {
		t.Fatal(err)
	}
	disk.store.SetFree(0) // what follows is in the log alone
	run(t, s, "BEGIN; CREATE TABLE late (k int PRIMARY KEY); INSERT INTO late VALUES (1), (2); CREATE MATERIALIZED VIEW odd AS SELECT w.id, l.k FROM writes w JOIN late l ON l.k = w.grp; COMMIT")
	for _, v := range crashViews {
		run(t, s, "CREATE MATERIALIZED VIEW "+v.name+" AS "+v.query)
	}
	run(t, s, "CREATE MATERIALIZED VIEW twin AS "+crashViews[0].query)
	crashRows(t, s, 5000, 5050)
	odd := answerTo(t, s, "SELECT w.id, l.k FROM writes w JOIN late l ON l.k = w.grp")
	left := original.CrashClone(vfs.CrashCloneCfg{})
	disk.store.Unlimit()

	rng := rand.New(rand.NewPCG(6, 6))
	crashes := 0
	for round := range 12 {
		memory := left.CrashClone(vfs.CrashCloneCfg{})
		for life := range 3 {
			c := &crash{memory: memory, changes: 1 + rng.IntN(120)}
			c.config = vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 30, 100}[rng.IntN(3)], RNG: rng}
			e, text, err := openLogged(context.Background(), c.disk())
			if err != nil {
				t.Fatalf("round %d, life %d: %v", round, life, err)
			}
			if life == 0 && !strings.Contains(text, `msg="view being filled" view=joined rows=`) {
				t.Fatalf("nothing was saved:\n%s", text)
			}
			s := connect(t, e)
			checkCrashViews(t, e, s)
			if got := answerTo(t, s, "SELECT * FROM odd"); got != odd {
				t.Fatalf("view odd shows\n%s\nnot\n%s", got, odd)
			}
			if c.happened() {
				crashes++
			}
			c.force()
			if err := e.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			memory = c.left
		}
	}
	if crashes == 0 {
		t.Error("no crash hit a replay")
	}
}
