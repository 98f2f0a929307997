package webhook

import (
	"container/heap"
	"container/list"
	"sync"
	"time"

	"parley"
)

const (
	// shareOfFree is how many places an organization may hold for each that is free.
	shareOfFree = 3
	// shareReserve: one place of so many is kept for organizations that hold none.
	shareReserve = 32
	// sharesSpare is how many shares are kept to be used again.
	sharesSpare = 64
)

// slots are places for requests under way, shared between organizations. One may
// hold up to three times as many as are free: alone three quarters of all, two at
// once three sevenths each, and so on, so that whoever comes next finds some. A few
// are kept for organizations that hold none at all. Who finds no place waits; the
// next goes to the organization that holds the fewest, and among equals, as within
// one, to the first that came.
//
// Something is kept of an organization as long as it holds a place or waits for one.
type slots struct {
	reserve int
	eases   bool // how short organizations are of these places is followed

	mu     sync.Mutex
	free   int
	shares map[parley.OrganizationID]*share
	spare  []*share
	queue  queue // the shares in which somebody waits
	turn   int64 // of the last that began to wait
	given  int64 // places, since the start
	strain strain
}

// share is what one organization has of the places.
type share struct {
	org     parley.OrganizationID
	held    int
	waiting list.List // of *waiter
	index   int       // in the queue
	strain  strain
}

// waiter waits for a place.
type waiter struct {
	share *share
	place *list.Element // in the share's waiting
	turn  int64
	ready chan struct{} // closed when it has a place
}

func newSlots(total int) *slots {
	return &slots{reserve: total / shareReserve, free: total, shares: map[parley.OrganizationID]*share{}}
}

// tryTake takes a place if the organization may have one now.
func (s *slots) tryTake(org parley.OrganizationID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hasRoom(org) {
		return false
	}
	sh := s.shareOf(org)
	s.give(sh)
	s.follow(sh)
	return true
}

// take waits for a place until a stop, and tells whether the organization has one
// more.
func (s *slots) take(org parley.OrganizationID, stop <-chan struct{}) bool {
	if s.tryTake(org) {
		return true
	}
	w := s.wait(org)
	return w.served(nil, stop) || !s.withdraw(w)
}

// served waits until the waiter has a place, it has been enough, or there is a stop.
// It tells whether there is a place; if not, the waiter keeps its turn.
func (w *waiter) served(enough <-chan time.Time, stop <-chan struct{}) bool {
	select {
	case <-w.ready:
		return true
	case <-enough:
	case <-stop:
	}
	return false
}

// release gives up a place that the organization holds.
func (s *slots) release(org parley.OrganizationID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shares[org]
	sh.held--
	s.free++
	if sh.waiting.Len() > 0 {
		heap.Fix(&s.queue, sh.index)
	}
	s.serve()
	s.follow(sh)
	s.dropUnused(sh)
}

// givenSoFar counts the places given since the start.
func (s *slots) givenSoFar() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.given
}

// room tells whether the organization would have a place at once.
func (s *slots) room(org parley.OrganizationID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hasRoom(org)
}

func (s *slots) hasRoom(org parley.OrganizationID) bool {
	if sh := s.shares[org]; sh != nil {
		return s.allows(sh.held)
	}
	return s.allows(0)
}

// allows tells whether an organization that holds so many may have one more.
func (s *slots) allows(held int) bool {
	return s.free > 0 && held == 0 || held < s.limit()
}

// limit is how many places an organization may hold while no more than now are free.
func (s *slots) limit() int { return shareOfFree * (s.free - s.reserve) }

func (s *slots) give(sh *share) {
	s.free--
	s.given++
	sh.held++
}

// wait has a waiter wait, even if there is a place by now: then it has it.
func (s *slots) wait(org parley.OrganizationID) *waiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shareOf(org)
	s.turn++
	w := &waiter{share: sh, turn: s.turn, ready: make(chan struct{})}
	w.place = sh.waiting.PushBack(w)
	if sh.waiting.Len() == 1 {
		heap.Push(&s.queue, sh)
	}
	s.serve()
	s.follow(sh)
	return w
}

// serve gives places to those that wait, as many as may have one.
func (s *slots) serve() {
	for len(s.queue) > 0 && s.allows(s.queue[0].held) {
		w := s.queue[0].waiting.Front().Value.(*waiter)
		s.give(w.share)
		s.leave(w)
		s.follow(w.share)
		close(w.ready)
	}
}

// leave takes a waiter out of the queue.
func (s *slots) leave(w *waiter) {
	w.share.waiting.Remove(w.place)
	if w.share.waiting.Len() > 0 {
		heap.Fix(&s.queue, w.share.index)
	} else {
		heap.Remove(&s.queue, w.share.index)
	}
}

// withdraw has a waiter wait no longer, and tells whether that came in time: if not,
// it has a place.
func (s *slots) withdraw(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-w.ready:
		return false
	default:
	}
	s.leave(w)
	s.follow(w.share)
	s.dropUnused(w.share)
	return true
}

// shareOf gives an organization's share, an empty one if it has none.
func (s *slots) shareOf(org parley.OrganizationID) *share {
	sh := s.shares[org]
	if sh != nil {
		return sh
	}
	if last := len(s.spare) - 1; last >= 0 {
		sh, s.spare = s.spare[last], s.spare[:last]
	} else {
		sh = &share{}
	}
	sh.org = org
	s.shares[org] = sh
	return sh
}

func (s *slots) dropUnused(sh *share) {
	if sh.held > 0 || sh.waiting.Len() > 0 {
		return
	}
	delete(s.shares, sh.org)
	if len(s.spare) < sharesSpare {
		*sh = share{}
		s.spare = append(s.spare, sh)
	}
}

// queue is a heap of shares: the next in turn first.
type queue []*share

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].held != q[j].held {
		return q[i].held < q[j].held
	}
	return q[i].turn() < q[j].turn()
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *queue) Push(x any) {
	sh := x.(*share)
	sh.index = len(*q)
	*q = append(*q, sh)
}

func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return last
}

// turn is that of the first who waits.
func (sh *share) turn() int64 { return sh.waiting.Front().Value.(*waiter).turn }
