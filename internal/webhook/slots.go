package webhook

import (
	"runtime"
	"time"
)

// places are how many requests the process has under way at most: to endpoints that
// are at hand; to others that answer quickly; one to each of those that are slow,
// failing or not known yet, or find no room among the quick; and more than one to
// each of the slow. A thousand endpoints that hang take none of the first two, and
// leave a place for whoever is new.
type places struct{ near, quick, first, more *slots }

const (
	// Endpoints that are at hand can be sent no more than the processors can make.
	// With more requests at once than a few for each processor, every one would only
	// cost more: so they wait for a place, as long as places are given at all.
	nearSlots = 40                    // for each processor
	nearWait  = 10 * time.Millisecond // of an endpoint that has no other request under way
	nearPause = 50 * time.Millisecond // of one that has, if fewer than nearTurns were given in it
	nearTurns = 20

	quickSlots = 512 // for each processor
	firstSlots = 2048
	moreSlots  = 512
)

func newPlaces() places {
	processors := runtime.GOMAXPROCS(0)
	p := places{
		near: newSlots(nearSlots * processors), quick: newSlots(quickSlots * processors),
		first: newSlots(firstSlots), more: newSlots(moreSlots),
	}
	p.first.eases, p.more.eases = true, true
	return p
}

// load is how short of places the organization has been lately that was shortest of
// them, from 0 to 1.
func (p *places) load() float64 { return max(p.first.mostLoad(), p.more.mostLoad()) }

// slotFor chooses among the places for a runner's next request.
func (e *Engine) slotFor(r *runner) *slots {
	good := !r.window.slow() && r.health.failures == 0
	switch {
	case good && r.window.near():
		return e.places.near
	case good && e.places.quick.room(r.name.Org):
		return e.places.quick
	case r.requests == 0:
		return e.places.first
	case good:
		return e.places.quick
	}
	return e.places.more
}

// occupy waits for a job's place, and tells whether it has one before the engine
// stops.
func (r *runner) occupy(j *job) bool {
	if j.waited = !j.slot.tryTake(r.name.Org); j.waited && !r.queue(j) {
		return false
	}
	j.load = j.slot.load(r.name.Org)
	if j.slot == r.e.places.near || j.slot == r.e.places.quick {
		j.lapse = time.AfterFunc(slow, func() { r.lapse(j) })
	}
	return true
}

// queue waits for a place.
func (r *runner) queue(j *job) bool {
	if p := &r.e.places; j.slot == p.near {
		if r.queueNear(j) {
			return true
		}
		if j.slot = p.quick; !j.slot.room(r.name.Org) {
			j.slot = p.first
		}
	}
	return j.slot.take(r.name.Org, r.e.stopped)
}

// queueNear waits for a place with those that are at hand, and tells whether it has
// one. It gives up when those that have them seem to hang, and soon if the endpoint
// has no other request under way.
func (r *runner) queueNear(j *job) bool {
	pause := nearPause
	if j.only {
		pause = nearWait
	}
	enough := time.NewTicker(pause)
	defer enough.Stop()
	s := r.e.places.near
	w := s.wait(r.name.Org)
	for {
		before := s.givenSoFar()
		if w.served(enough.C, r.e.stopped) {
			return true
		}
		if j.only || s.givenSoFar()-before < nearTurns || r.e.stopping() {
			return !s.withdraw(w)
		}
	}
}

// lapse gives up the place of a request that was thought to be quick, so that an
// endpoint that begins to hang does not keep what others need.
func (r *runner) lapse(j *job) {
	j.slot.release(r.name.Org)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.window.latency = max(r.window.latency, slow+1)
}

// leave gives up a job's place, unless it has lapsed.
func (r *runner) leave(j *job) {
	if j.lapse == nil || j.lapse.Stop() {
		j.slot.release(r.name.Org)
	}
}
