package engine

import (
	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
	"tarn/storage"
	"tarn/storage/log"
)

// A data directory is a log and a store that belong together: the store holds the state after an epoch that the log has, and
// the log has every epoch after it. Where one of them was lost, or is an older copy, what is there must not be taken for
// what was written: the directory is refused.

// checkLogThere refuses a directory whose log is lost, before anything is made in its place.
func checkLogThere(fs vfs.FS, logDir, storeDir string) error {
	if empty, err := log.Empty(fs, logDir); err != nil || !empty {
		return err
	}
	epoch, err := storage.Epoch(fs, storeDir)
	if err != nil || epoch == 0 {
		return err
	}
	return errNotTogether("log/ has no epoch, and store/ holds epoch %d", epoch)
}

// checkLog refuses a log that does not continue the store: it ends before the store's epoch, or what it has begins later.
func checkLog(stored, completeAfter, last uint64) error {
	switch {
	case last < stored:
		return errNotTogether("log/ ends at epoch %d, and store/ holds epoch %d", last, stored)
	case completeAfter > stored && stored == 0:
		return errNotTogether("log/ keeps all epochs only after %d, and store/ holds none", completeAfter)
	case completeAfter > stored:
		return errNotTogether("log/ keeps all epochs only after %d, and store/ holds epoch %d", completeAfter, stored)
	}
	return nil
}

func errNotTogether(what string, args ...any) error {
	return sqlstate.New(sqlstate.DataCorrupted, what+": put back the log/ and store/ that belong together", args...).
		WithHint("One of them was lost, or is an older copy than the other.")
}
