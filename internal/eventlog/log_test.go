package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

var errChangedMyMind = errors.New("changed my mind")

// Sequences have no gap and no repetition while two processes write and some of the
// transactions fail; readers in both see every event once, in order, as it comes.
func TestSequencesHaveNoGaps(t *testing.T) {
	t.Parallel()
	inEachTwoProcesses(t, func(t *testing.T, a, b process) {
		org, other := a.found(t), a.found(t)
		a.run(t)
		b.run(t)
		const writers, each = 4, 30
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()

		var acknowledged atomic.Int64
		var all sync.WaitGroup
		for _, p := range []process{a, b} {
			for w := range writers {
				all.Go(func() {
					for i := range each {
						failure := error(nil)
						if (w+i)%5 == 0 {
							failure = errChangedMyMind
						}
						events, err := p.tryAppend(org, 1+i%3, failure)
						if err == nil {
							acknowledged.Add(int64(len(events)))
						} else if !errors.Is(err, errChangedMyMind) {
							t.Errorf("append: %v", err)
						}
						if _, err := p.tryAppend(other, 1, nil); err != nil {
							t.Errorf("append for another: %v", err)
						}
					}
				})
			}
		}
		want := int64(0)
		for w := range writers {
			for i := range each {
				if (w+i)%5 != 0 {
					want += 2 * int64(1+i%3)
				}
			}
		}
		for name, p := range map[string]process{"a": a, "b": b} {
			all.Go(func() {
				last := int64(0)
				for e, err := range p.log.Tail(ctx, org, 0) {
					if err != nil || e.Sequence != last+1 {
						t.Errorf("%s: after %d comes %v (%v)", name, last, e, err)
						return
					}
					if last++; last == want {
						return
					}
				}
				t.Errorf("%s: the tail ended at %d of %d", name, last, want)
			})
		}
		all.Wait()
		if head, err := b.log.Head(ctx, org); head != want || acknowledged.Load() != want || err != nil {
			t.Errorf("the head is %d, %d were acknowledged, want %d (%v)", head, acknowledged.Load(), want, err)
		}
		isRun(t, 0, a.read(t, org, 0, 1000))
		var rows, distinct int64
		err := a.db.Read().QueryRow(ctx, "select count(*), count(distinct id) from events where org_id = $1", string(org)).Scan(&rows, &distinct)
		if err != nil || rows != want || distinct != want {
			t.Errorf("the table has %d events and %d ids, want %d (%v)", rows, distinct, want, err)
		}
	})
}

// What fails leaves nothing behind, and wakes nobody.
func TestATransactionThatFailsAppendsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		var told []string
		p := newProcess(t, db, func(org parley.OrganizationID, head int64) { told = append(told, fmt.Sprint(head)) })
		org := p.found(t)
		p.append(t, org, 2)
		if _, err := p.tryAppend(org, 3, errChangedMyMind); !errors.Is(err, errChangedMyMind) {
			t.Fatalf("the error is %v", err)
		}
		if got := len(p.read(t, org, 0, 100)); got != 2 {
			t.Errorf("there are %d events, want 2", got)
		}
		p.append(t, org, 1)
		isRun(t, 0, p.read(t, org, 0, 100))
		if want := []string{"1", "2", "3"}; !slices.Equal(told, want) {
			t.Errorf("the watcher was told of %v, want %v", told, want)
		}
	})
}

// Many failures at the same moment share a transaction, and leave the log as it was.
func TestFailuresTogetherMoveNoHead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		p.append(t, org, 10)
		for range 10 {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if _, err := p.tryAppend(org, 1, errChangedMyMind); !errors.Is(err, errChangedMyMind) {
						t.Errorf("the error is %v", err)
					}
				})
			}
			all.Wait()
		}
		if head, err := p.log.Head(t.Context(), org); head != 10 || err != nil {
			t.Fatalf("the head is %d, want 10 (%v)", head, err)
		}
		if e := p.append(t, org, 1)[0]; e.Sequence != 11 {
			t.Errorf("the next event got %d, want 11", e.Sequence)
		}
	})
}

