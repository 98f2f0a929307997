package webhook

import (
	"strings"

	"parley"
	"parley/internal/condition"
)

// matcher tells which events are for an endpoint.
type matcher struct {
	id      string
	types   parley.Patterns
	known   map[string]bool // by type, as they come
	inboxes map[parley.InboxID]bool
	filter  *condition.Condition // nil: all
}

func newMatcher(w parley.Webhook) (matcher, error) {
	m := matcher{id: string(w.ID), types: w.EventTypes, known: map[string]bool{}}
	for _, inbox := range w.InboxIDs {
		if m.inboxes == nil {
			m.inboxes = map[parley.InboxID]bool{}
		}
		m.inboxes[inbox] = true
	}
	if w.Filter == "" {
		return m, nil
	}
	var err error
	m.filter, err = condition.Compile(w.Filter, w.EventTypes)
	return m, err
}

// maxKnown bounds the memory of types already looked at.
const maxKnown = 1000

// wants tells whether an event is for the endpoint. A test is for the endpoint that
// it names and no other, whatever that subscribes to. It is not for several
// goroutines at once.
func (m *matcher) wants(e *parley.Event) bool {
	if e.Type == parley.WebhookTested.Name() {
		return e.Key == m.id
	}
	if m.inboxes != nil && !m.inboxes[e.Inbox] {
		return false
	}
	wanted, known := m.known[e.Type]
	if !known {
		wanted = m.types.Match(e.Type)
		if len(m.known) < maxKnown {
			m.known[e.Type] = wanted
		}
	}
	if !wanted || m.filter == nil {
		return wanted
	}
	wanted, err := m.filter.Match(e)
	return err == nil && wanted // what cannot be decided is not true
}

// changes tells whether an event tells of a change of the endpoint itself.
func (m *matcher) changes(e *parley.Event) bool {
	return e.Key == m.id && strings.HasPrefix(e.Type, "webhook.") && e.Type != parley.WebhookTested.Name()
}
