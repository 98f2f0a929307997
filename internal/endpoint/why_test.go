package endpoint_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// subscribe adds an endpoint that begins after a place, as change says.
func (h house) subscribe(t *testing.T, after int64, change func(*parley.Webhook)) parley.WebhookID {
	t.Helper()
	w := parley.Webhook{
		URL: "https://hooks.example.com/", EventTypes: []string{"*"}, Format: "standard", Ordering: "key",
		Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10,
	}
	if change != nil {
		change(&w)
	}
	made, _, err := h.Create(t.Context(), h.by, w, endpoint.Start{Sequence: new(after + 1)})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// tried writes down an attempt, as the engine does.
func (h house) tried(t *testing.T, id parley.WebhookID, seq int64, a store.Attempt) {
	t.Helper()
	a.Org, a.Webhook, a.Seq = h.by.Organization, id, seq
	if a.At == 0 {
		a.At = parley.Now()
	}
	h.write(t, func(ctx context.Context, tx *database.Tx) error {
		store.InsertAttempt(ctx, tx, &a)
		return nil
	})
}

// dealt moves the stored cursor of an endpoint.
func (h house) dealt(t *testing.T, id parley.WebhookID, seq int64) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *database.Tx) error {
		return eventlog.SaveCursor(ctx, tx, h.by.Organization, endpoint.Kind, string(id), seq)
	})
}

func (h house) write(t *testing.T, fn func(context.Context, *database.Tx) error) {
	t.Helper()
	if err := h.db.Write(t.Context(), h.by.Organization, fn); err != nil {
		t.Fatal(err)
	}
}

// set gives every endpoint a status.
func (h house) set(t *testing.T, status parley.EndpointStatus, reason string) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "update webhooks set status = $1, status_reason = $2, seq = seq + 1", string(status), reason)
		return err
	})
}

// why is what became of an event at an endpoint.
func (h house) why(t *testing.T, event *parley.Event, id parley.WebhookID) endpoint.EventDelivery {
	t.Helper()
	all, next, err := h.Why(t.Context(), h.by.Organization, event.ID, store.Page{Limit: 100})
	if err != nil || next != "" {
		t.Fatalf("next %q: %v", next, err)
	}
	for _, d := range all {
		if d.WebhookID == id {
			return d
		}
	}
	t.Fatalf("%s is not among %+v", id, all)
	return endpoint.EventDelivery{}
}

// fate checks an outcome and that the reason has some words in it.
func fate(t *testing.T, name string, got endpoint.EventDelivery, outcome endpoint.Fate, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(got.Reason, word) {
			t.Errorf("%s: the reason %q lacks %q", name, got.Reason, word)
		}
	}
	if got.Outcome != outcome || !strings.HasSuffix(got.Reason, ".") || strings.Contains(got.Reason, "..") {
		t.Errorf("%s: %s because %q, want %s", name, got.Outcome, got.Reason, outcome)
	}
}

// What the endpoint's settings decide, by the database alone.
func TestWhyBySettings(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		event := h.publish(t, 1)
		inbox := parley.NewID[parley.InboxID]()
		h.write(t, func(ctx context.Context, tx *database.Tx) error {
			store.Inboxes.Insert(ctx, tx, h.by.Organization, &parley.Inbox{ID: inbox, Name: "Chat", Channel: "api"})
			return nil
		})
		for name, test := range map[string]struct {
			change  func(*parley.Webhook)
			outcome endpoint.Fate
			words   string
		}{
			"type":   {func(w *parley.Webhook) { w.EventTypes = []string{"contact.*"} }, "not_subscribed", "custom.test"},
			"inbox":  {func(w *parley.Webhook) { w.InboxIDs = []parley.InboxID{inbox} }, "other_inbox", "inbox_ids"},
			"filter": {func(w *parley.Webhook) { w.Filter = "sequence > 1000000" }, "filtered", "sequence > 1000000"},
			"wanted": {func(w *parley.Webhook) { w.Filter = "sequence > 0" }, "waiting", "dealt with everything up to"},
		} {
			got := h.why(t, event, h.subscribe(t, event.Sequence-1, test.change))
			fate(t, name, got, test.outcome, test.words)
			if got.Delivery != nil || got.WaitingBehind != nil || got.URL == "" || got.DeliveryID != parley.NewDeliveryID(got.WebhookID, event.Sequence) {
				t.Errorf("%s: %+v", name, got)
			}
		}
		late := h.subscribe(t, event.Sequence, nil)
		h.write(t, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "update webhooks set created_at = $2, seq = seq + 1 where id = $1", string(late), int64(event.CreatedAt)+1)
			return err
		})
		fate(t, "added later", h.why(t, event, late), endpoint.FateBeforeStart, "added after")

		test, _, err := h.Test(t.Context(), h.by, late, "")
		if err != nil {
			t.Fatal(err)
		}
		fate(t, "its own test", h.why(t, test, late), endpoint.FateWaiting)
		fate(t, "another's test", h.why(t, test, h.subscribe(t, 0, nil)), "not_subscribed", "test of another endpoint")
	})
}

