package webhook

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/outbound"
)

const (
	// maxAhead is how far a runner looks beyond its cursor: a delivery that takes
	// long holds the cursor, but not those that follow, up to here.
	maxAhead = 8192
	// maxBehind is how many events may wait for others of their key.
	maxBehind = 1024
	// readBatch is how many events are read at once.
	readBatch = 256
	// maxRetries is how many waiting retries are kept in memory; more stay in the
	// database until these are done.
	maxRetries = 10_000
	// readAgain is the pause after the log could not be read.
	readAgain = time.Second
)

// runner delivers to one endpoint.
type runner struct {
	e    *Engine
	name endpoint.Name

	// stale stops new deliveries until the endpoint has been loaded again; gone for
	// good. They are set without the lock.
	stale   atomic.Bool
	gone    atomic.Bool
	version atomic.Int64 // the sequence of the endpoint that was loaded

	mu    sync.Mutex
	conf  *config // replaced when the endpoint changes
	match matcher

	// Its place in the log. A generation ends when the place is moved by hand.
	cursor     int64              // everything up to it is dealt with
	next       int64              // the next event to look at
	done       map[int64]struct{} // dealt with, beyond the cursor
	buffer     []*parley.Event    // read, not looked at yet
	stored     int64              // the last cursor handed to the recorder
	storedAt   time.Time
	generation int

	// Deliveries on their way, and those that wait: for one of their key, for a
	// place in the window, for their time.
	inflight int
	workers  int
	busy     map[string][]*job // by key: one is on its way, these follow it
	behind   int               // how many there are in busy
	ready    []*job
	retries  retries
	more     bool // the database has retries that are not in memory
	window   window
	hold     time.Time // nothing is sent before: the endpoint asked for it
	timer    *time.Timer
	alarm    time.Time // when the timer goes off; zero: it is not set

	health      health
	transitions []transition // not stored yet
}

// config is what an endpoint's settings come to.
type config struct {
	target  *outbound.Target // nil: the operator no longer allows the URL
	signer  *outbound.Signer
	until   parley.Time // when a secret expires
	timeout time.Duration
	delays  []time.Duration
	sends   bool
	byKey   bool // events of one key go one after another
	strict  bool // all events do, and one that failed holds the rest
}

