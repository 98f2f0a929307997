package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/payload"
	"parley/internal/schema"
)

// trial is what is tried out, as a client sends it.
type trial struct {
	EventTypes     []string         `json:"event_types" write:"update" minItems:"1" maxItems:"200" doc:"Types or patterns, as of an endpoint; left out: all" example:"[\"conversation.*\",\"message.created\"]"`
	InboxIDs       []parley.InboxID `json:"inbox_ids" write:"update" maxItems:"200" doc:"Only events of these inboxes, as inbox_ids of an endpoint has it; empty: all events"`
	Filter         string           `json:"filter" write:"update" maxLength:"4000" doc:"A condition in CEL, as of an endpoint" example:"data.conversation.labels.exists(l, l == 'vip')"`
	Transformation string           `json:"transformation" write:"update" maxLength:"65536" doc:"JavaScript that defines function transform(event), as of an endpoint" example:"function transform(event) { return { text: event.type } }"`
	Format         string           `json:"format" write:"update" enum:"standard,flat,batch,cloudevents" doc:"The payload format, as of an endpoint; left out: standard"`
	Sample         trialSample      `json:"sample" write:"update" doc:"With which events: one of event_id, type and last; left out: the last 100"`
}

type trialSample struct {
	EventID parley.EventID `json:"event_id,omitempty" doc:"With this event of the log"`
	Type    string         `json:"type,omitempty" maxLength:"100" doc:"With the example of this type of event" example:"message.created"`
	Last    int            `json:"last,omitempty" minimum:"1" maximum:"1000" doc:"With the last events of the log, so many"`
}

// usualSample is how many events an endpoint is tried out with.
const usualSample = 100

// Check refuses a sample that is several.
func (s trialSample) Check() (wrong []parley.FieldError) {
	if s.Type != "" && s.EventID != "" {
		wrong = append(wrong, parley.FieldError{Location: "type", Message: "must not be given beside event_id"})
	}
	if s.Last != 0 && (s.EventID != "" || s.Type != "") {
		wrong = append(wrong, parley.FieldError{Location: "last", Message: "must not be given beside event_id or type"})
	}
	return wrong
}

func (a *API) webhookPreviews() {
	const tag, doc = "Webhooks", "Tells for each event of a sample whether it would be sent, what would be sent, and if not, why. " +
		"Nothing is saved and nothing is sent."
	body := a.components.Update(reflect.TypeFor[trial]())
	register(a, operation{
		ID: "preview-new-webhook", Method: http.MethodPost, Path: "/v1/webhooks/preview", Tag: tag, Scope: "webhooks:write",
		Summary: "Try out a filter and a transformation", Doc: doc, Body: body, BodyOptional: true,
	}, func(ctx context.Context, c *call, _ *noParams) (endpoint.Preview, error) {
		return a.preview(ctx, c, nil, parley.Webhook{EventTypes: []string{"*"}, Format: "standard"})
	})
	register(a, operation{
		ID: "preview-webhook", Method: http.MethodPost, Path: "/v1/webhooks/{id}/preview", Tag: tag, Scope: "webhooks:write",
		Summary: "Try out a change to an endpoint", Doc: doc + " What is left out is as the endpoint has it.", Body: body, BodyOptional: true,
	}, func(ctx context.Context, c *call, in *IDParam) (endpoint.Preview, error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return endpoint.Preview{}, err
		}
		w, err := a.Endpoints.Get(ctx, c.Caller.Organization, id)
		if err != nil {
			return endpoint.Preview{}, err
		}
		return a.preview(ctx, c, &w, w)
	})
}

// preview tries out an endpoint with what the body changes.
func (a *API) preview(ctx context.Context, c *call, before *parley.Webhook, w parley.Webhook) (endpoint.Preview, error) {
	wanted := trial{EventTypes: w.EventTypes, InboxIDs: w.InboxIDs, Filter: w.Filter, Transformation: w.Transformation, Format: w.Format}
	if len(c.body) > 0 {
		if err := schema.ReadUpdate(c.body, &wanted); err != nil {
			return endpoint.Preview{}, err
		}
	}
	w.EventTypes, w.InboxIDs, w.Filter = wanted.EventTypes, wanted.InboxIDs, wanted.Filter
	w.Transformation, w.Format = wanted.Transformation, wanted.Format
	sample, err := wanted.Sample.of(c.Caller.Organization, w)
	if err != nil {
		return endpoint.Preview{}, err
	}
	return a.Endpoints.Preview(ctx, c.Caller.Organization, before, w, sample)
}

// of is the sample for an endpoint. An example happens where the endpoint sees it.
func (s trialSample) of(org parley.OrganizationID, w parley.Webhook) (endpoint.Sample, error) {
	if s.Type == "" {
		if s.Last == 0 {
			s.Last = usualSample
		}
		return endpoint.Sample{EventID: s.EventID, Last: s.Last}, nil
	}
	d, ok := parley.Declared(s.Type)
	if !ok {
		return endpoint.Sample{}, parley.InvalidField("body.sample.type",
			"has no example: choose one of the types listed at /v1/event_types; for your own types name an event with event_id")
	}
	return endpoint.Sample{Example: payload.ExampleFor(d, org, w)}, nil
}
