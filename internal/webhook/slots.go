package webhook

import "time"

// How many requests the process has under way at most: to endpoints that answer
// quickly; one to each of those that are slow, failing or not known yet, or find no
// room among the quick; and more than one to each of the slow. A thousand endpoints
// that hang take none of the first, and leave a place for whoever is new.
const (
	quickSlots = 1024
	firstSlots = 2048
	moreSlots  = 512
)

// Endpoints that are at hand can be sent no more than the processors can make. With
// more requests at once than a few for each processor, every one would only cost
// more: so they wait for a place, though not for long.
const (
	nearSlots = 32 // for each processor
	nearWait  = 10 * time.Millisecond
)

// slots are places for requests under way.
type slots chan struct{}

// tryTake takes a place if there is one.
func (s slots) tryTake() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

// take waits for a place until a signal, and tells whether it has one.
func take[T any](s slots, until <-chan T) bool {
	select {
	case s <- struct{}{}:
		return true
	case <-until:
		return false
	}
}

func (s slots) release()   { <-s }
func (s slots) full() bool { return len(s) == cap(s) }

// slotFor chooses among the places for a runner's next request.
func (e *Engine) slotFor(r *runner) slots {
	good := !r.window.slow() && r.health.failures == 0
	switch {
	case good && r.window.near():
		return e.near
	case good && !e.quick.full():
		return e.quick
	case len(r.underway) == 0:
		return e.first
	case good:
		return e.quick
	}
	return e.more
}

// occupy waits for a job's place, and tells whether it has one before the engine
// stops.
func (r *runner) occupy(j *job) bool {
	if j.waited = !j.slot.tryTake(); j.waited && !r.queue(j) {
		return false
	}
	if j.slot == r.e.near || j.slot == r.e.quick {
		j.lapse = time.AfterFunc(slow, func() { r.lapse(j) })
	}
	return true
}

// queue waits for a place.
func (r *runner) queue(j *job) bool {
	if j.slot == r.e.near {
		enough := time.NewTimer(nearWait)
		defer enough.Stop()
		if take(j.slot, enough.C) {
			return true
		}
		if j.slot = r.e.quick; j.slot.full() {
			j.slot = r.e.first
		}
	}
	return take(j.slot, r.e.stopped)
}

// lapse gives up the place of a request that was thought to be quick, so that an
// endpoint that begins to hang does not keep what others need.
func (r *runner) lapse(j *job) {
	j.slot.release()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.window.latency = max(r.window.latency, slow+1)
}

// leave gives up a job's place, unless it has lapsed.
func (j *job) leave() {
	if j.lapse == nil || j.lapse.Stop() {
		j.slot.release()
	}
}
