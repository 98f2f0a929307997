package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
)

// live makes moves and lets time pass, until the run has had its share.
func (w *world) live() {
	steps := w.steps
	if steps == 0 {
		steps = 15 + w.random.IntN(30)
	}
	for range steps {
		w.move()
		w.revive()
		w.watch()
		w.pass(w.moment())
		w.watch()
	}
}

// moment is a time to wait: often a short one, now and then days.
func (w *world) moment() time.Duration {
	var most time.Duration
	n := w.random.IntN(40)
	if w.calm {
		n %= 30 // statistics are committed every minute, and one such commit is like another
	}
	switch {
	case n < 6:
		return 0
	case n < 12:
		most = 30 * time.Millisecond
	case n < 20:
		most = time.Second
	case n < 30:
		most = 20 * time.Second
	case n < 35:
		most = 10 * time.Minute
	case n < 39:
		most = 3 * time.Hour
	default:
		most = 40 * time.Hour
	}
	return time.Duration(w.random.Int64N(int64(most)))
}

func (w *world) move() {
	n := w.random.IntN(100)
	if n < 45 {
		w.burst(w.orgs[w.random.IntN(len(w.orgs))])
		return
	}
	e := w.endpoints[w.random.IntN(len(w.endpoints))]
	if e.deleted != nil {
		return
	}
	switch {
	case n < 60:
		w.getInto(e)
	case n < 63:
		if len(w.endpoints) < mostEndpoints {
			w.join()
		}
	case n < 68:
		w.pauseOrResume(e)
	case n < 76:
		w.edit(e)
	case n < 77:
		w.delete(e)
	case n < 79:
		w.rotate(e)
	case n < 82:
		w.redeliverOne(e)
	case n < 84:
		w.redeliverFailed(e)
	case n < 89:
		w.goBack(e)
	case n < 91:
		w.cancel(e)
	case n < 93:
		w.test(e)
	case n < 96:
		w.note("the process is stopped")
		w.stopProcess()
	default:
		if !w.calm {
			w.death.come()
		}
	}
}

// stopProcess stops the process as an operator does, and starts it again.
func (w *world) stopProcess() {
	w.stop()
	if w.death.dead() {
		return // it died meanwhile
	}
	w.must(w.db.Close())
	w.begin()
}

// burst publishes some events in one transaction.
func (w *world) burst(o *simOrg) {
	n, keys := 1+w.random.IntN(30), 1+w.random.IntN(10)
	if w.random.IntN(12) == 0 {
		n *= 12
	}
	w.org = o.id
	drafts := make([]parley.Draft, n)
	for i := range drafts {
		drafts[i] = w.draft(o, fmt.Sprint("key", w.random.IntN(keys)))
	}
	var ids []string
	err := w.db.Write(w.t.Context(), o.id, func(ctx context.Context, tx *database.Tx) error {
		ids = ids[:0]
		for _, draft := range drafts {
			at, err := w.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			e, err := w.log.Append(ctx, tx, w.caller(), at, draft)
			if err != nil {
				return err
			}
			ids = append(ids, string(e.ID))
		}
		return nil
	})
	switch {
	case w.death.dead():
		w.note("%d events, and nobody knows", n)
	case err != nil:
		w.fault("publish: %v", err)
	default:
		w.note("%d events from %s of %d keys", n, ids[0], keys)
		o.acked = append(o.acked, ids...)
	}
}

// draft makes up an event that is like no other.
func (w *world) draft(o *simOrg, key string) parley.Draft {
	w.drafted++
	if w.random.IntN(5) == 0 {
		declared, _ := parley.Declared(parley.NoteCreated.Name())
		note := declared.Example.(parley.NoteEvent)
		note.Note.Text = fmt.Sprint(w.drafted)
		return parley.NoteCreated.Draft(key, o.inboxes[w.random.IntN(len(o.inboxes))], note)
	}
	data := json.RawMessage(fmt.Sprintf(`{"key":%q,"colour":%q,"n":%d}`, key, []string{"red", "blue"}[w.random.IntN(2)], w.drafted))
	d, _ := parley.CustomEvent([]string{"custom.a", "custom.b"}[w.random.IntN(2)], key, data)
	return d
}
