package engine

// lead turns an epoch for a commit on the caller's goroutine, and tells whether it did: only if the loop has nothing else to
// do. To hand a request to a goroutine that sleeps, and to be woken by it, takes longer than a small epoch does; where there is
// work for the loop's goroutine anyway, it gathers all commits that wait in one epoch.
func (l *loop) lead(c *commit) (led bool, err error) {
	if len(l.engine.requests) > 0 || !l.turns.TryLock() {
		return false, nil
	}
	defer l.turns.Unlock()
	if l.pressed() {
		return false, nil
	}
	led = true
	defer l.recovered(&err)
	t := l.newTurn()
	defer t.close()
	if err = l.accept(t, c, l.stuck()); err != nil {
		return led, err
	}
	err = l.turn(t, &control{}, nil)
	if l.checkpoint.unarmed() || l.pressed() {
		l.poke()
	}
	return led, err
}

// pressed tells whether persist has something to do, for which epochs may have to wait.
func (l *loop) pressed() bool {
	pool := l.engine.store.Memory()
	return l.checkpoint.changes >= checkpointChanges || pool.Used() > pool.Budget()
}

// poke has the loop's goroutine look at checkpoints and memory.
func (l *loop) poke() {
	select {
	case l.poked <- struct{}{}:
	default:
	}
}
