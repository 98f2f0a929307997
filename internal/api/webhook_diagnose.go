package api

import (
	"context"
	"encoding/json"
	"net/http"

	"parley"
	"parley/internal/endpoint"
)

// diagnoseBody is a request that an endpoint is said to have been sent.
type diagnoseBody struct {
	Headers json.RawMessage `json:"headers" required:"true" types:"string,object" doc:"Its headers, by name or as lines «Name: value»; the three that begin with webhook- are looked at" example:"{\"webhook-id\":\"evt_…\",\"webhook-timestamp\":\"1795170600\",\"webhook-signature\":\"v1,…\"}"`
	Body    string          `json:"body" required:"true" doc:"Its body, every character of it" example:"{}"`
}

func (a *API) webhookDiagnoses() {
	action(a, "diagnose", "Tell why a request does not verify", "What is wrong with the headers, time, signature or body of a request that this endpoint was sent, or is said to have been: "+
		"which secret it was signed with, if it is one of the organization's, and how its body differs from what was signed. Nothing is changed, and no secret is told.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, b diagnoseBody) (endpoint.Diagnosis, error) {
			headers := string(b.Headers)
			var lines string
			if json.Unmarshal(b.Headers, &lines) == nil {
				headers = lines
			}
			return a.Endpoints.Diagnose(ctx, c.Caller.Organization, id, headers, []byte(b.Body))
		})
}
