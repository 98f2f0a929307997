package webhook_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

func TestAnEndpointIsFailingAfterTenFailuresInARow(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(500)
		h.publishMany(9, 9)
		r.Wait(t, 9)
		time.Sleep(4 * time.Second)
		if s := h.get(id).Status; s != parley.EndpointActive {
			t.Fatalf("after nine failures it is %s", s)
		}
		h.publishMany(10, 10)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		w := h.get(id)
		if w.StatusReason == nil || !strings.Contains(*w.StatusReason, "500") {
			t.Errorf("the reason is %v", w.StatusReason)
		}
		if got := h.events("webhook.failing"); len(got) != 1 {
			t.Errorf("events: %v", got)
		}
		if w.Lag == 0 {
			t.Error("the cursor did not stop")
		}
	})
}

func TestAnEndpointIsFailingWhenNothingSucceedsForHalfAMinute(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Hang()
		h := open(t, r)
		id := h.subscribe(r.URL, delays(1000))
		for range 6 {
			h.publish("a")
			time.Sleep(11 * time.Second)
		}
		h.await(id, parley.EndpointFailing, 10*time.Second)
	})
}

func TestAnEndpointThatTakesMostEventsIsNotFailing(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Func(func(w http.ResponseWriter, req *http.Request) {
			w.WriteHeader([]int{200, 500}[len(r.Requests())%10/9])
		})
		h := open(t, r)
		id := h.subscribe(r.URL)
		h.publishMany(1000, 100)
		r.Wait(t, 1000)
		time.Sleep(12 * time.Hour)
		if got := h.events("webhook.failing"); len(got) > 0 {
			t.Errorf("events: %v", got)
		}
		if s := h.get(id).Status; s != parley.EndpointActive {
			t.Errorf("it is %s", s)
		}
	})
}

func TestAFailingEndpointIsProbedOneRequestAtATime(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Func(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Second)
			w.WriteHeader(500)
		})
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(100, 100)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		time.Sleep(2 * time.Second)
		r.Forget()
		probes := r.Wait(t, 10)
		for i, gap := range gaps(probes) {
			want := min(10*time.Second<<i, 5*time.Minute)
			if gap < want || gap > want*11/10+2*time.Second {
				t.Errorf("probe %d came after %v, want %v and the second it took", i+2, gap, want)
			}
		}
		for _, q := range probes {
			if q.ID != ids[0] {
				t.Errorf("probed with %s, want the earliest, %s", q.ID, ids[0])
			}
		}
		if r.MostAtOnce() != 1 {
			t.Errorf("%d requests at once", r.MostAtOnce())
		}
	})
}

func TestProbesDoNotUseUpTheSchedule(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(503)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(2))
		ids := h.publishMany(40, 40)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		time.Sleep(24 * time.Hour)
		r.Answer(200)
		h.await(id, parley.EndpointActive, 6*time.Minute)
		time.Sleep(time.Minute)
		for _, event := range ids {
			if d := h.delivery(id, event); d.Status != parley.Delivered {
				t.Errorf("%s is %s", event, d.Status)
			}
		}
		if got := h.events("webhook.failing", "webhook.recovered"); !slices.Equal(got, []string{"webhook.failing", "webhook.recovered"}) {
			t.Errorf("events: %v", got)
		}
	})
}

func TestHeldEventsFlowInOrderWhenTheEndpointIsBack(t *testing.T) {
	for order, n := range map[string]int{"key": 5000, "strict": 900, "none": 1000} {
		t.Run(order, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				r.Slow(time.Millisecond)
				h := open(t, r)
				id := h.subscribe(r.URL, ordering(order))
				h.publishMany(50, 7)
				time.Sleep(time.Second)
				r.Down()
				h.publishMany(n/2, 50)
				h.await(id, parley.EndpointFailing, 10*time.Minute)
				h.publishMany(n/2, 50)
				time.Sleep(3*time.Hour + 17*time.Minute)
				r.Forget()
				r.Up()
				up := time.Now()
				requests := r.Wait(t, n)
				time.Sleep(time.Hour)
				if got := len(r.Requests()); got != n {
					t.Errorf("%d requests for %d events", got, n)
				}
				if took := requests[n-1].At.Sub(up); took > 5*time.Minute+time.Second {
					t.Errorf("the last came %v after the receiver was back", took)
				}
				if order != "none" {
					checkOrder(t, requests, order == "strict")
				}
				if most := r.MostAtOnce(); order == "strict" && most != 1 {
					t.Errorf("%d at once", most)
				}
				if w := h.get(id); w.Status != parley.EndpointActive || w.Cursor < int64(n+50) {
					t.Errorf("the endpoint is %s at %d", w.Status, w.Cursor)
				}
			})
		})
	}
}

// checkOrder checks that events came in order of sequence, those of each key or all.
func checkOrder(t *testing.T, requests []receiver.Request, strict bool) {
	t.Helper()
	last := map[string]int64{}
	for _, q := range requests {
		key := "all"
		if !strict {
			key = keyOf(t, q)
		}
		seq := parley.EventID(q.ID).Sequence()
		if seq <= last[key] {
			t.Errorf("%d came after %d of key %s", seq, last[key], key)
		}
		last[key] = seq
	}
}

func TestRecoveryStartsSlowly(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Down()
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("none"))
		h.publishMany(500, 500)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		r.Slow(100 * time.Millisecond)
		r.Up()
		requests := r.Wait(t, 300)
		for i, most := range []int{1, 2, 4, 8, 16} { // how many there may be in each tenth of a second
			begin := requests[0].At.Add(time.Duration(i) * 100 * time.Millisecond)
			n := 0
			for _, q := range requests {
				if !q.At.Before(begin) && q.At.Before(begin.Add(100*time.Millisecond)) {
					n++
				}
			}
			if n > most {
				t.Errorf("%d requests in step %d, want at most %d", n, i+1, most)
			}
		}
	})
}

