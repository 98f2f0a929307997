package webhook

import (
	"time"

	"parley"
)

// A runner's place in the log: what it has read, what it has dealt with, and where
// its cursor stands.

// read gets a retry's event, which is not kept while it waits. It tells whether
// the log could be read; if not, the runner looks again later.
func (r *runner) read(j *job, now time.Time) bool {
	var err error
	j.event, err = r.e.Log.At(r.e.ctx, r.name.Org, j.seq)
	j.lost = parley.KindOf(err) == parley.NotFound
	if err != nil && !j.lost {
		r.readFailed(j.seq, now, err)
		return false
	}
	return true
}

func (r *runner) readFailed(seq int64, now time.Time, err error) {
	r.e.Logger.Warn("webhook.read_failed", "org", r.name.Org, "endpoint", r.name.ID, "seq", seq, "error", err, "again_in", readAgain)
	r.wakeAt(now.Add(readAgain), now)
}

// fromLog takes the next event of the log that is for this endpoint, nil if there
// is none yet. Those that are not for it are dealt with in passing.
func (r *runner) fromLog() *job {
	for {
		if len(r.buffer) == 0 {
			events, wait := r.readLog()
			if len(events) == 0 {
				r.buffer = nil // not even the array
			}
			if wait || len(events) == 0 || !r.count(events) {
				return nil
			}
			r.buffer = events
		}
		e := r.buffer[0]
		if r.mustReload(e) || e.Sequence > r.next && !r.skipTo(e.Sequence) {
			return nil
		}
		r.buffer = r.buffer[1:]
		r.next = e.Sequence + 1
		if len(r.buffer) == readBatch/2 {
			r.readAhead()
		}
		waits := r.retries.has(e.Sequence)
		if waits && r.conf.strict {
			r.complete(e.Sequence)
			return nil // it goes before what follows
		}
		if r.dealtWith(e.Sequence) {
			continue
		}
		if waits || !r.match.Wants(e) {
			r.complete(e.Sequence)
			continue
		}
		return &job{seq: e.Sequence, event: e, number: r.back.took(e.Sequence), fromLog: true, awaited: true}
	}
}

// mustReload has the endpoint loaded again if an event tells of a change of it that
// it was loaded before: what follows goes by what it is from there on.
func (r *runner) mustReload(e *parley.Event) bool {
	if !r.changes(e) || e.Sequence <= max(r.version.Load(), r.reloaded) {
		return false
	}
	r.reloaded = e.Sequence
	r.e.Changed(r.name.Org, r.name.ID)
	return true
}

// skipTo passes over events that are no longer kept, once all before them have been
// dealt with, and tells whether it has.
func (r *runner) skipTo(seq int64) bool {
	if r.cursor != r.next-1 {
		return false
	}
	r.e.Logger.Error("webhook.events_missed", "org", r.name.Org, "endpoint", r.name.ID, "first", r.next, "last", seq-1,
		"detail", missedReason)
	r.tellMissed(r.next, seq-1)
	r.cursor, r.next = seq-1, seq
	r.reached.Store(r.cursor)
	return true
}

// dealtWith tells whether an event that comes from the log needs nothing: it comes
// once more, or somebody had it sent already.
func (r *runner) dealtWith(seq int64) bool {
	if j := r.underway[seq]; j != nil {
		j.awaited = true
		return true
	}
	_, done := r.done[seq]
	return done || seq <= r.cursor
}

// complete notes that an event is dealt with, and moves the cursor if it can.
func (r *runner) complete(seq int64) {
	if seq <= r.cursor {
		return
	}
	if seq > r.cursor+1 {
		r.mark(seq)
		return
	}
	r.cursor = seq
	for len(r.done) > 0 {
		if _, ok := r.done[r.cursor+1]; !ok {
			break
		}
		delete(r.done, r.cursor+1)
		r.cursor++
	}
	r.reached.Store(r.cursor)
}

// mark notes that an event beyond the cursor is dealt with.
func (r *runner) mark(seq int64) {
	if r.done == nil {
		r.done = map[int64]struct{}{}
	}
	r.done[seq] = struct{}{}
}

// reread gives up what was read and not sent: events are read again from the
// cursor, retries wait again. What is on its way stays so.
func (r *runner) reread() {
	for _, l := range r.keys {
		r.giveUp(l.waiting)
	}
	r.giveUp(r.ready)
	r.next = r.cursor + 1
	r.buffer, r.ready, r.gathered, r.behind = nil, nil, nil, 0
	r.following.events = nil
	clear(r.keys)
	for _, j := range r.underway {
		if r.conf.byKey && !j.lost {
			l := r.keys[j.event.Key]
			l.out++
			r.line(j.event.Key, l)
		}
	}
}

func (r *runner) giveUp(jobs []*job) {
	for _, j := range jobs {
		if !j.fromLog {
			r.retries.add(j)
		}
	}
}
