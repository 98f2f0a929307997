package webhook_test

import (
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

func TestADeliveryThatFailsIsTriedAgainOnItsSchedule(t *testing.T) {
	const s, m, hour = time.Second, time.Minute, time.Hour
	for _, c := range []struct {
		name  string
		retry parley.Retry
		want  []time.Duration
	}{
		{"standard", parley.Retry{Preset: "standard"}, []time.Duration{5 * s, 5 * m, 30 * m, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour}},
		{"short", parley.Retry{Preset: "short"}, []time.Duration{5 * s, 25 * s, 125 * s}},
		{"custom", parley.Retry{Preset: "custom", Delays: []int{1, 60, 604800}}, []time.Duration{s, m, 7 * 24 * hour}},
		{"once a second, more often than an endpoint may fail", parley.Retry{Preset: "custom", Delays: []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}, []time.Duration{s, s, s, s, s, s, s, s, s, s, s, s}},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				r.AnswerBody(500, "out of order")
				h := open(t, r)
				id := h.subscribe(r.URL, func(w *parley.Webhook) { w.Retry = c.retry })
				event := h.publish("a")[0]

				requests := r.Wait(t, len(c.want)+1)
				for i, gap := range gaps(requests) {
					if gap < c.want[i] || gap > c.want[i]*11/10+time.Millisecond {
						t.Errorf("retry %d came after %v, want %v to a tenth more", i+1, gap, c.want[i])
					}
				}

				time.Sleep(30 * 24 * time.Hour)
				if n := len(r.Requests()); n != len(c.want)+1 {
					t.Errorf("%d requests, want %d", n, len(c.want)+1)
				}
				d := h.delivery(id, event)
				if d.Status != parley.Failed || d.AttemptCount != len(c.want)+1 || len(d.Attempts) != len(c.want)+1 || d.NextAttemptAt != nil {
					t.Errorf("the delivery stands as %+v", d)
				}
				last := d.Attempts[len(d.Attempts)-1]
				if *last.StatusCode != 500 || *last.ResponseBody != "out of order" || *last.Error != "The endpoint answered 500 Internal Server Error." {
					t.Errorf("the last attempt is %+v", last)
				}
				if w := h.get(id); w.Status != parley.EndpointActive {
					t.Errorf("one event's failures made the endpoint %s", w.Status)
				}

				r.Answer(200)
				if _, err := h.endpoints.Redeliver(t.Context(), h.caller(), d.ID); err != nil {
					t.Fatal(err)
				}
				r.Wait(t, len(requests)+1)
				synctest.Wait()
				time.Sleep(time.Second)
				if d := h.delivery(id, event); d.Status != parley.Delivered || d.AttemptCount != len(c.want)+2 {
					t.Errorf("after the redelivery it stands as %+v", d)
				}
			})
		})
	}
}

func TestSchedulesSurviveARestart(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500)
		h := open(t, r)
		h.subscribe(r.URL, delays(3600, 3600))
		h.publish("a")
		begun := time.Now()
		r.Wait(t, 1)
		time.Sleep(30 * time.Minute)
		h.restart()
		if got := r.Wait(t, 2)[1].At.Sub(begun); got < time.Hour || got > 66*time.Minute+time.Second {
			t.Errorf("the retry came after %v, want an hour to a tenth more", got)
		}
		time.Sleep(10 * time.Minute)
		h.restart()
		r.Answer(200)
		if got := r.Wait(t, 3)[2].At.Sub(begun); got < 2*time.Hour || got > 133*time.Minute {
			t.Errorf("the second retry came after %v, want two hours to a tenth more", got)
		}
		time.Sleep(10 * 24 * time.Hour)
		if n := len(r.Requests()); n != 3 {
			t.Errorf("%d requests, want 3", n)
		}
	})
}

func TestARetryDoesNotHoldOthersBack(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, delays(60))
		r.Answer(500).Then().Answer(204)
		ids := h.publish("a", "a", "a")
		begun := time.Now()
		requests := r.Wait(t, 4)
		if got := r.IDs(); got[1] != ids[1] || got[2] != ids[2] || got[3] != ids[0] {
			t.Errorf("got %v, want the first of %v again at the end", got, ids)
		}
		if took := requests[2].At.Sub(begun); took > time.Second {
			t.Errorf("the later ones came after %v", took)
		}
		if w := h.get(id); w.Lag != 0 {
			t.Errorf("the cursor lags by %d", w.Lag)
		}
	})
}
