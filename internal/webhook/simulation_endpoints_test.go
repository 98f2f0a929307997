package webhook_test

import (
	"fmt"
	"slices"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// versionHeader tells receivers under which settings a request was made.
const versionHeader = "X-Version"

// give makes up settings and gives them to an endpoint.
func (w *world) give(e *simEndpoint, version int, to *parley.Webhook) settings {
	s := settings{version: version, ordering: []string{"key", "key", "strict", "none"}[w.random.IntN(4)]}
	all := subscriptions()
	s.subscription = all[w.random.IntN(len(all))]
	to.URL = fmt.Sprintf("%s/v%d", e.receiver.URL, version)
	to.Headers = parley.Headers{versionHeader: fmt.Sprint(version)}
	to.Ordering, to.EventTypes, to.Filter, to.InboxIDs = s.ordering, s.types, s.filter, nil
	for _, i := range s.inboxes {
		to.InboxIDs = append(to.InboxIDs, e.org.inboxes[i])
	}
	to.TimeoutSeconds = []int{1, 3, 10, 30}[w.random.IntN(4)]
	to.Retry = []parley.Retry{
		{Preset: "standard"},
		{Preset: "short"},
		{Preset: "custom", Delays: []int{1, 5, 60}},
		{Preset: "custom", Delays: []int{30, 3600, 36000}},
	}[w.random.IntN(4)]
	return s
}

// join adds an endpoint.
func (w *world) join() {
	i := len(w.endpoints)
	e := &simEndpoint{
		index: i, org: w.orgs[w.random.IntN(len(w.orgs))], receiver: w.receivers[i], redelivered: map[int64]int{},
		format: []string{"standard", "standard", "batch"}[w.random.IntN(3)],
	}
	made := parley.Webhook{Format: e.format, Signing: "v1"}
	s := w.give(e, 0, &made)
	start := endpoint.Start{}
	w.catchUp(e.org)
	if w.random.IntN(3) == 0 {
		seq := 1 + w.random.Int64N(int64(len(e.org.events))+1)
		start.Sequence = &seq
	}
	w.org = e.org.id
	begun := time.Now()
	got, text, err := w.house.endpoints.Create(w.t.Context(), w.caller(), made, start)
	w.note("e%d joins %s: %s, %s, %s", i, e.org.id, e.format, s.ordering, s.name)
	joined := func(got parley.Webhook, text string) {
		e.id, e.start = got.ID, got.Cursor
		s.moment = moment{begun, time.Now(), 0} // it is under the first settings from the beginning of the log
		e.settings, e.secrets = []settings{s}, []secret{{moment: s.moment, text: text}}
		w.endpoints = append(w.endpoints, e)
	}
	switch {
	case !w.death.dead():
		w.must(err)
		joined(got, string(text))
	default:
		w.unknown = append(w.unknown, func() { w.findJoined(e, made.URL, joined) })
		w.revive()
	}
}

// findJoined looks for an endpoint that may have been created when the process died;
// if it was not, that is the end of it.
func (w *world) findJoined(e *simEndpoint, url string, joined func(parley.Webhook, string)) {
	all, _, err := w.house.endpoints.List(w.t.Context(), e.org.id, store.Page{Limit: 100}, store.Filter{})
	w.must(err)
	for _, found := range all {
		if found.URL == url {
			joined(found, "")
			return
		}
	}
	w.note("e%d did not join", e.index)
}

func (w *world) edit(e *simEndpoint) {
	version := e.settings[len(e.settings)-1].version + 1
	var drafted parley.Webhook
	s := w.give(e, version, &drafted)
	if w.random.IntN(2) == 0 {
		drafted.URL = ""
	}
	w.ask(e, fmt.Sprintf("edited: version %d, %s, %s", version, s.ordering, s.name), func() error {
		_, err := w.house.endpoints.Update(w.t.Context(), w.caller(), e.id, -1, func(to *parley.Webhook) error {
			if drafted.URL != "" {
				to.URL = drafted.URL
			}
			to.Headers, to.Ordering, to.EventTypes, to.Filter = drafted.Headers, drafted.Ordering, drafted.EventTypes, drafted.Filter
			to.InboxIDs, to.TimeoutSeconds, to.Retry = drafted.InboxIDs, drafted.TimeoutSeconds, drafted.Retry
			return nil
		})
		return err
	}, func(m moment) {
		if m.seq == 0 {
			w.fault("e%d was edited, and no event tells of it", e.index)
		}
		s.moment = m
		e.settings = append(e.settings, s)
	})
}

func (w *world) pauseOrResume(e *simEndpoint) {
	if !e.paused() && w.random.IntN(3) > 0 {
		w.ask(e, "paused", func() error {
			_, err := w.house.endpoints.Pause(w.t.Context(), w.caller(), e.id)
			return err
		}, func(m moment) { e.pauses = append(e.pauses, pause{moment: m}) })
		return
	}
	w.resumeIt(e, w.random.IntN(4) == 0)
}

func (w *world) resumeIt(e *simEndpoint, fromNow bool) {
	w.org = e.org.id
	if s := w.get(e.id).Status; s == parley.EndpointActive || s == parley.EndpointFailing {
		fromNow = false // its place is not known well enough
	}
	cursor, _ := w.position(e)
	if e.paused() {
		e.pauses[len(e.pauses)-1].resumed = time.Now() // whether it comes to that or not
	}
	if fromNow {
		w.catchUp(e.org)
	}
	w.ask(e, fmt.Sprintf("resumed, from now: %v", fromNow), func() error {
		_, err := w.house.endpoints.Resume(w.t.Context(), w.caller(), e.id, fromNow)
		return err
	}, func(m moment) {
		if !fromNow {
			return
		}
		upTo := m.seq
		if first := e.org.events[upTo-1]; first.Type == parley.WebhookRewindCancelled.Name() {
			upTo++ // the resumption itself follows what it has ended
		}
		e.skips = append(e.skips, skip{cursor, upTo})
		for i := range e.rewinds {
			e.rewinds[i].broken = true
		}
	})
}

func (w *world) delete(e *simEndpoint) {
	w.ask(e, "deleted", func() error {
		return w.house.endpoints.Delete(w.t.Context(), w.caller(), e.id)
	}, func(m moment) { e.deleted = &m })
}

func (w *world) rotate(e *simEndpoint) {
	overlap := []time.Duration{0, time.Minute, 24 * time.Hour}[w.random.IntN(3)]
	var text string
	w.ask(e, fmt.Sprint("rotated, with the old secret for ", overlap), func() error {
		_, made, err := w.house.endpoints.Rotate(w.t.Context(), w.caller(), e.id, overlap)
		text = string(made)
		return err
	}, func(m moment) { e.secrets = append(e.secrets, secret{m, text, overlap}) })
}

func (w *world) test(e *simEndpoint) {
	w.pass(time.Millisecond) // tests of one moment are alike in batches
	w.ask(e, "tested", func() error {
		_, _, err := w.house.endpoints.Test(w.t.Context(), w.caller(), e.id, "")
		return err
	}, func(moment) {})
}

func (w *world) redeliverOne(e *simEndpoint) {
	w.catchUp(e.org)
	if len(e.org.events) == 0 {
		return
	}
	seq := 1 + w.random.Int64N(int64(len(e.org.events)))
	w.org = e.org.id
	_, err := w.house.endpoints.Redeliver(w.t.Context(), w.caller(), parley.NewDeliveryID(e.id, seq))
	w.note("e%d: %d redelivered", e.index, seq)
	e.redelivered[seq]++
	if err != nil && !w.death.dead() {
		w.refused(err, "redeliver")
	}
}

func (w *world) redeliverFailed(e *simEndpoint) {
	w.org = e.org.id
	before := w.states(e)
	got, err := w.house.endpoints.RedeliverFailed(w.t.Context(), w.caller(), e.id, store.Failures{}, 100, false)
	w.note("e%d: the %d that failed are redelivered", e.index, got.Count)
	for seq, d := range before {
		if d.state == string(parley.Failed) {
			e.redelivered[seq]++
		}
	}
	if err != nil && !w.death.dead() {
		w.refused(err, "redeliver what failed")
	}
}

func (w *world) goBack(e *simEndpoint) {
	w.org = e.org.id
	cursor := w.get(e.id).Cursor
	from := max(1, cursor-w.random.Int64N(60))
	var pace *int
	if w.random.IntN(2) == 0 {
		pace = &[]int{1, 5, 50, 1000}[w.random.IntN(4)]
	}
	until := from
	w.ask(e, fmt.Sprintf("rewound to %d", from), func() error {
		got, err := w.house.endpoints.Rewind(w.t.Context(), w.caller(), e.id, endpoint.Start{Sequence: &from}, pace, false)
		until = from + got.Events - 1
		return err
	}, func(m moment) { e.rewinds = append(e.rewinds, rewinding{m, from, until, false}) })
}

func (w *world) cancel(e *simEndpoint) {
	w.org = e.org.id
	if !slices.ContainsFunc(e.rewinds, func(r rewinding) bool { return !r.broken }) {
		return
	}
	for i := range e.rewinds {
		e.rewinds[i].broken = true // whether it comes to that or not
	}
	w.ask(e, "rewind cancelled", func() error {
		_, err := w.house.endpoints.CancelRewind(w.t.Context(), w.caller(), e.id)
		return err
	}, func(moment) {})
}
