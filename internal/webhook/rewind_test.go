package webhook_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/testing/receiver"
)

func (h *house) rewind(id parley.WebhookID, event string, pace ...int) endpoint.Rewound {
	h.t.Helper()
	seq := parley.EventID(event).Sequence()
	var p *int
	if len(pace) > 0 {
		p = &pace[0]
	}
	r, err := h.endpoints.Rewind(h.t.Context(), h.caller(), id, endpoint.Start{Sequence: &seq}, p, false)
	h.must(err)
	return r
}

func (h *house) cancelRewind(id parley.WebhookID) {
	h.t.Helper()
	_, err := h.endpoints.CancelRewind(h.t.Context(), h.caller(), id)
	h.must(err)
}

func TestARewoundEndpointIsSentAllAgainInOrder(t *testing.T) {
	for _, order := range []string{"key", "strict"} {
		t.Run(order, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				h := open(t, r)
				id := h.subscribe(r.URL, ordering(order))
				ids := h.publishMany(500, 1)
				h.publishAs("custom_not.wanted", "other")
				time.Sleep(time.Minute)
				r.Forget()
				rewound := h.rewind(id, ids[100])
				if rewound.Webhook.Rewind == nil || rewound.Webhook.Rewind.Remaining != 401 || rewound.Events != 401 {
					t.Errorf("the rewind is %+v of %d events", rewound.Webhook.Rewind, rewound.Events)
				}
				after := h.publish("key0")
				time.Sleep(time.Minute)
				if want := append(slices.Clone(ids[100:]), after...); !slices.Equal(r.IDs(), want) {
					t.Errorf("%d requests came, want %d in order", len(r.IDs()), len(want))
				}
				if w := h.get(id); w.Rewind != nil || w.Lag > 1 {
					t.Errorf("when it is done the rewind is %+v and the lag %d", w.Rewind, w.Lag)
				}
				for event, want := range map[string]int{ids[99]: 1, ids[100]: 2, ids[499]: 2, after[0]: 1} {
					if d := h.delivery(id, event); d.Status != parley.Delivered || d.AttemptCount != want || len(d.Attempts) != want {
						t.Errorf("after %d attempts in the record of %d the delivery is %s, want %d", len(d.Attempts), d.AttemptCount, d.Status, want)
					}
				}
				if got := h.events("webhook.rewound"); len(got) != 1 {
					t.Errorf("the events are %v", got)
				}
			})
		})
	}
}

func TestARewindKeepsItsPaceAndTellsHowFarItIs(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(200, 50)
		time.Sleep(time.Minute)
		r.Forget()
		begun := time.Now()
		h.rewind(id, ids[0], 10)
		time.Sleep(10 * time.Second)
		if got := len(r.IDs()); got < 95 || got > 105 {
			t.Errorf("%d requests came in 10 s at a pace of 10", got)
		}
		if w := h.get(id); w.Rewind == nil || w.Rewind.Remaining < 95 || w.Rewind.Remaining > 105 {
			t.Errorf("half way the rewind is %+v", w.Rewind)
		}
		after := h.publish("new")
		time.Sleep(time.Minute)
		requests := r.Requests()
		if last := r.IDs()[199:]; len(requests) != 201 || !slices.Contains(last, after[0]) {
			t.Fatalf("%d requests came, want 201 and the new event among the last two", len(requests))
		}
		if took := requests[199].At.Sub(begun); took < 19*time.Second || took > 21*time.Second {
			t.Errorf("the rewind took %v, want 20 s", took)
		}
	})
}

func TestACancelledRewindGoesOnFromWhereItWas(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(100, 10)
		time.Sleep(time.Minute)
		r.Forget()
		h.rewind(id, ids[0], 1)
		time.Sleep(10500 * time.Millisecond)
		h.cancelRewind(id)
		after := h.publish("new")
		time.Sleep(time.Hour)
		if got := r.IDs(); len(got) < 10 || len(got) > 14 || got[len(got)-1] != after[0] {
			t.Errorf("%d requests came, want about 11 and the new event last", len(got))
		}
		if w := h.get(id); w.Rewind != nil || w.Lag > 0 {
			t.Errorf("the rewind is %+v, the lag %d", w.Rewind, w.Lag)
		}
		if _, err := h.endpoints.CancelRewind(t.Context(), h.caller(), id); parley.KindOf(err) != parley.Conflict {
			t.Errorf("cancelled again: %v", err)
		}
	})
}

