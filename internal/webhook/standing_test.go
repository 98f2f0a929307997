package webhook_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/store"
	"parley/internal/testing/receiver"
)

// why is what became of an event at an endpoint.
func (h *house) why(id parley.WebhookID, event string) endpoint.EventDelivery {
	h.t.Helper()
	all, _, err := h.endpoints.Why(h.t.Context(), h.org, parley.EventID(event), store.Page{Limit: 100})
	h.must(err)
	i := slices.IndexFunc(all, func(d endpoint.EventDelivery) bool { return d.WebhookID == id })
	if i < 0 {
		h.t.Fatalf("%s is not among %+v", id, all)
	}
	return all[i]
}

func (h *house) checkWhy(id parley.WebhookID, event string, want endpoint.Fate, words string) endpoint.EventDelivery {
	h.t.Helper()
	got := h.why(id, event)
	if got.Outcome != want || !strings.Contains(got.Reason, words) {
		h.t.Errorf("%s because %q, want %s because of %q", got.Outcome, got.Reason, want, words)
	}
	return got
}

func (h *house) checkBehind(d endpoint.EventDelivery, event string, until time.Time) {
	h.t.Helper()
	b := d.WaitingBehind
	if b == nil || string(b.EventID) != event || (b.Until == nil) != until.IsZero() || b.Until != nil && *b.Until != parley.At(until) {
		h.t.Errorf("it waits behind %+v, want %s until %v", b, event, until)
	}
}

func TestWhyAnEventWaitsForAnotherOfItsKey(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Slow(5 * time.Second)
		ids := h.publish("a", "a", "b", "a")
		time.Sleep(time.Second)
		h.checkWhy(id, ids[0], endpoint.FateSending, "now")
		h.checkWhy(id, ids[2], endpoint.FateSending, "now")
		h.checkBehind(h.checkWhy(id, ids[1], endpoint.FateWaiting, "of the same key"), ids[0], time.Time{})
		h.checkBehind(h.checkWhy(id, ids[3], endpoint.FateWaiting, "of the same key"), ids[0], time.Time{})
		time.Sleep(5 * time.Second)
		h.checkWhy(id, ids[0], endpoint.FateDelivered, "200")
		h.checkBehind(h.checkWhy(id, ids[3], endpoint.FateWaiting, "of the same key"), ids[1], time.Time{})
		time.Sleep(time.Minute)
		for _, event := range ids {
			h.checkWhy(id, event, endpoint.FateDelivered, "attempt 1")
		}
	})
}

func TestWhyAnEventWaitsForARetry(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("strict"), delays(100))
		r.Answer(400).Times(1)
		ids := h.publish("a", "b")
		time.Sleep(time.Second)
		d := h.checkWhy(id, ids[0], endpoint.FateRetrying, "Attempt 1 failed")
		h.checkBehind(h.checkWhy(id, ids[1], endpoint.FateWaiting, "one after another"), ids[0], d.Delivery.NextAttemptAt.Std())
		time.Sleep(time.Hour)
		h.checkWhy(id, ids[1], endpoint.FateDelivered, "200")
	})
}

func TestWhyAFailingEndpointIsSentNothing(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(500)
		ids := h.publishMany(20, 20)
		h.await(id, parley.EndpointFailing, time.Minute)
		ids = append(ids, h.publish("later")...)
		time.Sleep(time.Second)
		for _, event := range []string{ids[0], ids[20]} {
			h.checkWhy(id, event, endpoint.FateHeld, "it is probed next at")
		}
		h.pause(id)
		time.Sleep(time.Second)
		h.checkWhy(id, ids[20], endpoint.FateHeld, "paused")
		r.Answer(200)
		h.resume(id, true)
		time.Sleep(time.Minute)
		h.checkWhy(id, ids[0], endpoint.FateFailed, "can be sent once more")
		h.checkWhy(id, ids[20], endpoint.FatePassedOver, "passed over")
		h.redeliver(id, ids[20])
		time.Sleep(time.Minute)
		h.checkWhy(id, ids[20], endpoint.FateDelivered, "200")
	})
}

func TestWhyAnEndpointIsLeftInPeace(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(429, "Retry-After", "600").Times(1)
		until := parley.Now().Add(600 * time.Second)
		h.publish("a")
		time.Sleep(time.Second)
		later := h.publish("b")[0]
		time.Sleep(time.Second)
		h.checkWhy(id, later, endpoint.FateHeld, "asked for patience: it is sent nothing before "+until.String())
		time.Sleep(time.Hour)
		h.checkWhy(id, later, endpoint.FateDelivered, "200")
	})
}

// An engine that does not run tells nothing: what is written down has to do.
func TestWhyWithoutAnEngine(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		first := h.publish("a")[0]
		r.Wait(t, 1)
		h.stop()
		h.furnish()
		later := h.publish("a")[0]
		h.checkWhy(id, first, endpoint.FateDelivered, "200")
		h.checkWhy(id, later, endpoint.FateWaiting, "It is next")
		h.start()
		time.Sleep(time.Second)
		h.checkWhy(id, later, endpoint.FateDelivered, "200")
	})
}

// What an endpoint was held for too long to be sent is told to everybody else, and
// it goes on with what there is.
func TestEventsThatAreNoLongerKeptAreTold(t *testing.T) {
	for _, restarted := range []bool{false, true} {
		t.Run(fmt.Sprintf("restarted %v", restarted), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				h := open(t, r)
				id := h.subscribe(r.URL)
				watching := receiver.InMemoryAt(t, "watching.example.com")
				h.wire.to = receiver.Network(r, watching)
				h.subscribe(watching.URL, types("webhook.events_missed"))
				h.publish("a")
				r.Wait(t, 1)
				h.pause(id)
				ids := h.publishMany(10_000, 10)
				time.Sleep(time.Second)
				first := parley.EventID(ids[0]).Sequence()
				h.must(h.db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
					_, err := tx.Exec(ctx, "delete from events where org_id = $1 and seq < $2", string(h.org), parley.EventID(ids[9000]).Sequence())
					return err
				}))
				if restarted {
					h.restart()
				}
				r.Forget()
				h.resume(id, false)
				time.Sleep(time.Minute)
				checkIDs(t, r, ids[9000:]...)
				var body struct {
					Data parley.WebhookMissedEvent `json:"data"`
				}
				watching.Wait(t, 1)[0].Decode(t, &body)
				d := body.Data
				if d.First > first || d.Last != parley.EventID(ids[8999]).Sequence() || d.Webhook.ID != id || d.Reason == "" || len(watching.Requests()) != 1 {
					t.Errorf("%d are told, the first of them %+v", len(watching.Requests()), d)
				}
			})
		})
	}
}

// What is redelivered to an endpoint that is not sent anything waits for it, through
// a restart as well.
func TestRedeliveriesWaitForAPausedEndpoint(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(1))
		r.Answer(400)
		ids := h.publishMany(3, 3)
		time.Sleep(time.Minute)
		h.pause(id)
		got, err := h.endpoints.RedeliverFailed(t.Context(), h.caller(), id, store.Failures{}, 2, false)
		if err != nil || got != (endpoint.Redelivered{Count: 2, More: true}) {
			t.Fatalf("%+v (%v)", got, err)
		}
		h.redeliver(id, ids[2])
		r.Forget()
		r.Answer(200)
		time.Sleep(time.Hour)
		h.restart()
		time.Sleep(time.Hour)
		checkIDs(t, r)
		h.checkWhy(id, ids[0], endpoint.FateHeld, "paused")
		h.resume(id, false)
		time.Sleep(time.Minute)
		checkIDs(t, r, ids...)
	})
}
