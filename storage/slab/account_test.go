package slab

import (
	"errors"
	"testing"

	"tarn/sql/sqlstate"
)

// Accounts and chunks share one budget; what would exceed it is refused and takes nothing.
func TestAccounts(t *testing.T) {
	p := NewPool(100 << 10)
	a, b := p.Account(), p.Account()
	chunk, err := p.Get(64 << 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Take(30 << 10); err != nil {
		t.Fatal(err)
	}
	var e *sqlstate.Error
	if err := b.Take(7 << 10); !errors.As(err, &e) || e.Code != sqlstate.OutOfMemory || e.Hint == "" {
		t.Fatal(err)
	}
	if err := b.Take(6 << 10); err != nil || !p.Over(1) {
		t.Fatal(err)
	}
	a.Give(10 << 10)
	if a.Held() != 20<<10 || b.Held() != 6<<10 || p.Used() != 90<<10 {
		t.Fatal(a.Held(), b.Held(), p.Used())
	}
	a.Close()
	a.Close()
	b.Close()
	p.Put(chunk)
	if p.Used() != 0 || p.Over(100<<10) {
		t.Fatal(p.Used())
	}
	var none *Account
	if err := none.Take(1 << 60); err != nil || none.Held() != 0 || (*Pool)(nil).Account() != nil {
		t.Fatal(err)
	}
	none.Give(1)
	none.Close()
}
