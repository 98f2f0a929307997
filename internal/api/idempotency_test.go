package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

const idempotencyKey = "Idempotency-Key"

func TestARequestHappensOnceForItsIdempotencyKey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for _, op := range operations(t, h.Client) {
			if op.method != "POST" {
				continue
			}
			t.Run(op.id, func(t *testing.T) {
				t.Parallel()
				f := furnish(t, h.AddOrganization(t)).ready(op)
				path, body := f.says(op.template(t)), f.says(op.body(t))
				first := f.Do("POST", path, body, idempotencyKey, "key 1")
				if first.Status >= 300 || first.Header.Get("Idempotency-Replayed") != "" {
					t.Fatalf("the first request: %s", first)
				}
				before := rows(t, h, f.Client)
				again := f.Do("POST", path, body, idempotencyKey, "key 1").Want(first.Status)
				if again.Header.Get("Idempotency-Replayed") != "true" {
					t.Error("the second answer does not say that it is the first one again")
				}
				if string(again.Body) != string(first.Body) || again.Header.Get("ETag") != first.Header.Get("ETag") {
					t.Errorf("the second answer is %s, the first was %s", again, first)
				}
				if again.Header.Get("Request-Id") == first.Header.Get("Request-Id") {
					t.Error("both requests have the same id")
				}
				if fmt.Sprint(rows(t, h, f.Client)) != fmt.Sprint(before) {
					t.Error("the second request changed something")
				}
				if op.takesBody {
					f.Do("POST", path, body+" ", idempotencyKey, "key 1").Want(409)
				}
			})
		}
	})
}

func TestAnIdempotencyKeyIsForOneRequest(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t))
	f.Do("POST", "/v1/contacts", `{"name":"A"}`, idempotencyKey, "k").Want(201)
	head := f.Head()
	f.Do("POST", "/v1/contacts", `{"name":"B"}`, idempotencyKey, "k").Want(409)
	f.Do("POST", "/v1/labels", `{"name":"A"}`, idempotencyKey, "k").Want(409)
	f.Do("POST", "/v1/inboxes", `{"name":"A"}`, idempotencyKey, "k").Want(409)
	if f.Head() != head {
		t.Error("a request that was refused changed something")
	}
	f.Do("POST", "/v1/contacts", `{"name":"A"}`, idempotencyKey, "K").Want(201)
	f.Do("POST", "/v1/contacts", `{"name":"A"}`).Want(201)
	if f.Head() != head+2 {
		t.Errorf("two requests appended %d events", f.Head()-head)
	}
}

// A key of another organization, and another API key of the same one, are not told
// what this one was answered.
func TestAnIdempotencyKeyBelongsToItsAPIKey(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	body := `{"name":"Another","scopes":["*"]}`
	first := h.Do("POST", "/v1/api_keys", body, idempotencyKey, "k").Want(201)
	for name, other := range map[string]*house.Client{
		"another organization": h.AddOrganization(t), "another key": h.Key("*"),
	} {
		a := other.Do("POST", "/v1/api_keys", body, idempotencyKey, "k")
		if a.Header.Get("Idempotency-Replayed") != "" || strings.Contains(string(a.Body), first.Text("key")) {
			t.Errorf("%s got what this one was answered: %s", name, a)
		}
	}
	// Nobody who has the database finds the key that the answer shows.
	for table, text := range rows(t, h, h.Client) {
		if strings.Contains(text, first.Text("key")) {
			t.Errorf("the table %s has an API key in plain text", table)
		}
	}
}

// A request that fails leaves nothing behind: corrected, it may be sent again with
// the same key.
func TestAFailureLeavesNoIdempotencyKey(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	before := rows(t, h, h.Client)
	h.Do("POST", "/v1/contacts", `{"email":"nobody"}`, idempotencyKey, "k").Want(422)
	h.Do("POST", "/v1/conversations", fmt.Sprintf(`{"inbox_id":%q,"contact_id":"con_01kaf0v3b6f3nb8h5r0z7c4q9j"}`, h.Inbox.ID), idempotencyKey, "k").Want(422)
	h.Do("POST", "/v1/conversations/conv_01kaf0v3b9fh2c7d4z6s8w0x1p/notes", `{"text":"x"}`, idempotencyKey, "k").Want(404)
	if fmt.Sprint(rows(t, h, h.Client)) != fmt.Sprint(before) {
		t.Error("requests that failed left something behind")
	}
	h.Do("POST", "/v1/contacts", `{"email":"nobody@example.com"}`, idempotencyKey, "k").Want(201)
}

