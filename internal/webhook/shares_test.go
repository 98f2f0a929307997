package webhook

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley"
)

// door is slots and what must be known of them, in the plainest words.
type door struct {
	*slots
	total   int
	held    map[parley.OrganizationID]int
	waiting []*waiter // in the order in which they came
}

func newDoor(total int) *door {
	return &door{slots: newSlots(total), total: total, held: map[parley.OrganizationID]int{}}
}

func (d *door) taken() (n int) {
	for _, held := range d.held {
		n += held
	}
	return n
}

// mayHave is the promise: whoever holds none may have any place; the others up to
// three for each that is free beyond the reserve.
func (d *door) mayHave(org parley.OrganizationID) bool {
	free := d.total - d.taken()
	return free > 0 && (d.held[org] == 0 || d.held[org] < 3*(free-d.total/32))
}

// next is who must be served now: of those that may have a place, the first that
// came for the organization that holds the fewest.
func (d *door) next() *waiter {
	var found *waiter
	for _, w := range d.waiting {
		if d.mayHave(w.share.org) && (found == nil || d.held[w.share.org] < d.held[found.share.org]) {
			found = w
		}
	}
	return found
}

// serves has the waiters served that must be, and checks that no others were.
func (d *door) serves(t *rapid.T) {
	for w := d.next(); w != nil; w = d.next() {
		if !w.has() {
			t.Fatalf("%s waits, holds %d, and %d places are free", w.share.org, d.held[w.share.org], d.total-d.taken())
		}
		d.held[w.share.org]++
		d.forget(w)
	}
	for _, w := range d.waiting {
		if w.has() {
			t.Fatalf("%s got a place out of turn", w.share.org)
		}
	}
}

func (d *door) forget(w *waiter) {
	d.waiting = slices.DeleteFunc(d.waiting, func(other *waiter) bool { return other == w })
}

func (w *waiter) has() bool {
	select {
	case <-w.ready:
		return true
	default:
		return false
	}
}

// anyHolder is an organization that holds a place, "" if none does.
func (d *door) anyHolder(t *rapid.T) parley.OrganizationID {
	var orgs []parley.OrganizationID
	for org, held := range d.held {
		if held > 0 {
			orgs = append(orgs, org)
		}
	}
	if len(orgs) == 0 {
		return ""
	}
	slices.Sort(orgs)
	return rapid.SampledFrom(orgs).Draw(t, "holder")
}

// Places are never more than there are, go to whom they must in the order that is
// promised, and nothing is left of those that gave up or went.
func TestPlacesAreSharedFairly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := newDoor(rapid.IntRange(1, 100).Draw(t, "places"))
		org := rapid.SampledFrom([]parley.OrganizationID{"a", "a", "a", "b", "b", "c", "d"})
		take := func(t *rapid.T) {
			org := org.Draw(t, "org")
			may := d.mayHave(org)
			if got := d.room(org); got != may {
				t.Fatalf("room for %s: %v, want %v", org, got, may)
			}
			if got := d.tryTake(org); got != may {
				t.Fatalf("a place for %s: %v, want %v", org, got, may)
			}
			if may {
				d.held[org]++
			}
		}
		wait := func(t *rapid.T) {
			w := d.wait(org.Draw(t, "org"))
			d.waiting = append(d.waiting, w)
			d.serves(t)
		}
		t.Repeat(map[string]func(*rapid.T){
			"take": take, "take more": take, "wait": wait, "wait more": wait,
			"release": func(t *rapid.T) {
				org := d.anyHolder(t)
				if org == "" {
					return
				}
				d.held[org]--
				d.release(org)
				d.serves(t)
			},
			"give up": func(t *rapid.T) {
				if len(d.waiting) == 0 {
					return
				}
				w := rapid.SampledFrom(d.waiting).Draw(t, "waiter")
				d.forget(w)
				if !d.withdraw(w) {
					t.Fatal("it has a place that it did not know of")
				}
				d.serves(t)
			},
			"": func(t *rapid.T) {
				if taken := d.taken(); taken > d.total || d.free != d.total-taken {
					t.Fatalf("%d of %d are taken, %d free", taken, d.total, d.free)
				}
				for org, held := range d.held {
					if held > d.total*3/4+1 {
						t.Fatalf("%s holds %d of %d", org, held, d.total)
					}
				}
			},
		})
		for d.taken() > 0 { // whoever waits gets a place when all others have gone
			org := d.anyHolder(t)
			d.held[org]--
			d.release(org)
			d.serves(t)
		}
		if len(d.waiting) > 0 || len(d.shares) > 0 || len(d.queue) > 0 || d.free != d.total {
			t.Fatalf("at the end: %d wait, %d shares, %d in the queue, %d of %d free", len(d.waiting), len(d.shares), len(d.queue), d.free, d.total)
		}
	})
}

// Organizations that take all they can, one after another, leave some to the next.
func TestWhoeverComesNextFindsAPlace(t *testing.T) {
	t.Parallel()
	s := newSlots(2048)
	least := append([]int{1488, 372, 93, 24}, slices.Repeat([]int{1}, 60)...)
	for i, want := range least {
		held := 0
		for s.tryTake(parley.OrganizationID(fmt.Sprint("org", i))) {
			held++
		}
		if held < want {
			t.Errorf("organization %d got %d places, want at least %d", i+1, held, want)
		}
	}
}

func TestAPlaceThatIsFreeCostsNoMemory(t *testing.T) {
	s := newSlots(100)
	if n := testing.AllocsPerRun(1000, func() {
		s.tryTake("org")
		s.release("org")
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWaitingForAPlaceEnds(t *testing.T) {
	t.Parallel()
	s := newSlots(1)
	s.tryTake("a")
	w := s.wait("b")
	over, stopped := make(chan time.Time), make(chan struct{})
	close(over)
	if w.served(over, nil) || !s.withdraw(w) {
		t.Error("it has a place after it had been enough")
	}
	close(stopped)
	if s.take("b", stopped) {
		t.Error("it has a place after the stop")
	}
	w = s.wait("b")
	s.release("a")
	if s.withdraw(w) || !w.served(nil, nil) {
		t.Error("it gave up in vain: it had a place by then")
	}
}

func BenchmarkPlaces(b *testing.B) {
	s := newSlots(100)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if s.take("org", nil) {
				s.release("org")
			}
		}
	})
}
