package state

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tarn/storage/slab"
)

// Rows added together make the same groups as rows added one by one, through growth to trees and back to nothing.
func TestAddRowsIsAddOfEach(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(3, seed))
		pool := slab.NewPool(1 << 30)
		one, many := EphemeralMultimap(pool), EphemeralMultimap(pool)
		key := []byte("a key")
		hash := Hash(key)
		var set RowSet
		domain := 1 + rng.IntN(2000)
		for range 40 {
			set.Reset()
			for range rng.IntN(300) {
				row := fmt.Appendf(nil, "common %0*d", 1+rng.IntN(30), rng.IntN(domain))
				count := int64(rng.IntN(5) - 1)
				if rng.IntN(3) == 0 {
					if had, err := one.Count(hash, key, row); err != nil {
						t.Fatal(err)
					} else if had != 0 {
						count = -had
					}
				}
				if _, _, err := one.Add(hash, key, row, count); err != nil {
					t.Fatal(err)
				}
				set.Add(append(set.Buffer(), row...), count)
			}
			if err := many.AddRows(hash, key, &set); err != nil {
				t.Fatal(err)
			}
			compareGroups(t, hash, key, one, many)
		}
		set.Reset()
		if err := one.Each(hash, key, func(row []byte, count int64) bool {
			set.Add(append(set.Buffer(), row...), -count)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if err := many.AddRows(hash, key, &set); err != nil {
			t.Fatal(err)
		}
		if many.groups.Len()+many.nodes.Len() != 0 {
			t.Fatalf("seed %d: something is left", seed)
		}
		one.Release()
		many.Release()
		if pool.Used() != 0 {
			t.Fatalf("seed %d: %d bytes are not given back", seed, pool.Used())
		}
	}
}

func compareGroups(t *testing.T, hash uint64, key []byte, want, got *Multimap) {
	t.Helper()
	content := func(m *Multimap) (rows []string) {
		if err := m.Each(hash, key, func(row []byte, count int64) bool {
			rows = append(rows, fmt.Sprintf("%s %d", row, count))
			return true
		}); err != nil {
			t.Fatal(err)
		}
		distinct, err := m.Distinct(hash, key)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := m.Rows(hash, key)
		if err != nil {
			t.Fatal(err)
		}
		last, n, _, err := m.Last(hash, key)
		if err != nil {
			t.Fatal(err)
		}
		return append(rows, fmt.Sprint(distinct, sum), fmt.Sprintf("last %s %d", last, n))
	}
	a, b := content(want), content(got)
	if len(a) != len(b) {
		t.Fatalf("%d lines, want %d", len(b), len(a))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("line %d is %q, want %q", i, b[i], a[i])
		}
	}
}
