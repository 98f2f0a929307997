package webhook

import (
	"context"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// manyEndpoints is how many leave much garbage behind when they are loaded, as they
// are at the start.
const manyEndpoints = 500

// survey compares the endpoints that are run with those there are.
func (e *Engine) survey(ctx context.Context) error {
	versions, err := e.Endpoints.Versions(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, version := range versions {
		if !e.mine[partOf(name.ID)] {
			continue
		}
		if r := e.byID[name.ID]; r == nil || r.version.Load() != version {
			e.changed[name] = true
		}
	}
	for _, r := range e.byID {
		if _, there := versions[r.name]; !there {
			e.changed[r.name] = true
		}
	}
	if len(e.changed) > 0 {
		e.rouse()
	}
	return nil
}

func (e *Engine) reloadChanged(ctx context.Context) {
	e.mu.Lock()
	names := slices.Collect(maps.Keys(e.changed))
	clear(e.changed)
	e.mu.Unlock()
	if len(names) >= manyEndpoints {
		defer e.sparingly()()
	}
	for _, name := range names {
		switch err := e.reload(ctx, name); {
		case err == nil:
		case ctx.Err() != nil:
			e.Changed(name.Org, name.ID) // for settle
		default:
			e.Logger.Warn("webhook.load_failed", "org", name.Org, "endpoint", name.ID, "error", err, "again_in", readAgain)
			time.AfterFunc(readAgain, func() { e.Changed(name.Org, name.ID) })
		}
	}
}

// sparingly has garbage collected often until the function that it gives is called,
// so that what stays does not lie scattered among it; that gives back what was needed
// for a while only.
func (e *Engine) sparingly() (done func()) {
	usual := debug.SetGCPercent(20)
	return func() {
		debug.SetGCPercent(usual)
		e.background.Go(func() {
			e.DB.Trim()
			debug.FreeOSMemory()
		})
	}
}

// reload makes a runner what its endpoint is now.
func (e *Engine) reload(ctx context.Context, name endpoint.Name) error {
	r := e.runner(name)
	if r == nil {
		return nil // another process delivers to it
	}
	told := r.told.Load() // what changes from here on is not noted as seen
	sub, err := e.Endpoints.Load(ctx, name)
	if parley.KindOf(err) == parley.NotFound {
		e.drop(r)
		return nil
	}
	if err != nil {
		return err
	}
	conf, err := e.configure(sub)
	if err != nil {
		return err
	}
	e.see(sub)
	var done []int64
	if r.fresh() {
		if done, err = e.Endpoints.Done(ctx, name, sub.Position, 2*maxAhead); err != nil {
			return err
		}
	}
	defer r.settle()()
	waiting, err := e.Endpoints.Waiting(ctx, name, maxRetries)
	if err != nil {
		return err
	}
	r.apply(sub, conf, done, waiting, told)
	return nil
}

// runner gives the one of an endpoint, a fresh one if there is none; nil if the
// endpoint is another process's.
func (e *Engine) runner(name endpoint.Name) *runner {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.byID[name.ID]; r != nil {
		return r
	}
	if !e.mine[partOf(name.ID)] {
		return nil
	}
	r := &runner{
		e: e, name: name, seen: -1, window: window{size: windowStart},
	}
	e.byID[name.ID] = r
	if e.byOrg[name.Org] == nil {
		e.byOrg[name.Org] = map[parley.WebhookID]*runner{}
	}
	e.byOrg[name.Org][name.ID] = r
	return r
}

// drop ends a runner whose endpoint was deleted.
func (e *Engine) drop(r *runner) {
	r.gone.Store(true)
	e.forget(r)
	r.rest()
	r.mu.Lock()
	defer r.mu.Unlock()
	e.rec.add(r, store.Attempt{}, 0) // has the last attempts deleted too
}

// forget takes a runner from those that are run.
func (e *Engine) forget(r *runner) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.byID, r.name.ID)
	delete(e.byOrg[r.name.Org], r.name.ID)
	if len(e.byOrg[r.name.Org]) == 0 {
		delete(e.byOrg, r.name.Org)
	}
}

// fresh tells whether the endpoint was not loaded yet.
func (r *runner) fresh() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen < 0
}

// settle has the runner note which deliveries the database may not know the state
// of, until the function that it gives is called.
func (r *runner) settle() func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settled = r.e.rec.of(r)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.settled = nil
	}
}

// apply makes the runner what its endpoint is now: told is how many changes that
// includes, done and waiting what the database knows of its deliveries.
func (r *runner) apply(sub endpoint.Subscription, conf *config, done []int64, waiting []store.Attempt, told int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	held := !r.sends
	r.conf, r.match = conf, conf.match
	r.sends = sub.Webhook.Status == parley.EndpointActive || sub.Webhook.Status == parley.EndpointFailing
	if n := len(r.transitions); n > 0 {
		r.sends = r.sends && r.transitions[n-1].to != parley.EndpointDisabled // the engine knows more than the database
	} else {
		r.takeOver(sub, now)
	}
	switch {
	case r.seen < 0 && sub.HoldUntil != 0:
		r.hold = sub.HoldUntil.Std()
	case r.sends && held:
		r.hold = time.Time{} // whoever resumes an endpoint knows better
	}
	r.move(sub.Position)
	for _, seq := range done {
		r.complete(seq)
	}
	r.reread()
	r.refill(waiting, now)
	r.version.Store(sub.Webhook.Sequence)
	r.seen = told
	r.spawn(now)
}

// takeOver makes the endpoint's stored health the runner's.
func (r *runner) takeOver(sub endpoint.Subscription, now time.Time) {
	status := sub.Webhook.Status
	switch {
	case status == parley.EndpointFailing && !r.health.failing:
		since := sub.FailingSince.Std()
		r.health = health{
			failing: true, since: since, outage: since.Add(-longestAttempt),
			probeDelay: probeFirst, probeAt: now.Add(rand.N(probeFirst)), // after a start, not all at once
		}
	case status != parley.EndpointFailing && r.health.failing:
		r.recovered(now) // somebody paused or resumed it
	}
}

// moveTo puts the runner at a later place of the log, and forgets what waits.
func (r *runner) moveTo(cursor int64) {
	r.cursor, r.stored = cursor, cursor
	r.reached.Store(cursor)
	r.retries.clear()
	r.ready = nil
	clear(r.done)
	clear(r.keys)
}

// refill brings in the deliveries that wait to be tried again.
func (r *runner) refill(waiting []store.Attempt, now time.Time) {
	r.look = time.Time{}
	if len(waiting) == maxRetries {
		r.look = waiting[len(waiting)-1].NextAt.Std()
	}
	for _, a := range waiting {
		_, settled := r.settled[a.Seq]
		_, underway := r.underway[a.Seq]
		if !settled && !underway {
			r.keep(&job{seq: a.Seq, number: a.Number, step: a.Step, due: a.NextAt.Std(), failedAt: a.At.Std(), batch: a.Batch})
		} else if !r.retries.has(a.Seq) {
			r.lookAt(now.Add(readAgain)) // it may be a wish for one more
		}
	}
	for seq, again := range r.settled {
		if again && r.underway[seq] == nil && !r.retries.has(seq) {
			r.lookAt(now.Add(readAgain)) // it was not in the database yet
		}
	}
}