func TestAPoisonedEventDoesNotKeepAnEndpointFailing(t *testing.T) {
	for _, status := range []int{400, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				r.Answer(500)
				h := open(t, r)
				id := h.subscribe(r.URL, delays(1, 1))
				bad := h.publish("poison")[0]
				h.publishMany(20, 20)
				h.await(id, parley.EndpointFailing, 10*time.Second)
				r.Func(func(w http.ResponseWriter, req *http.Request) {
					if req.Header.Get("webhook-id") == bad {
						w.WriteHeader(status)
					}
				})
				h.await(id, parley.EndpointActive, 2*time.Hour)
				time.Sleep(time.Hour)
				for _, d := range h.deliveries(id) {
					want := parley.Delivered
					if string(d.EventID) == bad {
						want = parley.Failed
					}
					if d.Status != want {
						t.Errorf("%s is %s, want %s", d.EventID, d.Status, want)
					}
				}
			})
		})
	}
}

func TestAnEndpointIsDisabledAfterFiveDaysOfFailure(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(30, 10)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		begun := time.Now()
		time.Sleep(5*24*time.Hour - time.Minute)
		if s := h.get(id).Status; s != parley.EndpointFailing {
			t.Fatalf("it is %s after %v", s, time.Since(begun))
		}
		time.Sleep(10 * time.Minute)
		w := h.get(id)
		if w.Status != parley.EndpointDisabled || !strings.Contains(*w.StatusReason, "5 days") {
			t.Fatalf("it is %s after %v: %v", w.Status, time.Since(begun), w.StatusReason)
		}
		if got := h.events("webhook.disabled"); len(got) != 1 {
			t.Errorf("events: %v", got)
		}
		r.Forget()
		r.Answer(200)
		ids = append(ids, h.publishMany(5, 5)...)
		time.Sleep(48 * time.Hour)
		if n := len(r.Requests()); n > 0 {
			t.Errorf("%d requests to a disabled endpoint", n)
		}
		_, err := h.endpoints.Resume(t.Context(), h.caller(), id, false)
		h.must(err)
		r.Wait(t, 35)
		time.Sleep(time.Hour)
		got := r.IDs()
		slices.Sort(got)
		slices.Sort(ids)
		if !slices.Equal(got, ids) {
			t.Errorf("%d requests for 35 held events", len(got))
		}
	})
}

func TestGoneDisablesAnEndpointAtOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Func(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Second)
			w.WriteHeader(http.StatusGone)
		})
		h := open(t, r)
		id := h.subscribe(r.URL)
		h.publishMany(20, 20)
		h.await(id, parley.EndpointDisabled, 10*time.Second)
		time.Sleep(time.Hour)
		if n := len(r.Requests()); n > 4 {
			t.Errorf("%d requests, want no more than were on their way", n)
		}
		if got := h.events("webhook.disabled", "webhook.failing"); len(got) != 1 {
			t.Errorf("events: %v", got)
		}
		h.restart()
		r.Forget()
		r.Answer(200)
		_, err := h.endpoints.Resume(t.Context(), h.caller(), id, false)
		h.must(err)
		r.Wait(t, 20)
		time.Sleep(time.Hour)
		if n := len(r.Requests()); n != 20 {
			t.Errorf("%d requests for 20 held events", n)
		}
	})
}

func TestAFailingEndpointIsStillFailingAfterARestart(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(100, 10)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		time.Sleep(time.Hour)
		h.restart()
		r.Forget()
		time.Sleep(time.Minute)
		if n := len(r.Requests()); n < 1 || n > 5 {
			t.Errorf("%d requests in the minute after the restart, want probes", n)
		}
		r.Forget()
		r.Answer(204)
		requests := r.Wait(t, 100)
		checkOrder(t, requests, false)
		time.Sleep(24 * time.Hour)
		got := r.IDs()
		slices.Sort(got)
		slices.Sort(ids)
		if !slices.Equal(got, ids) {
			t.Errorf("%d requests for 100 held events", len(got))
		}
	})
}

func TestAnEndpointRecoversAlsoWhileAProbeIsUnderWayAndItIsResumed(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(1000))
		h.publishMany(20, 20)
		h.await(id, parley.EndpointFailing, 10*time.Second)
		r.Forget()
		r.Hang()
		r.Wait(t, 1) // the probe, which will fail
		_, err := h.endpoints.Resume(t.Context(), h.caller(), id, false)
		h.must(err)
		time.Sleep(time.Minute)
		if s := h.get(id).Status; s == parley.EndpointDisabled {
			t.Errorf("it is %s", s)
		}
	})
}

func TestTheFiveDaysOfFailureGoOnThroughRestartsAndChanges(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(500)
		h.publishMany(20, 20)
		h.await(id, parley.EndpointFailing, time.Minute)
		for range 4 {
			time.Sleep(24 * time.Hour)
			h.restart()
			h.change(id, func(w *parley.Webhook) { w.Description += "x" })
		}
		h.await(id, parley.EndpointDisabled, 25*time.Hour)
	})
}

func TestRetryAfterHoldsAlsoAfterARestart(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(429, "Retry-After", "3600").Times(1)
		h.publish("a")
		r.Wait(t, 1)
		time.Sleep(time.Second)
		h.restart()
		r.Forget()
		ids := h.publish("b")
		time.Sleep(50 * time.Minute)
		checkIDs(t, r)
		h.pause(id)
		h.resume(id, false) // whoever resumes it knows better
		h.restart()
		time.Sleep(time.Minute)
		checkIDs(t, r, ids...)
	})
}
