package webhook_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/check"
	"parley/internal/testing/house"
	"parley/webhook"
)

// inbox collects what a handler was called with.
type inbox[T any] struct {
	mu    sync.Mutex
	items []T
	more  chan struct{}
}

func newInbox[T any]() *inbox[T] { return &inbox[T]{more: make(chan struct{}, 1000)} }

func (i *inbox[T]) add(item T) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.items = append(i.items, item)
	i.more <- struct{}{}
}

func (i *inbox[T]) wait(t testing.TB, n int) []T {
	t.Helper()
	late := time.After(30 * time.Second)
	for range n {
		select {
		case <-i.more:
		case <-late:
			t.Fatalf("%v is all that came, want %d", i.items, n)
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.items)
}

// endpoint adds an endpoint to a house, and gives the receiver that its secret belongs
// to, what the house answered, and what closes the receiver's door, once every request
// has been answered.
func endpoint(t *testing.T, h *house.House, dedup webhook.Dedup, fields map[string]any) (*webhook.Receiver, *house.Answer, func()) {
	t.Helper()
	var door atomic.Pointer[webhook.Receiver]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if r := door.Load(); r != nil {
			r.ServeHTTP(w, q)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable) // its secret is not known yet
	}))
	t.Cleanup(server.Close)
	fields["url"] = server.URL
	made := h.Make("/v1/webhooks", fields)
	key := made.Text("secret")
	if fields["signing"] == "v1a" {
		key = made.Text("public_key")
	}
	r := receiver(t, dedup, func(c *webhook.Config) { c.Keys = []string{key} })
	door.Store(r)
	return r, made, server.Close
}

// The whole way: a change in Parley, a delivery, a typed event, an effect.
func TestParleysDeliveriesArriveTypedAndOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		h := house.New(t)
		add := counting(t, db)
		r, made, closeDoor := endpoint(t, h, inDatabase(t, db, "crm"), map[string]any{
			"event_types": []string{"*"}, "retry": map[string]any{"preset": "custom", "delays": []int{1}},
		})
		events := newInbox[webhook.Event[parley.MessageEvent]]()
		var refusals atomic.Int32
		webhook.On(r, parley.MessageCreated, func(ctx context.Context, e webhook.Event[parley.MessageEvent]) error {
			if err := add(ctx, e.Tx); err != nil {
				return err
			}
			if e.Data.Message.Content.Text == "Twice, please." && refusals.Add(1) == 1 {
				return context.DeadlineExceeded // Parley sends it again
			}
			events.add(e)
			return nil
		})
		h.Deliver(t)

		contact := h.Make("/v1/contacts", `{"name":"Ada","email":"ada@example.com"}`)
		said := func(text string) {
			h.Make("/v1/conversations", map[string]any{
				"inbox_id": h.Inbox.ID, "contact_id": contact.Text("id"), "subject": "Rye",
				"message": map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": text}},
			})
		}
		said("Größe <b>\"42\"</b>, 東京 👩🏽‍🚀")
		e := events.wait(t, 1)[0]
		if e.Data.Message.Content.Text != "Größe <b>\"42\"</b>, 東京 👩🏽‍🚀" || *e.Data.Contact.Name != "Ada" || *e.InboxID != h.Inbox.ID ||
			e.OrganizationID != h.Organization.ID || e.Data.Message.Direction != parley.Incoming {
			t.Errorf("it is %+v", e)
		}
		said("Twice, please.")
		events.wait(t, 1)

		// Everything once more, as after an answer that was lost.
		h.Do("POST", "/v1/webhooks/"+made.Text("id")+"/rewind", `{"to":1}`).Want(http.StatusOK)
		said("And again.")
		events.wait(t, 1)
		closeDoor() // what the handlers did is committed now
		if n := number(t, db, effects); n != 3 {
			t.Errorf("3 messages had %d effects", n)
		}
	})
}

func TestParleysPublicKeyAndTokenAreTaken(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	h.Deliver(t)
	events := newInbox[string]()
	r, made, _ := endpoint(t, h, must(webhook.InMemory(100))(t), map[string]any{
		"event_types": []string{"contact.created", "custom.*"}, "signing": "v1a",
		"verification": map[string]any{"type": "token_echo", "token": "sesame"},
	})
	r.Otherwise(func(_ context.Context, e webhook.RawEvent) error {
		events.add(e.Type + " " + string(e.Data))
		return nil
	})
	h.Do("POST", "/v1/webhooks/"+made.Text("id")+"/verify", "").Want(http.StatusOK)
	h.Do("POST", "/v1/events", `{"type":"custom.shipped","key":"a","data":{"parcel":"A7"}}`)
	if got := events.wait(t, 1)[0]; got != `custom.shipped {"parcel":"A7"}` {
		t.Errorf("it got %s", got)
	}
}

// What a receiver of the kit's promises, and what `parley check` demands, is the same.
func TestAReceiverPassesEveryCheck(t *testing.T) {
	t.Parallel()
	eachDedup(t, func(t *testing.T, d webhook.Dedup) {
		r := receiver(t, d)
		webhook.On(r, parley.MessageCreated, func(context.Context, webhook.Event[parley.MessageEvent]) error { return nil })
		r.Otherwise(func(context.Context, webhook.RawEvent) error { return nil })
		server := httptest.NewServer(r)
		t.Cleanup(server.Close)
		report, err := check.Run(t.Context(), check.Options{URL: server.URL, Secret: secret, Token: "sesame"})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range report.Checks {
			slow := o.Name == "latency" && o.Verdict == check.Warning // this machine has other things to do
			if o.Verdict != check.Pass && o.Name != "https" && !slow {
				t.Errorf("%s: %s; sent %s, came back %s: %s", o.Name, o.Verdict, o.Sent, o.Received, o.Mend)
			}
		}
		if len(report.Checks) < 23 {
			t.Errorf("%d checks were made", len(report.Checks))
		}
	})
}
