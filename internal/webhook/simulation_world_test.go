package webhook_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

// plan is what a run follows from.
type plan struct {
	seed   uint64
	steps  int  // 0: as the seed has it
	dieAt  int  // the commit at which the first process dies, those of processes that were stopped counted in; 0: as the seed has it
	before bool // it dies before that commit, not after it
	calm   bool // no process dies but by dieAt
}

// world is one run.
type world struct {
	*house
	plan
	random *rand.Rand
	death  *death
	began  time.Time
	ending bool // nothing dies any more

	orgs      []*simOrg
	endpoints []*simEndpoint
	receivers []*receiver.Receiver
	deaths    []time.Time
	commits   int      // of the processes that have ended
	drafted   int      // events so far
	unknown   []func() // verbs that were called when the process died

	story []string
	wrong int
}

// simOrg is an organization, and its log as far as it was read.
type simOrg struct {
	id      parley.OrganizationID
	inboxes []parley.InboxID
	events  []*parley.Event // all, that of sequence n at n-1
	acked   []string        // events whose publishing was acknowledged
}

const mostEndpoints = 8

func newWorld(t *testing.T, p plan) *world {
	w := &world{plan: p, random: rand.New(rand.NewPCG(p.seed, 3)), began: time.Now()}
	for i := range mostEndpoints {
		w.receivers = append(w.receivers, receiver.InMemoryAt(t, fmt.Sprintf("r%d.example.com", i)))
	}
	w.house = &house{
		t: t, path: filepath.Join(t.TempDir(), "parley.db"), logger: slog.New(slog.DiscardHandler),
		wire: &wire{to: receiver.Network(w.receivers...)},
	}
	w.open(0, false)
	for range 1 + w.random.IntN(3) {
		w.orgs = append(w.orgs, w.found())
	}
	w.start()
	w.death.arm(w.nextDeath())
	for n := 1 + w.random.IntN(6); len(w.endpoints) < n; {
		w.join()
	}
	return w
}

// found makes an organization with two inboxes.
func (w *world) found() *simOrg {
	o := &simOrg{id: w.organization()}
	for range 2 {
		id := parley.NewID[parley.InboxID]()
		w.must(w.db.Write(w.t.Context(), o.id, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, `
				insert into inboxes (org_id, id, name, channel, created_at, updated_at, seq)
				values ($1, $2, 'Inbox', 'api', 0, 0, 0)`, string(o.id), string(id))
			return err
		}))
		o.inboxes = append(o.inboxes, id)
	}
	return o
}

// open opens the database for a process that dies at a commit, and makes its engine.
func (w *world) open(dieAt int, before bool) {
	w.death = newDeath(dieAt, before)
	w.death.cut = w.wire.cut
	mortal.byPath.Store(w.path, w.death)
	w.db = dbtest.Open(w.t, database.Config{Path: w.path, ReadConns: 2, Logger: w.logger})
	w.furnish()
}

// nextDeath is when the next process dies.
func (w *world) nextDeath() (at int, before bool) {
	at, before = 1+w.random.IntN(80), w.random.IntN(2) == 0
	often := w.random.IntN(5) < 3
	switch {
	case w.ending:
		return 0, false
	case w.dieAt > w.commits && len(w.deaths) == 0:
		return w.dieAt - w.commits, w.before
	case w.calm || !often:
		return 0, false
	}
	return at, before
}

// pass lets time pass, and sees to it that there is a process again if it dies.
func (w *world) pass(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.death.done:
	}
	w.revive()
}

// revive clears away a process that has died and starts the next one.
func (w *world) revive() {
	if !w.death.dead() {
		return
	}
	w.deaths = append(w.deaths, w.death.time)
	w.note("the process died at commit %d, before it: %v", w.death.count(), w.death.before)
	w.house.cancel() // an engine that ends has no errors to tell
	w.must(w.db.Close())
	w.stop()
	w.begin()
}

// begin starts the next process.
func (w *world) begin() {
	w.wire = &wire{to: w.wire.to}
	w.commits += w.death.count()
	at, before := w.nextDeath()
	w.open(0, false)
	for _, o := range w.orgs {
		w.catchUp(o)
	}
	for _, settle := range w.unknown {
		settle()
	}
	w.unknown = nil
	for _, e := range w.endpoints {
		e.shown = 0
	}
	w.start()
	w.death.arm(at, before)
}

// catchUp reads what is new in an organization's log.
func (w *world) catchUp(o *simOrg) {
	for {
		events, err := w.log.Read(w.t.Context(), o.id, int64(len(o.events)), 1000)
		w.must(err)
		if len(events) == 0 {
			return
		}
		for _, e := range events {
			if e.Sequence != int64(len(o.events))+1 {
				w.fault("the log of %s has event %d after %d", o.id, e.Sequence, len(o.events))
			}
			o.events = append(o.events, e)
		}
	}
}

// note adds a line to the story.
func (w *world) note(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf("%14s  ", time.Since(w.began).Round(100*time.Microsecond))+fmt.Sprintf(format, args...))
}

const mostFaults = 12

// fault fails the run, and says why.
func (w *world) fault(format string, args ...any) {
	w.t.Helper()
	if w.wrong++; w.wrong <= mostFaults {
		w.t.Errorf(format, args...)
	}
}

// tell tells the story of a run that failed, and how to see it again.
func (w *world) tell() {
	if !w.t.Failed() && (!testing.Verbose() || *simSeed < 0) {
		return
	}
	for _, line := range w.story {
		w.t.Log(line)
	}
	if w.dieAt > 0 {
		w.t.Logf("again: go test ./internal/webhook -run TestEveryCommitPoint -die-at=%d -v", w.dieAt)
		return
	}
	w.t.Logf("again: go test ./internal/webhook -run TestSimulation -seed=%d -v", w.seed)
}
