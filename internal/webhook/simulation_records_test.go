package webhook_test

import (
	"time"

	"parley"
	"parley/internal/endpoint"
)

// recorded is what the database says of a delivery.
type recorded struct {
	state   string // of the last attempt
	numbers []int
}

// states are the deliveries of an endpoint by the sequence of their event.
func (w *world) states(e *simEndpoint) map[int64]recorded {
	rows, err := w.db.Read().Query(w.t.Context(), `
		select seq, number, state from attempts
		where org_id = $1 and webhook_id = $2
		order by seq, number`, string(e.org.id), string(e.id))
	w.must(err)
	defer rows.Close()
	found := map[int64]recorded{}
	for rows.Next() {
		var seq int64
		var number int
		var state string
		w.must(rows.Scan(&seq, &number, &state))
		d := found[seq]
		if state != "past" {
			d.state = state
		}
		if number > 0 {
			d.numbers = append(d.numbers, number)
		}
		found[seq] = d
	}
	w.must(rows.Err())
	return found
}

// position is an endpoint's stored cursor, and how often it was moved back.
func (w *world) position(e *simEndpoint) (cursor, passes int64) {
	w.must(w.db.Read().QueryRow(w.t.Context(), `
		select seq, pass from cursors
		where org_id = $1 and kind = $2 and id = $3`, string(e.org.id), endpoint.Kind, string(e.id)).Scan(&cursor, &passes))
	return cursor, passes
}

// watch sees to it that no cursor has gone back since it looked last, but by a rewind.
func (w *world) watch() {
	if w.death.dead() {
		return
	}
	for _, e := range w.endpoints {
		if e.deleted != nil {
			continue
		}
		stored, passes := w.position(e)
		if stored < e.stored && passes == e.passes {
			w.fault("e%d: the stored cursor went back from %d to %d", e.index, e.stored, stored)
		}
		if passes > int64(len(e.rewinds)) {
			w.fault("e%d: its cursor was moved back %d times, it was rewound %d times", e.index, passes, len(e.rewinds))
		}
		w.org = e.org.id
		shown := w.get(e.id).Cursor
		if shown < e.shown && passes == e.passes {
			w.fault("e%d: the cursor that is shown went back from %d to %d", e.index, e.shown, shown)
		}
		if shown < stored && passes == e.passes {
			w.fault("e%d: the cursor that is shown is %d, the stored one %d", e.index, shown, stored)
		}
		e.stored, e.passes, e.shown = stored, passes, shown
	}
}

const (
	restMost = 8 * 24 * time.Hour
	restStep = 6 * time.Hour
)

// comeToRest has all receivers answer and all endpoints resumed, and lets so much
// time pass that nothing is left to be done.
func (w *world) comeToRest() {
	w.note("to rest")
	w.ending = true
	w.commits += w.death.count()
	w.death.arm(0, false)
	w.revive()
	for _, e := range w.endpoints {
		w.mend(e)
	}
	w.pass(time.Minute)
	for _, e := range w.endpoints {
		if e.deleted == nil {
			w.org = e.org.id
			if s := w.get(e.id).Status; s == parley.EndpointPaused || s == parley.EndpointDisabled {
				w.resumeIt(e, false)
			}
		}
	}
	for waited := time.Duration(0); ; waited += restStep {
		w.pass(restStep)
		w.watch()
		reason := w.busy()
		if reason == "" {
			break
		}
		if waited > restMost {
			w.fault("after %v of good answers %s", waited, reason)
			break
		}
	}
	w.stop()
	for _, o := range w.orgs {
		w.catchUp(o)
	}
}

// busy tells what is left to be done, "" if nothing is.
func (w *world) busy() string {
	for _, e := range w.endpoints {
		if e.deleted != nil {
			continue
		}
		w.org = e.org.id
		switch at := w.get(e.id); {
		case at.Status != parley.EndpointActive:
			return e.name() + " is " + string(at.Status)
		case at.Lag > 0:
			return e.name() + " lags"
		case at.Rewind != nil:
			return e.name() + " is being rewound"
		}
		for _, d := range w.states(e) {
			if d.state == string(parley.Retrying) {
				return e.name() + " has a delivery that is to be tried again"
			}
		}
	}
	return ""
}
