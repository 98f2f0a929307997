package webhook_test

import (
	"strings"
	"time"

	"parley"
)

// ask calls a verb on an endpoint, and has what is known of it noted once it is known
// to have been done: when it is acknowledged, or when the next process finds the
// event that tells of it, after the one that was asked has died.
func (w *world) ask(e *simEndpoint, what string, verb func() error, note func(m moment)) {
	w.org = e.org.id
	w.catchUp(e.org)
	head := len(e.org.events)
	m := moment{begun: time.Now()}
	err := verb()
	w.note("e%d: %s", e.index, what)
	switch {
	case w.death.dead():
		w.note("e%d: … and nobody knows", e.index)
		w.unknown = append(w.unknown, func() {
			if m.acked, m.seq = time.Now(), e.told(head); m.seq > 0 {
				w.note("e%d: it was %s with event %d", e.index, what, m.seq)
				note(m)
			}
		})
	case err == nil:
		m.acked = time.Now()
		w.catchUp(e.org)
		m.seq = e.told(head) // none, if it changed nothing
		note(m)
	default:
		w.refused(err, what)
	}
}

// refused sees to it that a verb was refused with good reason.
func (w *world) refused(err error, what string) {
	w.note("… refused: %v", err)
	switch parley.KindOf(err) {
	case parley.Conflict, parley.Invalid, parley.NotFound:
	default:
		w.fault("%s: %v", what, err)
	}
}

// told is the first event after another one that tells of a verb on the endpoint, 0
// if there is none.
func (e *simEndpoint) told(after int) int64 {
	for _, event := range e.org.events[after:] {
		if event.Key != string(e.id) || !strings.HasPrefix(event.Type, "webhook.") {
			continue
		}
		switch event.Type {
		case parley.WebhookFailing.Name(), parley.WebhookRecovered.Name(), parley.WebhookDisabled.Name():
		default:
			return event.Sequence
		}
	}
	return 0
}
