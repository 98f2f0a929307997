package webhook

import (
	"cmp"
	"slices"
	"time"

	"parley"
	"parley/internal/payload"
)

// A batch is several deliveries made with one request: those of a job and of its
// mates. Its events stay together as long as they fare alike, so that a request that
// is made again is the same request. Batches of an endpoint go one after another
// unless its ordering is none: so events of one key stay in order, within a batch and
// from one to the next.

// batchWait is how long an event waits at most for others to be sent with it.
const batchWait = time.Second

// gathering is a batch that is being put together.
type gathering struct {
	jobs []*job
	size int  // of the body
	over *job // the next, for which there was no room
}

func (g *gathering) full() bool { return g.over != nil || len(g.jobs) == payload.MaxEvents }

// add adds a job if there is room for it. What cannot be rendered goes by itself: it
// is to harm no other.
func (g *gathering) add(j *job) {
	const between = 2
	alone := j.unrendered != nil
	if len(g.jobs) > 0 && (alone || g.size+between+len(j.body) > payload.MaxBytes) {
		g.over = j
		return
	}
	if len(g.jobs) == 0 {
		g.size = len(payload.Batch(nil))
	}
	g.jobs = append(g.jobs, j)
	g.size += between + len(j.body)
	if alone {
		g.size = payload.MaxBytes
	}
}

// pickBatch takes the next batch from the log, as soon as it is full or its first
// event has waited long enough for others; a probe does not wait.
func (r *runner) pickBatch(now time.Time, probe bool) *job {
	g := r.gathered
	if g == nil {
		g = &gathering{}
	}
	for !g.full() && r.next-r.cursor <= maxAhead && !r.tooSoon(now) {
		j := r.fromLog()
		if j == nil {
			break
		}
		r.render(j)
		g.add(j)
	}
	if len(g.jobs) == 0 {
		return nil
	}
	r.gathered = g
	if !probe && !g.full() {
		until := g.jobs[0].event.CreatedAt.Std().Add(batchWait)
		if limit := now.Add(batchWait); until.After(limit) {
			until = limit // the clock that the event was made by is fast
		}
		if until.After(now) {
			r.wakeAt(until, now)
			return nil
		}
	}
	r.gathered = nil
	if g.over != nil {
		r.gathered = &gathering{}
		r.gathered.add(g.over)
	}
	return batchOf(g.jobs, g.jobs[0].seq)
}

// batchOf makes one job of several, the first in order leading the others.
func batchOf(jobs []*job, batch int64) *job {
	for _, j := range jobs {
		j.batch = batch
	}
	jobs[0].mates = jobs[1:]
	return jobs[0]
}

// rejoin has a retry that was taken go with those of its batch that wait as long as
// it did.
func (r *runner) rejoin(j *job, now time.Time) *job {
	r.render(j)
	if j.batch == 0 || j.lost || j.unrendered != nil {
		return j
	}
	g := gathering{}
	g.add(j)
	for _, mate := range r.retries.batch(j) {
		if g.full() {
			break
		}
		if r.conf.strict && !r.comesFirst(mate) || !r.read(mate, now) || mate.lost {
			continue
		}
		r.render(mate)
		if g.add(mate); g.over == nil {
			r.retries.take(mate)
		}
	}
	return batchOf(g.jobs, j.batch)
}

// render writes a job's event down, for an endpoint that is sent batches.
func (r *runner) render(j *job) {
	if !j.lost {
		j.body, j.unrendered = r.conf.format.Render(r.name.ID, j.event)
	}
}

// batch gives the retries of a job's batch that are due when it was, in order.
func (r *retries) batch(j *job) []*job {
	var mates []*job
	for _, other := range r.heap {
		if other.batch == j.batch && other.due.Equal(j.due) {
			mates = append(mates, other)
		}
	}
	slices.SortFunc(mates, func(a, b *job) int { return cmp.Compare(a.seq, b.seq) })
	return mates
}

// all gives a job and its mates.
func (j *job) all(yield func(*job) bool) {
	mates := j.mates
	if !yield(j) {
		return
	}
	for _, mate := range mates {
		if !yield(mate) {
			return
		}
	}
}

// batchID names the request of a job.
func (j *job) batchID() string {
	var events []*parley.Event
	for each := range j.all {
		events = append(events, each.event)
	}
	return payload.BatchID(events)
}
