package webhook

import (
	"time"

	"parley"
	"parley/internal/endpoint"
)

// Standing implements endpoint.Engine: it tells how an event stands at an endpoint;
// ok is false if this engine does not run it. It may wait a moment for the runner.
func (e *Engine) Standing(id parley.WebhookID, seq int64, key string) (s endpoint.Standing, ok bool) {
	e.mu.Lock()
	r := e.byID[id]
	e.mu.Unlock()
	if r == nil {
		return s, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen < 0 {
		return s, false
	}
	return r.standing(seq, key, time.Now()), true
}

// standing tells how an event of a key stands. The caller holds the lock.
func (r *runner) standing(seq int64, key string, now time.Time) endpoint.Standing {
	_, done := r.done[seq]
	_, unwritten := r.e.rec.of(r)[seq]
	s := endpoint.Standing{
		Cursor: r.cursor, Dealt: done || seq <= r.cursor,
		Underway: r.underway[seq] != nil, Unwritten: unwritten, Hold: r.hold,
	}
	if r.health.failing {
		s.ProbeAt = r.health.probeAt
	}
	if !s.Dealt && !s.Underway {
		s.Behind, s.Until = r.ahead(seq, key, now)
	}
	return s
}

// ahead is the event that an event of a key has to wait for, 0 if there is none: one
// that is on its way, or one that is tried again at a time.
func (r *runner) ahead(seq int64, key string, now time.Time) (first int64, until time.Time) {
	for _, j := range r.underway {
		if j.seq != seq && (r.conf.serial || r.conf.byKey && !j.lost && j.event.Key == key) {
			return j.seq, time.Time{}
		}
	}
	if r.conf.strict && r.retries.len() > 0 {
		if j := r.retries.first(); j.seq != seq && j.due.After(now) {
			return j.seq, j.due
		}
	}
	return 0, time.Time{}
}
