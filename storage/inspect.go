package storage

import (
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"log/slog"
	"strings"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
)

// Inspect describes the store in dir: its version, its last checkpoint that is on disk, and what takes space there. It
// changes nothing. A store that a server has open cannot be inspected.
func Inspect(w io.Writer, fs vfs.FS, dir string) error {
	version, err := readFormat(fs, dir)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "store %s: format version %q\n", dir, version); err != nil || version != Version {
		return err
	}
	s, err := openReadOnly(fs, dir)
	if err != nil {
		return err
	}
	defer s.db.Close()
	db := s.db
	m := db.Metrics()
	if _, err := fmt.Fprintf(w, "checkpoint: epoch %d, cut of %d bytes, catalogue of %d bytes\ntables: %d files, %d bytes on disk\n",
		s.opened.Epoch, len(s.opened.Cut), len(s.opened.Catalogue), m.Total().TablesCount, m.DiskSpaceUsage()); err != nil {
		return err
	}
	for _, space := range []struct {
		space Space
		name  string
	}{{SpaceRow, "rows of relations"}, {SpaceState, "state of operators"}, {SpaceBlock, "large groups"}} {
		bytes, err := db.EstimateDiskUsage([]byte{byte(space.space)}, []byte{byte(space.space) + 1})
		if err != nil {
			return fmt.Errorf("read store %s: %w", dir, err)
		}
		if _, err := fmt.Fprintf(w, "  %s: %d bytes\n", space.name, bytes); err != nil {
			return err
		}
	}
	return nil
}

// Epoch is the epoch of the last checkpoint on disk in dir, which nobody has open; 0 where there is no store or none in it. It
// changes nothing.
func Epoch(fs vfs.FS, dir string) (uint64, error) {
	if _, err := fs.Stat(fs.PathJoin(dir, lsmDir)); errors.Is(err, iofs.ErrNotExist) {
		return 0, nil
	}
	s, err := openReadOnly(fs, dir)
	if errors.Is(err, pebble.ErrDBDoesNotExist) {
		return 0, nil // a crash while it was made
	}
	if err != nil {
		return 0, err
	}
	return s.opened.Epoch, s.db.Close()
}

// openReadOnly opens enough of a store to look at it.
func openReadOnly(fs vfs.FS, dir string) (*Store, error) {
	lsm := fs.PathJoin(dir, lsmDir)
	faults := newFaults(slog.New(slog.DiscardHandler))
	db, err := pebble.Open(lsm, &pebble.Options{FS: fs, ReadOnly: true, Merger: countMerger, Logger: faults})
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", lsm, err)
	}
	s := &Store{db: db, faults: faults}
	if err := s.readMeta(); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("read store %s: %w", lsm, err)
	}
	return s, nil
}

func readFormat(fs vfs.FS, dir string) (string, error) {
	path := fs.PathJoin(dir, formatFile)
	f, err := fs.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 100))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return strings.TrimSpace(string(b)), nil
}
