package webhook_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"parley"
	"parley/internal/payload"
	"parley/internal/testing/receiver"
)

// receipt is one request as an endpoint's receiver saw it.
type receipt struct {
	receiver.Request
	seq     int64
	version int
	named   int64 // what its id names; 0: a batch
	order   int   // among all that the receiver saw
	with    int   // which request it came with
}

// check compares what the receivers saw, what the database says and what was promised.
func (w *world) check() {
	for _, o := range w.orgs {
		w.checkLog(o)
	}
	for _, e := range w.endpoints {
		all, byEvent := w.receipts(e)
		for _, r := range all {
			w.checkSettings(e, r)
			w.checkTimes(e, r)
			w.checkSignature(e, r)
		}
		if e.deleted == nil {
			w.checkAllSent(e, byEvent)
			w.checkRewinds(e, byEvent)
		}
		w.checkOrder(e, byEvent)
		w.checkRepeats(e, byEvent)
	}
}

// checkLog sees to it that what was acknowledged is in the log.
func (w *world) checkLog(o *simOrg) {
	for _, id := range o.acked {
		if seq := parley.EventID(id).Sequence(); seq > int64(len(o.events)) || string(o.events[seq-1].ID) != id {
			w.fault("%s was acknowledged and is not in the log", id)
		}
	}
}

// receipts are what an endpoint was sent, each event by itself, and the same by event.
func (w *world) receipts(e *simEndpoint) (all []receipt, byEvent map[int64][]receipt) {
	byEvent = map[int64][]receipt{}
	inBatch := w.inBatch(e)
	for i, q := range e.receiver.Requests() {
		version, err := strconv.Atoi(q.Header.Get(versionHeader))
		if err != nil {
			w.fault("e%d: a request without the endpoint's header", e.index)
			continue
		}
		for _, seq := range w.sent(e, q, inBatch) {
			r := receipt{Request: q, seq: seq, named: parley.EventID(q.ID).Sequence(), version: version, order: len(all), with: i}
			all = append(all, r)
			byEvent[seq] = append(byEvent[seq], r)
		}
	}
	return all, byEvent
}

// sent tells which events a request was made with.
func (w *world) sent(e *simEndpoint, q receiver.Request, inBatch map[string]int64) (seqs []int64) {
	if e.format == "batch" {
		var body struct{ Events []json.RawMessage }
		q.Decode(w.t, &body)
		for _, part := range body.Events {
			seq, ok := inBatch[string(part)]
			if !ok {
				w.fault("e%d was sent %s, which is not in its organization's log", e.index, part)
				continue
			}
			seqs = append(seqs, seq)
		}
		return seqs
	}
	seq := parley.EventID(q.ID).Sequence()
	if seq < 1 || seq > int64(len(e.org.events)) || string(e.org.events[seq-1].ID) != q.ID {
		w.fault("e%d was sent %s, which is not in its organization's log", e.index, q.ID)
		return nil
	}
	var body struct{ ID string }
	if q.Decode(w.t, &body); body.ID != q.ID {
		w.fault("e%d: %s came with the body of %s", e.index, q.ID, body.ID)
	}
	return []int64{seq}
}

// inBatch is the log of an endpoint's organization as batches hold it: what stands
// for the event of each sequence.
func (w *world) inBatch(e *simEndpoint) map[string]int64 {
	if e.format != "batch" {
		return nil
	}
	format, _ := payload.Named(e.format)
	parts := map[string]int64{}
	for _, event := range e.org.events {
		part, err := format.Render(e.id, event)
		w.must(err)
		if twin := parts[string(part)]; twin != 0 {
			w.fault("%d and %d are alike in batches", twin, event.Sequence)
		}
		parts[string(part)] = event.Sequence
	}
	return parts
}

