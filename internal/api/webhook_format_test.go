package api_test

import (
	"testing"

	"parley"
	"parley/internal/payload"
	"parley/internal/testing/house"
)

const typeOnly = `"transformation":"const transform = (event) => event.event || event.type"`

func TestEndpointsHaveAFormat(t *testing.T) {
	t.Parallel()
	const preview = "POST /v1/webhooks/preview"
	ofFormat := func(format, more string) string {
		return `{"url":"https://hooks.example.com/a","event_types":["*"],"format":"` + format + `"` + more + `}`
	}
	h := house.New(t)
	for _, s := range []scenario{
		{
			does: "flat is previewed", with: "conversation", request: preview, status: 200,
			body:   `{"format":"flat","event_types":["conversation.*"],"sample":{"last":1}}`,
			answer: `{"results":[{"type":"conversation.created","body":{"event":"conversation.created","data":{"id":"$conversation","workspaceId":"$org","status":"active"}}}]}`,
		},
		{
			does: "a batch is previewed with one event", request: preview, status: 200,
			body:   `{"format":"batch","sample":{"type":"note.created"}}`,
			answer: `{"results":[{"type":"note.created","body":{"events":[{"event":{"type":"note","payload":{"note":"Asked the warehouse."}}}]}}]}`,
		},
		{
			does: "a cloud event is previewed", with: "event", request: preview, status: 200,
			body:   `{"format":"cloudevents","sample":{"event_id":"$event"}}`,
			answer: `{"results":[{"body":{"specversion":"1.0","id":"$event","type":"parley.custom.baked","subject":"oven-1","data":{"loaves":12}}}]}`,
		},
		{
			does: "a transformation is given what would be sent", request: preview, status: 200,
			body:   `{"format":"flat",` + typeOnly + `,"sample":{"type":"conversation.resolved"}}`,
			answer: `{"results":[{"outcome":"sent","body":"conversation.completed"}]}`,
		},
		{
			does: "a transformation is given a cloud event", request: preview, status: 200,
			body:   `{"format":"cloudevents",` + typeOnly + `,"sample":{"type":"webhook.test"}}`,
			answer: `{"results":[{"outcome":"sent","body":"parley.webhook.test"}]}`,
		},
		{
			does: "a filter speaks of the event itself", with: "event", request: preview, status: 200,
			body:   `{"format":"batch","event_types":["custom.*"],"filter":"data.loaves == 12","sample":{"event_id":"$event"}}`,
			answer: `{"matched":1,"results":[{"outcome":"sent","body":{"events":[{"event":{"type":"custom.baked"},"conversation":null,"visitor":null}]}}]}`,
		},
		{does: "a batch is not transformed in a preview", request: preview, status: 422, body: `{"format":"batch",` + typeOnly + `}`, wrong: []string{"body.transformation"}},
		{does: "a batch is not transformed", request: "POST /v1/webhooks", status: 422, body: ofFormat("batch", ","+typeOnly), wrong: []string{"body.transformation"}},
		{
			does: "a batch is not transformed later", request: "PATCH /v1/webhooks/$batch", status: 422,
			body: `{` + typeOnly + `}`, wrong: []string{"body.transformation"},
		},
		{does: "a blank transformation is none", request: "POST /v1/webhooks", status: 201, body: ofFormat("batch", `,"transformation":" "`), events: []appended{{"webhook.created", `{"webhook":{"format":"batch","transformation":""}}`}}},
		{does: "a preview knows no other format", request: preview, status: 422, body: `{"format":"xml"}`, wrong: []string{"body.format"}},
		{does: "a format stays", request: "PATCH /v1/webhooks/$webhook", status: 422, body: `{"format":"flat"}`, wrong: []string{"body.format"}},
		{does: "a format stays in a preview too", request: "POST /v1/webhooks/$webhook/preview", status: 422, body: `{"format":"flat"}`, wrong: []string{"body.format"}},
		{does: "a format may be named again", request: "POST /v1/webhooks/$webhook/preview", status: 200, body: `{"format":"standard"}`},
	} {
		t.Run(s.does, func(t *testing.T) {
			t.Parallel()
			s.run(t, furnish(t, h.AddOrganization(t)))
		})
	}
	for _, f := range payload.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			c := h.AddOrganization(t)
			id := c.Make("/v1/webhooks", ofFormat(f.Name, "")).Includes(`{"format":"` + f.Name + `"}`).Text("id")
			c.Do("POST", "/v1/webhooks/preview", `{"format":"`+f.Name+`"}`).Want(200)
			c.Do("POST", "/v1/webhooks/"+id+"/test", "").Want(202)
			test := c.Events(c.Head() - 1)[0]
			want, err := f.Body(parley.WebhookID(id), test)
			if err != nil || test.Type != "webhook.test" {
				t.Fatalf("%s: %v", test.Type, err)
			}
			c.Do("POST", "/v1/webhooks/"+id+"/preview", `{"sample":{"event_id":"`+string(test.ID)+`"}}`).Want(200).
				Includes(`{"results":[{"outcome":"sent","body":` + string(want) + `}]}`)
		})
	}
}
