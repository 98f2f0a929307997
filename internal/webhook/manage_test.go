package webhook_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/testing/receiver"
)

func (h *house) pause(id parley.WebhookID) {
	h.t.Helper()
	_, err := h.endpoints.Pause(h.t.Context(), h.caller(), id)
	h.must(err)
}

func (h *house) resume(id parley.WebhookID, fromNow bool) {
	h.t.Helper()
	_, err := h.endpoints.Resume(h.t.Context(), h.caller(), id, fromNow)
	h.must(err)
}

func (h *house) redeliver(id parley.WebhookID, event string) {
	h.t.Helper()
	_, err := h.endpoints.Redeliver(h.t.Context(), h.caller(), deliveryOf(id, event))
	h.must(err)
}

// checkIDs checks which requests came, in whatever order.
func checkIDs(t *testing.T, r *receiver.Receiver, want ...string) {
	t.Helper()
	got := r.IDs()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the requests were for\n%v, want\n%v", got, want)
	}
}

func TestAPausedEndpointsEventsAreHeld(t *testing.T) {
	for _, fromNow := range []bool{false, true} {
		for _, restarted := range []bool{false, true} {
			name := map[bool]string{false: "resumed with what was held", true: "resumed from now"}[fromNow]
			t.Run(name+map[bool]string{true: " after a restart"}[restarted], func(t *testing.T) {
				virtual(t, func(t *testing.T) {
					r := receiver.InMemory(t)
					h := open(t, r)
					id := h.subscribe(r.URL)
					r.Answer(500).Times(1)
					ids := h.publish("fails at first")
					r.Wait(t, 1)
					h.pause(id)
					time.Sleep(time.Minute)
					r.Forget()
					ids = append(ids, h.publishMany(20, 5)...)
					time.Sleep(100 * time.Hour)
					if restarted {
						h.restart()
						time.Sleep(time.Hour)
					}
					checkIDs(t, r)
					if w := h.get(id); w.Lag < 20 {
						t.Errorf("the lag is %d", w.Lag)
					}
					h.resume(id, fromNow)
					if fromNow {
						failed := ids[0]
						ids = nil
						time.Sleep(time.Second)
						if d := h.delivery(id, failed); d.Status != parley.Failed {
							t.Errorf("the retry that was given up is %s", d.Status)
						}
					}
					ids = append(ids, h.publish("after")...)
					time.Sleep(time.Hour)
					checkIDs(t, r, ids...)
					if w := h.get(id); w.Lag != 0 {
						t.Errorf("the lag is %d", w.Lag)
					}
				})
			})
		}
	}
}

func TestNoAttemptBeginsAfterAnEndpointIsPausedOrDeleted(t *testing.T) {
	for _, verb := range []string{"pause", "delete"} {
		t.Run(verb, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				r.Slow(3 * time.Millisecond)
				h := open(t, r)
				for round := range 10 {
					id := h.subscribe(r.URL, ordering("none"))
					h.publishMany(500, 500)
					time.Sleep(time.Duration(2*round) * time.Millisecond)
					var err error
					if verb == "pause" {
						h.pause(id)
					} else {
						err = h.endpoints.Delete(t.Context(), h.caller(), id)
					}
					h.must(err)
					after := time.Now()
					time.Sleep(time.Second)
					for _, q := range r.Requests() {
						if q.At.After(after) {
							t.Fatalf("round %d: a request came %v after", round, q.At.Sub(after))
						}
					}
					r.Forget()
				}
				if verb == "delete" {
					h.checkNoAttempts()
				}
			})
		})
	}
}

// checkNoAttempts checks that nothing is left of endpoints that were deleted.
func (h *house) checkNoAttempts() {
	h.t.Helper()
	var n int
	h.must(h.db.Read().QueryRow(h.t.Context(), "select (select count(*) from attempts) + (select count(*) from cursors)").Scan(&n))
	if n > 0 {
		h.t.Errorf("%d rows are left", n)
	}
}

func TestNoAttemptBeginsAfterDeletionAlsoOfWhatWaitsForAPlace(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hanging, other := receiver.InMemoryAt(t, "hanging.example.com"), receiver.InMemoryAt(t, "other.example.com")
		hanging.Hang()
		other.Hang()
		h := open(t, hanging, other)
		for range 200 {
			h.subscribe(hanging.URL)
		}
		h.publishMany(4, 4)
		time.Sleep(time.Second)
		id := h.subscribe(other.URL)
		h.publishMany(4, 4)
		other.Wait(t, 1)
		h.must(h.endpoints.Delete(t.Context(), h.caller(), id))
		n := len(other.Requests())
		time.Sleep(time.Minute)
		if more := len(other.Requests()) - n; more > 0 {
			t.Errorf("%d requests came later", more)
		}
	})
}