// pick takes the next job that may be sent now, or sees to it that the runner is
// woken when there may be one, and gives nil. The caller holds the lock.
func (r *runner) pick(now time.Time) *job {
	if r.stale.Load() || r.gone.Load() || !r.conf.sends || r.e.stopping.Load() {
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
	if r.inflight >= r.limit() {
		return nil
	}
	if len(r.ready) > 0 {
		j := r.ready[0]
		r.ready = r.ready[1:]
		return j
	}
	return r.pickFresh(now)
}

func (r *runner) limit() int {
	if r.conf.strict {
		return 1
	}
	return r.window.limit()
}

// pickFresh takes a retry that is due, else the next event of the log.
func (r *runner) pickFresh(now time.Time) *job {
	for r.retries.len() > 0 && r.behind < maxBehind {
		first := r.retries.first()
		if first.due.After(now) {
			r.wakeAt(first.due, now)
			if r.conf.strict {
				return nil
			}
			break
		}
		if j := r.retries.take(first); r.admit(j) {
			return j
		}
	}
	for r.behind < maxBehind && r.next-r.cursor <= maxAhead {
		j := r.fromLog()
		if j == nil {
			return nil
		}
		if r.admit(j) {
			return j
		}
	}
	return nil
}

// admit lets a job go now, or puts it behind the one of its key that is on its way.
func (r *runner) admit(j *job) bool {
	if !r.conf.byKey || !r.read(j) {
		return true // one that cannot be read is sorted out by its worker
	}
	j.keyed = true
	waiting, busy := r.busy[j.event.Key]
	if busy {
		r.busy[j.event.Key] = append(waiting, j)
		r.behind++
		return false
	}
	r.busy[j.event.Key] = nil
	return true
}

// read gets a retry's event, which is not kept while it waits.
func (r *runner) read(j *job) bool {
	if j.event == nil {
		j.event, _ = r.e.Log.At(r.e.ctx, r.name.Org, j.seq)
	}
	return j.event != nil
}

// release lets the next job of a key go after one is back.
func (r *runner) release(j *job) {
	if !j.keyed || j.generation != r.generation {
		return
	}
	key := j.event.Key
	waiting := r.busy[key]
	if len(waiting) == 0 {
		delete(r.busy, key)
		return
	}
	r.ready = append(r.ready, waiting[0])
	r.busy[key] = waiting[1:]
	r.behind--
}

// fromLog takes the next event of the log that is for this endpoint, nil if there
// is none yet. Those that are not for it are dealt with in passing.
func (r *runner) fromLog() *job {
	for {
		if len(r.buffer) == 0 {
			events, err := r.e.Log.Read(r.e.ctx, r.name.Org, r.next-1, readBatch)
			if err != nil {
				r.e.Logger.Warn("webhook.read_failed", "org", r.name.Org, "endpoint", r.name.ID, "seq", r.next, "error", err, "again_in", readAgain)
				now := time.Now()
				r.wakeAt(now.Add(readAgain), now)
			}
			if len(events) == 0 {
				return nil
			}
			r.buffer = events
		}
		e := r.buffer[0]
		r.buffer = r.buffer[1:]
		r.next = e.Sequence + 1
		if _, known := r.done[e.Sequence]; known || e.Sequence <= r.cursor {
			continue
		}
		if !r.match.wants(e) {
			r.complete(e.Sequence)
			continue
		}
		return &job{org: e.Organization, seq: e.Sequence, event: e, fromLog: true, generation: r.generation}
	}
}

// complete notes that an event is dealt with, and moves the cursor if it can.
func (r *runner) complete(seq int64) {
	if seq != r.cursor+1 {
		r.done[seq] = struct{}{}
		return
	}
	r.cursor = seq
	for len(r.done) > 0 {
		if _, ok := r.done[r.cursor+1]; !ok {
			return
		}
		delete(r.done, r.cursor+1)
		r.cursor++
	}
}

// moveTo puts the runner at another place of the log and forgets what is on its
// way: that still ends, but no longer moves the cursor.
func (r *runner) moveTo(cursor int64) {
	r.generation++
	r.cursor, r.next, r.stored = cursor, cursor+1, cursor
	r.done, r.busy = map[int64]struct{}{}, map[string][]*job{}
	r.buffer, r.ready, r.behind = nil, nil, 0
	r.retries.clear()
}

// rewind gives up what was read and not sent: events are read again from the
// cursor, retries wait again. Nothing must be on its way.
func (r *runner) rewind() {
	for _, waiting := range r.busy {
		r.ready = append(r.ready, waiting...)
	}
	for _, j := range r.ready {
		if !j.fromLog {
			r.retries.back(j)
			r.retries.add(j)
		}
	}
	r.next = r.cursor + 1
	r.buffer, r.ready, r.behind = nil, nil, 0
	clear(r.busy)
}

// pickProbe takes the one job that a failing endpoint is probed with: the earliest
// of what it has missed.
func (r *runner) pickProbe(now time.Time) *job {
	if r.health.probing || r.inflight > 0 {
		return nil
	}
	if now.Before(r.health.probeAt) {
		r.wakeAt(r.health.probeAt, now)
		return nil
	}
	j := r.retries.lowest(r.health.outage, r.health.skip)
	if j != nil {
		r.retries.take(j)
		r.read(j)
	} else if j = r.fromLog(); j == nil {
		r.health.skip = 0
		return nil // the next event is the probe
	}
	if r.conf.byKey && j.event != nil {
		j.keyed = true
		r.busy[j.event.Key] = nil
	}
	j.probe = true
	r.health.probing = true
	return j
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

// wake starts as many workers as there are jobs and places in the window.
func (r *runner) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spawn(time.Now())
}

func (r *runner) spawn(now time.Time) {
	for r.workers < windowMost {
		j := r.pick(now)
		if j == nil || !r.e.startWorker(r, j) {
			return // if the engine stops, nothing was sent: it will be read again
		}
		r.workers++
		r.depart(j)
	}
}

// depart notes that a job is on its way.
func (r *runner) depart(j *job) {
	r.inflight++
	j.conf, j.slow = r.conf, r.window.slow() || r.health.failures > 0
}

// work sends a job and then others, until there is none.
func (r *runner) work(j *job) {
	for j != nil {
		slot := r.e.quick
		if j.slow {
			slot = r.e.slow
		}
		slot.take()
		begun := time.Now()
		res := r.e.send(j)
		slot.release()
		r.e.rec.throttle()
		j = r.finish(j, begun, res)
	}
}

// finish deals with a job's result and takes the next job for the worker; nil ends it.
func (r *runner) finish(j *job, begun time.Time, res outbound.Result) *job {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	r.inflight--
	r.retries.back(j)
	if res.Failure != nil && res.Failure.Kind == outbound.Cancelled {
		r.workers-- // the engine ended before the attempt did: it will be made again
		return nil
	}
	o := r.judge(j, begun, now, res)
	if j.fromLog && j.generation == r.generation {
		r.complete(j.seq)
	}
	r.release(j)
	r.record(j, begun, res, o)
	if r.health.failing && r.inflight == 0 {
		r.rewind()
	}

	next := r.pick(now)
	if next == nil {
		r.workers--
		return nil
	}
	r.depart(next)
	if r.workers < r.limit() && !r.health.failing {
		r.spawn(now)
	}
	return next
}

// apply makes the runner what its endpoint is now.
func (r *runner) apply(sub endpoint.Subscription, conf *config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if sub.Cursor > r.cursor {
		r.moveTo(sub.Cursor) // by hand: the engine's own cursor is never behind the stored one
	}
	r.conf, r.match = conf, newMatcher(sub.Webhook)
	if n := len(r.transitions); n > 0 {
		conf.sends = r.transitions[n-1].to != parley.EndpointDisabled // the engine knows more than the database
		return
	}
	switch {
	case sub.Webhook.Status == parley.EndpointFailing && !r.health.failing:
		since := sub.Webhook.UpdatedAt.Std()
		r.health = health{failing: true, since: since, outage: since.Add(-time.Minute), probeDelay: probeFirst, probeAt: now}
	case sub.Webhook.Status != parley.EndpointFailing && r.health.failing:
		r.retries.hurry(r.health.outage, now) // somebody paused or resumed it
		r.health.recover()
		r.window.size = windowRecovered
	}
}

// loadRetries brings in the deliveries that wait to be tried again.
func (r *runner) loadRetries(ctx context.Context) error {
	waiting, err := r.e.Endpoints.Waiting(ctx, r.name, maxRetries)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.more = len(waiting) == maxRetries
	for _, a := range waiting {
		if r.e.rec.holds(r, a.Seq) {
			continue // it has been tried since
		}
		r.retries.add(&job{
			org: a.Org, seq: a.Seq, number: a.Number, step: a.Step, due: a.NextAt.Std(), failedAt: a.At.Std(), generation: r.generation,
		})
	}
	return nil
}
