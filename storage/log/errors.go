package log

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2/vfs"

	"tarn/sql/sqlstate"
)

// ErrUncertain is matched by an append or sync error after which it is unknown whether the record will be found by the
// next Open. The client that sent it must not be told that it failed; its connection should end without an answer.
var ErrUncertain = errors.New("the outcome is known only after a restart")

// errClosed is returned by calls after Close.
var errClosed = errors.New("the log is closed")

// writeError is a failed write or sync. It unwraps to the *sqlstate.Error a user sees, to the cause and, where it
// holds, to ErrUncertain.
type writeError struct {
	state     *sqlstate.Error
	cause     error
	doing     string
	uncertain bool
}

// WriteState words the cause of a failed write as PostgreSQL does: 53100 where there is no room that somebody may make, be it
// on the disk, in a quota or in a directory that cannot be written to, 58030 for the rest.
func WriteState(to string, cause error) *sqlstate.Error {
	state := sqlstate.New(sqlstate.IOError, "could not write to %s: %s", to, systemText(cause))
	switch {
	case vfs.IsNoSpaceError(cause), errors.Is(cause, syscall.EDQUOT):
		state.Code = sqlstate.DiskFull
		state = state.WithHint("Free some disk space and try again.")
	case errors.Is(cause, syscall.EACCES), errors.Is(cause, syscall.EPERM), errors.Is(cause, syscall.EROFS):
		state.Code = sqlstate.DiskFull
		state = state.WithHint("Make the data directory writable and try again.")
	}
	return state
}

func newWriteError(cause error, uncertain bool, doing string, args ...any) *writeError {
	return &writeError{state: WriteState("log", cause), cause: cause, doing: fmt.Sprintf(doing, args...), uncertain: uncertain}
}

func (e *writeError) Error() string {
	text := e.doing + ": " + e.state.Message
	if e.uncertain {
		text += "; " + ErrUncertain.Error()
	}
	return text
}

func (e *writeError) Unwrap() []error {
	if e.uncertain {
		return []error{e.state, e.cause, ErrUncertain}
	}
	return []error{e.state, e.cause}
}

// systemText is the operating system's sentence in err, with a capital as strerror has it, or err's own text.
func systemText(err error) string {
	var no syscall.Errno
	if errors.As(err, &no) {
		text := no.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	}
	return err.Error()
}

// CorruptionError says that durable bytes of the log are not what was written.
type CorruptionError struct {
	Segment uint64
	Offset  int64 // of the record that is damaged, in the segment's file
	Reason  string
}

func (e *CorruptionError) Error() string {
	return fmt.Sprintf("log segment %d (%s) is damaged at offset %d: %s", e.Segment, segmentName(e.Segment), e.Offset, e.Reason)
}

// Unwrap gives the form a user sees: XX001.
func (e *CorruptionError) Unwrap() error {
	return sqlstate.New(sqlstate.DataCorrupted, "%s", e.Error())
}
