package webhook

import (
	"time"

	"parley"
)

// following is what was read of the log before it was needed, so that deliveries need
// not wait for the database as long as there are any.
type following struct {
	after  int64 // what was read, or is being read, follows this place
	events []*parley.Event
	busy   bool
}

// readLog gives the events that come next. wait says that they are not there yet,
// and that the runner will be woken.
func (r *runner) readLog() (events []*parley.Event, wait bool) {
	if r.following.after == r.next-1 && r.following.busy {
		return nil, true
	}
	if r.following.after == r.next-1 && len(r.following.events) > 0 {
		events, r.following.events = r.following.events, nil
		return events, false
	}
	events, err := r.e.Log.Read(r.e.ctx, r.name.Org, r.next-1, readBatch)
	if err != nil {
		r.readFailed(r.next, time.Now(), err)
		return nil, true
	}
	return events, false
}

// readAhead begins to read what follows the events in the buffer, which must have
// some, unless something is being read already.
func (r *runner) readAhead() {
	if r.following.busy {
		return
	}
	after := r.buffer[len(r.buffer)-1].Sequence
	r.following = following{after: after, busy: true}
	r.following.busy = r.e.startWorker(func() {
		events, err := r.e.Log.Read(r.e.ctx, r.name.Org, after, readBatch)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.following.busy = false
		if err == nil { // else it is read again when it is needed
			r.following.events = events
		}
		r.spawn(time.Now())
	})
}
