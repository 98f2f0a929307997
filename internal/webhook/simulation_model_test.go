package webhook_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// simEndpoint is what a run knows of an endpoint.
type simEndpoint struct {
	index    int
	id       parley.WebhookID
	org      *simOrg
	receiver *receiver.Receiver
	format   string
	start    int64 // its cursor when it was created

	settings    []settings
	pauses      []pause
	skips       []skip
	rewinds     []rewinding
	redelivered map[int64]int
	deleted     *moment
	secrets     []secret
	moods       []mood

	stored, passes, shown int64 // cursors, when last looked at
}

// moment is when something was asked for, and when it was known to be so: then it
// was acknowledged, or found to be so by the process after the one that was asked.
type moment struct {
	begun, acked time.Time
	seq          int64 // of the event that tells of it; 0: none does
}

// settings are those of an endpoint from an event of the log on.
type settings struct {
	moment
	version  int
	ordering string
	subscription
}

// pause is a time in which nothing may be sent: between acked and the resumption.
type pause struct {
	moment
	resumed time.Time // when it was asked for; zero: not yet
}

// skip is a range of events that an endpoint need not be sent, as it was resumed from
// now on.
type skip struct{ after, upTo int64 }

type rewinding struct {
	moment
	from, until int64
	broken      bool // cancelled, or passed over by a resumption from now on
}

type secret struct {
	moment
	text    string // "": it was lost with the process
	overlap time.Duration
}

// subscription is what an endpoint wants, as it is told and as this test sees it.
type subscription struct {
	name    string
	types   []string
	inboxes []int
	filter  string
	wants   func(e *parley.Event, inboxes []parley.InboxID) bool
}

func subscriptions() []subscription {
	custom := func(e *parley.Event) bool { return strings.HasPrefix(e.Type, "custom.") }
	return []subscription{
		{"all", []string{"*"}, nil, "", func(*parley.Event, []parley.InboxID) bool { return true }},
		{"custom", []string{"custom.*"}, nil, "", func(e *parley.Event, _ []parley.InboxID) bool { return custom(e) }},
		{"custom.a", []string{"custom.a"}, nil, "", func(e *parley.Event, _ []parley.InboxID) bool { return e.Type == "custom.a" }},
		{"red", []string{"custom.*"}, nil, "data.colour == 'red'", func(e *parley.Event, _ []parley.InboxID) bool {
			return custom(e) && strings.Contains(string(e.Data), `"red"`)
		}},
		{"b and notes", []string{"custom.b", "note.*"}, nil, "", func(e *parley.Event, _ []parley.InboxID) bool {
			return e.Type == "custom.b" || strings.HasPrefix(e.Type, "note.")
		}},
		{"inbox 0", []string{"*"}, []int{0}, "", func(e *parley.Event, inboxes []parley.InboxID) bool { return e.Inbox == inboxes[0] }},
	}
}

func (e *simEndpoint) name() string { return fmt.Sprint("e", e.index) }

// at is which settings an event came under.
func (e *simEndpoint) at(seq int64) int {
	found := 0
	for i, s := range e.settings {
		if s.seq <= seq {
			found = i
		}
	}
	return found
}

// wants tells whether an event is for the endpoint under some settings.
func (e *simEndpoint) wants(event *parley.Event, s settings) bool {
	if event.Type == parley.WebhookTested.Name() {
		return event.Key == string(e.id)
	}
	return s.wants(event, e.org.inboxes)
}

// due tells whether an event must be sent: all settings since it came want it, it
// came after the endpoint's start, and it was not skipped.
func (e *simEndpoint) due(event *parley.Event) bool {
	seq := event.Sequence
	if seq <= e.start || slices.ContainsFunc(e.skips, func(s skip) bool { return seq > s.after && seq <= s.upTo }) {
		return false
	}
	return !slices.ContainsFunc(e.settings[e.at(seq):], func(s settings) bool { return !e.wants(event, s) })
}

// ordered tells whether all settings since an event came have one of some orderings.
func (e *simEndpoint) ordered(seq int64, orderings ...string) bool {
	return !slices.ContainsFunc(e.settings[e.at(seq):], func(s settings) bool { return !slices.Contains(orderings, s.ordering) })
}

func (e *simEndpoint) paused() bool {
	return len(e.pauses) > 0 && e.pauses[len(e.pauses)-1].resumed.IsZero()
}

// rewound counts the rewinds that cover an event and lie, perhaps, between two times.
func (e *simEndpoint) rewound(seq int64, after, before time.Time) (n int) {
	for _, r := range e.rewinds {
		if r.from <= seq && !r.begun.After(before) && !r.acked.Before(after) {
			n++
		}
	}
	return n
}