func TestAnIdempotencyKeyHasALimit(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, key := range map[string]string{
		"too long": strings.Repeat("k", 256), "not ASCII": "schlüssel", "not UTF-8": "\xff\xfe", "with a tab": "a\tb",
	} {
		a := h.Do("POST", "/v1/contacts", `{}`, idempotencyKey, key)
		if a.Status != 422 {
			t.Errorf("%s: %s", name, a)
			continue
		}
		checkWrong(t, a, []string{"header.Idempotency-Key"})
	}
	h.Do("POST", "/v1/contacts", `{}`, idempotencyKey, strings.Repeat("k", 255)).Want(201)
}

// An idempotency key is remembered for a day, and then forgotten altogether.
func TestAnIdempotencyKeyIsForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := house.Plan{InMemory: true}.Build(t)
		ctx, stop := context.WithCancel(t.Context())
		cleaned := make(chan error, 1)
		go func() { cleaned <- h.API.RunCleaning(ctx, slog.New(slog.DiscardHandler)) }()
		first := h.Do("POST", "/v1/contacts", `{"name":"A"}`, idempotencyKey, "k").Want(201)
		time.Sleep(24*time.Hour - time.Second)
		again := h.Do("POST", "/v1/contacts", `{"name":"A"}`, idempotencyKey, "k").Want(201)
		if again.Text("id") != first.Text("id") {
			t.Error("within a day the request happened again")
		}
		time.Sleep(2 * time.Second)
		later := h.Do("POST", "/v1/contacts", `{"name":"B"}`, idempotencyKey, "k").Want(201)
		if later.Text("id") == first.Text("id") {
			t.Error("after a day the first answer is still given")
		}
		if kept := rows(t, h, h.Client)["idempotency_keys"]; !strings.Contains(kept, "key=") {
			t.Error("the second use of the key is not remembered")
		}
		time.Sleep(25 * time.Hour)
		if kept := rows(t, h, h.Client)["idempotency_keys"]; kept != "" {
			t.Errorf("after a day there is still %s", kept)
		}
		stop()
		if err := <-cleaned; err != nil {
			t.Error(err)
		}
	})
}

// While the first request is being served, its twin is told so at once.
func TestATwinIsToldToWait(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		h.Get("/v1/organization")
		h.Account.Wait() // nothing else is about to be written
		held, release := make(chan struct{}), make(chan struct{})
		var writing sync.WaitGroup
		writing.Go(func() {
			err := db.Write(context.Background(), h.Organization.ID, func(context.Context, *database.Tx) error {
				close(held)
				<-release
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-held
		answers := make(chan *house.Answer, 2)
		for range 2 {
			go func() { answers <- h.Do("POST", "/v1/contacts", `{"name":"Twin"}`, idempotencyKey, "twins") }()
		}
		if a := <-answers; a.Status != 409 {
			t.Errorf("the twin got %s", a)
		}
		close(release)
		writing.Wait()
		if a := <-answers; a.Status != 201 {
			t.Errorf("the first got %s", a)
		}
	})
}

// Of requests with one key at the same moment, one happens; the others are told to
// wait, or get its answer.
func TestTwinsHappenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		head := h.Head()
		const twins = 16
		answers := make([]*house.Answer, twins)
		var wait sync.WaitGroup
		for i := range twins {
			wait.Go(func() { answers[i] = h.Do("POST", "/v1/contacts", `{"name":"Twin"}`, idempotencyKey, "twins") })
		}
		wait.Wait()
		firsts := 0
		for _, a := range answers {
			switch {
			case a.Status == 201 && a.Header.Get("Idempotency-Replayed") == "":
				firsts++
			case a.Status != 201 && a.Status != 409:
				t.Errorf("a twin got %s", a)
			}
		}
		if firsts != 1 || h.Head() != head+1 {
			t.Errorf("%d requests of %d happened, and %d events were appended", firsts, twins, h.Head()-head)
		}
	})
}
