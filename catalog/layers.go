package catalog

import (
	"iter"
	"maps"
)

// Layers is a map that never changes: With and Without give another one, which shares with it all but what was changed lately. So a
// change of a database with thousands of relations does not cost what there is.
type Layers[K comparable, V any] struct {
	base   map[K]V        // of many versions
	recent map[K]layer[V] // what is otherwise than in base
	count  int
}

// layer is a value, or that there is none.
type layer[V any] struct {
	value V
	gone  bool
}

// Get is the value of a key.
func (l Layers[K, V]) Get(k K) (v V, ok bool) {
	if r, ok := l.recent[k]; ok {
		return r.value, !r.gone
	}
	v, ok = l.base[k]
	return v, ok
}

// With has a key with a value.
func (l Layers[K, V]) With(k K, v V) Layers[K, V] {
	if _, ok := l.Get(k); !ok {
		l.count++
	}
	return l.change(k, layer[V]{value: v})
}

// Without lacks a key.
func (l Layers[K, V]) Without(k K) Layers[K, V] {
	if _, ok := l.Get(k); !ok {
		return l
	}
	l.count--
	return l.change(k, layer[V]{gone: true})
}

// change puts a layer over a key. When so many lie over the base that copying them costs as much as making a new base now and then,
// they become one.
func (l Layers[K, V]) change(k K, v layer[V]) Layers[K, V] {
	recent := make(map[K]layer[V], len(l.recent)+1)
	maps.Copy(recent, l.recent)
	recent[k] = v
	l.recent = recent
	if n := len(recent); n < 16 || n*n < 2*l.count {
		return l
	}
	return Layers[K, V]{base: maps.Collect(l.All()), count: l.count}
}

// All are the keys and values in any order.
func (l Layers[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for k, v := range l.base {
			if _, ok := l.recent[k]; !ok && !yield(k, v) {
				return
			}
		}
		for k, r := range l.recent {
			if !r.gone && !yield(k, r.value) {
				return
			}
		}
	}
}
