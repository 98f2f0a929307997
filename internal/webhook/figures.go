package webhook

import (
	"cmp"
	"slices"
	"sync/atomic"

	"parley"
)

// withins are the upper ends of the buckets that latencies are told in since the
// engine's start, in microseconds; what took longer is in one more.
var withins = [...]int64{
	500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
}

// tally counts attempts since the engine's start. It may be read while it is written.
type tally struct {
	delivered, retried, failed, skipped atomic.Int64
	buckets                             [len(withins) + 1]atomic.Int64
	micros                              atomic.Int64
}

func (t *tally) count(s parley.DeliveryStatus) {
	switch s {
	case parley.Delivered:
		t.delivered.Add(1)
	case parley.Retrying:
		t.retried.Add(1)
	case parley.Failed:
		t.failed.Add(1)
	case parley.Skipped:
		t.skipped.Add(1)
	}
}

// Counts are how many attempts ended how.
type Counts struct {
	Delivered int64
	Retried   int64 // they failed and are followed by another
	Failed    int64
	Skipped   int64 // the transformation returned nothing, so nothing was sent
}

func (t *tally) counts() Counts {
	return Counts{t.delivered.Load(), t.retried.Load(), t.failed.Load(), t.skipped.Load()}
}

// within is the bucket of an attempt that took so many microseconds.
func within(us int64) int {
	i := 0
	for i < len(withins) && us > withins[i] {
		i++
	}
	return i
}

// took counts how long an attempt took, which is in a bucket.
func (t *tally) took(us int64, bucket int) {
	t.buckets[bucket].Add(1)
	t.micros.Add(us)
}

func (t *tally) attempts() int64 {
	c := t.counts()
	return c.Delivered + c.Retried + c.Failed + c.Skipped
}

// Histogram says how long attempts took.
type Histogram struct {
	Count   uint64
	Seconds float64            // all together
	Within  map[float64]uint64 // how many took so many seconds at most
}

func (t *tally) histogram() Histogram {
	h := Histogram{Within: make(map[float64]uint64, len(withins))}
	for i, us := range withins {
		h.Count += uint64(t.buckets[i].Load())
		h.Within[float64(us)/1e6] = h.Count
	}
	h.Count += uint64(t.buckets[len(withins)].Load())
	h.Seconds = float64(t.micros.Load()) / 1e6
	return h
}

// Totals are how many attempts ended how, since the start.
type Totals struct {
	Counts
	Latency   Histogram
	Endpoints int
	Underway  int     // attempts that are being made
	Pending   int     // records of attempts not yet written
	Load      float64 // how short of places the organization is that is shortest of them, 0 to 1: time limits and retries go by it
}

// Totals tells how many attempts ended how, since the start.
func (e *Engine) Totals() Totals {
	e.mu.Lock()
	endpoints := len(e.byID)
	e.mu.Unlock()
	t := &e.totals
	return Totals{
		Counts: t.counts(), Latency: t.histogram(),
		Endpoints: endpoints, Underway: int(e.underway.Load()), Pending: e.rec.backlog(), Load: e.places.load(),
	}
}

func (e *Engine) count(s parley.DeliveryStatus) { e.totals.count(s) }

// Figures are what is known of one endpoint: its attempts since the start, how far
// behind it is now, and whether it is active.
type Figures struct {
	Counts
	ID      parley.WebhookID
	Latency Histogram
	Lag     int64
	Active  bool // not failing, paused, disabled or unverified
}

// Busiest gives the figures of the endpoints with the most attempts since the start,
// limit at most, and how many more endpoints there are. It never waits for a
// delivery or for the database; those that were not loaded yet are among the others.
func (e *Engine) Busiest(limit int) (busiest []Figures, others int) {
	type candidate struct {
		runner   *runner
		attempts int64
	}
	runners := e.runners()
	candidates := make([]candidate, 0, len(runners))
	for _, r := range runners {
		if !r.noted.known.Load() {
			continue
		}
		c := candidate{runner: r}
		if since := r.noted.since.Load(); since != nil {
			c.attempts = since.attempts()
		}
		candidates = append(candidates, c)
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.attempts, a.attempts), cmp.Compare(a.runner.name.ID, b.runner.name.ID))
	})
	candidates = candidates[:min(len(candidates), limit)]
	for _, c := range candidates {
		busiest = append(busiest, c.runner.figures())
	}
	return busiest, len(runners) - len(busiest)
}

func (r *runner) figures() Figures {
	f := Figures{ID: r.name.ID, Active: r.noted.active.Load()}
	f.Lag = max(0, r.e.stats.head(r.name.Org)-r.reached.Load())
	if t := r.noted.since.Load(); t != nil {
		f.Counts, f.Latency = t.counts(), t.histogram()
	}
	return f
}

// Busiest is as [Engine.Busiest] in the present shift; nothing while another process
// delivers.
func (s *Shifts) Busiest(limit int) (busiest []Figures, others int) {
	if e := s.now.Load(); e != nil {
		return e.Busiest(limit)
	}
	return nil, 0
}