// What attempts and the endpoint's status decide, by the database alone.
func TestWhyByWhatIsWrittenDown(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		first := h.publish(t, 1)
		id := h.subscribe(t, first.Sequence-1, nil)
		strict := h.subscribe(t, first.Sequence-1, func(w *parley.Webhook) { w.Ordering = "strict" })
		event := h.publish(t, 1)
		soon := parley.Now().Add(time.Hour)

		got := h.why(t, event, id)
		fate(t, "not reached", got, endpoint.FateWaiting, "is 4 further on")

		h.tried(t, strict, first.Sequence, store.Attempt{Number: 1, State: parley.Retrying, Error: "It broke.", NextAt: soon})
		h.dealt(t, strict, first.Sequence)
		got = h.why(t, event, strict)
		fate(t, "behind a retry", got, endpoint.FateWaiting, "one after another", soon.String())
		if b := got.WaitingBehind; b == nil || b.EventID != first.ID || b.Sequence != first.Sequence || b.Until == nil || *b.Until != soon {
			t.Errorf("it waits behind %+v", b)
		}

		h.tried(t, id, event.Sequence, store.Attempt{Number: 1, State: parley.Retrying, Error: "It broke.", StatusCode: 500, NextAt: soon, Body: "oh"})
		got = h.why(t, event, id)
		fate(t, "retrying", got, endpoint.FateRetrying, "Attempt 1 failed: It broke.", soon.String())
		if d := got.Delivery; d == nil || d.ID != got.DeliveryID || *d.StatusCode != 500 || d.EventID != event.ID || d.EventType != event.Type || d.Attempts != nil {
			t.Errorf("the delivery is %+v", d)
		}

		for _, status := range []parley.EndpointStatus{parley.EndpointPaused, parley.EndpointDisabled, parley.EndpointUnverified, parley.EndpointFailing} {
			h.set(t, status, "Somebody did it.")
			fate(t, "a retry, "+string(status), h.why(t, event, id), endpoint.FateHeld, "Somebody did it.")
			fate(t, "one not reached, "+string(status), h.why(t, event, strict), endpoint.FateHeld)
		}
		h.set(t, parley.EndpointActive, "")

		h.tried(t, id, event.Sequence, store.Attempt{Number: 2, State: parley.Failed, Error: "It broke again.", StatusCode: 502})
		h.dealt(t, id, event.Sequence)
		fate(t, "failed", h.why(t, event, id), endpoint.FateFailed, "Attempt 2 was the last: It broke again.")

		if _, err := h.Redeliver(t.Context(), h.by, got.DeliveryID); err != nil {
			t.Fatal(err)
		}
		fate(t, "made again", h.why(t, event, id), endpoint.FateRetrying)
		h.tried(t, id, event.Sequence, store.Attempt{Number: 3, State: parley.Delivered, StatusCode: 204})
		fate(t, "delivered", h.why(t, event, id), endpoint.FateDelivered, "204", "attempt 3")
		if _, err := h.Redeliver(t.Context(), h.by, got.DeliveryID); err != nil {
			t.Fatal(err)
		}
		fate(t, "asked for once more", h.why(t, event, id), endpoint.FateRetrying, "answered 204 to attempt 3", "somebody asked for it")

		h.dealt(t, strict, event.Sequence)
		fate(t, "passed over", h.why(t, event, strict), endpoint.FatePassedOver, "passed over")
	})
}

// What the engine knows beyond that.
func TestWhyByTheEngine(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		running := &engine{standings: map[parley.WebhookID]endpoint.Standing{}}
		h.Serve(running)
		first := h.publish(t, 1)
		id := h.subscribe(t, 0, nil)
		event := h.publish(t, 1)
		later := time.Now().Add(time.Hour).Truncate(time.Millisecond)
		for name, test := range map[string]struct {
			standing endpoint.Standing
			outcome  endpoint.Fate
			words    string
		}{
			"next":      {endpoint.Standing{Cursor: event.Sequence - 1}, "waiting", "It is next"},
			"on way":    {endpoint.Standing{Underway: true}, "sending", "now"},
			"unwritten": {endpoint.Standing{Dealt: true, Unwritten: true}, "sending", "written down"},
			"by key":    {endpoint.Standing{Behind: first.Sequence}, "waiting", "of the same key"},
			"failing":   {endpoint.Standing{ProbeAt: later}, "held", parley.At(later).String()},
			"probing":   {endpoint.Standing{ProbeAt: time.Now().Add(-time.Second)}, "held", "now and then"},
			"patience":  {endpoint.Standing{Hold: later}, "held", parley.At(later).String()},
			"impatient": {endpoint.Standing{Hold: time.Now().Add(-time.Second)}, "waiting", ""},
			"dealt":     {endpoint.Standing{Cursor: event.Sequence, Dealt: true}, "passed_over", ""},
		} {
			running.standings[id] = test.standing
			got := h.why(t, event, id)
			fate(t, name, got, test.outcome, test.words)
			if behind := got.WaitingBehind; (behind != nil) != (name == "by key") || behind != nil && (behind.EventID != first.ID || behind.Until != nil) {
				t.Errorf("%s: it waits behind %+v", name, behind)
			}
		}
	})
}

func TestWhyComesInPages(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		event := h.publish(t, 1)
		seen := map[parley.WebhookID]bool{}
		for range 5 {
			h.subscribe(t, 0, nil)
		}
		cursor := ""
		for range 3 {
			page, next, err := h.Why(t.Context(), h.by.Organization, event.ID, store.Page{Limit: 2, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page {
				seen[d.WebhookID] = true
			}
			cursor = next
		}
		if len(seen) != 5 || cursor != "" {
			t.Errorf("three pages have %d endpoints, and then comes %q", len(seen), cursor)
		}
		_, _, err := h.Why(t.Context(), h.by.Organization, parley.NewEventID(event.Sequence), store.Page{Limit: 2})
		if parley.KindOf(err) != parley.NotFound {
			t.Errorf("an event that is not there: %v", err)
		}
		var shape map[string]any
		page, _, _ := h.Why(t.Context(), h.by.Organization, event.ID, store.Page{Limit: 1})
		if b, err := json.Marshal(page[0]); err != nil || json.Unmarshal(b, &shape) != nil || len(shape) != 7 {
			t.Errorf("it is shown as %s (%v)", b, err)
		}
	})
}