func TestEventsThatWaitAreMatchedWithTheEndpointAsItIs(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(time.Second)
		h := open(t, r)
		id := h.subscribe(r.URL)
		first := h.publish("a")[0]
		r.Wait(t, 1)
		narrowed := h.publish("a", "a", "b", "a", "b") // behind the first, or on their way
		time.Sleep(100 * time.Millisecond)
		h.change(id, types("custom.other"))
		other := h.publishAs("custom.other", "a", "b")
		time.Sleep(time.Minute)
		checkIDs(t, r, append(other, first, narrowed[2])...) // b was on its way
		h.change(id, types("custom.*"))
		after := h.publish("a")
		time.Sleep(time.Minute)
		checkIDs(t, r, append(append(other, first, narrowed[2]), after...)...)
	})
}

func TestAChangeAppliesFromItsPlaceInTheLog(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, types("custom.one"))
		var want []string
		for range 50 {
			h.change(id, types("custom.two"))
			h.publishAs("custom.one", "a")
			want = append(want, h.publishAs("custom.two", "a")...)
			time.Sleep(time.Second) // what waits goes by what the endpoint is then
			h.change(id, types("custom.one"))
			want = append(want, h.publishAs("custom.one", "a")...)
			h.publishAs("custom.two", "a")
			time.Sleep(time.Second)
		}
		checkIDs(t, r, want...)
	})
}

func TestTheOrderingOfAnEndpointMayChangeWhileEventsAreOnTheirWay(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(time.Second)
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("none"))
		ids := h.publishMany(100, 1)
		time.Sleep(2500 * time.Millisecond)
		h.change(id, ordering("key"))
		time.Sleep(2 * time.Second)
		before := len(r.Requests())
		r.Forget()
		checkOrder(t, r.Wait(t, 100-before), false)
		if r.MostAtOnce() != 1 {
			t.Errorf("%d at once", r.MostAtOnce())
		}
		h.change(id, ordering("strict"))
		ids = append(ids, h.publish("a", "b", "c")...)
		time.Sleep(time.Minute)
		h.change(id, ordering("none"))
		ids = append(ids, h.publish("a", "b", "c")...)
		time.Sleep(time.Minute)
		for _, event := range ids {
			if d := h.delivery(id, event); d.Status != parley.Delivered || d.AttemptCount != 1 {
				t.Errorf("%s is %s after %d attempts", event, d.Status, d.AttemptCount)
			}
		}
	})
}

