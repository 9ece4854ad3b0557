package engine

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tarn/delta"
	"tarn/sql/sqlstate"
)

// A database closes under open transactions and running statements: they end with 57P01, and none touches closed files.
func TestCloseUnderSessions(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	idle, reader := connect(t, e), connect(t, e)
	run(t, idle, "CREATE TABLE t (k int PRIMARY KEY); INSERT INTO t SELECT * FROM generate_series(1, 10000); BEGIN; SELECT count(*) FROM t")
	statements, err := reader.Parse("SELECT k FROM t")
	if err != nil {
		t.Fatal(err)
	}
	p, err := reader.Prepare(context.Background(), statements[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	reading, read := make(chan struct{}), make(chan error)
	go func() {
		_, err := reader.ExecuteLast(context.Background(), p, nil, &slow{reading: reading, closing: e.closing})
		read <- err
	}()
	<-reading
	closed := make(chan error)
	go func() { closed <- e.Close(context.Background()) }()
	if err := <-read; code(err) != sqlstate.AdminShutdown {
		t.Fatal(err)
	}
	if err := <-closed; err == nil || !strings.Contains(err.Error(), "snapshot") { // that of the open transaction
		t.Fatal(err)
	}
	if _, _, err := try(idle, "SELECT 1 FROM t"); err == nil {
		t.Fatal("a closed database answers")
	}
	idle.Close()
	rows, _ := run(t, connect(t, open(t, dir)), "SELECT count(*) FROM t")
	expect(t, rows, "10000")
}

// slow is a client that takes the first rows and waits for the end of the session before it takes more.
type slow struct {
	discard
	reading chan struct{}
	closing chan struct{}
	once    sync.Once
}

func (s *slow) Rows(*delta.Batch) error {
	s.once.Do(func() { close(s.reading) })
	<-s.closing
	return nil
}
