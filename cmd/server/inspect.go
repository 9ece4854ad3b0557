package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/storage"
	"tarn/storage/log"
)

// inspect shows what a data directory holds: the checkpoint in the store, and the segments and records of the log.
func inspect(w io.Writer, args []string) error {
	if len(args) != 1 {
		return errors.New("inspect: name one data directory: server inspect DIR")
	}
	dir := args[0]
	if _, err := os.Stat(filepath.Join(dir, "log")); err != nil {
		return fmt.Errorf("inspect: %s is no data directory: %w", dir, err)
	}
	if err := storage.Inspect(w, vfs.Default, filepath.Join(dir, "store")); err != nil {
		fmt.Fprintf(w, "store: %v\n", err)
	}
	return log.Inspect(w, vfs.Default, filepath.Join(dir, "log"))
}
