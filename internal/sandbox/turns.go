package sandbox

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"time"
)

const (
	slowCall   = 10 * time.Millisecond // callers whose calls take longer on average are slow
	remembered = 1024                  // slow callers that are not forgotten although they do nothing
)

// turns gives the workers to callers, so that the workers' time is shared fairly
// among those who want it (start-time fair queuing): the next turn is for the
// caller who has used the least. Slow callers together never hold the last
// worker, unless there is only one.
type turns struct {
	seed    maphash.Seed
	workers int
	limit   int // of waiting
	running sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	free    []*worker // the last used is on top, so that the others come to rest
	callers map[callerKey]*caller
	line    []*caller // those with tickets
	waiting int       // tickets
	slow    int       // workers that slow callers hold
	clock   time.Duration
}

// caller is somebody who waits or runs, or who is slow. Its fields stand under
// the lock of turns.
type caller struct {
	key     callerKey
	tickets []*ticket
	holding int           // workers
	used    time.Duration // of the workers' time; on joining, not less than the clock
	pace    time.Duration // moving average of a turn
}

func (c *caller) isSlow() bool { return c.pace > slowCall }

// ticket is a place in line. It is called with a worker or with an error.
type ticket struct {
	caller *caller
	called chan struct{}
	turn   *turn
	err    error
}

// turn is the right to use a worker until end.
type turn struct {
	turns  *turns
	worker *worker
	caller *caller
	slow   bool
	began  time.Time
}

func newTurns(workers []*worker, waiting int) *turns {
	return &turns{
		seed: maphash.MakeSeed(), workers: len(workers), limit: waiting,
		free: slices.Clone(workers), callers: map[callerKey]*caller{},
	}
}

// take waits for a turn. The error is ErrBusy, ErrClosed, or ctx's.
func (t *turns) take(ctx context.Context, key callerKey) (*turn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mine, err := t.join(key)
	if err != nil {
		return nil, err
	}
	select {
	case <-mine.called:
	case <-ctx.Done():
		if t.leave(mine) {
			return nil, ctx.Err()
		}
	}
	return mine.turn, mine.err
}

// join puts a caller in line. If too many wait, whoever has most tickets loses
// the last of them.
func (t *turns) join(key callerKey) (*ticket, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, ErrClosed
	}
	c := t.callerFor(key)
	if t.waiting >= t.limit && len(t.free) == 0 {
		if most := t.longest(); most == nil || len(most.tickets) <= len(c.tickets)+1 {
			t.forget(c)
			return nil, ErrBusy
		} else {
			t.refuse(most.tickets[len(most.tickets)-1], ErrBusy)
		}
	}
	mine := &ticket{caller: c, called: make(chan struct{})}
	if len(c.tickets) == 0 {
		t.line = append(t.line, c)
	}
	c.tickets = append(c.tickets, mine)
	t.waiting++
	t.call()
	return mine, nil
}

// callerFor finds or makes a caller. One who had nothing to do has saved up
// nothing: it starts where the others are.
func (t *turns) callerFor(key callerKey) *caller {
	c, ok := t.callers[key]
	if !ok {
		c = &caller{key: key}
		t.callers[key] = c
	}
	if len(c.tickets) == 0 && c.holding == 0 {
		c.used = max(c.used, t.clock)
	}
	return c
}

func (t *turns) longest() *caller {
	if len(t.line) == 0 {
		return nil
	}
	return slices.MaxFunc(t.line, func(a, b *caller) int { return len(a.tickets) - len(b.tickets) })
}

// leave gives a ticket back, unless it has been called.
func (t *turns) leave(mine *ticket) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-mine.called:
		return false
	default:
		t.refuse(mine, context.Canceled)
		return true
	}
}

// refuse calls a ticket that is in line with an error.
func (t *turns) refuse(x *ticket, err error) {
	t.unqueue(x)
	x.err = err
	close(x.called)
	t.forget(x.caller)
}

func (t *turns) unqueue(x *ticket) {
	c := x.caller
	i := slices.Index(c.tickets, x)
	c.tickets = slices.Delete(c.tickets, i, i+1)
	t.waiting--
	if len(c.tickets) == 0 {
		i := slices.Index(t.line, c)
		t.line = slices.Delete(t.line, i, i+1)
	}
}

// call gives free workers to those who are next.
func (t *turns) call() {
	for len(t.free) > 0 {
		c := t.next()
		if c == nil {
			return
		}
		x := c.tickets[0]
		t.unqueue(x)
		last := len(t.free) - 1
		x.turn = &turn{turns: t, worker: t.free[last], caller: c, slow: c.isSlow(), began: time.Now()}
		t.free = t.free[:last]
		c.holding++
		if x.turn.slow {
			t.slow++
		}
		t.clock = max(t.clock, c.used)
		t.running.Add(1)
		close(x.called)
	}
}

// next is whoever in line has used the least and may hold one more worker.
func (t *turns) next() *caller {
	slowMayRun := t.slow < max(1, t.workers-1)
	var next *caller
	for _, c := range t.line {
		if (slowMayRun || !c.isSlow()) && (next == nil || c.used < next.used) {
			next = c
		}
	}
	return next
}

// end gives the worker back and accounts for the time.
func (u *turn) end() {
	t, c := u.turns, u.caller
	t.mu.Lock()
	defer t.mu.Unlock()
	took := time.Since(u.began)
	c.used += took
	c.pace += (took - c.pace) / 8
	c.holding--
	if u.slow {
		t.slow--
	}
	t.free = append(t.free, u.worker)
	t.running.Done()
	t.forget(c)
	t.call()
}

// forget drops a caller who does nothing and was not slow: nothing is to be
// remembered of it.
func (t *turns) forget(c *caller) {
	if len(c.tickets) > 0 || c.holding > 0 {
		return
	}
	if !c.isSlow() {
		delete(t.callers, c.key)
		return
	}
	for key, other := range t.callers {
		if len(t.callers) <= remembered+t.waiting+t.workers {
			return
		}
		if len(other.tickets) == 0 && other.holding == 0 {
			delete(t.callers, key)
		}
	}
}

// close refuses whoever waits and whoever comes.
func (t *turns) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for len(t.line) > 0 {
		t.refuse(t.line[0].tickets[0], ErrClosed)
	}
}

// wait returns when every turn has ended. It comes after close.
func (t *turns) wait() { t.running.Wait() }
