package webhook

// How many requests the process has under way at most: to endpoints that answer
// quickly; to those that are slow, failing or not known yet, one to each; and more
// than one to each of those. A thousand endpoints that hang take none of the first,
// and leave a place for whoever is new.
const (
	quickSlots = 1024
	firstSlots = 2048
	moreSlots  = 512
)

// slots are places for requests under way.
type slots chan struct{}

// take waits for a place, and tells whether it had to. ok is false if the engine
// stops before.
func (s slots) take(stopped <-chan struct{}) (waited, ok bool) {
	select {
	case s <- struct{}{}:
		return false, true
	default:
	}
	select {
	case s <- struct{}{}:
		return true, true
	case <-stopped:
		return true, false
	}
}

func (s slots) release() { <-s }

// slotFor chooses among the places for a runner's next request.
func (e *Engine) slotFor(r *runner) slots {
	switch {
	case r.window.instant() && r.health.failures == 0:
		return e.instant
	case !r.window.slow() && r.health.failures == 0:
		return e.quick
	case len(r.underway) == 0:
		return e.first
	}
	return e.more
}
