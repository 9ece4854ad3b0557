package engine

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// The texts of prepared statements count as what statements hold, until they are dropped.
func TestPreparedTextsCount(t *testing.T) {
	e, err := Open(context.Background(), Config{Dir: "db", FS: vfs.NewMem(), Memory: 16 << 20, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	s, used := connect(t, e), e.work.Used()
	prepared := 0
	for err = nil; err == nil && prepared < 1000; prepared++ {
		_, _, err = try(s, fmt.Sprintf("PREPARE p%d AS SELECT '%s'", prepared, strings.Repeat("x", 20_000)))
	}
	if code(err) != sqlstate.OutOfMemory || prepared < 100 {
		t.Fatalf("%v after %d statements", err, prepared)
	}
	run(t, s, "DEALLOCATE p0")
	run(t, s, "EXECUTE p1")
	run(t, s, "DEALLOCATE ALL")
	if got := e.work.Used(); got != used {
		t.Errorf("%d bytes are held after all, %d were before", got, used)
	}
}
