package engine

import (
	"context"
	"testing"
)

// One that wants the gate alone waits for those inside, keeps others out, and gives up when its context ends.
func TestGate(t *testing.T) {
	var g gate
	ctx := context.Background()
	ended, end := context.WithCancel(ctx)
	end()
	for range 2 {
		if err := g.enter(ctx, false); err != nil {
			t.Fatal(err)
		}
	}
	if g.enter(ended, true) == nil {
		t.Fatal("alone beside two others")
	}
	got := make(chan error)
	go func() { got <- g.enter(ctx, true) }()
	g.leave()
	g.leave()
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	if g.enter(ended, false) == nil {
		t.Fatal("passed a gate that another holds alone")
	}
	go func() { got <- g.enter(ctx, false) }()
	g.leave()
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	g.leave()
	if g.inside != 0 || g.alone != 0 {
		t.Fatalf("%d inside, %d waiting", g.inside, g.alone)
	}
}
