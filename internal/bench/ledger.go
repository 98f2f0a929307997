package bench

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// ledger notes which event came to which receiver, and when. Events have numbers
// from 0, which their data carries (see eventText).
type ledger struct {
	begun  time.Time
	events int
	came   []atomic.Int64 // by receiver, then by event: nanoseconds after begun; 0: not yet
	count  atomic.Int64   // of what came, each once
	again  atomic.Int64   // of what came once more

	sample   atomic.Pointer[[]byte] // the first body that came
	expected atomic.Pointer[expectation]
}

func newLedger(receivers, events int) *ledger {
	return &ledger{begun: time.Now(), events: events, came: make([]atomic.Int64, receivers*events)}
}

// now is the ledger's time, which is never 0.
func (l *ledger) now() int64 { return int64(time.Since(l.begun)) + 1 }

// note takes what a receiver was sent.
func (l *ledger) note(receiver int, body []byte) {
	number := eventNumber(body)
	if number < 0 || number >= l.events {
		return
	}
	if l.sample.Load() == nil {
		first := bytes.Clone(body)
		l.sample.CompareAndSwap(nil, &first)
	}
	if !l.came[receiver*l.events+number].CompareAndSwap(0, l.now()) {
		l.again.Add(1)
		return
	}
	count := l.count.Add(1)
	if e := l.expected.Load(); e != nil && count >= e.total {
		e.meet()
	}
}

// cameAt is when an event came to a receiver, 0 if it did not.
func (l *ledger) cameAt(receiver, event int) int64 { return l.came[receiver*l.events+event].Load() }

// expectation is met when so many deliveries have come in all.
type expectation struct {
	total int64
	once  sync.Once
	met   chan struct{}
	at    time.Time // when it was met
}

func (e *expectation) meet() {
	e.once.Do(func() {
		e.at = time.Now()
		close(e.met)
	})
}

// expect says what to wait for; it replaces what was expected before.
func (l *ledger) expect(total int64) *expectation {
	e := &expectation{total: total, met: make(chan struct{})}
	l.expected.Store(e)
	if l.count.Load() >= total {
		e.meet()
	}
	return e
}

// wait waits until an expectation is met and tells when that was; or, if it is not
// within the limit, tells the present. Meanwhile it reports what comes.
func (l *ledger) wait(ctx context.Context, e *expectation, limit time.Duration, tell func(done int64)) (time.Time, error) {
	before := l.count.Load()
	report := time.NewTicker(100 * time.Millisecond)
	defer report.Stop()
	late := time.NewTimer(limit)
	defer late.Stop()
	for {
		select {
		case <-e.met:
			tell(l.count.Load() - before)
			return e.at, nil
		case <-report.C:
			tell(l.count.Load() - before)
		case <-late.C:
			return time.Now(), nil
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// numberMember is what stands before an event's number in its data.
var numberMember = []byte(`"n":`)

// mostDigits is more than any event's number has.
const mostDigits = 10

// eventNumber finds the number of an event in its envelope, -1 if it has none.
func eventNumber(envelope []byte) int {
	at := bytes.Index(envelope, numberMember)
	if at < 0 {
		return -1
	}
	number, digits := 0, 0
	for _, c := range envelope[at+len(numberMember):] {
		switch {
		case c == ' ' && digits == 0:
		case c >= '0' && c <= '9' && digits < mostDigits:
			number, digits = 10*number+int(c-'0'), digits+1
		case digits == 0 || digits == mostDigits:
			return -1
		default:
			return number
		}
	}
	return -1
}

// firstCame and lastCame are when the first and the last delivery came; there must
// be one.
func (l *ledger) firstCame() int64 { return l.extreme(func(a, b int64) bool { return a < b }) }
func (l *ledger) lastCame() int64  { return l.extreme(func(a, b int64) bool { return a > b }) }

func (l *ledger) extreme(before func(a, b int64) bool) (found int64) {
	for i := range l.came {
		if at := l.came[i].Load(); at != 0 && (found == 0 || before(at, found)) {
			found = at
		}
	}
	return found
}
