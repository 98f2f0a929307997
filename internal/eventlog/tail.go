package eventlog

import (
	"sync"

	"parley"
)

// limits are the cache's: an organization's newest events up to a count and a size,
// and all organizations together up to a size.
type limits struct {
	events       int
	bytes, total int64
}

func usualLimits() limits { return limits{events: 8192, bytes: 8 << 20, total: 64 << 20} }

// tails caches the newest events of every organization that is written or read.
type tails struct {
	limits limits

	mu    sync.Mutex
	byOrg map[parley.OrganizationID]*tail
	bytes int64
}

// tail is an unbroken run of an organization's newest events, ending at its head.
type tail struct {
	mu      sync.RWMutex
	head    int64           // -1: not known yet
	events  []*parley.Event // the run; empty if the head itself is not in the cache
	bytes   int64
	erased  int64         // events up to it are not kept: they may not be as they were
	changed chan struct{} // closed when the head moves; nil while nobody waits
}

func (ts *tails) of(org parley.OrganizationID) *tail {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.byOrg[org]
	if t == nil {
		t = &tail{head: -1}
		ts.byOrg[org] = t
	}
	return t
}

// fill adds events read from the database or just committed, in order, if they
// continue the run or start a newer one, and tells whether that moved the head.
func (ts *tails) fill(org parley.OrganizationID, events ...*parley.Event) (moved bool) {
	t := ts.of(org)
	grown, moved := t.fill(events, ts.limits)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.bytes += grown
	if ts.bytes > ts.limits.total {
		ts.evict(t)
	}
	return moved
}

// evict empties tails, any but the one in use first, until half the room is free.
func (ts *tails) evict(keep *tail) {
	for _, t := range ts.byOrg {
		if t != keep && ts.bytes > ts.limits.total/2 {
			ts.bytes -= t.drop()
		}
	}
}

// forget drops the events up to a place, which are no longer kept.
func (ts *tails) forget(org parley.OrganizationID, last int64) {
	freed := ts.of(org).forget(last)
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.bytes -= freed
}

func (t *tail) forget(last int64) (freed int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for n < len(t.events) && t.events[n].Sequence <= last {
		freed += size(t.events[n])
		n++
	}
	if n > 0 {
		t.events = append([]*parley.Event(nil), t.events[n:]...)
		t.bytes -= freed
	}
	return freed
}

func (t *tail) drop() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	freed := t.bytes
	t.events, t.bytes = nil, 0
	return freed
}

func size(e *parley.Event) int64 { return int64(len(e.JSON())) + 256 }

func (t *tail) fill(events []*parley.Event, l limits) (grown int64, moved bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.events) == 0 && len(events) > 0 && events[len(events)-1].Sequence < t.head {
		return 0, false // the run must end at the head
	}
	before := t.bytes
	for _, e := range events {
		next := int64(1)
		if n := len(t.events); n > 0 {
			next = t.events[n-1].Sequence + 1
		}
		switch {
		case e.Sequence < next:
			continue
		case e.Sequence <= t.erased:
			moved = t.moveTo(e.Sequence) || moved
			continue
		case len(t.events) > 0 && e.Sequence > next:
			t.events, t.bytes = nil, 0
		}
		t.events = append(t.events, e)
		t.bytes += size(e)
		moved = t.moveTo(e.Sequence) || moved
	}
	t.trim(l)
	return t.bytes - before, moved
}

// trim drops the oldest events over the limits. It drops a quarter at once, so
// that the cost per event stays small.
func (t *tail) trim(l limits) {
	if len(t.events) <= l.events && t.bytes <= l.bytes {
		return
	}
	drop := len(t.events) / 4
	for _, e := range t.events[:drop] {
		t.bytes -= size(e)
	}
	for drop < len(t.events)-1 && t.bytes > l.bytes {
		t.bytes -= size(t.events[drop])
		drop++
	}
	t.events = append([]*parley.Event(nil), t.events[drop:]...)
}

// advance moves the head to one that is known to be committed, and tells whether
// that was news.
func (t *tail) advance(head int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.moveTo(head)
}

func (t *tail) moveTo(head int64) bool {
	if head <= t.head {
		return false
	}
	t.head = head
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
	return true
}

// after gives the cached events beyond a place, at most limit. known is false if
// the cache cannot tell: then the database has to be asked.
func (t *tail) after(seq int64, limit int) (events []*parley.Event, known bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.head >= 0 && seq >= t.head {
		return nil, true
	}
	n := len(t.events)
	if n == 0 || t.events[0].Sequence > seq+1 || t.events[n-1].Sequence <= seq {
		return nil, false
	}
	run := t.events[seq+1-t.events[0].Sequence:]
	return run[:min(limit, len(run)):min(limit, len(run))], true
}

// moved is closed once the head is beyond seq.
func (t *tail) moved(seq int64) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.head > seq {
		now := make(chan struct{})
		close(now)
		return now
	}
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	return t.changed
}
