package api_test

import (
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func TestPreviews(t *testing.T) {
	t.Parallel()
	const path = "/v1/webhooks/$webhook/preview"
	const script = `function transform(event) {\n  console.log(event.data.loaves)\n  return event.data.loaves > 10 ? { bread: event.data.loaves } : undefined\n}`
	few := []string{`POST /v1/events {"type":"custom.baked","key":"oven-1","data":{"loaves":3}}`}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for _, s := range []scenario{
			{
				does: "the last events are looked at, the newest first", with: "event", request: "POST /v1/webhooks/preview", before: few,
				body: `{"event_types":["custom.*"],"filter":"data.loaves > 10","sample":{"last":2}}`, status: 200,
				answer: `{"examined":2,"matched":1,"undecided":0,"truncated":false,"results":[
					{"type":"custom.baked","outcome":"filtered","reason":"The filter is not true at line 1, column 1: data.loaves > 10: It is false. Here data.loaves is 3.","log":[],"error":null},
					{"event_id":"$event","outcome":"sent","reason":null,"body":{"id":"$event","data":{"loaves":12}},"log":[],"error":null}]}`,
			},
			{
				does: "a transformation is tried out", with: "event", request: "POST /v1/webhooks/preview", before: few,
				body: `{"event_types":["custom.baked"],"transformation":"` + script + `","sample":{"last":2}}`, status: 200,
				answer: `{"examined":2,"matched":2,"results":[{"outcome":"skipped","log":["3"]},{"outcome":"sent","body":{"bread":12},"log":["12"]}]}`,
			},
			{
				does: "without a body it is the last hundred of everything", with: "event", request: "POST /v1/webhooks/preview", status: 200,
				answer: `{"examined":4,"matched":4,"truncated":false}`, // founding an organization makes three
			},
			{
				does: "one event is looked at", with: "event", request: "POST " + path,
				body: `{"sample":{"event_id":"$event"}}`, status: 200,
				answer: `{"examined":1,"matched":0,"results":[{"event_id":"$event","outcome":"not_subscribed","reason":"The endpoint's event_types do not include custom.baked."}]}`,
			},
			{
				does: "an example is looked at", request: "POST " + path, body: `{"sample":{"type":"conversation.created"},"inbox_ids":["$inbox"]}`, status: 200,
				answer: `{"examined":1,"matched":1,"results":[{"type":"conversation.created","outcome":"sent","body":{"organization_id":"$org","inbox_id":"$inbox"}}]}`,
			},
			{
				does: "an endpoint's test is for it", request: "POST " + path, body: `{"sample":{"type":"webhook.test"}}`, status: 200,
				answer: `{"results":[{"outcome":"sent"}]}`,
			},
			{
				does: "what is left out is as the endpoint has it", with: "event", request: "POST " + path,
				before: []string{`PATCH /v1/webhooks/$webhook {"event_types":["custom.*"],"filter":"data.loaves > 100","transformation":"const transform = (event) => event.id"}`},
				body:   `{"filter":"","sample":{"event_id":"$event"}}`, status: 200,
				answer: `{"results":[{"outcome":"sent","body":"$event"}]}`,
			},
			{
				does: "a script that fails is told", with: "event", request: "POST /v1/webhooks/preview",
				body: `{"transformation":"function transform(event) {\n  throw new Error('no flour')\n}","sample":{"event_id":"$event"}}`, status: 200,
				answer: `{"results":[{"outcome":"transformation_failed","reason":null,"error":"Error: no flour (line 2, column 18)"}]}`,
			},
			{
				does: "what could not be saved is refused", request: "POST " + path, status: 422,
				body:  `{"event_types":["conversation.sung"],"inbox_ids":["$no_inbox"],"filter":"typ == 'a'","transformation":"function transform("}`,
				wrong: []string{"body.event_types[0]", "body.inbox_ids[0]", "body.filter", "body.transformation"},
			},
			{
				does: "an event must be there", with: "event", request: "POST " + path, status: 422,
				body: `{"sample":{"event_id":"$no_event"}}`, wrong: []string{"body.sample.event_id"},
			},
			{does: "a type must have an example", request: "POST " + path, status: 422, body: `{"sample":{"type":"custom.baked"}}`, wrong: []string{"body.sample.type"}},
			{
				does: "a sample is one", with: "event", request: "POST " + path, status: 422,
				body: `{"sample":{"event_id":"$event","type":"contact.created","last":5}}`, wrong: []string{"body.sample.type", "body.sample.last"},
			},
			{does: "a sample is not endless", request: "POST " + path, status: 422, body: `{"sample":{"last":1001}}`, wrong: []string{"body.sample.last"}},
			{does: "an endpoint must be there", with: "webhook", request: "POST /v1/webhooks/$no_webhook/preview", status: 404},
			{does: "a key must have the scope", request: "POST /v1/webhooks/preview", scopes: scopes("webhooks:read", "events:read"), status: 403},
			{
				does: "an endpoint with a transformation is added", request: "POST /v1/webhooks", status: 201,
				body:   `{"url":"https://hooks.example.com/a","event_types":["*"],"transformation":"` + script + `"}`,
				answer: `{"transformation":"` + script + `"}`,
				events: []appended{{"webhook.created", `{"webhook":{"transformation":"` + script + `"}}`}},
			},
			{
				does: "a transformation must run", request: "POST /v1/webhooks", status: 422,
				body:  `{"url":"ftp://hooks.example.com","event_types":["*"],"transformation":"const transform = 1"}`,
				wrong: []string{"body.url", "body.transformation"},
			},
			{
				does: "a transformation is taken away", request: "PATCH /v1/webhooks/$webhook", status: 200, body: `{"transformation":""}`,
				before: []string{`PATCH /v1/webhooks/$webhook {"transformation":"` + script + `"}`},
				answer: `{"transformation":""}`, events: []appended{{"webhook.updated", `{"previous":{"transformation":"` + script + `"}}`}},
			},
		} {
			t.Run(s.does, func(t *testing.T) {
				t.Parallel()
				s.run(t, furnish(t, h.AddOrganization(t)))
			})
		}
	})
}

func TestAPreviewShowsNothingOfAnotherOrganization(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	a, b := furnish(t, h.AddOrganization(t)).whole(), furnish(t, h.AddOrganization(t)).with("webhook")
	everything := b.Do("POST", "/v1/webhooks/preview", `{"event_types":["*"],"sample":{"last":1000}}`).Want(200)
	if everything.Int("examined") != b.Head() {
		t.Errorf("it has %d events: %s", b.Head(), everything)
	}
	for name, id := range a.ids {
		if name != "type" && name != "name" {
			everything.Lacks(id)
		}
	}
	foreign := b.Do("POST", "/v1/webhooks/preview", map[string]any{"sample": map[string]any{"event_id": a.id("event")}})
	checkWrong(t, foreign, []string{"body.sample.event_id"})
	b.Do("POST", "/v1/webhooks/"+a.id("webhook")+"/preview", `{}`).Want(404)
	foreign = b.Do("POST", "/v1/webhooks/preview", map[string]any{"inbox_ids": []parley.InboxID{a.Inbox.ID}})
	checkWrong(t, foreign, []string{"body.inbox_ids[0]"})
}
