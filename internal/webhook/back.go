package webhook

import (
	"time"

	"parley"
	"parley/internal/store"
)

// back is the last rewind of an endpoint.
type back struct {
	until   int64         // up to here, events may have been sent before
	gap     time.Duration // between one event and the next; 0: none
	next    time.Time     // when the next event may be sent
	numbers map[int64]int // how many attempts there were at the events that were read last
}

// burst is how far a rewind may lag behind its pace and make up for it at once.
const burst = 100 * time.Millisecond

// covers tells whether an event may have been sent before the rewind.
func (b *back) covers(seq int64) bool { return b != nil && seq <= b.until }

// took notes that an event is on its way, and tells how many attempts there were at it.
func (b *back) took(seq int64) (attempts int) {
	if !b.covers(seq) {
		return 0
	}
	if b.gap > 0 {
		now := time.Now()
		b.next = later(b.next, now.Add(-burst)).Add(b.gap)
	}
	return b.numbers[seq]
}

// tooSoon tells whether the next event has to wait for the sake of the rewind's
// pace, and sees to it that the runner looks again.
func (r *runner) tooSoon(now time.Time) bool {
	if !r.back.covers(r.next) || !now.Before(r.back.next) {
		return false
	}
	r.wakeAt(r.back.next, now)
	return true
}

// move takes in where the endpoint stands. The runner's own cursor is never behind
// the stored one, unless that was moved on or back by hand.
func (r *runner) move(p store.Position) {
	switch again := p.Pass != r.pass.Load(); {
	case again && p.Rewind != nil:
		r.goBack(p)
	case p.Cursor > r.cursor:
		r.moveTo(p.Cursor)
	}
	r.pass.Store(p.Pass)
}

// goBack puts the runner at an earlier place of the log. What is on its way counts as
// sent again; what had been dealt with beyond the rewind stays so.
func (r *runner) goBack(p store.Position) {
	before := r.cursor
	r.back = &back{until: max(before, p.Rewind.Until)}
	if p.Rewind.Pace != nil {
		r.back.gap = time.Second / time.Duration(*p.Rewind.Pace)
	}
	for seq := p.Rewind.Until + 1; seq <= before; seq++ {
		r.mark(seq) // the cursor went on while the rewind was being stored
	}
	r.cursor, r.stored = p.Cursor, p.Cursor
	r.reached.Store(p.Cursor)
	for seq, j := range r.underway {
		j.awaited = j.awaited || seq > p.Cursor
	}
}

// count finds out which attempts there were at events that are to be sent again, and
// tells whether it could; if not, the runner looks again later.
func (r *runner) count(events []*parley.Event) bool {
	first, last := events[0].Sequence, events[len(events)-1].Sequence
	if !r.back.covers(first) {
		return true
	}
	numbers, err := r.e.Endpoints.Attempted(r.e.ctx, r.name, first, min(last, r.back.until))
	if err != nil {
		r.readFailed(first, time.Now(), err)
		return false
	}
	r.back.numbers = numbers
	return true
}