// checkSettings sees to it that a request was made under settings that were in force
// then, and that some of them wanted the event.
func (w *world) checkSettings(e *simEndpoint, r receipt) {
	used := slices.IndexFunc(e.settings, func(s settings) bool { return s.version == r.version })
	if used < 0 {
		w.fault("e%d was sent %d under version %d, which was never in force", e.index, r.seq, r.version)
		return
	}
	if r.At.Before(e.settings[used].begun) {
		w.fault("e%d was sent %d under version %d before that was asked for", e.index, r.seq, r.version)
	}
	if used+1 < len(e.settings) {
		next := e.settings[used+1]
		if r.At.After(next.acked) {
			w.fault("e%d was sent %d under version %d at %v, after version %d was acknowledged at %v", e.index, r.seq, r.version, r.At.Sub(w.began), next.version, next.acked.Sub(w.began))
		}
		if r.seq > next.seq && next.seq > 0 {
			w.fault("e%d was sent %d under version %d, although version %d is in force from %d on", e.index, r.seq, r.version, next.version, next.seq)
		}
	}
	event := e.org.events[r.seq-1]
	if e.redelivered[r.seq] > 0 {
		return
	}
	first := min(e.at(r.seq), used)
	if !slices.ContainsFunc(e.settings[first:used+1], func(s settings) bool { return e.wants(event, s) }) {
		w.fault("e%d was sent %d (%s), which is not for it (%s)", e.index, r.seq, event.Type, e.settings[used].name)
	}
	if r.seq <= e.start && e.rewound(r.seq, time.Time{}, r.At) == 0 {
		w.fault("e%d was sent %d, which came before its start after %d", e.index, r.seq, e.start)
	}
}

// checkTimes sees to it that nothing was sent while the endpoint was paused, or after
// it was deleted.
func (w *world) checkTimes(e *simEndpoint, r receipt) {
	if e.deleted != nil && r.At.After(e.deleted.acked) {
		w.fault("e%d was sent %d at %v, and its deletion was acknowledged at %v", e.index, r.seq, r.At.Sub(w.began), e.deleted.acked.Sub(w.began))
	}
	for _, p := range e.pauses {
		if r.At.After(p.acked) && (p.resumed.IsZero() || r.At.Before(p.resumed)) {
			w.fault("e%d was sent %d at %v, and was paused since %v", e.index, r.seq, r.At.Sub(w.began), p.acked.Sub(w.began))
		}
	}
}

// checkAllSent sees to it that every event that must be sent was, or failed for good;
// and that what counts as delivered was answered well.
func (w *world) checkAllSent(e *simEndpoint, byEvent map[int64][]receipt) {
	states := w.states(e)
	for _, event := range e.org.events {
		d, sent := states[event.Sequence], byEvent[event.Sequence]
		for i, number := range d.numbers {
			if number != i+1 {
				w.fault("e%d: the attempts at %d are numbered %v", e.index, event.Sequence, d.numbers)
				break
			}
		}
		answered := slices.ContainsFunc(sent, func(r receipt) bool { return e.judged(r.named, r.At) != bad })
		switch {
		case d.state == string(parley.Delivered) && !answered:
			w.fault("e%d: %d counts as delivered, and nobody answered it with 2xx", e.index, event.Sequence)
		case e.due(event) && d.state != string(parley.Failed) && !answered:
			w.fault("e%d: %d (%s) was lost: it is recorded as %q and was received %d times", e.index, event.Sequence, event.Type, d.state, len(sent))
		case answered && d.state == "" && e.due(event):
			w.fault("e%d: %d was delivered and there is no record of it", e.index, event.Sequence)
		}
	}
}

// checkRewinds sees to it that what was rewound was sent again.
func (w *world) checkRewinds(e *simEndpoint, byEvent map[int64][]receipt) {
	const onItsWay = 31 * time.Second // that counts as sent again
	for _, rw := range e.rewinds {
		for seq := rw.from; seq <= rw.until && !rw.broken; seq++ {
			event := e.org.events[seq-1]
			first := min(e.at(seq), max(0, e.at(rw.seq)))
			wanted := !slices.ContainsFunc(e.settings[first:], func(s settings) bool { return !e.wants(event, s) })
			if wanted && !slices.ContainsFunc(byEvent[seq], func(r receipt) bool { return !r.At.Before(rw.begun.Add(-onItsWay)) }) {
				w.fault("e%d was rewound to %d at %v, and was not sent %d again", e.index, rw.from, rw.begun.Sub(w.began), seq)
			}
		}
	}
}
