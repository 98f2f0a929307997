package webhook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/payload"
	"parley/internal/testing/receiver"
)

func inBatches(w *parley.Webhook) { w.Format = "batch" }

// keysIn are the keys of the events that a request was made with.
func keysIn(t testing.TB, q receiver.Request) (keys []string) {
	t.Helper()
	var body struct {
		Events []struct {
			Event struct{ Payload struct{ Key string } }
		}
	}
	q.Decode(t, &body)
	for _, e := range body.Events {
		keys = append(keys, e.Event.Payload.Key)
	}
	return keys
}

// numbered are so many keys, each different.
func numbered(first, n int) (keys []string) {
	for i := range n {
		keys = append(keys, fmt.Sprintf("k%d", first+i))
	}
	return keys
}

func wantKeys(t testing.TB, q receiver.Request, want []string) {
	t.Helper()
	if got := keysIn(t, q); !slices.Equal(got, want) {
		t.Errorf("a request at %v holds %v, want %v", q.At, got, want)
	}
}

func TestABatchWaitsASecondForMore(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL, inBatches)
		begun := time.Now()
		h.publish("a", "b")
		time.Sleep(700 * time.Millisecond)
		h.publish("c")
		q := r.Wait(t, 1)[0]
		wantKeys(t, q, []string{"a", "b", "c"})
		if took := q.At.Sub(begun); took < 900*time.Millisecond || took > 1100*time.Millisecond {
			t.Errorf("it was sent after %v, want 1s", took)
		}
		if !strings.HasPrefix(q.ID, "bat_") || q.Header.Get("Content-Type") != "application/json" || !json.Valid(q.Body) {
			t.Errorf("the request is %s, %s: %s", q.ID, q.Header.Get("Content-Type"), q.Body)
		}
		time.Sleep(aWhile)
		if n := len(r.Requests()); n != 1 {
			t.Errorf("there are %d requests", n)
		}
	})
}

func TestAFullBatchDoesNotWait(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, inBatches)
		begun := time.Now()
		keys := numbered(0, 250)
		h.publish(keys...)
		r.Wait(t, 2)
		if took := time.Since(begun); took > 100*time.Millisecond {
			t.Errorf("two full batches took %v", took)
		}
		all := r.Wait(t, 3)
		for i, q := range all {
			wantKeys(t, q, keys[i*payload.MaxEvents:min(len(keys), (i+1)*payload.MaxEvents)])
		}
		time.Sleep(aWhile)
		if w := h.get(id); w.Lag > 1 || len(h.deliveries(id)) != 250 {
			t.Errorf("the lag is %d, and there are %d deliveries", w.Lag, len(h.deliveries(id)))
		}
	})
}

func TestABatchIsNoLargerThanItsLimit(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL, inBatches)
		large := strings.Repeat("x", 100_000)
		huge := strings.Repeat("y", payload.MaxBytes)
		h.publish(large+"1", large+"2", large+"3", huge, "small")
		all := r.Wait(t, 4)
		for i, want := range [][]string{{large + "1", large + "2"}, {large + "3"}, {huge}, {"small"}} {
			if got := keysIn(t, all[i]); !slices.Equal(got, want) {
				t.Errorf("request %d holds %d events, want %d", i, len(got), len(want))
			}
			if size := len(all[i].Body); size > payload.MaxBytes && len(want) > 1 {
				t.Errorf("request %d has %d bytes", i, size)
			}
		}
	})
}

func TestABatchThatFailedIsMadeAgainAsItWas(t *testing.T) {
	virtual(t, func(t *testing.T) {
		for name, again := range map[string]func(h *house){
			"by the same engine": func(*house) {},
			"by the next":        (*house).restart,
			"after a crash":      (*house).crash,
		} {
			r := receiver.InMemory(t)
			h := open(t, r)
			id := h.subscribe(r.URL, inBatches, delays(60, 60))
			r.Answer(500)
			h.publish("a", "b", "c")
			first := r.Wait(t, 1)[0]
			time.Sleep(30 * time.Second)
			h.publish("d")
			r.Wait(t, 2)
			r.Answer(200)
			time.Sleep(100 * time.Millisecond) // they have been recorded
			again(h)
			all := r.Wait(t, 4)
			wantKeys(t, all[1], []string{"d"})
			wantKeys(t, all[2], []string{"a", "b", "c"})
			if all[2].ID != first.ID || string(all[2].Body) != string(first.Body) {
				t.Errorf("%s: %s became %s: %s", name, first.ID, all[2].ID, all[2].Body)
			}
			wantKeys(t, all[3], []string{"d"})
			time.Sleep(aWhile)
			for _, d := range h.deliveries(id) {
				if d.Status != parley.Delivered || d.AttemptCount != 2 {
					t.Errorf("%s: %d is %s after %d attempts", name, d.EventSequence, d.Status, d.AttemptCount)
				}
			}
			h.stop()
		}
	})
}

