package webhook

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	// minutesEvery is how often what was counted is written: a crash loses so much of
	// the statistics, and nothing else.
	minutesEvery = 5 * time.Second
	// minutesAtOnce is how many minutes go into one transaction.
	minutesAtOnce = 500
	// maxMinutes is how many minutes wait for a database that does not take them;
	// then the oldest are given up.
	maxMinutes = 20_000
	// maxLagging is how many endpoints have their lag noted in a minute in which
	// nothing was sent to them.
	maxLagging = 10_000

	minuteLong = parley.Time(time.Minute / time.Millisecond)
	hourLong   = 60 * minuteLong
)

// statistics are the minutes that have yet to be written. Each engine writes rows of
// its own, with all that it counted in a minute: writing one again, or beside another
// process, spoils nothing.
type statistics struct {
	part string

	mu    sync.Mutex
	heads map[parley.OrganizationID]int64 // how far logs have come
	ended []store.Minute                  // they were followed by another before they were written

	totals sync.Map // by parley.OrganizationID, of *total

	// Of the goroutine that writes.
	unwritten []store.Minute
	surveyed  parley.Time // the minute in which lag was last looked for
}

func newStatistics() statistics {
	return statistics{part: rand.Text()[:10], heads: map[parley.OrganizationID]int64{}}
}

// minute is what an endpoint's attempts come to in the running minute.
type minute struct {
	store.Minute
	changed bool // since it was taken to be written
}

// noted is what is counted of an endpoint's attempts. It is small while there are
// none.
type noted struct {
	since         atomic.Pointer[tally] // since the engine's start; nil: there were none
	known, active atomic.Bool           // whether the endpoint is active, and whether that was looked at

	// Under the runner's lock.
	minute *minute     // nil: nothing came since the last was written
	closed parley.Time // the last minute that was over and done with
}

// note counts an attempt in the endpoint's statistics, in the minute in which it
// ended. The caller holds the runner's lock.
func (r *runner) note(a *store.Attempt, _ time.Time) {
	since := r.noted.since.Load()
	if since == nil {
		since = &tally{}
		r.noted.since.Store(since)
	}
	since.count(a.State)
	ended := a.At.Add(time.Duration(a.DurationUS) * time.Microsecond)
	r.openMinute(ended).count(a)
	r.e.stats.total(r.name.Org).note(&r.e.stats, a, ended)
	if sent(a) {
		bucket := within(a.DurationUS)
		since.took(a.DurationUS, bucket)
		r.e.totals.took(a.DurationUS, bucket)
	}
	r.noteStatus()
}

// sent tells whether something was sent in an attempt.
func sent(a *store.Attempt) bool { return a.StatusCode != 0 || a.DurationUS != 0 }

// count counts an attempt.
func (m *minute) count(a *store.Attempt) {
	switch a.State {
	case parley.Delivered:
		m.Delivered++
	case parley.Retrying:
		m.Retried++
	case parley.Failed:
		m.Failed++
	case parley.Skipped:
		m.Skipped++
	}
	if sent(a) {
		m.Latencies.Add(a.DurationUS)
	}
	m.changed = true
}

func (r *runner) noteStatus() {
	r.noted.active.Store(r.sends && !r.health.failing)
	r.noted.known.Store(true)
}

// openMinute gives the minute that something at a time counts in: the running one,
// also for what comes a moment late. The caller holds the runner's lock.
func (r *runner) openMinute(at parley.Time) *minute {
	at -= at % minuteLong
	n := &r.noted
	switch {
	case n.minute == nil:
		n.minute = &minute{}
		at = max(at, n.closed+minuteLong)
	case at <= n.minute.At:
		return n.minute
	case n.minute.changed:
		r.e.stats.end(&n.minute.Minute)
	}
	*n.minute = minute{Minute: store.Minute{Org: r.name.Org, Webhook: r.name.ID, At: at, Part: r.e.stats.part}}
	return n.minute
}

