package api

import (
	"context"
	"net/http"

	"parley"
	"parley/internal/endpoint"
)

type statsParams struct {
	IDParam
	Since      string `query:"since" maxLength:"40" doc:"From when on; by default 24 hours before until" example:"2026-11-20T10:30:00Z"`
	Until      string `query:"until" maxLength:"40" doc:"Up to when; by default now" example:"2026-11-21T10:30:00Z"`
	Resolution string `query:"resolution" enum:"minute,hour,day" default:"hour" doc:"How long a point is: there are 1,500 at most"`
}

func (a *API) webhookStats() {
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
		since, err := optionalTime("since", in.Since)
		if err != nil {
			return endpoint.Stats{}, err
		}
		until, err := optionalTime("until", in.Until)
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
