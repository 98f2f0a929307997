package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/webhook"
)

func TestEveryTypeReachesItsHandlerWithItsData(t *testing.T) {
	t.Parallel()
	r := receiver(t, webhook.WithoutDedup())
	id, body := bodyOf(t, "conversation.resolved", 7)
	called := 0
	webhook.On(r, parley.ConversationResolved, func(_ context.Context, e webhook.Event[parley.ConversationEvent]) error {
		called++
		c := e.Data.Conversation
		if string(e.ID) != id || e.Sequence != 7 || e.Type != "conversation.resolved" || e.InboxID != nil || e.Actor != parley.System {
			t.Errorf("the envelope is %+v", e.Envelope)
		}
		if *c.Subject != "Where is my order?" || c.Labels[0] != "vip" || *e.Data.Contact.Name != "Ada Lovelace" || !bytes.Equal(e.Body, body) {
			t.Errorf("the data are %+v", e.Data)
		}
		if e.Data.Previous["status"] != "open" {
			t.Errorf("previous is %v", e.Data.Previous)
		}
		return nil
	})
	webhook.On(r, parley.ContactCreated, func(context.Context, webhook.Event[parley.ContactEvent]) error {
		t.Error("the handler of another type was called")
		return nil
	})
	want(t, post(t, r, id, body), http.StatusNoContent)
	if called != 1 {
		t.Errorf("called %d times", called)
	}
}

// What Parley declares, the kit reads, and nothing of it is lost.
func TestTheDataOfEveryDeclaredTypeIsReadWhole(t *testing.T) {
	t.Parallel()
	for i, d := range parley.Catalogue() {
		_, body := bodyOf(t, d.Name, int64(i+1))
		e := must(webhook.Parse(body))(t)
		if e.Type != d.Name || e.Sequence != int64(i+1) {
			t.Errorf("%s: the envelope is %+v", d.Name, e.Envelope)
		}
		if !bytes.Contains(body, e.Data) || len(e.Data) < 10 {
			t.Errorf("%s: the data are %s", d.Name, e.Data)
		}
	}
	_, body := bodyOf(t, "message.created", 1)
	raw := must(webhook.Parse(body))(t)
	if _, err := webhook.As(raw, parley.ContactCreated); err == nil {
		t.Error("a message.created is taken for a contact.created")
	}
	e := must(webhook.As(raw, parley.MessageCreated))(t)
	if got := must(json.Marshal(e.Data))(t); !bytes.Equal(got, raw.Data) {
		t.Errorf("read and written again the data are\n%s\nwant\n%s", got, raw.Data)
	}
}

func TestOwnAndUnknownTypes(t *testing.T) {
	t.Parallel()
	type shipped struct{ Parcel string }
	r := receiver(t, webhook.WithoutDedup())
	var parcels, others []string
	webhook.OnName(r, "custom.shipped", func(_ context.Context, e webhook.Event[shipped]) error {
		parcels = append(parcels, e.Data.Parcel)
		return nil
	})
	event := func(name string) []byte {
		return []byte(`{"id":"evt_1","type":"` + name + `","sequence":1,"timestamp":"2026-11-20T10:30:00.123Z","added_later":1,"data":{"parcel":"A7","added_later":2}}`)
	}
	want(t, post(t, r, "evt_1", event("custom.shipped")), http.StatusNoContent)
	want(t, post(t, r, "evt_2", event("conversation.applauded")), http.StatusNoContent)
	r.Otherwise(func(_ context.Context, e webhook.RawEvent) error {
		others = append(others, e.Type)
		return nil
	})
	want(t, post(t, r, "evt_3", event("conversation.applauded")), http.StatusNoContent)
	if strings.Join(parcels, " ") != "A7" || strings.Join(others, " ") != "conversation.applauded" {
		t.Errorf("parcels %v, others %v", parcels, others)
	}
}

func TestTwoHandlersOfOneTypeAreAMistake(t *testing.T) {
	t.Parallel()
	r := receiver(t, webhook.WithoutDedup())
	on := func() {
		webhook.On(r, parley.ContactCreated, func(context.Context, webhook.Event[parley.ContactEvent]) error { return nil })
	}
	on()
	defer func() {
		if recover() == nil {
			t.Error("the first was replaced in silence")
		}
	}()
	on()
}

