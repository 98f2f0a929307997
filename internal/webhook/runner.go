package webhook

import (
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/endpoint"
)

const (
	// maxAhead is how far a runner looks beyond its cursor: a delivery that takes
	// long holds the cursor, but not those that follow, up to here.
	maxAhead = 8192
	// maxBehind is how many events may wait for others of their key.
	maxBehind = 1024
	// readBatch is how many events are read at once.
	readBatch = 256
	// maxRetries is how many waiting retries are kept in memory, the soonest; more
	// stay in the database until there is room.
	maxRetries = 10_000
	// readAgain is the pause after the database could not be read.
	readAgain = time.Second
)

// runner delivers to one endpoint.
type runner struct {
	e    *Engine
	name endpoint.Name

	// told counts the changes of the endpoint that the engine was told of; nothing
	// new is sent until they have been taken in. gone stops deliveries for good.
	// They are set without the lock.
	told    atomic.Int64
	gone    atomic.Bool
	away    atomic.Bool  // another process delivers from now on
	version atomic.Int64 // the sequence of the endpoint that was loaded
	reached atomic.Int64 // the cursor, for whoever must not wait for the lock
	pass    atomic.Int64 // how often the cursor was moved back; set after reached

	mu    sync.Mutex
	seen  int64   // how many of the changes have been taken in; -1: it was not loaded yet
	conf  *config // replaced when the endpoint changes
	sends bool    // the endpoint's status allows it
	match *endpoint.Matcher

	// Its place in the log.
	cursor    int64              // everything up to it is dealt with
	next      int64              // the next event to look at
	done      map[int64]struct{} // dealt with, beyond the cursor
	buffer    []*parley.Event    // read, not looked at yet
	following following          // read already, what comes after the buffer
	stored    int64              // the last cursor handed to the recorder
	back      *back              // the last rewind; nil: there was none

	reloaded int64 // the last place at which it was loaded again because of an event

	// Deliveries on their way by sequence, and those that wait: for one of their
	// key, for a place in the window, for their time.
	underway map[int64]*job
	requests int // that they are made with
	workers  int
	keys     map[string]line
	behind   int // how many wait in keys
	ready    []*job
	gathered *gathering // read, not on their way yet; nil unless batches are sent
	retries  retries
	look     time.Time      // when retries must be looked for in the database; zero: all are here
	settled  map[int64]bool // what the database may not know yet, and if it is to be tried again; nil unless it is being read
	window   window
	hold     time.Time   // nothing is sent before: the endpoint asked for it
	asked    parley.Time // the same, if it is not with the recorder yet
	timer    *time.Timer
	alarm    time.Time // when the timer goes off; zero: it is not set

	health      health
	transitions []transition // not stored yet

	noted noted // for the statistics
}

// line is the deliveries of one key: those that may be on their way, which is one
// unless the endpoint's ordering was changed, and those that follow.
type line struct {
	out     int
	waiting []*job
}

// pick takes the next job that may be sent now, or sees to it that the runner is
// woken when there may be one, and gives nil. The caller holds the lock.
func (r *runner) pick(now time.Time) *job {
	if r.stale() || r.gone.Load() || r.away.Load() || !r.sends || r.e.stopping() {
		return nil
	}
	if r.conf.until != 0 && parley.At(now) >= r.conf.until {
		r.e.Changed(r.name.Org, r.name.ID)
		return nil
	}
	if now.Before(r.hold) {
		r.wakeAt(r.hold, now)
		return nil
	}
	if r.health.failing {
		return r.pickProbe(now)
	}
	if r.requests >= r.limit() {
		return nil
	}
	if len(r.ready) > 0 {
		j := r.ready[0]
		r.ready = r.ready[1:]
		return j
	}
	if r.lookAgain(now) {
		return nil
	}
	j, wait := r.pickRetry(now)
	if j == nil && !wait {
		j = r.pickEvent(now)
	}
	if j == nil && !wait && r.conf.strict {
		j, _ = r.pickRetry(now) // the log has come to it
	}
	return j
}

// stale tells whether the endpoint has changed since it was loaded.
func (r *runner) stale() bool { return r.seen != r.told.Load() }

func (r *runner) limit() int {
	if r.conf.serial {
		return 1
	}
	return r.window.limit()
}

// pickRetry takes a retry that is due. wait says that nothing else may go instead.
func (r *runner) pickRetry(now time.Time) (j *job, wait bool) {
	for r.retries.len() > 0 && r.behind < maxBehind {
		first := r.retries.first()
		if r.conf.strict {
			first = r.holding()
		}
		if first == nil {
			return nil, false
		}
		if first.due.After(now) {
			r.wakeAt(first.due, now)
			return nil, r.conf.strict
		}
		if !r.read(first, now) {
			return nil, true
		}
		j := r.retries.take(first)
		if r.conf.format.Batches {
			return r.rejoin(j, now), false
		}
		if r.admit(j) {
			return j, false
		}
	}
	return nil, false
}

