package slab

import (
	"sync/atomic"

	"tarn/sql/sqlstate"
)

// Account is what one owner, such as a statement, has taken of a pool's budget for memory that is not the pool's own but
// lies in Go's heap: so all that share the budget are bounded together. Its methods may be called from any goroutine. A nil
// account takes nothing and refuses nothing.
type Account struct {
	pool *Pool
	held atomic.Int64
}

// Account returns an empty account of the pool. A nil pool has none.
func (p *Pool) Account() *Account {
	if p == nil {
		return nil
	}
	return &Account{pool: p}
}

// Take takes n bytes, or fails with out_of_memory (53200) if the budget does not have them.
func (a *Account) Take(n int64) error {
	if a == nil {
		return nil
	}
	if a.pool.used.Add(n) > a.pool.budget && n > 0 {
		a.pool.used.Add(-n)
		return a.pool.Exhausted(n)
	}
	a.held.Add(n)
	return nil
}

// Give gives n bytes back.
func (a *Account) Give(n int64) {
	if a != nil {
		a.held.Add(-n)
		a.pool.used.Add(-n)
	}
}

// Held is how much was taken and not given back.
func (a *Account) Held() int64 {
	if a == nil {
		return 0
	}
	return a.held.Load()
}

// Close gives everything back.
func (a *Account) Close() {
	if a != nil {
		a.pool.used.Add(-a.held.Swap(0))
	}
}

// Exhausted is the error of a request for n bytes that the budget does not have.
func (p *Pool) Exhausted(n int64) error {
	return sqlstate.New(sqlstate.OutOfMemory, "out of memory").
		WithDetail("Failed on request of size %d: %d of %d bytes are taken.", n, p.Used(), p.budget).
		WithHint("Work on less at once, or give the server more --memory.")
}
