package endpoint

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/condition"
)

// Matcher tells which events are for an endpoint. It is not for several goroutines
// at once.
type Matcher struct {
	id      string
	types   parley.Patterns
	known   map[string]bool // by type, as they come
	inboxes map[parley.InboxID]bool
	filter  *condition.Condition // nil: all
}

// NewMatcher makes an endpoint's. The error is why its filter cannot be used, which
// one that has been saved always can.
func NewMatcher(w parley.Webhook) (*Matcher, error) {
	m := &Matcher{id: string(w.ID), types: w.EventTypes}
	for _, inbox := range w.InboxIDs {
		if m.inboxes == nil {
			m.inboxes = map[parley.InboxID]bool{}
		}
		m.inboxes[inbox] = true
	}
	if strings.TrimSpace(w.Filter) == "" {
		return m, nil
	}
	var err error
	if m.filter, err = condition.Compile(w.Filter, w.EventTypes); err != nil {
		return nil, fmt.Errorf("compile a filter: %w", err)
	}
	return m, nil
}

// Wants tells whether an event is for the endpoint. A test is for the endpoint that
// it names and no other, whatever that subscribes to. What a filter cannot decide is
// not for it.
func (m *Matcher) Wants(e *parley.Event) bool { return m.outcome(e) == Matches }

func (m *Matcher) outcome(e *parley.Event) Outcome {
	switch {
	case e.Type == parley.WebhookTested.Name() && e.Key == m.id:
		return Matches
	case e.Type == parley.WebhookTested.Name():
		return NotForThisEndpoint
	case !m.subscribes(e.Type):
		return NotSubscribed
	case m.inboxes != nil && !m.inboxes[e.Inbox]:
		return OtherInbox
	case m.filter == nil:
		return Matches
	}
	switch matched, err := m.filter.Match(e); {
	case err != nil:
		return Undecided
	case !matched:
		return Filtered
	}
	return Matches
}

// Types already looked at are remembered by those that have more than a few
// patterns, up to a limit.
const (
	fewPatterns = 4
	maxKnown    = 1000
)

func (m *Matcher) subscribes(eventType string) bool {
	if len(m.types) <= fewPatterns {
		return m.types.Match(eventType)
	}
	wanted, known := m.known[eventType]
	if known {
		return wanted
	}
	wanted = m.types.Match(eventType)
	if m.known == nil {
		m.known = map[string]bool{}
	}
	if len(m.known) < maxKnown {
		m.known[eventType] = wanted
	}
	return wanted
}

// Outcome is whether an event is for an endpoint, and if not, what it failed at.
type Outcome string

// The outcomes. Only with Matches is the event for the endpoint.
const (
	Matches            Outcome = "matches"
	NotSubscribed      Outcome = "not_subscribed"
	OtherInbox         Outcome = "other_inbox"
	Filtered           Outcome = "filtered"
	Undecided          Outcome = "undecided"             // the filter could not go on
	NotForThisEndpoint Outcome = "not_for_this_endpoint" // another's test
)

// Verdict is an outcome, and the reason in a sentence unless the event matches.
type Verdict struct {
	Outcome Outcome
	Reason  string
}

// Explain is Wants with the reason: the outcome is Matches exactly if Wants is true.
// For an event that the filter passes over it takes a good part of a millisecond.
func (m *Matcher) Explain(e *parley.Event) Verdict {
	v := Verdict{Outcome: m.outcome(e)}
	switch v.Outcome {
	case NotForThisEndpoint:
		v.Reason = "It is a test of another endpoint."
	case NotSubscribed:
		v.Reason = "The endpoint's event_types do not include " + e.Type + "."
	case OtherInbox:
		v.Reason = "The endpoint's inbox_ids do not include " + string(e.Inbox) + "."
		if e.Inbox == "" {
			v.Reason = "The event belongs to no inbox, and the endpoint has inbox_ids."
		}
	case Filtered:
		v.Reason = "The filter is not true" + decidedBy(m.filter.Explain(e))
	case Undecided:
		v.Reason = "The filter has no answer" + decidedBy(m.filter.Explain(e))
	case Matches:
	}
	return v
}

// decidedBy tells which part of a filter decided, why, and what the event has there.
func decidedBy(x condition.Explanation) string {
	text := fmt.Sprintf(" at line %d, column %d: %s", x.Line, x.Column, shortened(x.Part))
	text += ": " + x.Reason
	for i, v := range x.Values {
		if i == 0 {
			text += " Here"
		} else {
			text += ","
		}
		text += " " + v.Path + " is " + v.Value
	}
	if len(x.Values) > 0 {
		text += "."
	}
	return text
}

// maxPart is how many bytes of a filter are quoted.
const maxPart = 300

func shortened(part string) string {
	part = strings.Join(strings.Fields(part), " ")
	if len(part) <= maxPart {
		return part
	}
	end := maxPart
	for !utf8.RuneStart(part[end]) {
		end--
	}
	return part[:end] + "…"
}
