package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/schema"
	"parley/internal/store"
)

// webhookCreate is a new endpoint and where it begins.
type webhookCreate struct {
	parley.Webhook
	Start json.RawMessage `json:"start" write:"create" types:"string,integer" doc:"Where it begins: now, the sequence of the first event to send, or a time; left out: now" example:"\"now\""`
}

// webhookShown is an endpoint with its secret, when that is made.
type webhookShown struct {
	parley.Webhook
	Secret string `json:"secret" doc:"What requests are signed with: shown now and never again" example:"whsec_…"`
}

func (w webhookShown) version() int64 { return w.Sequence }

type webhookAnswer = object[parley.Webhook]

func webhookOf(w parley.Webhook, err error) (webhookAnswer, error) {
	return webhookAnswer{w, store.Webhooks}, err
}

func (a *API) webhooks() {
	const tag, path = "Webhooks", "/v1/webhooks"
	answer := a.components.Answer(reflect.TypeFor[parley.Webhook]())
	register(a, operation{
		ID: "create-webhook", Method: http.MethodPost, Path: path, Tag: tag, Scope: "webhooks:write", Status: http.StatusCreated,
		Summary: "Add a webhook endpoint", Doc: "The answer holds the secret that requests are signed with. It is not shown again.",
		Body: a.components.Create(reflect.TypeFor[webhookCreate]()),
	}, func(ctx context.Context, c *call, _ *noParams) (webhookShown, error) {
		var body webhookCreate
		schema.Defaults(&body)
		if err := schema.ReadCreate(c.body, &body); err != nil {
			return webhookShown{}, err
		}
		var start endpoint.Start
		if len(body.Start) > 0 && string(body.Start) != `"now"` {
			var err error
			if start, err = startOf("body.start", `must be "now", `, body.Start); err != nil {
				return webhookShown{}, err
			}
		}
		w, secret, err := a.Endpoints.Create(ctx, c.Caller, body.Webhook, start)
		return webhookShown{w, string(secret)}, err
	})
	list[parley.Webhook, everything](a, "webhooks", "", a.Endpoints.List)
	register(a, operation{
		ID: "get-webhook", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Scope: "webhooks:read",
		Summary: "Get a webhook endpoint", Answer: answer,
	}, func(ctx context.Context, c *call, in *IDParam) (webhookAnswer, error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return webhookAnswer{}, err
		}
		return webhookOf(a.Endpoints.Get(ctx, c.Caller.Organization, id))
	})
	register(a, operation{
		ID: "update-webhook", Method: http.MethodPatch, Path: path + "/{id}", Tag: tag, Scope: "webhooks:write",
		Summary: "Change a webhook endpoint", Answer: answer,
		Doc: "Fields that are left out stay as they are; `auth`, `verification` and `retry` are replaced as a whole. " +
			"A secret that is sent back as it was shown, `********`, stays as it is.",
		Body: a.components.Update(reflect.TypeFor[parley.Webhook]()), Errors: []int{http.StatusPreconditionFailed},
	}, func(ctx context.Context, c *call, in *changeParams) (webhookAnswer, error) {
		id, version, err := target[parley.WebhookID](in, "webhook endpoint")
		if err != nil {
			return webhookAnswer{}, err
		}
		return webhookOf(a.Endpoints.Update(ctx, c.Caller, id, version, func(w *parley.Webhook) error {
			return schema.ReadUpdate(c.body, w)
		}))
	})
	register(a, operation{
		ID: "delete-webhook", Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Scope: "webhooks:write",
		Summary: "Delete a webhook endpoint", Doc: "The record of its deliveries goes with it.", Status: http.StatusNoContent,
	}, func(ctx context.Context, c *call, in *IDParam) (nothing, error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, a.Endpoints.Delete(ctx, c.Caller, id)
	})
}

// startOf reads a place in the log where an endpoint is to begin.
func startOf(location, must string, raw json.RawMessage) (s endpoint.Start, err error) {
	var seq int64
	if json.Unmarshal(raw, &seq) == nil && seq >= 0 {
		return endpoint.Start{Sequence: &seq}, nil
	}
	var at parley.Time
	if json.Unmarshal(raw, &at) == nil {
		t := at.Std()
		return endpoint.Start{Time: &t}, nil
	}
	return s, parley.InvalidField(location, `%sa sequence (a whole number from 0), or a time like "2026-11-20T10:30:00Z"`, must)
}

type rotateBody struct {
	OverlapSeconds int `json:"overlap_seconds,omitempty" minimum:"0" maximum:"604800" default:"86400" doc:"How long requests are signed with the old secret too"`
}

type resumeBody struct {
	From string `json:"from,omitempty" enum:"held,now" default:"held" doc:"held: with the events that waited; now: only with what happens from now on"`
}

type testBody struct {
	Type string `json:"type,omitempty" maxLength:"100" example:"conversation.created" doc:"Send the example of this type of event, as /v1/event_types has it; left out: webhook.test itself"`
}

// testStarted tells by what the fate of a test can be followed.
type testStarted struct {
	EventID    parley.EventID    `json:"event_id"`
	DeliveryID parley.DeliveryID `json:"delivery_id" doc:"Get /v1/deliveries/{id} to see the endpoint's answer"`
}

func (a *API) webhookActions() {
	action(a, "test", "Send a test event", "Sends this endpoint only, whatever it subscribes to, `webhook.test` or the example of another type. "+
		"An example has the id, sequence and timestamp of the `webhook.test` in the log; the objects it tells of do not exist.", http.StatusAccepted,
		func(ctx context.Context, c *call, id parley.WebhookID, b testBody) (testStarted, error) {
			event, delivery, err := a.Endpoints.Test(ctx, c.Caller, id, b.Type)
			if err != nil {
				return testStarted{}, err
			}
			return testStarted{event.ID, delivery}, nil
		})
	action(a, "pause", "Pause an endpoint", "Its events are held in the log.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, _ nothing) (parley.Webhook, error) {
			return a.Endpoints.Pause(ctx, c.Caller, id)
		})
	action(a, "resume", "Resume an endpoint", "Also one that is failing or disabled.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, b resumeBody) (parley.Webhook, error) {
			return a.Endpoints.Resume(ctx, c.Caller, id, b.From == "now")
		})
	action(a, "rotate_secret", "Give an endpoint a new secret", "During the overlap, requests carry a signature for each secret.", http.StatusOK,
		func(ctx context.Context, c *call, id parley.WebhookID, b rotateBody) (webhookShown, error) {
			w, secret, err := a.Endpoints.Rotate(ctx, c.Caller, id, time.Duration(b.OverlapSeconds)*time.Second)
			return webhookShown{w, string(secret)}, err
		})
}

// action declares a verb of endpoints that is a POST named after it. Its body, a B,
// may be left out.
func action[B, O any](a *API, verb, summary, doc string, status int, do func(context.Context, *call, parley.WebhookID, B) (O, error)) {
	op := operation{
		ID: verbID(verb, "webhook"), Method: http.MethodPost, Path: "/v1/webhooks/{id}/" + verb, Tag: "Webhooks", Scope: "webhooks:write",
		Summary: summary, Doc: doc, Status: status,
	}
	takes[B](a, &op)
	op.BodyOptional = op.Body != nil // what must be given is named, also if all is left out
	register(a, op, func(ctx context.Context, c *call, in *IDParam) (out O, err error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return out, err
		}
		body, err := bodyOf[B](op, c)
		if err != nil {
			return out, err
		}
		return do(ctx, c, id, body)
	})
}
