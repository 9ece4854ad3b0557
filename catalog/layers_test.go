package catalog

import (
	"maps"
	"math/rand/v2"
	"testing"
)

// Every version of a map of layers is what a map that was copied for it is, and stays so.
func TestLayers(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 5))
		type version struct {
			layers Layers[int, int]
			want   map[int]int
		}
		versions := []version{{want: map[int]int{}}}
		keys := []int{3, 40, 400}[rng.IntN(3)]
		for step := range 600 {
			last := versions[len(versions)-1]
			if rng.IntN(10) == 0 { // another branch
				last = versions[rng.IntN(len(versions))]
			}
			next := version{last.layers, maps.Clone(last.want)}
			k := rng.IntN(keys)
			if rng.IntN(3) == 0 {
				next.layers = next.layers.Without(k)
				delete(next.want, k)
			} else {
				next.layers = next.layers.With(k, step)
				next.want[k] = step
			}
			versions = append(versions, next)
		}
		for i, v := range versions {
			if got := maps.Collect(v.layers.All()); !maps.Equal(got, v.want) || v.layers.count != len(v.want) {
				t.Fatalf("seed %d, version %d: %d of %v, want %v", seed, i, v.layers.count, got, v.want)
			}
			for k := range keys {
				got, ok := v.layers.Get(k)
				if want, there := v.want[k]; ok != there || got != want {
					t.Fatalf("seed %d, version %d: %d is %d, %t", seed, i, k, got, ok)
				}
			}
		}
	}
}
