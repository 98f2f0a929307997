package webhook_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

func TestStoppingLosesAndRepeatsNothing(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				r := receiver.InMemory(t)
				r.Slow(20 * time.Millisecond)
				h := open(t, r)
				id := h.subscribe(r.URL)
				var ids []string
				for range 10 {
					ids = append(ids, h.publishMany(1+random.IntN(400), 1+random.IntN(100))...)
					time.Sleep(time.Duration(random.Int64N(int64(200 * time.Millisecond))))
					h.restart()
				}
				r.Wait(t, len(ids))
				time.Sleep(time.Hour)
				checkIDs(t, r, ids...)
				if w := h.get(id); w.Lag != 0 {
					t.Errorf("it lags by %d", w.Lag)
				}
			})
		})
	}
}

func TestStoppingTakesTenSecondsAtMost(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Hang()
		h := open(t, r)
		id := h.subscribe(r.URL, func(w *parley.Webhook) { w.TimeoutSeconds = 30 })
		event := h.publish("a")[0]
		r.Wait(t, 1)
		begun := time.Now()
		h.stop()
		if took := time.Since(begun); took < 9*time.Second || took > 11*time.Second {
			t.Errorf("stopping took %v", took)
		}
		if _, err := h.endpoints.Delivery(t.Context(), h.org, deliveryOf(id, event)); parley.KindOf(err) != parley.NotFound {
			t.Errorf("an attempt that was cut off was recorded: %v", err)
		}
		r.Answer(200)
		h.furnish()
		h.start()
		r.Wait(t, 2)
	})
}

func TestNothingIsSentOnceTheEngineStops(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging := receiver.InMemory(t)
		hanging.Hang()
		h := open(t, hanging)
		for range 250 {
			h.subscribe(hanging.URL)
		}
		h.publishMany(4, 4)
		time.Sleep(time.Second) // some wait for a place now
		n := len(hanging.Requests())
		h.stop()
		if more := len(hanging.Requests()) - n; more > 0 {
			t.Errorf("%d requests while it stopped", more)
		}
	})
}

func TestCrashesLoseNothingAndRepeatLittle(t *testing.T) {
	for _, order := range []string{"key", "strict", "none"} {
		t.Run(order, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(1, 1))
				r := receiver.InMemory(t)
				h := open(t, r)
				h.subscribe(r.URL, ordering(order))
				slow := func() {
					r.Func(func(http.ResponseWriter, *http.Request) {
						time.Sleep(time.Duration(1 + rand.Int64N(int64(8*time.Millisecond))))
					})
				}
				slow()
				var ids []string
				repeats, bound := 0, 0
				for range 12 {
					ids = append(ids, h.publishMany(600, 40)...)
					time.Sleep(time.Duration(random.Int64N(int64(300 * time.Millisecond))))
					if random.IntN(3) == 0 {
						r.Answer(503) // it fails when it happens
						time.Sleep(time.Duration(random.Int64N(int64(100 * time.Millisecond))))
					}
					h.crash()
					now := time.Now()
					for _, q := range r.Requests() {
						if now.Sub(q.At) <= 50*time.Millisecond {
							bound++ // had not been written down, perhaps
						}
					}
					bound += 256
					slow()
				}
				time.Sleep(time.Hour)
				taken := map[string]int{}
				for _, q := range r.Requests() {
					taken[q.ID]++
				}
				for _, event := range ids {
					if taken[event] == 0 {
						t.Errorf("%s was lost", event)
					}
					repeats += max(0, taken[event]-1)
				}
				if repeats > bound {
					t.Errorf("%d repeats, want %d at most", repeats, bound)
				}
				t.Logf("%d repeats of %d events in 12 crashes, %d would be in order", repeats, len(ids), bound)
			})
		})
	}
}

func TestRecordsThatCannotBeWrittenAreKept(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("none"))
		time.Sleep(time.Second)
		h.exec("alter table attempts rename to elsewhere")
		const n = 12_000
		for range n / 1000 {
			h.publishMany(1000, 1000)
		}
		time.Sleep(10 * time.Minute)
		if got := len(r.Requests()); got < 10_000 || got > 11_000 {
			t.Errorf("%d deliveries were made without a record, want them to stop at about 10,000", got)
		}
		h.exec("alter table elsewhere rename to attempts")
		r.Wait(t, n)
		time.Sleep(time.Minute)
		h.restart()
		time.Sleep(time.Hour)
		if got := len(r.Requests()); got != n {
			t.Errorf("%d requests for %d events", got, n)
		}
		ds, _, err := h.endpoints.Deliveries(t.Context(), h.org, id, endpoint.Wanted{Status: "delivered"}, 0, n)
		if err != nil || len(ds) != n {
			t.Errorf("%d deliveries are recorded, %v", len(ds), err)
		}
	})
}

