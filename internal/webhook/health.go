package webhook

import "time"

// When an endpoint counts as failing, and how it is probed.
const (
	failingInARow = 10               // attempts, or
	failingFor    = 30 * time.Second // with nothing but failures, of which
	failingLeast  = 5                // there were at least so many

	probeFirst    = 5 * time.Second
	probeMost     = 5 * time.Minute
	probeSameHead = 12 // probes with one event that get no useful answer, before another is tried

	disableAfter = 5 * 24 * time.Hour
)

// health is how an endpoint has been answering.
type health struct {
	failures     int       // in a row
	firstFailure time.Time // of those
	lastReason   string    // of the last of those

	failing    bool
	since      time.Time // when the failing began, for disabling
	outage     time.Time // deliveries that failed since then are the outage's, not their own
	probing    bool      // a probe is on its way
	probeAt    time.Time
	probeDelay time.Duration
	probes     int // with the present head
	skip       int // heads passed over because they were refused for themselves
}

func (h *health) good() { h.failures = 0 }

// bad counts a failure and tells whether the endpoint has begun to fail.
func (h *health) bad(now time.Time, reason string) bool {
	if h.failures == 0 {
		h.firstFailure = now
	}
	h.failures++
	h.lastReason = reason
	if h.failing {
		return false
	}
	return h.failures >= failingInARow || h.failures >= failingLeast && now.Sub(h.firstFailure) >= failingFor
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
	h.probing = false
	h.probes++
	if ownFault || h.probes >= probeSameHead {
		h.skip++
		h.probes = 0
	}
	h.probeDelay = min(2*h.probeDelay, probeMost)
	h.probeAt = now.Add(jitter(h.probeDelay))
}

func (h *health) recover() { *h = health{} }