func (s *statistics) end(m *store.Minute) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, *m)
}

// grown notes that an organization's log has come so far.
func (s *statistics) grown(org parley.OrganizationID, head int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heads[org] = max(s.heads[org], head)
}

func (s *statistics) head(org parley.OrganizationID) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heads[org]
}

// keepStatistics writes minutes until ctx ends, then what is left.
func (e *Engine) keepStatistics(ctx context.Context) {
	heads, err := store.Heads(ctx, e.DB.Read())
	if err != nil && ctx.Err() == nil {
		e.Logger.Warn("webhook.heads_unknown", "error", err, "detail", "lag is told of logs that grow from here on")
	}
	for org, head := range heads {
		e.stats.grown(org, head)
	}
	ticker := time.NewTicker(minutesEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := e.writeMinutes(ctx); err != nil && ctx.Err() == nil {
				e.Logger.Warn("webhook.statistics_not_written", "count", len(e.stats.unwritten), "error", err, "again_in", minutesEvery)
			}
		case <-ctx.Done():
			if err := e.writeMinutes(context.WithoutCancel(ctx)); err != nil {
				e.Logger.Warn("webhook.statistics_lost", "count", len(e.stats.unwritten), "error", err)
			}
			return
		}
	}
}

func (e *Engine) writeMinutes(ctx context.Context) error {
	s := &e.stats
	e.gatherMinutes(parley.Now())
	for len(s.unwritten) > 0 {
		batch := s.unwritten[:min(len(s.unwritten), minutesAtOnce)]
		err := e.DB.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			for i := range batch {
				store.SaveMinute(ctx, tx, &batch[i])
			}
			return nil
		})
		if err != nil {
			return err
		}
		s.unwritten = s.unwritten[len(batch):]
	}
	s.unwritten = nil
	return nil
}

// gatherMinutes takes what has changed since the last time. What could not be
// written then goes first, so that older figures never replace newer ones.
func (e *Engine) gatherMinutes(now parley.Time) {
	s := &e.stats
	this := now - now%minuteLong
	lagging := 0
	if this > s.surveyed {
		s.surveyed, lagging = this, maxLagging
	}
	for _, r := range e.runners() {
		idle, changed := r.takeMinute(this, lagging > 0)
		if changed != nil {
			s.unwritten = append(s.unwritten, *changed)
		}
		if idle {
			lagging--
		}
	}
	s.totals.Range(func(_, t any) bool {
		if changed := t.(*total).take(this); changed != nil {
			s.unwritten = append(s.unwritten, *changed)
		}
		return true
	})
	s.mu.Lock()
	s.unwritten = append(s.unwritten, s.ended...)
	s.ended = nil
	s.mu.Unlock()
	if over := len(s.unwritten) - maxMinutes; over > 0 {
		s.unwritten = s.unwritten[over:]
		e.Logger.Warn("webhook.statistics_lost", "count", over, "detail", "the database has not taken them for too long")
	}
}

// takeMinute gives the runner's minute if it has changed since the last time, and
// frees one that is over. With survey, lag is noted also if nothing is sent; idle
// tells that this was so.
func (r *runner) takeMinute(this parley.Time, survey bool) (idle bool, changed *store.Minute) {
	head := r.e.stats.head(r.name.Org)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen < 0 {
		return false, nil // its cursor is not known yet
	}
	r.noteStatus()
	lag := max(0, head-r.cursor)
	m := r.noted.minute
	if (m == nil || m.At < this) && survey && lag > 0 && (r.sends || this%hourLong == 0) {
		idle, m = true, r.openMinute(this)
	}
	if m == nil {
		return false, nil
	}
	if m.At >= this && lag > m.Lag {
		m.Lag, m.changed = lag, true
	}
	if m.changed {
		m.changed = false
		row := m.Minute
		changed = &row
	}
	if m.At < this {
		r.noted.closed, r.noted.minute = m.At, nil
	}
	return idle, changed
}
