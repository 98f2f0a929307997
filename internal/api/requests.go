package api

import (
	"context"
	"net/http"

	"parley"
	"parley/internal/tally"
)

// SpanParams choose the points of a series.
type SpanParams struct {
	Since      string `query:"since" maxLength:"40" doc:"From when on; by default 24 hours before until" example:"2026-11-20T10:30:00Z"`
	Until      string `query:"until" maxLength:"40" doc:"Up to when; by default now" example:"2026-11-21T10:30:00Z"`
	Resolution string `query:"resolution" enum:"minute,quarter_hour,hour,two_hours,day" default:"hour" doc:"How long a point is: there are 1,500 at most"`
}

// times reads from when to when; nil: as usual.
func (p SpanParams) times() (since, until *parley.Time, err error) {
	if since, err = optionalTime("since", p.Since); err != nil {
		return nil, nil, err
	}
	until, err = optionalTime("until", p.Until)
	return since, until, err
}

type requestParams struct {
	SpanParams
	APIKeyID string `query:"api_key_id" maxLength:"64" doc:"Only requests with this key"`
}

func (a *API) requests() {
	register(a, operation{
		ID: "get-request-stats", Method: http.MethodGet, Path: "/v1/organization/requests", Tag: "Organization",
		Scope: "organization:read", Summary: "Get statistics of the organization's API requests",
		Doc: "How many requests were answered with which status, over time, by all API keys or by one. " +
			"A request counts when it is answered, a stream when it begins. It appears at once, or within 5 seconds if another server process answered it. " +
			"`since` and `until` are widened to whole points. " +
			"They are kept 30 days longer than the log. " +
			"After a crash, up to 5 seconds of them are missing.",
	}, func(ctx context.Context, c *call, in *requestParams) (tally.Requests, error) {
		since, until, err := in.times()
		if err != nil {
			return tally.Requests{}, err
		}
		var key *parley.APIKeyID
		if in.APIKeyID != "" {
			key = new(parley.APIKeyID(in.APIKeyID))
		}
		return a.Tally.Requests(ctx, c.Caller.Organization, key, in.Resolution, since, until)
	})
}
