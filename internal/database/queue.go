package database

import (
	"context"
	"sync"
	"sync/atomic"

	"parley"
)

// job is one function that waits to be written, or is being written.
type job struct {
	ctx context.Context
	org parley.OrganizationID // "" for Record
	fn  func(context.Context, *Tx) error

	state  atomic.Int32
	answer chan error // holds one

	// Of the lane, once the job has started.
	err   error
	after []func()
}

// A job is either started by its lane or abandoned by its caller, never both.
const (
	waiting int32 = iota
	started
	abandoned
)

func (j *job) start() bool   { return j.state.CompareAndSwap(waiting, started) }
func (j *job) abandon() bool { return j.state.CompareAndSwap(waiting, abandoned) }

func newJob(ctx context.Context, org parley.OrganizationID, fn func(context.Context, *Tx) error) *job {
	return &job{ctx: ctx, org: org, fn: fn, answer: make(chan error, 1)}
}

// queue holds the jobs of a lane in the order in which they came.
type queue struct {
	mu     sync.Mutex
	some   sync.Cond
	jobs   []*job
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.some.L = &q.mu
	return q
}

// put adds j, or tells that the queue is closed.
func (q *queue) put(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.jobs = append(q.jobs, j)
	if len(q.jobs) == 1 {
		q.some.Signal()
	}
	return true
}

// take waits for jobs and moves at most n of them to the end of into. It gives none
// once the queue is closed and empty.
func (q *queue) take(into []*job, n int) []*job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 && !q.closed {
		q.some.Wait()
	}
	n = min(n, len(q.jobs))
	into = append(into, q.jobs[:n]...)
	rest := copy(q.jobs, q.jobs[n:])
	clear(q.jobs[rest:])
	q.jobs = q.jobs[:rest]
	return into
}

// giveBack puts jobs that were taken and not started at the front again.
func (q *queue) giveBack(jobs []*job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(append(make([]*job, 0, len(jobs)+len(q.jobs)), jobs...), q.jobs...)
}

// close lets the jobs that are in the queue be the last.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.some.Broadcast()
}

// tell answers the job's caller, once.
func (j *job) tell(err error) {
	select {
	case j.answer <- err:
	default:
	}
}
