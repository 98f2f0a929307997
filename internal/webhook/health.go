package webhook

import "time"

// When an endpoint counts as failing, and how it is probed.
const (
	failingInARow = 10               // attempts, or
	failingFor    = 30 * time.Second // with nothing but failures, of which
	failingLeast  = 5                // there were at least so many, or
	failingStrict = 3                // so many where one event holds the rest

	probeFirst    = 5 * time.Second
	probeMost     = 5 * time.Minute
	probeSameHead = 12 // probes with one event that get no useful answer, before another is tried

	disableAfter = 5 * 24 * time.Hour

	longestAttempt = time.Minute // an endpoint's time limit is shorter
)

// health is how an endpoint has been answering.
type health struct {
	failures     int       // in a row
	firstFailure time.Time // of those
	firstEvent   int64     // of those
	several      bool      // they are of more than one event

	failing    bool
	since      time.Time // when the failing began, for disabling
	outage     time.Time // deliveries that failed since then are the outage's, not their own
	probeAt    time.Time
	probeDelay time.Duration
	probes     int // with the present head
	skip       int // heads passed over because they were refused for themselves
}

func (h *health) good() { h.failures = 0 }

// bad counts a failure of an attempt at an event.
func (h *health) bad(now time.Time, event int64) {
	if h.failures == 0 {
		h.firstFailure, h.firstEvent, h.several = now, event, false
	}
	h.failures++
	h.several = h.several || event != h.firstEvent
}

// sick tells whether the failures are enough for the endpoint to count as failing.
// Those of a single event are its own, and it has a schedule for them, unless
// nothing else is sent meanwhile (strict). Answers that only asked for patience
// (throttled) often come in bursts: what counts is how long there were no others.
func (h *health) sick(now time.Time, strict, throttled bool) bool {
	least := failingLeast
	switch {
	case h.failing, !strict && !h.several:
		return false
	case strict:
		least = failingStrict
	}
	return h.failures >= failingInARow && !throttled || h.failures >= least && now.Sub(h.firstFailure) >= failingFor
}

func (h *health) fail(now time.Time) {
	h.failing, h.since, h.outage = true, now, h.firstFailure
	h.probeDelay, h.probes, h.skip = probeFirst, 0, 0
	h.probeAt = now.Add(jitter(h.probeDelay))
}

// refused notes that a probe failed. An answer that refuses the event itself, or
// none at all for a long time, lets the next probe try another event, so that one
// bad event cannot keep an endpoint from recovering.
func (h *health) refused(now time.Time, ownFault bool) {
	h.probes++
	if ownFault || h.probes >= probeSameHead {
		h.skip++
		h.probes = 0
	}
	h.probeDelay = min(2*h.probeDelay, probeMost)
	h.probeAt = now.Add(min(jitter(h.probeDelay), probeMost))
}

func (h *health) recover() { *h = health{} }
