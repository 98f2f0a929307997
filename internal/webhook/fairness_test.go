package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// lateness is how long after they were published events may arrive that nothing holds
// up, in virtual time: only what is waited for takes any.
const lateness = 20 * time.Millisecond

// subscribeMany adds n endpoints.
func (h *house) subscribeMany(n int, url string, change ...func(*parley.Webhook)) {
	h.t.Helper()
	var creators sync.WaitGroup
	for i := range 50 {
		creators.Go(func() {
			for range (n + i) / 50 {
				h.subscribe(url, change...)
			}
		})
	}
	creators.Wait()
}

// arrives publishes an event and checks that it gets to receivers soon.
func (h *house) arrives(receivers ...*receiver.Receiver) {
	h.t.Helper()
	for _, r := range receivers {
		r.Forget()
	}
	sent := time.Now()
	h.publish("a")
	for _, r := range receivers {
		if late := r.Wait(h.t, 1)[0].At.Sub(sent); late > lateness {
			h.t.Errorf("an event came to %s %v late", r.URL, late)
		}
	}
}

func TestAnOrganizationWithThousandsOfHangingEndpointsDoesNotDelayAnother(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging, healthy, slow := receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "healthy.example.com"), receiver.InMemoryAt(t, "slow.example.com")
		hanging.Hang()
		slow.Slow(2 * time.Second)
		h := open(t, hanging, healthy, slow)
		h.subscribeMany(3000, hanging.URL)
		h.publishMany(10, 10)
		time.Sleep(time.Second)
		h.org = h.organization()
		h.subscribe(healthy.URL)
		h.subscribe(slow.URL)
		for range 6 { // while the first that hang end and others begin
			h.arrives(healthy, slow)
			time.Sleep(3 * time.Second)
		}
		if n := hanging.MostAtOnce(); n < 1000 {
			t.Errorf("%d hung, too few to show anything", n)
		}
	})
}

func TestHangingEndpointsDoNotDelayHealthyOnesOfTheirOrganization(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging := receiver.InMemoryAt(t, "hanging.example.com")
		hanging.Hang()
		all := []*receiver.Receiver{hanging}
		for i := range 10 {
			all = append(all, receiver.InMemoryAt(t, fmt.Sprintf("healthy%d.example.com", i)))
		}
		h := open(t, all...)
		h.subscribeMany(500, hanging.URL)
		h.publishMany(4, 4)
		time.Sleep(time.Second)
		for _, r := range all[1:] {
			h.subscribe(r.URL)
		}
		for range 20 {
			h.arrives(all[1:]...)
			time.Sleep(time.Second)
		}
		if n := hanging.MostAtOnce(); n < 800 {
			t.Errorf("%d hung, too few to show anything", n)
		}
	})
}

// crowded gives an organization whose endpoints hang and take all the places that it may
// have, of which the engine has few.
func crowded(t *testing.T) (h *house, hanging, patient *receiver.Receiver) {
	hanging, patient = receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "patient.example.com")
	hanging.Hang()
	patient.Hang()
	h = open(t, hanging, patient)
	h.stop()
	h.furnish()
	h.Narrow(32, 16)
	h.start()
	h.subscribeMany(60, hanging.URL, ordering("strict"), types("custom.thing")) // one request at a time
	return h, hanging, patient
}

// tookAndWaits are how long an endpoint's attempts at an event took and were apart.
func (h *house) tookAndWaits(id parley.WebhookID, event string) (took, waits []time.Duration) {
	attempts := h.delivery(id, event).Attempts
	for i, a := range attempts {
		took = append(took, time.Duration(a.DurationMS*float64(time.Millisecond)).Round(time.Millisecond))
		if i > 0 {
			waits = append(waits, a.At.Std().Sub(attempts[i-1].At.Std())-took[i-1])
		}
	}
	return took, waits
}

func TestTheTimeLimitComesDownWhenPlacesAreShortAndGoesUpAgain(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h, hanging, patient := crowded(t)
		id := h.subscribe(patient.URL, delays(10, 10, 10, 10, 10, 10, 10, 10, 10), types("custom.slow"))
		h.publishMany(1, 1)
		time.Sleep(15 * time.Second)
		if load := h.Totals().Load; load < 0.99 {
			t.Errorf("the load is %.2f while endpoints wait for places", load)
		}
		short := h.publishAs("custom.slow", "a")[0]
		time.Sleep(40 * time.Second)
		took, waits := h.tookAndWaits(id, short)
		if len(waits) == 0 || took[0] != 5*time.Second || waits[0] < 20*time.Second {
			t.Errorf("while places are short, attempts took %v and waited %v, want 5s and twice 10s", took, waits)
		}

		hanging.Answer(204)
		patient.Answer(204)
		time.Sleep(10 * time.Minute)
		if load := h.Totals().Load; load != 0 {
			t.Errorf("the load is %.2f when all is well again", load)
		}
		patient.Hang()
		long := h.publishAs("custom.slow", "b")[0]
		time.Sleep(35 * time.Second)
		took, waits = h.tookAndWaits(id, long)
		if len(waits) == 0 || took[0] != 10*time.Second || waits[0] > 12*time.Second {
			t.Errorf("when all is well again, attempts took %v and waited %v, want 10s each", took, waits)
		}
	})
}

