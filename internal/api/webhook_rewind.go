package api

import (
	"context"
	"encoding/json"
	"net/http"

	"parley"
	"parley/internal/endpoint"
)

type rewindBody struct {
	To     json.RawMessage `json:"to" required:"true" types:"string,integer" doc:"Where to go back to: the sequence of the first event to send again, or a time like 2026-11-20T10:30:00Z" example:"1"`
	Pace   *int            `json:"pace,omitempty" minimum:"1" maximum:"10000" doc:"How many events a second to send at most until it is back where it was; left out: as many as the endpoint takes" example:"100"`
	DryRun bool            `json:"dry_run,omitempty" doc:"Change nothing and only say how many events it would be"`
}

type rewindAnswer struct {
	Webhook  parley.Webhook `json:"webhook"`
	Events   int64          `json:"events" doc:"How many events of the log lie on the way" example:"10"`
	Matching *int64         `json:"matching" doc:"With dry_run: how many of them would be sent, by what the endpoint subscribes to now"`
	Examined *int64         `json:"examined" doc:"With dry_run: how many were looked at for that, the earliest; at most 100,000"`
}

func (a *API) webhookRewinds() {
	action(a, "rewind", "Rewind an endpoint", "Its cursor moves back, and all that it was sent since is sent again, in order, before what is new. "+
		"The endpoint's `rewind` tells how far it has come. Its receivers know a repeated event by its `webhook-id`.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, b rewindBody) (rewindAnswer, error) {
			to, err := startOf("body.to", "must be ", b.To)
			if err != nil {
				return rewindAnswer{}, err
			}
			r, err := a.Endpoints.Rewind(ctx, c.Caller, id, to, b.Pace, b.DryRun)
			return rewindAnswerOf(r, b.DryRun), err
		})
	action(a, "cancel_rewind", "Cancel a rewind", "The endpoint goes on from where it stood before it was rewound.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, _ nothing) (parley.Webhook, error) {
			return a.Endpoints.CancelRewind(ctx, c.Caller, id)
		})
}

func rewindAnswerOf(r endpoint.Rewound, dryRun bool) rewindAnswer {
	answer := rewindAnswer{Webhook: r.Webhook, Events: r.Events}
	if dryRun {
		answer.Matching, answer.Examined = &r.Matching, &r.Counted
	}
	return answer
}
