package webhook

import (
	"time"

	"parley"
	"parley/internal/outbound"
	"parley/internal/store"
)

// wake starts as many workers as there are jobs and places in the window.
func (r *runner) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spawn(time.Now())
}

func (r *runner) spawn(now time.Time) {
	for r.workers < windowMost {
		j := r.pick(now)
		if j == nil {
			return
		}
		r.depart(j)
		if !r.e.startWorker(func() { r.work(j) }) {
			return // the engine stops: it will be read again
		}
		r.workers++
	}
}

// depart notes that a job is on its way.
func (r *runner) depart(j *job) {
	j.conf, j.told = r.conf, r.seen
	j.slot, j.only = r.e.slotFor(r), r.requests == 0
	if r.underway == nil {
		r.underway = map[int64]*job{}
	}
	r.requests++
	for each := range j.all {
		r.underway[each.seq] = each
	}
}

// work sends a job and then others, until there is none.
func (r *runner) work(j *job) {
	for j != nil {
		unsent, err := r.e.prepare(r.name, j)
		if err != nil {
			r.unreadable(j, err)
			return
		}
		if unsent == nil && !r.await(j) {
			r.takeBack(j)
			return
		}
		begun := time.Now()
		res := outbound.Result{Failure: unsent}
		if unsent == nil {
			res = r.e.send(j)
			r.leave(j)
		}
		if cut(res) {
			return // the engine ended before the attempt did: it will be made again
		}
		next, attempt := r.finish(j, begun, res)
		r.e.logAttempt(&attempt, j)
		j = next
	}
}

// await gets a place for a job, and tells whether it may still be sent then. If
// not, it has no place.
func (r *runner) await(j *job) bool {
	if !r.e.rec.room(r.e.stopped) {
		return false
	}
	if !r.occupy(j) {
		return false
	}
	if r.told.Load() != j.told || r.gone.Load() || r.away.Load() || j.waited && !r.stillGood(j) {
		r.leave(j)
		return false
	}
	return true
}

// stillGood tells whether a job may be sent that had to wait for a place.
func (r *runner) stillGood(j *job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sends && (!r.health.failing || j.probe) && !time.Now().Before(r.hold) && !r.e.stopping()
}

// takeBack takes back a job that was not sent, and ends its worker.
func (r *runner) takeBack(j *job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.putBack(j)
	r.spawn(time.Now())
}

func (r *runner) putBack(j *job) {
	r.workers--
	r.requests--
	for each := range j.all {
		delete(r.underway, each.seq)
		if !each.fromLog {
			r.keep(each)
		}
	}
	r.reread()
}

// unreadable takes back a job for which the endpoint could not be read, and has it
// made later, unless the endpoint is gone.
func (r *runner) unreadable(j *job, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.putBack(j)
	if parley.KindOf(err) == parley.NotFound {
		return // the engine will be told, if it was not yet
	}
	now := time.Now()
	r.readFailed(j.seq, now, err)
	r.hold = later(r.hold, now.Add(readAgain))
}

func cut(res outbound.Result) bool {
	return res.Failure != nil && res.Failure.Kind == outbound.Cancelled
}

// finish deals with a job's result and takes the next job for the worker; nil ends it.
func (r *runner) finish(j *job, begun time.Time, res outbound.Result) (next *job, made store.Attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	r.requests--
	for each := range j.all {
		delete(r.underway, each.seq)
	}
	r.release(j)
	o := r.judge(j, begun, now, res)
	made = r.close(j, begun, res, o)
	for _, mate := range j.mates {
		if o.state == parley.Retrying {
			r.wait(mate, now, o)
		}
		r.close(mate, begun, res, o)
	}

	next = r.pick(now)
	if next == nil {
		r.workers--
		r.shrink()
		return nil, made
	}
	r.depart(next)
	if r.workers < r.limit() && !r.health.failing {
		r.spawn(now)
	}
	return next, made
}

// close has a delivery's attempt written, and the cursor wait for it no longer.
func (r *runner) close(j *job, begun time.Time, res outbound.Result, o outcome) store.Attempt {
	if j.awaited {
		r.complete(j.seq)
	}
	if r.settled != nil {
		r.settled[j.seq] = o.state == parley.Retrying
	}
	return r.record(j, begun, res, o)
}