func TestOneEventOfABatchIsRedeliveredByItself(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, inBatches, delays(60))
		r.Answer(500)
		ids := h.publish("a", "b", "c")
		r.Wait(t, 1)
		r.Answer(200)
		time.Sleep(100 * time.Millisecond)
		_, err := h.endpoints.Redeliver(t.Context(), h.caller(), deliveryOf(id, ids[1]))
		h.must(err)
		all := r.Wait(t, 3)
		wantKeys(t, all[1], []string{"b"})
		wantKeys(t, all[2], []string{"a", "c"})
		time.Sleep(aWhile)
		for _, event := range ids {
			if d := h.delivery(id, event); d.Status != parley.Delivered {
				t.Errorf("%s is %s", event, d.Status)
			}
		}
	})
}

func TestBatchesGoOneAfterAnotherUnlessOrderIsOfNoMatter(t *testing.T) {
	for order, want := range map[string]int{"key": 1, "strict": 1, "none": 3} {
		t.Run(order, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				h := open(t, r)
				h.subscribe(r.URL, inBatches, ordering(order))
				r.Slow(300 * time.Millisecond)
				h.publish(numbered(0, 300)...)
				r.Wait(t, 3)
				if got := r.MostAtOnce(); got != want {
					t.Errorf("%d requests were on their way at once, want %d", got, want)
				}
			})
		})
	}
}

func TestAFailedBatchHoldsTheRestWhereOrderIsStrict(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL, inBatches, ordering("strict"), delays(10, 10))
		r.Answer(500)
		h.publish(numbered(0, 150)...)
		r.Wait(t, 1)
		h.publish(numbered(150, 10)...)
		time.Sleep(5 * time.Second)
		if n := len(r.Requests()); n != 1 {
			t.Fatalf("%d requests were made", n)
		}
		r.Answer(200)
		all := r.Wait(t, 3)
		wantKeys(t, all[1], numbered(0, 100))
		wantKeys(t, all[2], numbered(100, 60))
	})
}

func TestAFailingEndpointIsProbedWithItsFirstBatch(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, inBatches)
		r.Answer(503)
		for i := range 12 {
			h.publish(numbered(10*i, 10)...)
			time.Sleep(2 * time.Second)
		}
		h.await(id, parley.EndpointFailing, time.Minute)
		failed := len(r.Requests())
		r.Answer(200)
		h.await(id, parley.EndpointActive, time.Hour)
		time.Sleep(aWhile)
		after := r.Requests()[failed:]
		wantKeys(t, after[0], numbered(0, 10))
		seen := map[string]int{}
		for _, q := range after {
			for _, key := range keysIn(t, q) {
				seen[key]++
			}
		}
		for _, key := range numbered(0, 120) {
			if seen[key] != 1 {
				t.Errorf("%s was sent %d times after the recovery", key, seen[key])
			}
		}
	})
}

func TestABatchShowsTheEndpointsToken(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		token := func(w *parley.Webhook) {
			w.Verification = parley.Verification{Type: "token_echo", Token: "open sesame"}
		}
		r.Func(func(w http.ResponseWriter, q *http.Request) { fmt.Fprint(w, "open sesame") })
		h.subscribe(r.URL+"/token", inBatches, token)
		h.subscribe(r.URL+"/own", inBatches, token, func(w *parley.Webhook) { w.Headers = parley.Headers{"X-Webhook-Token": "mine"} })
		h.subscribe(r.URL+"/standard", token)
		r.Wait(t, 3)
		time.Sleep(aWhile)
		h.publish("a")
		for _, q := range r.Wait(t, 6)[3:] {
			want := map[string]string{"/token": "open sesame", "/own": "mine"}[q.Path]
			if got := q.Header.Get("X-Webhook-Token"); got != want {
				t.Errorf("%s was shown the token %q, want %q", q.Path, got, want)
			}
		}
	})
}

func TestARewindIsSentInBatches(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, inBatches)
		ids := h.publish(numbered(0, 130)...)
		r.Wait(t, 2)
		time.Sleep(aWhile)
		from := parley.EventID(ids[10]).Sequence()
		_, err := h.endpoints.Rewind(t.Context(), h.caller(), id, endpoint.Start{Sequence: &from}, nil, false)
		h.must(err)
		all := r.Wait(t, 4)[2:]
		wantKeys(t, all[0], numbered(10, 100))
		wantKeys(t, all[1], numbered(110, 20))
		time.Sleep(aWhile)
		if d := h.delivery(id, ids[10]); d.AttemptCount != 2 || d.Status != parley.Delivered {
			t.Errorf("it was %s after %d attempts", d.Status, d.AttemptCount)
		}
	})
}
