package live

import (
	"cmp"
	"slices"
	"strings"

	"parley"
)

// Signal says that somebody has come or gone, or begun or ended to type: in a
// conversation, or, without one, in the house. It is a hint to look again.
type Signal struct {
	Kind         Kind
	Conversation parley.ConversationID
	Who          parley.Actor
}

// maxPending is how many different signals wait for a listener.
const maxPending = 256

// Listener is told of one organization's signals. One goroutine reads it.
type Listener struct {
	hub   *Hub
	org   parley.OrganizationID
	ready chan struct{}

	// Of the hub's lock.
	pending map[Signal]struct{}
	lost    bool
}

// Follow begins to listen to what is said in an organization. The listener must be
// closed.
func (h *Hub) Follow(org parley.OrganizationID) *Listener {
	l := &Listener{hub: h, org: org, ready: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.organization(org).listeners[l] = struct{}{}
	return l
}

// Ready gets a value when there is something to take.
func (l *Listener) Ready() <-chan struct{} { return l.ready }

// Take gives the signals since the last time, each once, ordered by conversation. If
// there were too many, lost is true: then anything may have changed.
func (l *Listener) Take() (signals []Signal, lost bool) {
	l.hub.mu.Lock()
	pending, lost := l.pending, l.lost
	l.pending, l.lost = nil, false
	l.hub.mu.Unlock()
	for s := range pending {
		signals = append(signals, s)
	}
	slices.SortFunc(signals, func(a, b Signal) int {
		return cmp.Or(strings.Compare(string(a.Conversation), string(b.Conversation)), strings.Compare(string(a.Kind), string(b.Kind)),
			strings.Compare(a.Who.ID, b.Who.ID), strings.Compare(a.Who.Type, b.Who.Type))
	})
	return signals, lost
}

// Close ends the listening. Closing twice does nothing.
func (l *Listener) Close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	if o := l.hub.orgs[l.org]; o != nil {
		delete(o.listeners, l)
		l.hub.tidy(l.org, o)
	}
}

// signal tells the listeners of a person's organization that they came or went.
func (h *Hub) signal(at *standing) {
	s := Signal{at.room.kind, at.room.conversation, at.who}
	for l := range h.orgs[at.org].listeners {
		if l.pending == nil {
			l.pending = map[Signal]struct{}{}
		}
		if _, ok := l.pending[s]; !ok && len(l.pending) >= maxPending {
			l.lost = true
		} else {
			l.pending[s] = struct{}{}
		}
		select {
		case l.ready <- struct{}{}:
		default:
		}
	}
}
