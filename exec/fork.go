package exec

import (
	"sync"

	"tarn/delta"
	"tarn/storage/state"
)

// forkRows is how many rows a batch has at least for its work to be shared between goroutines: below, handing it over and
// waiting costs more than it saves.
var forkRows = 8192 // a variable for tests only

// shares deals the rows of a batch out to workers by the shard of their keys, so that no two of them touch one shard. What
// rows a worker gets depends on their keys alone, not on whether the workers run at the same time.
type shares struct {
	rows [][]int32
}

// deal deals out the rows of a batch whose keys have the hashes given; only those of sel, if sel is not nil.
func (s *shares) deal(workers int, hashes []uint64, sel []int32) {
	for len(s.rows) < workers {
		s.rows = append(s.rows, nil)
	}
	s.rows = s.rows[:workers]
	for w := range s.rows {
		s.rows[w] = s.rows[w][:0]
	}
	switch {
	case workers == 1 && sel != nil:
		s.rows[0] = append(s.rows[0], sel...)
	case workers == 1:
		for i := range hashes {
			s.rows[0] = append(s.rows[0], int32(i))
		}
	case sel != nil:
		for _, i := range sel {
			w := state.Shard(hashes[i]) % workers
			s.rows[w] = append(s.rows[w], i)
		}
	default:
		for i, h := range hashes {
			w := state.Shard(h) % workers
			s.rows[w] = append(s.rows[w], int32(i))
		}
	}
}

// fork calls f for each worker, at the same time if there are rows enough, and returns the error of the first one that
// failed, in the order of workers.
func fork(workers, rows int, f func(w int) error) error {
	if workers == 1 || rows < forkRows {
		for w := range workers {
			if err := f(w); err != nil {
				return err
			}
		}
		return nil
	}
	errs, panics := make([]error, workers), make([]any, workers)
	run := func(w int) {
		defer func() { panics[w] = recover() }()
		errs[w] = f(w)
	}
	var wait sync.WaitGroup
	for w := 1; w < workers; w++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			run(w)
		}()
	}
	run(0)
	wait.Wait()
	for w := range workers {
		if panics[w] != nil {
			panic(panics[w]) // on the goroutine whose owner knows what to do about it
		}
		if errs[w] != nil {
			return errs[w]
		}
	}
	return nil
}

// forkable prepares states for a fork over so many rows, if there will be one.
func forkable(workers, rows int, states ...interface{ Fork() error }) error {
	if workers == 1 || rows < forkRows {
		return nil
	}
	for _, s := range states {
		if err := s.Fork(); err != nil {
			return err
		}
	}
	return nil
}

// touchRun is how many keys are brought into the cache ahead of their use.
const touchRun = 256

// table is a state by key, as far as its kinds need not be told apart.
type table interface {
	Fork() error
	Load(keys *delta.Keys, rows []int32) error
	Touch(hashes []uint64)
}

// touch calls f for the rows in runs, after bringing their keys' entries into memory and, of each run, into the cache: once where
// rows of one key come together.
func touch(t table, keys *delta.Keys, rows []int32, f func(run []int32) error) error {
	if err := t.Load(keys, rows); err != nil {
		return err
	}
	var buf [touchRun]uint64
	for len(rows) > 0 {
		run := rows[:min(touchRun, len(rows))]
		rows = rows[len(run):]
		n := 0
		for _, i := range run {
			if hash := keys.Hashes[i]; n == 0 || buf[n-1] != hash {
				buf[n] = hash
				n++
			}
		}
		if n > 8 {
			t.Touch(buf[:n])
		}
		if err := f(run); err != nil {
			return err
		}
	}
	return nil
}
