package webhook_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/webhook"
)

// eachDedup runs a test with each kind that keeps what is done once from being done
// twice.
func eachDedup(t *testing.T, test func(t *testing.T, d webhook.Dedup)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, must(webhook.InMemory(100))(t))
	})
	eachDatabase(t, func(t *testing.T, db *sql.DB) { test(t, inDatabase(t, db, "crm")) })
}

func inDatabase(t testing.TB, db *sql.DB, name string) *webhook.Database {
	t.Helper()
	return must(webhook.InDatabase(t.Context(), db, name, webhook.DatabaseOptions{}))(t)
}

func TestAnEventThatComesAgainIsDoneOnce(t *testing.T) {
	t.Parallel()
	eachDedup(t, func(t *testing.T, d webhook.Dedup) {
		r, calls := receiver(t, d), 0
		r.Otherwise(func(context.Context, webhook.RawEvent) error { calls++; return nil })
		for sequence := range int64(3) {
			id, body := bodyOf(t, "message.created", sequence+1)
			for range 3 {
				want(t, post(t, r, id, body), http.StatusNoContent)
			}
		}
		if calls != 3 {
			t.Errorf("3 events, and %d calls", calls)
		}
	})
}

func TestAnEventWhoseHandlerFailedIsDoneWhenItComesAgain(t *testing.T) {
	t.Parallel()
	eachDedup(t, func(t *testing.T, d webhook.Dedup) {
		r, calls := receiver(t, d), 0
		r.Otherwise(func(context.Context, webhook.RawEvent) error {
			calls++
			if calls == 1 {
				return errors.New("not today")
			}
			if calls == 2 {
				panic("a mistake")
			}
			return nil
		})
		id, body := bodyOf(t, "message.created", 1)
		want(t, post(t, r, id, body), http.StatusInternalServerError)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			post(t, r, id, body)
		}()
		want(t, post(t, r, id, body), http.StatusNoContent)
		want(t, post(t, r, id, body), http.StatusNoContent)
		if calls != 3 {
			t.Errorf("%d calls, want 3", calls)
		}
	})
}

// A twin that comes while the event is being handled waits for what becomes of it, and
// takes over if it fails.
func TestTwinsAtOnceAreOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, first := range []error{nil, errors.New("not today")} {
		t.Run(fmt.Sprintf("first: %v", first), func(t *testing.T) {
			t.Parallel()
			eachDedup(t, func(t *testing.T, d webhook.Dedup) {
				r := receiver(t, d)
				begun, goOn := make(chan struct{}), make(chan struct{})
				var calls atomic.Int32
				r.Otherwise(func(context.Context, webhook.RawEvent) error {
					if calls.Add(1) > 1 {
						return nil
					}
					close(begun)
					<-goOn
					return first
				})
				id, body := bodyOf(t, "message.created", 1)
				var all sync.WaitGroup
				var good atomic.Int32
				send := func() {
					if post(t, r, id, body).Code == http.StatusNoContent {
						good.Add(1)
					}
				}
				all.Go(send)
				<-begun
				for range 4 {
					all.Go(send)
				}
				if calls.Load() != 1 {
					t.Error("a twin did not wait")
				}
				close(goOn)
				all.Wait()
				wantCalls, wantGood := int32(1), int32(5)
				if first != nil {
					wantCalls, wantGood = 2, 4
				}
				if calls.Load() != wantCalls || good.Load() != wantGood {
					t.Errorf("%d calls and %d good answers, want %d and %d", calls.Load(), good.Load(), wantCalls, wantGood)
				}
			})
		})
	}
}

func TestTheEffectAndTheIDAreCommittedTogether(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		add := counting(t, db)
		r := receiver(t, inDatabase(t, db, "crm"))
		fail := errors.New("after the effect")
		webhook.On(r, parley.MessageCreated, func(ctx context.Context, e webhook.Event[parley.MessageEvent]) error {
			if err := add(ctx, e.Tx); err != nil {
				return err
			}
			return fail
		})
		id, body := bodyOf(t, "message.created", 1)
		want(t, post(t, r, id, body), http.StatusInternalServerError)
		if n := number(t, db, effects); n != 0 {
			t.Errorf("the handler failed, and %d effects stayed", n)
		}
		fail = nil
		for range 3 {
			want(t, post(t, r, id, body), http.StatusNoContent)
		}
		if n := number(t, db, effects); n != 1 {
			t.Errorf("%d effects of one event", n)
		}
	})
}

// Many events, each several times and at once, to two processes: each has one effect.
func TestManyTwinsHaveOneEffectEach(t *testing.T) {
	t.Parallel()
	const events, copies = 20, 4
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		add := counting(t, db)
		var processes []*webhook.Receiver
		for range 2 {
			r := receiver(t, inDatabase(t, db, "crm"))
			webhook.On(r, parley.MessageCreated, func(ctx context.Context, e webhook.Event[parley.MessageEvent]) error { return add(ctx, e.Tx) })
			processes = append(processes, r)
		}
		var all sync.WaitGroup
		for sequence := range int64(events) {
			id, body := bodyOf(t, "message.created", sequence+1)
			for n := range copies {
				all.Go(func() { want(t, post(t, processes[n%2], id, body), http.StatusNoContent) })
			}
		}
		all.Wait()
		if n := number(t, db, effects); n != events {
			t.Errorf("%d effects of %d events", n, events)
		}
	})
}

func TestReceiversOfOtherNamesAreOnTheirOwn(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		add := counting(t, db)
		id, body := bodyOf(t, "message.created", 1)
		for _, name := range []string{"crm", "billing", "crm"} {
			r := receiver(t, inDatabase(t, db, name))
			r.Otherwise(func(ctx context.Context, e webhook.RawEvent) error { return add(ctx, e.Tx) })
			want(t, post(t, r, id, body), http.StatusNoContent)
		}
		if n := number(t, db, effects); n != 2 {
			t.Errorf("%d effects at two receivers", n)
		}
	})
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	t.Parallel()
	d := must(webhook.InMemory(3))(t)
	once := func(id string) (repeat bool) {
		t.Helper()
		return must(d.Once(t.Context(), id, func(context.Context, *sql.Tx) error { return nil }))(t)
	}
	for _, test := range []struct {
		id     string
		repeat bool
	}{
		{"a", false},
		{"b", false},
		{"c", false},
		{"a", true},
		{"d", false}, // for which a is forgotten
		{"a", false},
		{"b", false},
		{"d", true},
		{"c", false},
		{"d", false},
	} {
		if got := once(test.id); got != test.repeat {
			t.Errorf("%s: a repeat is %v, want %v", test.id, got, test.repeat)
		}
	}
	if _, err := webhook.InMemory(0); err == nil {
		t.Error("a memory of nothing")
	}
}

func TestWhoWaitsForATwinCanBeToldToStop(t *testing.T) {
	t.Parallel()
	d := must(webhook.InMemory(3))(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := d.Once(t.Context(), "a", func(context.Context, *sql.Tx) error {
		cancel()
		_, err := d.Once(ctx, "a", func(context.Context, *sql.Tx) error { return nil })
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