func TestARewindSurvives(t *testing.T) {
	for name, end := range map[string]func(*house){"a restart": (*house).restart, "a crash": (*house).crash} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				h := open(t, r)
				id := h.subscribe(r.URL)
				ids := h.publishMany(300, 7)
				time.Sleep(time.Minute)
				r.Forget()
				h.rewind(id, ids[50], 100)
				for range 3 {
					time.Sleep(time.Second)
					end(h)
				}
				time.Sleep(time.Minute)
				taken := map[string]int{}
				for _, q := range r.Requests() {
					taken[q.ID]++
				}
				repeats := 0
				for i, event := range ids {
					if (taken[event] == 0) != (i < 50) {
						t.Errorf("event %d was sent %d times", i, taken[event])
					}
					repeats += max(0, taken[event]-1)
				}
				if bound := 30; repeats > bound {
					t.Errorf("%d repeats, want %d at most", repeats, bound)
				}
				if w := h.get(id); w.Rewind != nil {
					t.Errorf("the rewind is %+v", w.Rewind)
				}
			})
		})
	}
}

func TestARewindGoesToATime(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		h.publishMany(10, 10)
		time.Sleep(time.Hour)
		at := time.Now()
		ids := h.publishMany(10, 10)
		time.Sleep(time.Minute)
		r.Forget()
		to := endpoint.Start{Time: &at}
		tried, err := h.endpoints.Rewind(t.Context(), h.caller(), id, to, nil, true)
		h.must(err)
		if tried.Events != 10 || tried.Matching != 10 || tried.Counted != 10 || tried.Webhook.Rewind != nil {
			t.Errorf("tried, the rewind comes to %+v", tried)
		}
		time.Sleep(time.Minute)
		checkIDs(t, r)
		_, err = h.endpoints.Rewind(t.Context(), h.caller(), id, to, nil, false)
		h.must(err)
		time.Sleep(time.Minute)
		checkIDs(t, r, ids...)
	})
}

func TestARewindPastTheCursorIsRefused(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(3, 1)
		time.Sleep(time.Minute)
		to := parley.EventID(ids[2]).Sequence() + 1
		_, err := h.endpoints.Rewind(t.Context(), h.caller(), id, endpoint.Start{Sequence: &to}, nil, false)
		if parley.KindOf(err) != parley.Invalid {
			t.Errorf("refused with %v", err)
		}
	})
}

func TestWhatIsOnItsWayCountsAsSentAgain(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(20, 20)
		time.Sleep(time.Minute)
		r.Forget()
		r.Slow(5 * time.Second)
		h.rewind(id, ids[0])
		time.Sleep(time.Second)
		onTheirWay := len(r.IDs())
		h.rewind(id, ids[0])
		time.Sleep(10 * time.Minute)
		if got := len(r.IDs()); onTheirWay == 0 || got != 20 {
			t.Errorf("with %d on their way when it was rewound again %d requests came, want 20", onTheirWay, got)
		}
		if w := h.get(id); w.Rewind != nil || w.Lag > 0 {
			t.Errorf("the rewind is %+v, the lag %d", w.Rewind, w.Lag)
		}
	})
}

func TestARewindHurriesWhatWaitsToBeTriedAgain(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(3600))
		r.Answer(http.StatusBadRequest).Times(1)
		ids := h.publish("a", "b", "c")
		time.Sleep(time.Minute)
		r.Forget()
		h.rewind(id, ids[0])
		time.Sleep(time.Minute)
		checkIDs(t, r, ids...)
		time.Sleep(2 * time.Hour)
		checkIDs(t, r, ids...)
	})
}

func TestAnEndpointThatIsHeldIsRewoundWhenItIsResumed(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publishMany(30, 3)
		time.Sleep(time.Minute)
		h.pause(id)
		r.Forget()
		h.rewind(id, ids[10])
		time.Sleep(time.Hour)
		checkIDs(t, r)
		h.resume(id, false)
		time.Sleep(time.Minute)
		checkIDs(t, r, ids[10:]...)
	})
}

func TestARewoundStrictEndpointIsSentWhatFailedInItsTurn(t *testing.T) {
	for _, failing := range []bool{false, true} {
		t.Run(fmt.Sprint("failing: ", failing), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				h := open(t, r)
				id := h.subscribe(r.URL, ordering("strict"), delays(10, 10, 10, 10, 36000))
				ids := h.publishMany(20, 20)
				time.Sleep(time.Minute)
				r.Down()
				ids = append(ids, h.publish("waits", "follows")...)
				time.Sleep(time.Second)
				if failing {
					h.await(id, parley.EndpointFailing, time.Minute)
				}
				h.rewind(id, ids[10])
				r.Forget()
				r.Up()
				time.Sleep(time.Hour)
				if want := ids[10:]; !slices.Equal(r.IDs(), want) {
					t.Errorf("the requests were for\n%v, want\n%v", r.IDs(), want)
				}
			})
		})
	}
}
