package api

import (
	"context"
	"net/http"

	"parley"
	"parley/internal/endpoint"
)

type statsParams struct {
	IDParam
	SpanParams
}

func (a *API) webhookStats() {
	register(a, operation{
		ID: "get-webhooks-overview", Method: http.MethodGet, Path: "/v1/webhooks/stats", Tag: "Webhooks", Scope: "webhooks:read",
		Summary: "Get statistics of all endpoints together",
		Doc: "How many attempts ended how and how long they took, over time, and which endpoints are failing, disabled, unverified or behind now. " +
			"Otherwise like the statistics of one endpoint.",
	}, func(ctx context.Context, c *call, in *SpanParams) (endpoint.Overview, error) {
		since, until, err := in.times()
		if err != nil {
			return endpoint.Overview{}, err
		}
		return a.Endpoints.Overview(ctx, c.Caller.Organization, in.Resolution, since, until)
	})
	register(a, operation{
		ID: "get-webhook-stats", Method: http.MethodGet, Path: "/v1/webhooks/{id}/stats", Tag: "Webhooks", Scope: "webhooks:read",
		Summary: "Get statistics of an endpoint",
		Doc: "How many attempts ended how, how long they took and how far the endpoint was behind, over time. " +
			"An attempt counts when it ends, and appears within 5 seconds. " +
			"`since` and `until` are widened to whole points. " +
			"Statistics are kept 30 days longer than the record of deliveries. " +
			"After a crash, up to 5 seconds of them are missing.",
	}, func(ctx context.Context, c *call, in *statsParams) (endpoint.Stats, error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return endpoint.Stats{}, err
		}
		since, until, err := in.times()
		if err != nil {
			return endpoint.Stats{}, err
		}
		return a.Endpoints.Stats(ctx, c.Caller.Organization, id, in.Resolution, since, until)
	})
}

// optionalTime reads a time of the query that may be left out.
func optionalTime(name, text string) (*parley.Time, error) {
	if text == "" {
		return nil, nil
	}
	t, err := queryTime(name, text)
	if err != nil {
		return nil, err
	}
	return new(parley.At(t)), nil
}
