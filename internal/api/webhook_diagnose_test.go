package api_test

import (
	"testing"

	"parley/internal/testing/house"
)

func diagnoses() []scenario {
	const path = "POST /v1/webhooks/$webhook/diagnose"
	return []scenario{
		{
			does: "headers are missing", request: path, body: `{"headers":"webhook-id: evt_1","body":"{}"}`, status: 200,
			answer: `{"verified":false,"findings":[{"kind":"missing_header"},{"kind":"missing_header"}]}`,
		},
		{
			does: "headers by name", request: path, body: `{"headers":{"webhook-id":"evt_1","webhook-timestamp":"soon"},"body":"{}"}`, status: 200,
			answer: `{"verified":false,"findings":[{"kind":"missing_header"},{"kind":"malformed_timestamp"}]}`,
		},
		{does: "there must be headers and a body", request: path, body: `{}`, status: 422, wrong: []string{"body.headers", "body.body"}},
		{does: "headers are no number", request: path, body: `{"headers":1,"body":""}`, status: 422, wrong: []string{"body.headers"}},
		{does: "an endpoint that is none is not diagnosed", request: "POST /v1/webhooks/$no_webhook/diagnose", body: `{"headers":"","body":""}`, status: 404},
		{does: "a scope is needed to diagnose", request: path, body: `{"headers":"","body":""}`, scopes: scopes("webhooks:read"), status: 403},
	}
}

func TestDiagnoses(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for _, s := range diagnoses() {
		t.Run(s.does, func(t *testing.T) {
			t.Parallel()
			s.run(t, furnish(t, h.AddOrganization(t)))
		})
	}
}
