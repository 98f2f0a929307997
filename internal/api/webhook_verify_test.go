package api_test

import (
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
	"parley/internal/testing/receiver"
)

// A request that waits for the endpoint's answer is made once for its
// Idempotency-Key like any other.
func TestAnEndpointIsVerifiedOnRequest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		r := receiver.New(t)
		id := h.Make("/v1/webhooks", map[string]any{
			"url": r.URL, "event_types": []string{"*"}, "verification": parley.Verification{Type: "token_echo", Token: "hush"},
		}).Text("id")
		head := h.Head()
		path := "/v1/webhooks/" + id + "/verify"
		h.Do("POST", path, "", idempotencyKey, "k").Want(409).Includes(
			`{"detail":"The endpoint is not verified. It answered 204 No Content, and must answer 200 OK with the token."}`)
		r.AnswerBody(200, "hush")
		first := h.Do("POST", path, "", idempotencyKey, "k").Want(200).Includes(`{"status":"active","status_reason":null}`).Lacks("hush")
		again := h.Do("POST", path, "", idempotencyKey, "k").Want(200)
		if string(again.Body) != string(first.Body) || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("again it is %s", again)
		}
		h.Do("POST", path, "").Want(200)
		h.Key("webhooks:read").Do("POST", path, "").Want(403)
		if n := len(r.Requests()); n != 2 {
			t.Errorf("it was asked %d times", n)
		}
		if events := house.Types(h.Events(head)); len(events) != 2 || events[0] != "webhook.verified" {
			t.Errorf("the events are %v", events) // the other is of the key
		}
	})
}