func TestTheTimeLimitStaysForOrganizationsThatAreNotShortOfPlaces(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h, _, patient := crowded(t)
		h.publishMany(1, 1)
		time.Sleep(15 * time.Second)
		patient.Slow(9 * time.Second)
		h.org = h.organization()
		id := h.subscribe(patient.URL)
		event := h.publish("a")[0]
		time.Sleep(9*time.Second + time.Second)
		if d := h.delivery(id, event); d.Status != parley.Delivered || d.AttemptCount != 1 {
			t.Errorf("it is %s after %d attempts", d.Status, d.AttemptCount)
		}
	})
}

func TestARequestUnderWayKeepsItsTimeLimit(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h, hanging, patient := crowded(t)
		id := h.subscribe(patient.URL, types("custom.slow"))
		event := h.publishAs("custom.slow", "a")[0]
		patient.Wait(t, 1)
		h.publishMany(1, 1)
		hanging.Wait(t, 20)
		time.Sleep(11 * time.Second)
		if took, _ := h.tookAndWaits(id, event); len(took) != 1 || took[0] != 10*time.Second {
			t.Errorf("it took %v, want 10s", took)
		}
	})
}

// drip answers with some bytes, and then with one more each time, for ever.
func drip(t *testing.T, first string, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		for _, err := io.WriteString(conn, first); err == nil; _, err = io.WriteString(conn, "x") {
			select {
			case <-time.After(every):
			case <-t.Context().Done():
				return
			}
		}
	}
}

func TestAnAnswerThatNeverEndsCostsNoMoreThanTheTimeLimit(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(*testing.T, *receiver.Receiver)
		took time.Duration
		want parley.DeliveryStatus
	}{
		// Of a long answer no more than 64 KiB are read. What it says counts.
		"an endless body":   {func(_ *testing.T, r *receiver.Receiver) { r.Endless() }, 0, parley.Delivered},
		"a body that drips": {func(_ *testing.T, r *receiver.Receiver) { r.Drip(100 * time.Millisecond) }, 5 * time.Second, parley.Retrying},
		"a body that stops": {func(_ *testing.T, r *receiver.Receiver) { r.Drip(time.Hour) }, 5 * time.Second, parley.Retrying},
		"headers that drip": {func(t *testing.T, r *receiver.Receiver) {
			r.Func(drip(t, "HTTP/1.1 200 OK\r\nX-Long: ", 100*time.Millisecond))
		}, 5 * time.Second, parley.Retrying},
		"a status line that drips":      {func(t *testing.T, r *receiver.Receiver) { r.Func(drip(t, "HTTP/1.1 2", time.Second)) }, 5 * time.Second, parley.Retrying},
		"a body that drips after a 500": {func(t *testing.T, r *receiver.Receiver) { r.Func(drip(t, "HTTP/1.1 500 No\r\n\r\n", time.Second)) }, 5 * time.Second, parley.Retrying},
		"headers that drip, many of them": {func(t *testing.T, r *receiver.Receiver) {
			r.Func(drip(t, "HTTP/1.1 200 OK\r\nA: b\r\nC: ", time.Second))
		}, 5 * time.Second, parley.Retrying},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				endless, healthy := receiver.InMemoryAt(t, "endless.example.com"), receiver.InMemoryAt(t, "healthy.example.com")
				c.act(t, endless)
				h := open(t, endless, healthy)
				id := h.subscribe(endless.URL, func(w *parley.Webhook) { w.TimeoutSeconds = 5 })
				h.subscribe(healthy.URL)
				event := h.publish("a")[0]
				for range 5 {
					h.arrives(healthy)
					time.Sleep(time.Second)
				}
				time.Sleep(time.Second)
				d := h.delivery(id, event)
				if took, _ := h.tookAndWaits(id, event); len(took) == 0 || took[0] != c.took || d.Status != c.want {
					t.Errorf("it is %s, attempts took %v, want %s and %v", d.Status, took, c.want, c.took)
				}
				if c.want == parley.Retrying && !strings.Contains(*d.Attempts[0].Error, "within 5s") {
					t.Errorf("the reason is %q", *d.Attempts[0].Error)
				}
			})
		})
	}
}
