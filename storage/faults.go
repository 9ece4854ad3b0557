package storage

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// faults is Pebble's logger and event listener: it turns what Pebble would end the process for into an error of the
// store.
//
// Pebble calls Fatalf and expects not to return when it can not write its manifest, or finds an invariant broken; for want of
// room alone it does not come to that (see room). Its main lock is held then, which readers take when they let go of an old
// state of the store, so the goroutine that called must end, not wait: one of Pebble's own by Goexit, which unlocks, one of
// Tarn's by a panic with a stopped, which whoever called Pebble makes an error of (see caught). Afterwards reading goes on, the
// store refuses checkpoints, room lets nothing more be done to the files that say which tables there are, and Close leaves
// all files as they are. They are as after a crash, which S3 covers.
//
// What remains outside: a panic inside Pebble.
type faults struct {
	log   *slog.Logger
	fatal chan struct{} // closed by the first error

	once  sync.Once
	first error // written before fatal is closed

	background atomic.Pointer[error]

	mu    sync.Mutex
	retry chan struct{} // closed, and replaced, when a flush or compaction fails, which Pebble then tries again
}

// flushOfNothing is Pebble's name for a flush that had nothing to write, and succeeded.
const flushOfNothing = "pebble: empty table"

func newFaults(log *slog.Logger) *faults {
	return &faults{log: log, fatal: make(chan struct{}), retry: make(chan struct{})}
}

// nextFailure is closed by the next failure of a flush or compaction.
func (f *faults) nextFailure() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.retry
}

// failedForNow notes an error after which there will be another attempt.
func (f *faults) failedForNow(err error) {
	if f.background.Swap(&err) == nil {
		f.log.Error("the store can not write, and tries again", "error", err.Error()) // not with Pebble's stack
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.retry)
	f.retry = make(chan struct{})
}

// recovered notes that an attempt succeeded.
func (f *faults) recovered() {
	if f.background.Swap(nil) != nil {
		f.log.Info("the store writes again")
	}
}

// fail records the error that ends the store's writing. Only the first one counts.
func (f *faults) fail(err error) {
	f.once.Do(func() {
		f.first = err
		close(f.fatal)
	})
}

func (f *faults) err() error {
	select {
	case <-f.fatal:
		return f.first
	default:
		return nil
	}
}

func (f *faults) degraded() error {
	if p := f.background.Load(); p != nil {
		return *p
	}
	return nil
}

// Infof drops Pebble's account of its flushes and compactions; Store.Metrics has the sums.
func (f *faults) Infof(string, ...any) {}

// Errorf is what Pebble reports and survives.
func (f *faults) Errorf(format string, args ...any) {
	f.log.Error("store reports", "message", fmt.Sprintf(format, args...))
}

// stopped is what a goroutine of Tarn's panics with where Pebble expects the process to end.
type stopped struct{ error }

// caught is deferred around calls of Pebble's: it makes an error of a panic with a stopped.
func caught(err *error) {
	switch p := recover().(type) {
	case nil:
	case stopped:
		*err = p.error
	default:
		panic(p)
	}
}

// Fatalf does not return.
func (f *faults) Fatalf(format string, args ...any) {
	message := strings.TrimSpace(fmt.Sprintf(format, args...))
	f.log.Error("store stopped", "message", message)
	err := fmt.Errorf("store stopped: %s", message)
	f.fail(err)
	if ofPebble() {
		runtime.Goexit()
	}
	panic(stopped{err})
}

// ofPebble tells whether Pebble started the calling goroutine.
func ofPebble() bool {
	callers := make([]uintptr, 64)
	n := runtime.Callers(1, callers)
	for n == len(callers) {
		callers = make([]uintptr, 2*len(callers))
		n = runtime.Callers(1, callers)
	}
	first := ""
	for frames := runtime.CallersFrames(callers[:n]); ; {
		frame, more := frames.Next()
		if frame.Function != "runtime.goexit" {
			first = frame.Function
		}
		if !more {
			return strings.HasPrefix(first, "github.com/cockroachdb/pebble/")
		}
	}
}

func (f *faults) listener() *pebble.EventListener {
	l := &pebble.EventListener{
		BackgroundError: f.failedForNow,
		FlushEnd: func(info pebble.FlushInfo) {
			if info.Err == nil || info.Err.Error() == flushOfNothing {
				f.recovered()
			}
		},
		CompactionEnd: func(info pebble.CompactionInfo) {
			if info.Err == nil {
				f.recovered()
			}
		},
		WriteStallBegin: func(info pebble.WriteStallBeginInfo) {
			f.log.Warn("store stalls writes", "reason", info.Reason)
		},
		DiskSlow: func(info pebble.DiskSlowInfo) {
			if f.degraded() != nil {
				return // it waits for room
			}
			f.log.Warn("disk is slow", "path", info.Path, "took", info.Duration)
		},
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			f.log.Error("store is corrupt", "path", info.Path, "message", fmt.Sprint(info.Details))
		},
	}
	l.EnsureDefaults(f)
	return l
}