// pickEvent takes the next event of the log.
func (r *runner) pickEvent(now time.Time) *job {
	if r.conf.format.Batches {
		return r.pickBatch(now, false)
	}
	for r.behind < maxBehind && r.next-r.cursor <= maxAhead && !r.tooSoon(now) {
		j := r.fromLog()
		if j == nil || r.admit(j) {
			return j
		}
	}
	return nil
}

// pickProbe takes the one job that a failing endpoint is probed with: the earliest
// of what it has missed.
func (r *runner) pickProbe(now time.Time) *job {
	if r.requests > 0 {
		return nil
	}
	if now.Before(r.health.probeAt) {
		r.wakeAt(r.health.probeAt, now)
		return nil
	}
	j := r.missed()
	if j == nil {
		j = r.probeOfLog(now)
	}
	if j == nil && (r.health.skip > 0 || r.conf.strict) {
		r.health.skip = 0 // all have been tried: from the beginning
		j = r.missed()
	}
	if j == nil {
		return nil // the next event will be the probe
	}
	if !j.fromLog {
		if !r.read(j, now) {
			return nil
		}
		r.retries.take(j)
		if r.conf.format.Batches {
			j = r.rejoin(j, now)
		}
	}
	r.admit(j)
	j.probe = true
	return j
}

// probeOfLog is what comes next in the log.
func (r *runner) probeOfLog(now time.Time) *job {
	if r.conf.format.Batches {
		return r.pickBatch(now, true)
	}
	return r.fromLog()
}

// missed is the retry that a failing endpoint is to be probed with.
func (r *runner) missed() *job {
	if r.conf.strict {
		return r.holding()
	}
	return r.retries.lowest(r.health.outage, r.health.skip)
}

// holding is the retry that nothing may overtake if the ordering is strict; nil if
// there is none, or if events before it come first: it was rewound to those.
func (r *runner) holding() *job {
	j := r.retries.lowest(time.Time{}, 0)
	if j == nil || !r.comesFirst(j) {
		return nil
	}
	return j
}

// comesFirst tells whether a retry's event comes before all that are yet to be sent
// for the first time, or again because of a rewind.
func (r *runner) comesFirst(j *job) bool {
	return j.seq < r.next && (r.gathered == nil || j.seq < r.gathered.jobs[0].seq)
}

// admit lets a job go now, or puts it behind the one of its key that is on its way.
func (r *runner) admit(j *job) bool {
	if !r.conf.byKey || j.lost {
		return true
	}
	l := r.keys[j.event.Key]
	if l.out > 0 {
		l.waiting = append(l.waiting, j)
		r.behind++
	} else {
		l.out = 1
	}
	r.line(j.event.Key, l)
	return len(l.waiting) == 0
}

func (r *runner) line(key string, l line) {
	if r.keys == nil {
		r.keys = map[string]line{}
	}
	r.keys[key] = l
}

// release lets the next job of a key go after one is back.
func (r *runner) release(j *job) {
	if j.lost {
		return
	}
	l, ok := r.keys[j.event.Key]
	if !ok {
		return
	}
	if l.out--; l.out == 0 && len(l.waiting) > 0 {
		r.ready = append(r.ready, l.waiting[0])
		l.out, l.waiting = 1, l.waiting[1:]
		r.behind--
	}
	if l.out == 0 {
		delete(r.keys, j.event.Key)
		return
	}
	r.keys[j.event.Key] = l
}

// keep has a delivery wait to be tried again. If there is no room, the one that is
// due last is left to the database.
func (r *runner) keep(j *job) {
	r.retries.add(j)
	if r.retries.len() > maxRetries {
		last := r.retries.take(r.retries.last())
		r.lookAt(last.due)
	}
}

// lookAt has the database looked into for retries, at a time or before.
func (r *runner) lookAt(at time.Time) {
	if r.look.IsZero() || at.Before(r.look) {
		r.look = at
	}
}

// lookAgain has the endpoint loaded again, if the database has retries by now that
// there is room for.
func (r *runner) lookAgain(now time.Time) bool {
	if r.look.IsZero() || r.retries.len() > maxRetries/2 {
		return false
	}
	if now.Before(r.look) {
		r.wakeAt(r.look, now)
		return false
	}
	r.e.Changed(r.name.Org, r.name.ID)
	return true
}

// wakeAt has the runner look again at a time, unless it will earlier.
func (r *runner) wakeAt(at, now time.Time) {
	if !r.alarm.IsZero() && !r.alarm.After(at) {
		return
	}
	if r.timer != nil {
		r.timer.Stop()
	}
	r.alarm = at
	r.timer = time.AfterFunc(max(0, at.Sub(now)), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.alarm = time.Time{}
		r.spawn(time.Now())
	})
}

// shrink gives back the room of deliveries when there are none: most endpoints have
// nothing to do most of the time.
func (r *runner) shrink() {
	if r.workers > 0 {
		return
	}
	if len(r.underway)+len(r.keys)+len(r.done)+len(r.ready)+len(r.buffer) == 0 {
		r.underway, r.keys, r.done, r.ready, r.buffer, r.following.events = nil, nil, nil, nil, nil, nil
	}
}

// rest ends the timer.
func (r *runner) rest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
}