func TestWhatIsNoEventIsRefused(t *testing.T) {
	t.Parallel()
	r := receiver(t, webhook.WithoutDedup(), func(c *webhook.Config) { c.MaxBody = 1000 })
	r.Otherwise(func(context.Context, webhook.RawEvent) error {
		t.Error("the handler was called")
		return nil
	})
	for body, status := range map[string]int{
		"":                          http.StatusUnprocessableEntity,
		"{":                         http.StatusUnprocessableEntity,
		"[]":                        http.StatusUnprocessableEntity,
		`{"text":"New message"}`:    http.StatusUnprocessableEntity,
		`{"id":"evt_1","type":"a"}`: http.StatusUnprocessableEntity,
		`{"token":""}`:              http.StatusUnprocessableEntity,
		`{"token":1}`:               http.StatusUnprocessableEntity,
		`{"token":"a","text":"b"}`:  http.StatusUnprocessableEntity, // what a transformation may return
		strings.Repeat(" ", 1001):   http.StatusRequestEntityTooLarge,
	} {
		want(t, post(t, r, "evt_1", []byte(body)), status)
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if want(t, w, http.StatusMethodNotAllowed); w.Header().Get("Allow") != "POST" {
		t.Errorf("it answers with %v", w.Header())
	}
	w = httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}")))
	want(t, w, http.StatusUnauthorized)
}

func TestATokenIsSentBackToWhoeverSignsForIt(t *testing.T) {
	t.Parallel()
	r := receiver(t, webhook.WithoutDedup())
	body := []byte(`{"token":"<b>sesame</b>"}`)
	w := post(t, r, "vrf_1", body)
	want(t, w, http.StatusOK)
	if w.Body.String() != "<b>sesame</b>" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("it answers %q with %v", w.Body, w.Header())
	}
	w = httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body)))
	if want(t, w, http.StatusUnauthorized); strings.Contains(w.Body.String(), "sesame") {
		t.Errorf("a stranger is told %q", w.Body)
	}
}

func TestAFailureIsForTheLogOnly(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r := receiver(t, webhook.WithoutDedup(), func(c *webhook.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	var fails error
	r.Otherwise(func(context.Context, webhook.RawEvent) error { return fails })
	id, body := bodyOf(t, "contact.created", 1)

	fails = errors.New("the password is swordfish")
	w := post(t, r, id, body)
	want(t, w, http.StatusInternalServerError)
	if strings.Contains(w.Body.String(), "swordfish") || !strings.Contains(log.String(), "swordfish") || !strings.Contains(log.String(), id) {
		t.Errorf("answered %q, logged %q", w.Body, &log)
	}
	fails = webhook.Later(90*time.Second+time.Millisecond, errors.New("closed for the night"))
	w = post(t, r, id, body)
	want(t, w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") != "91" || !strings.Contains(log.String(), "closed for the night") {
		t.Errorf("answered with %v, logged %q", w.Header(), &log)
	}
}

func TestDataOfAnotherShapeAreAFailure(t *testing.T) {
	t.Parallel()
	r := receiver(t, webhook.WithoutDedup())
	webhook.On(r, parley.ContactCreated, func(context.Context, webhook.Event[parley.ContactEvent]) error {
		t.Error("the handler was called")
		return nil
	})
	body := `{"id":"evt_1","type":"contact.created","data":{"contact":{"id":7}}}`
	want(t, post(t, r, "evt_1", []byte(body)), http.StatusInternalServerError)
}

// Parley waits for ten seconds. What took longer is done when it asks again, or the
// event would fail for ever.
func TestASlowHandlerIsNotBrokenOffWhenTheSenderGoes(t *testing.T) {
	t.Parallel()
	r := receiver(t, must(webhook.InMemory(10))(t))
	gone, goAway := context.WithCancel(t.Context())
	calls := 0
	r.Otherwise(func(ctx context.Context, _ webhook.RawEvent) error {
		calls++
		goAway()
		<-gone.Done()
		if _, limited := ctx.Deadline(); !limited {
			t.Error("it may take for ever")
		}
		return ctx.Err()
	})
	id, body := bodyOf(t, "contact.created", 1)
	q := httptest.NewRequestWithContext(gone, http.MethodPost, "/", bytes.NewReader(body))
	q.Header = signed(t, id, time.Now(), body)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, q)
	want(t, w, http.StatusNoContent)
	want(t, post(t, r, id, body), http.StatusNoContent)
	if calls != 1 {
		t.Errorf("called %d times", calls)
	}
}

func TestADedupMustBeChosen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]webhook.Config{
		"no dedup":           {Keys: []string{string(secret)}},
		"no key":             {Dedup: webhook.WithoutDedup()},
		"an empty key":       {Dedup: webhook.WithoutDedup(), Keys: []string{""}},
		"negative tolerance": {Dedup: webhook.WithoutDedup(), Keys: []string{string(secret)}, Tolerance: -1},
	} {
		if _, err := webhook.NewReceiver(c); err == nil {
			t.Errorf("%s: a receiver", name)
		}
	}
}