// Readers in the same process wake with the commit, those in another one when they
// are told: ten rounds would take them 20 seconds if they had to look for themselves,
// as they have to on SQLite.
func TestReadersWake(t *testing.T) {
	t.Parallel()
	inEachTwoProcesses(t, func(t *testing.T, a, b process) {
		org := a.found(t)
		a.run(t)
		b.run(t)
		rounds := map[database.Engine]int64{database.Postgres: 10, database.SQLite: 1}[a.db.Engine()]
		ctx, cancel := context.WithTimeout(t.Context(), 5*eventlog.PollEvery)
		defer cancel()
		for round := range rounds {
			found := make(chan error, 2)
			for _, p := range []process{a, b} {
				go func() {
					events, err := p.log.Wait(ctx, org, round, 10)
					if err == nil && (len(events) != 1 || events[0].Sequence != round+1) {
						err = fmt.Errorf("after %d come %d events", round, len(events))
					}
					found <- err
				}()
			}
			a.append(t, org, 1)
			for range 2 {
				if err := <-found; err != nil {
					t.Fatalf("round %d: %v", round, err)
				}
			}
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p := newProcess(t, dbtest.SQLite(t))
	org := p.found(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := p.log.Wait(ctx, org, 0, 10)
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Wait ends with %v", err)
	}
	for _, err := range p.log.Tail(ctx, org, 0) {
		t.Errorf("Tail goes on though its context has ended: %v", err)
	}
}

func TestTailTellsWhyItEnds(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	p := newProcess(t, db)
	org := p.found(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	var errs []error
	for e, err := range p.log.Tail(t.Context(), org, 0) {
		if e != nil {
			t.Errorf("a closed database gives %s", e.JSON())
		}
		errs = append(errs, err)
	}
	if len(errs) != 1 || errs[0] == nil {
		t.Errorf("Tail ends with %v", errs)
	}
}

func TestAnEventIsFoundByItsID(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org, other := p.found(t), p.found(t)
		made := p.append(t, org, 3)
		p.append(t, other, 3)
		got, err := p.log.Get(t.Context(), org, made[1].ID)
		if err != nil || string(got.JSON()) != string(made[1].JSON()) {
			t.Errorf("got %v (%v), want %s", got, err, made[1].JSON())
		}
		for name, id := range map[string]parley.EventID{
			"a guess": parley.NewEventID(2), "one beyond the head": parley.NewEventID(99), "no id": "evt_x", "nothing": "",
		} {
			if _, err := p.log.Get(t.Context(), org, id); parley.KindOf(err) != parley.NotFound {
				t.Errorf("%s: %v, want NotFound", name, err)
			}
		}
		if _, err := p.log.Get(t.Context(), other, made[1].ID); parley.KindOf(err) != parley.NotFound {
			t.Errorf("another organization's: %v, want NotFound", err)
		}
		at, err := p.log.At(t.Context(), org, 3)
		if err != nil || at.ID != made[2].ID {
			t.Errorf("at 3: %v (%v)", at, err)
		}
		for _, seq := range []int64{-1, 0, 4, 1 << 40} {
			if e, err := p.log.At(t.Context(), org, seq); parley.KindOf(err) != parley.NotFound {
				t.Errorf("at %d: %v (%v), want NotFound", seq, e, err)
			}
		}
	})
}

// An event is the same from the cache and from the database, whatever it holds.
func TestAnEventNeverChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, b := newProcess(t, db), newProcess(t, db)
		org := a.found(t)
		by := parley.Caller{
			Organization: org, Actor: parley.Actor{Type: parley.ActorAPIKey, ID: "key_x"},
			Cause: &parley.Cause{EventID: parley.NewEventID(7), RuleID: "aut_x", Depth: 2},
		}
		err := db.Write(t.Context(), org, func(ctx context.Context, tx *database.Tx) error {
			at, err := a.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			_, err = a.log.Append(ctx, tx, by, at, parley.ContactCreated.Draft("con_x", "inb_x", parley.ContactEvent{
				Contact: parley.Contact{Name: new("Zoë <b>& \u2028 \"quotes\" 🍞"), Variables: parley.Values{"n": []byte("1.50")}},
			}))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		cached, stored := a.read(t, org, 0, 1)[0], b.read(t, org, 0, 1)[0]
		if string(cached.JSON()) != string(stored.JSON()) {
			t.Errorf("from the cache\n%s, from the database\n%s", cached.JSON(), stored.JSON())
		}
		if stored.Key != "con_x" || stored.Inbox != "inb_x" || stored.Actor != by.Actor || *stored.Cause != *by.Cause {
			t.Errorf("the event is %+v", stored)
		}
	})
}

func TestQuery(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		p := newProcess(t, db)
		org := p.found(t)
		p.append(t, org, 5)
		p.append(t, p.found(t), 5)
		sequences := func(f store.Filter, newestFirst bool, limit int) (seqs []int64) {
			events, err := p.log.Query(t.Context(), org, f, newestFirst, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				seqs = append(seqs, e.Sequence)
			}
			return seqs
		}
		if got := sequences(store.Filter{}, false, 3); !slices.Equal(got, []int64{1, 2, 3}) {
			t.Errorf("the first three: %v", got)
		}
		if got := sequences(store.Where("seq < ?", 5), true, 2); !slices.Equal(got, []int64{4, 3}) {
			t.Errorf("the newest before 5: %v", got)
		}
		if got := sequences(store.Where("type = ?", "custom.other"), false, 10); len(got) > 0 {
			t.Errorf("of another type: %v", got)
		}
	})
}