func TestOnlyWhatMatchesIsSent(t *testing.T) {
	virtual(t, func(t *testing.T) {
		byType, everything, byInbox := receiver.InMemoryAt(t, "type.example.com"), receiver.InMemoryAt(t, "all.example.com"), receiver.InMemoryAt(t, "inbox.example.com")
		h := open(t, byType, everything, byInbox)
		inbox, other := h.inbox(), h.inbox()
		h.subscribe(byType.URL, types("custom.one", "label.*"))
		h.subscribe(everything.URL, types("*"))
		h.subscribe(byInbox.URL, types("*"), func(w *parley.Webhook) { w.InboxIDs = []parley.InboxID{inbox} })
		start, err := h.log.Head(t.Context(), h.org)
		h.must(err)

		one, two := h.publishAs("custom.one", "a")[0], h.publishAs("custom.two", "a")[0]
		label := h.append(parley.LabelCreated.Draft("lbl", "", parley.LabelEvent{}))
		mine := h.append(parley.NoteDeleted.Draft("a", inbox, parley.NoteEvent{}))
		theirs := h.append(parley.NoteDeleted.Draft("a", other, parley.NoteEvent{}))
		time.Sleep(time.Minute)

		checkIDs(t, byType, one, label)
		checkIDs(t, byInbox, mine)
		var got []string
		for _, id := range everything.IDs() {
			if parley.EventID(id).Sequence() > start {
				got = append(got, id)
			}
		}
		slices.Sort(got)
		want := []string{one, two, label, mine, theirs}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestAFilterChoosesByContent(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, undecided := receiver.InMemoryAt(t, "vip.example.com"), receiver.InMemoryAt(t, "undecided.example.com")
		h := open(t, r, undecided)
		id := h.subscribe(r.URL, types("label.*", "note.*"), func(w *parley.Webhook) { w.Filter = "data.label.name.startsWith('v')" })
		h.subscribe(undecided.URL, types("label.*"), func(w *parley.Webhook) { w.Filter = "1 / size(data.label.description) == 1" })
		label := func(name string) string {
			return h.append(parley.LabelCreated.Draft("lbl", "", parley.LabelEvent{Label: parley.Label{Name: name}}))
		}
		vip := label("vip")
		label("spam")
		h.append(parley.NoteDeleted.Draft("a", "", parley.NoteEvent{})) // which has no label
		time.Sleep(time.Minute)
		checkIDs(t, r, vip)
		checkIDs(t, undecided)

		h.change(id, func(w *parley.Webhook) { w.Filter = "data.label.name == 'spam'" })
		label("vip")
		spam := label("spam")
		time.Sleep(time.Minute)
		checkIDs(t, r, vip, spam)
		if w := h.get(id); w.Lag != 0 {
			t.Errorf("it lags by %d: what the filter leaves out holds the cursor", w.Lag)
		}

		tested, _, err := h.endpoints.Test(t.Context(), h.caller(), id, "")
		h.must(err)
		time.Sleep(time.Second)
		checkIDs(t, r, vip, spam, string(tested.ID))
	})
}

// inbox makes one.
func (h *house) inbox() parley.InboxID {
	h.t.Helper()
	id := parley.NewID[parley.InboxID]()
	h.must(h.db.Write(h.t.Context(), h.org, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into inboxes (org_id, id, name, channel, created_at, updated_at, seq)
			values ($1, $2, 'Test', 'api', 0, 0, 0)`, string(h.org), string(id))
		return err
	}))
	return id
}

// append appends any event and gives its id.
func (h *house) append(draft parley.Draft) (id string) {
	h.t.Helper()
	h.must(h.db.Write(h.t.Context(), h.org, func(ctx context.Context, tx *database.Tx) error {
		at, err := h.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		e, err := h.log.Append(ctx, tx, h.caller(), at, draft)
		if err == nil {
			id = string(e.ID)
		}
		return err
	}))
	return id
}

func TestATestEventGoesToItsEndpointOnly(t *testing.T) {
	virtual(t, func(t *testing.T) {
		tested, other := receiver.InMemoryAt(t, "tested.example.com"), receiver.InMemoryAt(t, "other.example.com")
		h := open(t, tested, other)
		id := h.subscribe(tested.URL, types("custom.never"))
		h.subscribe(other.URL, types("custom.*", "webhook.*"))
		other.Forget()
		event, delivery, err := h.endpoints.Test(t.Context(), h.caller(), id, "")
		h.must(err)
		time.Sleep(time.Second)
		checkIDs(t, tested, string(event.ID))
		checkIDs(t, other)
		d, err := h.endpoints.Delivery(t.Context(), h.org, delivery)
		if err != nil || d.Status != parley.Delivered || d.EventID != event.ID {
			t.Errorf("the delivery is %+v, %v", d, err)
		}
	})
}

func TestRedelivery(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		settle := func() {
			t.Helper()
			time.Sleep(3 * time.Second)
		}
		check := func(event string, status parley.DeliveryStatus, attempts, requests int) {
			t.Helper()
			d := h.delivery(id, event)
			if d.Status != status || d.AttemptCount != attempts || len(d.Attempts) != attempts {
				t.Errorf("it is %s after %d attempts, want %s after %d", d.Status, d.AttemptCount, status, attempts)
			}
			if n := len(r.Requests()); n != requests {
				t.Errorf("%d requests, want %d", n, requests)
			}
			r.Forget()
		}

		t.Log("of what was delivered")
		event := h.publish("a")[0]
		settle()
		h.redeliver(id, event)
		settle()
		check(event, parley.Delivered, 2, 2)

		t.Log("of what was delivered, in vain: then it has failed")
		r.Answer(500).Times(1)
		h.redeliver(id, event)
		settle()
		check(event, parley.Failed, 3, 1)

		t.Log("of what waits: at once")
		r.Answer(500).Times(1).Then().Answer(200)
		event = h.publish("a")[0]
		time.Sleep(time.Second)
		h.redeliver(id, event)
		time.Sleep(time.Second)
		check(event, parley.Delivered, 2, 2)

		t.Log("of what is on its way: once more after it")
		r.Slow(time.Second)
		event = h.publish("a")[0]
		r.Wait(t, 1)
		h.redeliver(id, event)
		settle()
		settle()
		if r.MostAtOnce() != 1 {
			t.Errorf("%d at once", r.MostAtOnce())
		}
		check(event, parley.Delivered, 2, 2)
		r.Answer(200)

		t.Log("of what it does not subscribe to")
		h.publishAs("custom.unwanted", "a")
		h.change(id, types("custom.thing"))
		event = h.publishAs("custom.unwanted", "a")[0]
		settle()
		r.Forget()
		h.redeliver(id, event)
		settle()
		check(event, parley.Delivered, 1, 1)

		t.Log("of what is held by a pause: once it is resumed")
		h.pause(id)
		event = h.publish("a")[0]
		h.redeliver(id, event)
		settle()
		if n := len(r.Requests()); n != 0 {
			t.Errorf("%d requests while it was paused", n)
		}
		h.resume(id, false)
		settle()
		check(event, parley.Delivered, 1, 1)

		t.Log("none of it comes again")
		h.restart()
		time.Sleep(100 * time.Hour)
		checkIDs(t, r)
		for _, d := range h.deliveries(id) {
			if d.Status == parley.Retrying {
				t.Errorf("%+v", d)
			}
		}
	})
}

func TestAnEndpointWithManyRetriesStaysSmallAndSendsThemAll(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Func(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader([]int{500, 200}[len(r.Requests())%20/19])
		})
		h := open(t, r)
		id := h.subscribe(r.URL, ordering("none"), delays(3600))
		const n = 11_000
		for range n / 1000 {
			h.publishMany(1000, 1000)
		}
		time.Sleep(30 * time.Minute)
		r.Answer(200)
		time.Sleep(3 * time.Hour)
		ds, _, err := h.endpoints.Deliveries(t.Context(), h.org, id, endpoint.Wanted{Status: "delivered"}, 0, n+1)
		h.must(err)
		if len(ds) != n {
			t.Errorf("%d of %d are delivered", len(ds), n)
		}
	})
}
