package webhook

import "time"

// The size of a window: where it starts, where it starts after a failure of the
// endpoint, and its limit.
const (
	windowStart     = 4
	windowRecovered = 1
	windowMost      = 256
)

// Latencies that an endpoint is judged by.
const (
	// near is up to what an endpoint's answers take that is at hand.
	near = 10 * time.Millisecond
	// nearOf is how many of an endpoint's answers are looked at, or up to twice as
	// many, for whether one was so soon.
	nearOf = 1024
	// quick is up to what a window may grow to its limit; a slower endpoint gets a
	// smaller one, in proportion.
	quick = 250 * time.Millisecond
	// slow is from what an endpoint must do with the places of the slow.
	slow = time.Second
)

// window is how many events may be on their way to an endpoint at once. It doubles
// with each round of good answers and halves when a round goes wrong.
type window struct {
	size    int
	latency time.Duration    // smoothed
	best    [2]time.Duration // the least since count was 0, and of the nearOf answers before
	count   int              // of answers since then
	cut     time.Time        // when it was last halved
}

// limit is the number of events that may be on their way.
func (w *window) limit() int {
	most := windowMost
	if w.latency > quick {
		most = max(windowStart, int(windowMost*quick/w.latency))
	}
	return min(w.size, most)
}

// slow tells whether the endpoint's answers are slow, or not known yet.
func (w *window) slow() bool { return w.latency == 0 || w.latency > slow }

// near tells whether the endpoint answers so soon that what takes time is making the
// requests. When the machine has much to do, all answers take longer, and only the
// best of many shows it.
func (w *window) near() bool {
	return w.latency != 0 && w.latency <= quick && min(w.best[0], w.best[1]) <= near
}

// good notes a good answer. The window does not grow when a request had to wait for
// a place in the process: then more would only wait too.
func (w *window) good(latency time.Duration, waited bool) {
	w.observe(latency)
	if waited {
		w.size = max(w.size-1, min(w.size, windowStart))
	} else {
		w.size = min(w.size+1, windowMost)
	}
}

// bad halves the window, once for all that began before it was last halved.
func (w *window) bad(begun, now time.Time, latency time.Duration) {
	w.observe(latency)
	if begun.After(w.cut) {
		w.size = max(1, w.size/2)
		w.cut = now
	}
}

func (w *window) observe(latency time.Duration) {
	latency = max(latency, 1)
	if w.latency == 0 {
		w.latency, w.best = latency, [2]time.Duration{latency, latency}
	}
	w.latency += (latency - w.latency) / 8
	w.best[0] = min(w.best[0], latency)
	if w.count++; w.count == nearOf {
		w.best, w.count = [2]time.Duration{latency, w.best[0]}, 0
	}
}
