package api

import (
	"context"
	"fmt"
	"net/http"

	"parley"
	"parley/internal/store"
)

// redeliverFailedBody chooses failed deliveries; what is left out does not matter.
type redeliverFailedBody struct {
	Since       *parley.Time `json:"since,omitempty" doc:"Only those whose last attempt was made at this time or later"`
	Until       *parley.Time `json:"until,omitempty" doc:"Only those whose last attempt was made before this time"`
	EventTypes  []string     `json:"event_types,omitempty" maxItems:"200" doc:"Only of these types or patterns: conversation.created, conversation.*" example:"[\"conversation.*\"]"`
	StatusCodes []int        `json:"status_codes,omitempty" maxItems:"100" minimum:"0" maximum:"999" doc:"Only those whose last attempt was answered with one of these statuses; 0: was not answered" example:"[0,502,503]"`
	Limit       int          `json:"limit,omitempty" minimum:"1" maximum:"10000" default:"10000" doc:"How many at most, those of the oldest events first"`
	DryRun      bool         `json:"dry_run,omitempty" doc:"Only count them, up to the limit: nothing is sent"`
}

// redeliveredFailed tells how many deliveries are made again.
type redeliveredFailed struct {
	Count int  `json:"count" doc:"How many deliveries are made again, or would be" example:"12"`
	More  bool `json:"more" doc:"Whether there are others that the limit left out: ask again" example:"false"`
}

func (a *API) webhookRedeliveries() {
	action(a, "redeliver_failed", "Make failed deliveries again", "Those of the oldest events go first. An endpoint that is paused, disabled, failing or "+
		"unverified is sent them when it is sent events again. A delivery that fails once more is failed again: it has no retries left. "+
		"All of them are due once the answer is here, also if the server is restarted.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, b redeliverFailedBody) (redeliveredFailed, error) {
			if err := b.check(); err != nil {
				return redeliveredFailed{}, err
			}
			which := store.Failures{Since: b.Since, Until: b.Until, Types: b.EventTypes, StatusCodes: b.StatusCodes}
			r, err := a.Endpoints.RedeliverFailed(ctx, c.Caller, id, which, b.Limit, b.DryRun)
			return redeliveredFailed(r), err
		})
}

func (b redeliverFailedBody) check() error {
	if b.Since != nil && b.Until != nil && *b.Until <= *b.Since {
		return parley.InvalidField("body.until", "must be later than since")
	}
	for i, pattern := range b.EventTypes {
		if !parley.ValidPattern(pattern) {
			return parley.InvalidField(fmt.Sprintf("body.event_types[%d]", i), "is no type of event and no pattern such as conversation.*: the types are listed at /v1/event_types")
		}
	}
	return nil
}
