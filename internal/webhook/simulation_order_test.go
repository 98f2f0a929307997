package webhook_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley"
)

// checkOrder sees to it that events came in order where the endpoint's ordering says so.
func (w *world) checkOrder(e *simEndpoint, byEvent map[int64][]receipt) {
	var strict []*parley.Event
	byKey := map[string][]*parley.Event{}
	for _, event := range e.org.events {
		switch {
		case len(byEvent[event.Sequence]) == 0 || e.redelivered[event.Sequence] > 0 || !e.due(event):
		case e.ordered(event.Sequence, "strict"):
			strict = append(strict, event)
			fallthrough
		case e.ordered(event.Sequence, "strict", "key"):
			byKey[event.Key] = append(byKey[event.Key], event)
		}
	}
	eachPair(strict, func(a, b *parley.Event) { w.checkHeld(e, byEvent[a.Sequence], byEvent[b.Sequence]) })
	for _, events := range byKey {
		eachPair(events, func(a, b *parley.Event) { w.checkFirst(e, a, byEvent[a.Sequence][0], byEvent[b.Sequence][0]) })
	}
}

func eachPair(events []*parley.Event, check func(a, b *parley.Event)) {
	for i, b := range events {
		for _, a := range events[:i] {
			check(a, b)
		}
	}
}

// checkFirst: an event is not sent for the first time after a later one of its key,
// unless an attempt at it may have failed on the way.
func (w *world) checkFirst(e *simEndpoint, a *parley.Event, first, later receipt) {
	if first.order < later.order || e.wasDown(a.CreatedAt.Std(), later.At) {
		return
	}
	w.fault("e%d: %d came at %v, after %d of the same key at %v", e.index, first.seq, first.At.Sub(w.began), later.seq, later.At.Sub(w.began))
}

// checkHeld: with strict ordering an event is not sent any more once a later one was,
// unless the process died before it knew, or it was rewound.
func (w *world) checkHeld(e *simEndpoint, sent, after []receipt) {
	apart := slices.IndexFunc(after, func(l receipt) bool {
		return !slices.ContainsFunc(sent, func(r receipt) bool { return r.with == l.with })
	})
	if apart < 0 {
		return // they were in one batch, always
	}
	later := after[apart]
	for _, r := range sent {
		if r.order < later.order || w.diedBetween(later.At, r.At) || e.rewound(r.seq, later.At, r.At) > 0 {
			continue
		}
		w.fault("e%d: %d came at %v, after %d at %v, and its order is strict", e.index, r.seq, r.At.Sub(w.began), later.seq, later.At.Sub(w.began))
	}
}

func (w *world) diedBetween(after, before time.Time) bool {
	return slices.ContainsFunc(w.deaths, func(d time.Time) bool { return !d.Before(after) && !d.After(before) })
}

// unwritten is how long an attempt may be known to the process alone: until the
// recorder has flushed.
const unwritten = 50 * time.Millisecond

// checkRepeats sees to it that what was answered well was only sent again for a reason.
func (w *world) checkRepeats(e *simEndpoint, byEvent map[int64][]receipt) {
	for seq, sent := range byEvent {
		repeats := 0
		for i, r := range sent[1:] {
			before := sent[i]
			if e.judged(before.named, before.At) != good || w.diedSoon(e, before, r) {
				continue
			}
			repeats++
		}
		reasons := e.redelivered[seq] + e.rewound(seq, time.Time{}, sent[len(sent)-1].At)
		if repeats > reasons {
			times := ""
			for _, r := range sent {
				times += fmt.Sprintf(" %v(v%d)", r.At.Sub(w.began), r.version)
			}
			w.fault("e%d was sent %d again %d times with %d reasons:%s", e.index, seq, repeats, reasons, times)
		}
	}
}

// diedSoon tells whether the process died so soon after a request that it may not
// have been written down.
func (w *world) diedSoon(e *simEndpoint, first, second receipt) bool {
	known := first.At.Add(unwritten)
	for _, m := range e.moods {
		if !m.since.After(first.At) {
			known = first.At.Add(unwritten + m.takes)
		}
	}
	return slices.ContainsFunc(w.deaths, func(d time.Time) bool {
		return !d.Before(first.At) && !d.After(known) && !d.After(second.At)
	})
}

// checkSignature sees to it that a request carries the signatures that a customer
// with the present secret, or with the last one while it is valid, can verify; and
// none of a secret that is over.
func (w *world) checkSignature(e *simEndpoint, r receipt) {
	present := -1
	for i, s := range e.secrets {
		if s.acked.Before(r.At) {
			present = i
		}
	}
	if present < 0 {
		return // while it was being created
	}
	changing := present+1 < len(e.secrets) && !e.secrets[present+1].begun.After(r.At)
	if !changing && !w.signed(e.secrets[present].text, r, true) {
		w.fault("e%d: %d at %v is not signed with the present secret", e.index, r.seq, r.At.Sub(w.began))
	}
	if present == 0 || changing {
		return
	}
	rotated, last := e.secrets[present], e.secrets[present-1]
	if r.At.Before(rotated.begun.Add(rotated.overlap)) && !w.signed(last.text, r, true) {
		w.fault("e%d: %d is not signed with the last secret, which is valid still", e.index, r.seq)
	}
	if r.At.After(rotated.acked.Add(rotated.overlap)) && w.signed(last.text, r, false) {
		w.fault("e%d: %d is signed with the last secret, which is over", e.index, r.seq)
	}
}

// signed tells whether a request is signed with a secret; of one that was lost
// nobody knows.
func (w *world) signed(text string, r receipt, unknown bool) bool {
	if text == "" {
		return unknown
	}
	signer, err := standardwebhooks.NewWebhook(text)
	w.must(err)
	at, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
	w.must(err)
	want, err := signer.Sign(r.ID, time.Unix(at, 0), r.Body)
	w.must(err)
	return slices.Contains(strings.Fields(r.Header.Get("webhook-signature")), want)
}
