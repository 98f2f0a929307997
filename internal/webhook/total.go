package webhook

import (
	"sync"

	"parley"
	"parley/internal/store"
)

// total is what is counted of the attempts at all endpoints of an organization: adding up
// the endpoints' own minutes would take the longer the more there are.
type total struct {
	mu     sync.Mutex
	minute *minute     // nil: nothing came since the last was written
	closed parley.Time // the last minute that was over and done with
	org    parley.OrganizationID
}

func (s *statistics) total(org parley.OrganizationID) *total {
	t, ok := s.totals.Load(org)
	if !ok {
		t, _ = s.totals.LoadOrStore(org, &total{org: org})
	}
	return t.(*total)
}

// note counts an attempt in the minute in which it ended: as with an endpoint's, in the
// running one also what comes a moment late.
func (t *total) note(s *statistics, a *store.Attempt, ended parley.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := ended - ended%minuteLong
	if t.minute != nil && at > t.minute.At {
		if t.minute.changed {
			s.end(&t.minute.Minute)
		}
		t.minute = nil
	} else if t.minute == nil {
		at = max(at, t.closed+minuteLong)
	}
	if t.minute == nil {
		t.minute = &minute{Minute: store.Minute{Org: t.org, At: at, Part: s.part}}
	}
	t.minute.count(a)
}

// take gives the minute if it has changed since the last time, and frees one that is over.
func (t *total) take(this parley.Time) (changed *store.Minute) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.minute
	if m == nil {
		return nil
	}
	if m.changed {
		m.changed = false
		row := m.Minute
		changed = &row
	}
	if m.At < this {
		t.closed, t.minute = m.At, nil
	}
	return changed
}