func TestAnEndpointThatCannotBeLoadedWaits(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		ids := h.publish("a")
		r.Wait(t, 1)
		h.exec("alter table webhooks rename to elsewhere")
		h.Changed(h.org, id)
		ids = append(ids, h.publish("a", "b")...)
		time.Sleep(10 * time.Second)
		checkIDs(t, r, ids[0])
		h.exec("alter table elsewhere rename to webhooks")
		time.Sleep(2 * time.Second)
		checkIDs(t, r, ids...)
	})
}

func TestStoppingDoesNotWaitForADatabaseThatIsAway(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL, ordering("none"))
		time.Sleep(time.Second)
		h.exec("alter table attempts rename to elsewhere")
		for range 11 {
			h.publishMany(1000, 1000)
		}
		time.Sleep(10 * time.Second)
		begun := time.Now()
		h.stop()
		if took := time.Since(begun); took > 11*time.Second {
			t.Errorf("stopping took %v", took)
		}
		h.exec("alter table elsewhere rename to attempts")
	})
}

func (h *house) exec(statement string) {
	h.t.Helper()
	h.must(h.db.Record(h.t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, statement)
		return err
	}))
}

func TestEventsThatAreNoLongerKeptFailAndHarmNobody(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.Answer(500).Times(20)
		ids := h.publishMany(4, 4)
		time.Sleep(time.Minute)
		h.exec("delete from events where type like 'custom.%'")
		r.Answer(200)
		h.restart()
		time.Sleep(time.Hour)
		ids = append(ids, h.publish("after")[0])
		time.Sleep(time.Minute)
		for _, q := range r.Requests()[8:] {
			if q.ID != ids[4] {
				t.Errorf("%s was sent", q.ID)
			}
		}
		if w := h.get(id); w.Status != parley.EndpointActive {
			t.Errorf("the endpoint is %s", w.Status)
		}
	})
}

func TestEventsThatAreNoLongerKeptArePassedOver(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		h.publish("a")
		r.Wait(t, 1)
		h.pause(id)
		for range 10 {
			h.publishMany(1000, 10) // more than are looked at ahead of the cursor
		}
		head, err := h.log.Head(t.Context(), h.org)
		h.must(err)
		h.exec(fmt.Sprint("delete from events where seq > 1 and seq <= ", head-5))
		h.stop()
		h.furnish()
		h.start()
		h.resume(id, false)
		r.Wait(t, 6)
		time.Sleep(time.Minute)
		if n := len(r.Requests()); n != 6 {
			t.Errorf("%d requests, want 6", n)
		}
		if w := h.get(id); w.Lag != 0 {
			t.Errorf("it lags by %d", w.Lag)
		}
	})
}

func TestCursorsOfEndpointsThatNothingIsForMoveToo(t *testing.T) {
	virtual(t, func(t *testing.T) {
		h := open(t)
		id := h.subscribe("http://nobody.example.com", types("custom.never"))
		h.publishMany(100, 100)
		time.Sleep(time.Minute)
		var stored, head int64
		h.must(h.db.Read().QueryRow(t.Context(), "select seq from cursors where id = $1", string(id)).Scan(&stored))
		head, err := h.log.Head(t.Context(), h.org)
		h.must(err)
		if stored != head {
			t.Errorf("the stored cursor is %d, the head %d", stored, head)
		}
	})
}

func TestAnEngineStartsOnABacklog(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		h.subscribe(r.URL)
		h.stop()
		var ids []string
		for range 12 {
			ids = append(ids, h.publishMany(500, 50)...)
		}
		h.furnish() // a cache that knows nothing
		h.start()
		requests := r.Wait(t, len(ids))
		checkOrder(t, requests, false)
		checkIDs(t, r, ids...)
	})
}

// TestEnginesComeAndGo uses no virtual time, so that the race detector sees what
// really happens, and runs alone, so that it sees its own goroutines only.
func TestEnginesComeAndGo(t *testing.T) {
	others := goleak.IgnoreCurrent()
	t.Run("restarts", func(t *testing.T) {
		r := receiver.New(t)
		h := &house{t: t, path: filepath.Join(t.TempDir(), "parley.db"), wire: &wire{to: r.DialContext}}
		h.db = dbtest.Open(t, database.Config{Path: h.path})
		h.furnish()
		h.org = h.organization()
		h.start()
		id := h.subscribe(r.URL)
		var ids []string
		for round := range 15 {
			ids = append(ids, h.publishMany(50, 10)...)
			if round%3 == 0 {
				h.change(id, func(w *parley.Webhook) { w.Description = fmt.Sprint("round ", round) })
			}
			if round%5 == 4 {
				h.pause(id)
				h.resume(id, false)
			}
			h.restart()
		}
		r.Wait(t, len(ids))
		h.stop()
		checkIDs(t, r, ids...)
	})
	goleak.VerifyNone(t, others)
}
