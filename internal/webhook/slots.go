package webhook

import (
	"sync/atomic"
	"time"
)

// How many requests the process has under way at most: to endpoints that answer
// quickly; one to each of those that are slow, failing or not known yet, or find no
// room among the quick; and more than one to each of the slow. A thousand endpoints
// that hang take none of the first, and leave a place for whoever is new.
const (
	quickSlots = 1024
	firstSlots = 2048
	moreSlots  = 512
)

// instantSlots is what the endpoints that answer at once share: with more requests
// at once, they would only wait in line for this machine's processors.
const (
	instantSlots = 64
	instantLeast = 8 // for each of them
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

func (s slots) release()   { <-s }
func (s slots) full() bool { return len(s) == cap(s) }

// slotFor chooses among the places for a runner's next request.
func (e *Engine) slotFor(r *runner) slots {
	good := !r.window.slow() && r.health.failures == 0
	switch {
	case good && !e.quick.full():
		return e.quick
	case len(r.underway) == 0:
		return e.first
	case good:
		return e.quick
	}
	return e.more
}

// occupy takes a job's place. A quick one that turns out to be slow gives it up, so
// that an endpoint that begins to hang does not keep what others need.
func (r *runner) occupy(j *job) bool {
	var ok bool
	if j.waited, ok = j.slot.take(r.e.stopped); !ok {
		return false
	}
	if j.slot == r.e.quick {
		j.lapse = time.AfterFunc(slow, func() {
			j.slot.release()
			r.mu.Lock()
			defer r.mu.Unlock()
			r.window.latency = max(r.window.latency, slow+1)
		})
	}
	return true
}

// leave gives up a job's place, unless it has lapsed.
func (j *job) leave() {
	if j.lapse == nil || j.lapse.Stop() {
		j.slot.release()
	}
}

// crowd counts the endpoints that answer at once and have requests under way.
type crowd struct{ atomic.Int64 }

// share is how many requests each of them may have under way.
func (c *crowd) share() int { return max(instantLeast, instantSlots/int(max(1, c.Load()))) }

// join counts a runner among them, or no longer.
func (r *runner) join() {
	if in := len(r.underway) > 0 && r.window.instant(); in != r.inCrowd {
		r.inCrowd = in
		if in {
			r.e.crowd.Add(1)
		} else {
			r.e.crowd.Add(-1)
		}
	}
}
