package webhook_test

import (
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

// TestDeliveryOnEachDatabase goes through everything that is stored, in real time
// and on both engines: the rest is tested on SQLite alone.
func TestDeliveryOnEachDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		r := receiver.New(t)
		h := &house{t: t, db: db, wire: &wire{to: r.DialContext}}
		h.furnish()
		h.org = h.organization()
		h.start()
		id, secret := h.subscribeSecret(r.URL, delays(1))
		r.Verify(t, secret)

		t.Log("delivery, by two engines one after the other")
		ids := h.publishMany(300, 10)
		r.Wait(t, 50)
		h.restart()
		ids = append(ids, h.publishMany(300, 10)...)
		requests := r.Wait(t, 600)
		checkOrder(t, requests, false)
		checkIDs(t, r, ids...)
		if r.Refused() > 0 {
			t.Errorf("%d signatures do not verify", r.Refused())
		}
		h.settle(id, 600, 0, 0)

		t.Log("retries, a failure, a redelivery")
		r.Forget()
		r.AnswerBody(400, "\x00\xff no").Times(2).Then().Answer(200)
		bad := h.publish("bad")[0]
		h.settle(id, 600, 0, 1)
		h.publishMany(20, 20)
		h.settle(id, 620, 0, 1)
		h.redeliver(id, bad)
		h.settle(id, 621, 0, 0)
		if d := h.delivery(id, bad); d.AttemptCount != 3 || *d.Attempts[0].StatusCode != 400 || *d.Attempts[0].ResponseBody == "" {
			t.Errorf("the delivery is %+v", d)
		}

		t.Log("a pause and a rotation")
		h.pause(id)
		h.publishMany(20, 20)
		_, newest, err := h.endpoints.Rotate(t.Context(), h.caller(), id, time.Hour)
		h.must(err)
		r.Forget()
		r.Verify(t, string(newest))
		h.resume(id, false)
		r.Wait(t, 20)
		if r.Refused() > 0 {
			t.Errorf("%d signatures do not verify with the new secret", r.Refused())
		}
		h.settle(id, 641, 0, 0)

		t.Log("an outage")
		r.Answer(500)
		h.publishMany(30, 30)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		r.Answer(200)
		h.settle(id, 671, 0, 0)
		h.await(id, parley.EndpointActive, 10*time.Second)

		t.Log("deletion")
		h.publishMany(100, 10)
		h.must(h.endpoints.Delete(t.Context(), h.caller(), id))
		h.stop()
		h.checkNoAttempts()
	})
}

// settle waits until an endpoint's deliveries are recorded as expected.
func (h *house) settle(id parley.WebhookID, delivered, retrying, failed int) {
	h.t.Helper()
	var got map[parley.DeliveryStatus]int
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); <-time.After(10 * time.Millisecond) {
		got = map[parley.DeliveryStatus]int{}
		for _, d := range h.deliveries(id) {
			got[d.Status]++
		}
		if got[parley.Delivered] == delivered && got[parley.Retrying] == retrying && got[parley.Failed] == failed {
			return
		}
	}
	h.t.Fatalf("the deliveries stand at %v, want %d, %d and %d", got, delivered, retrying, failed)
}
