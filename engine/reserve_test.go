package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
	"tarn/storage/vfstest"
)

// On a disk without a byte of room a server stops with all in the store, and starts again, over and over; with room again the
// reserve is made anew.
func TestReserveOnAFullDisk(t *testing.T) {
	disk := vfstest.New(vfs.NewMem())
	const room = 64 << 20
	disk.SetSize(room)
	there := func(name string) bool {
		_, err := disk.Stat("db/" + name)
		return err == nil
	}
	var want []string
	k := 0
	insert := func(s *Session) error {
		k++
		_, _, err := try(s, fmt.Sprintf("INSERT INTO t VALUES (%d, 'x')", k))
		if err == nil {
			want = append(want, fmt.Sprint(k))
		}
		return err
	}
	for life := range 5 {
		e, text, err := openLogged(context.Background(), disk)
		if err != nil {
			t.Fatalf("life %d: %v", life, err)
		}
		if life > 0 && !strings.Contains(text, "replayed=0") {
			t.Fatalf("life %d: the stop before has left something to be replayed:\n%s", life, text)
		}
		s := connect(t, e)
		if life == 0 {
			run(t, s, diskSchema)
		} else {
			if there(reserveStart) {
				t.Fatalf("life %d: a start without room has not given its reserve up", life)
			}
			disk.SetSize(disk.Used() + 100)
			for err = nil; err == nil && k < 1000; err = insert(s) {
			}
			if code(err) != sqlstate.DiskFull {
				t.Fatal(err)
			}
			disk.SetSize(disk.Used() + room)
		}
		for range 10 {
			if err := insert(s); err != nil {
				t.Fatal(err)
			}
		}
		storedState(t, e) // makes a checkpoint
		if !there(reserveStart) || !there(reserveStop) {
			t.Fatalf("life %d: there is room, and no reserve", life)
		}
		if err := insert(s); err != nil {
			t.Fatal(err)
		}
		disk.SetSize(disk.Used())
		rows, _ := run(t, s, "SELECT k FROM t")
		expect(t, rows, want...)
		diskKeys(t, s)
		if err := e.Close(context.Background()); err != nil {
			t.Fatalf("life %d: %v", life, err)
		}
		if !there(reserveStart) || !there(reserveStop) {
			t.Fatalf("life %d: a stop has not set aside what it has left over", life)
		}
		disk.SetSize(disk.Used())
	}
}
