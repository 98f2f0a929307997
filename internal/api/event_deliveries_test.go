package api_test

import (
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
	"parley/internal/testing/receiver"
)

func eventDeliveries() []scenario {
	const path = "/v1/events/$event/deliveries"
	return []scenario{
		{does: "nothing became of an event that nobody receives", request: "GET " + path, status: 200, answer: `{"data":[],"next_cursor":null}`},
		{
			does: "an event is not subscribed to", with: "webhook event", request: "GET " + path, status: 200, scopes: scopes("webhooks:read"),
			answer: `{"data":[{"webhook_id":"$webhook","url":"https://hooks.example.com/parley","outcome":"not_subscribed",
				"reason":"The endpoint's event_types do not include custom.baked.","delivery":null,"waiting_behind":null}],"next_cursor":null}`,
		},
		{
			does: "an event is filtered out", with: "webhook", before: []string{`PATCH /v1/webhooks/$webhook {"event_types":["custom.*"],"filter":"data.loaves > 20"}`},
			request: "GET " + path, status: 200, answer: `{"data":[{"outcome":"filtered"}]}`,
		},
		{
			does: "an event waits", with: "webhook", before: []string{`PATCH /v1/webhooks/$webhook {"event_types":["custom.*"]}`},
			request: "GET " + path, status: 200, answer: `{"data":[{"outcome":"waiting","delivery":null}]}`,
		},
		{
			does: "an event is held", with: "webhook", before: []string{`PATCH /v1/webhooks/$webhook {"event_types":["custom.*"]}`, `POST /v1/webhooks/$webhook/pause`},
			request: "GET " + path, status: 200, answer: `{"data":[{"outcome":"held"}]}`,
		},
		{
			does: "an event is to be sent once more", with: "delivery", request: "GET " + path, status: 200,
			answer: `{"data":[{"delivery_id":"$delivery","outcome":"retrying","delivery":{"id":"$delivery","status":"retrying","attempt_count":0}}]}`,
		},
		{does: "an event that is none", with: "webhook", request: "GET /v1/events/$no_event/deliveries", status: 404},
		{does: "a page that is too large", request: "GET " + path + "?limit=201", status: 422, wrong: []string{"query.limit"}},
		{does: "a cursor that is none", request: "GET " + path + "?cursor=x", status: 422, wrong: []string{"query.cursor"}},
		{does: "what became of an event without the scope", request: "GET " + path, status: 403, scopes: scopes("events:read")},
	}
}

func failedDeliveries() []scenario {
	const path = "POST /v1/webhooks/$webhook/redeliver_failed"
	return []scenario{
		{does: "nothing has failed", request: path, status: 200, answer: `{"count":0,"more":false}`},
		{
			does: "every choice is understood", request: path, status: 200, answer: `{"count":0,"more":false}`,
			body: `{"since":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z","event_types":["custom.*","contact.created"],"status_codes":[0,503],"limit":1,"dry_run":true}`,
		},
		{does: "an endpoint that is none", request: "POST /v1/webhooks/$no_webhook/redeliver_failed", status: 404},
		{does: "a time after another", request: path, body: `{"since":"2026-01-02T00:00:00Z","until":"2026-01-02T00:00:00Z"}`, status: 422, wrong: []string{"body.until"}},
		{does: "a type that is none", request: path, body: `{"event_types":["custom.*","conversations.*"]}`, status: 422, wrong: []string{"body.event_types[1]"}},
		{does: "a status that is none", request: path, body: `{"status_codes":[-1]}`, status: 422, wrong: []string{"body.status_codes[0]"}},
		{does: "too many", request: path, body: `{"limit":10001}`, status: 422, wrong: []string{"body.limit"}},
		{does: "none", request: path, body: `{"limit":0}`, status: 422, wrong: []string{"body.limit"}},
		{does: "failed deliveries without the scope", request: path, status: 403, scopes: scopes("webhooks:read")},
	}
}

// What failed is made again and arrives, and why tells so all the while.
func TestFailedDeliveriesAreMadeAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		r := receiver.New(t)
		h := house.New(t, db)
		h.Deliver(t)
		w := h.Make("/v1/webhooks", `{"url":"`+r.URL+`","event_types":["custom.*"],"retry":{"preset":"custom","delays":[1]}}`).Text("id")
		r.Answer(400)
		e := h.Make("/v1/events", `{"type":"custom.n"}`)
		r.Wait(t, 2)
		why := "/v1/events/" + e.Text("id") + "/deliveries"
		for h.Get(why).Text("data.0.outcome") != "failed" && t.Context().Err() == nil {
			r.Wait(t, 2)
		}
		h.Get(why).Includes(`{"data":[{"delivery":{"status":"failed","status_code":400,"attempt_count":2}}]}`)
		r.Answer(200)
		h.Do("POST", "/v1/webhooks/"+w+"/redeliver_failed", `{"status_codes":[400]}`).Want(200).Includes(`{"count":1,"more":false}`)
		r.Wait(t, 3)
		for h.Get(why).Text("data.0.outcome") != "delivered" && t.Context().Err() == nil {
			r.Wait(t, 3)
		}
		if got := h.Get(why).Text("data.0.delivery_id"); got != string(parley.NewDeliveryID(parley.WebhookID(w), e.Int("sequence"))) {
			t.Errorf("the delivery is %s", got)
		}
		h.Do("POST", "/v1/webhooks/"+w+"/redeliver_failed", "").Want(200).Includes(`{"count":0,"more":false}`)
	})
}
