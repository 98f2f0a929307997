package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
)

// relatedEvents is the shape of a relation, as the document has it.
type relatedEvents struct {
	Causes     []parley.Envelope `json:"causes" doc:"Its cause first, then the cause of that, and so on, 10 at most; none if a person or a client made the change"`
	CausesCut  bool              `json:"causes_cut" doc:"There is another cause beyond these, which is not shown or no longer kept"`
	Effects    []parley.Envelope `json:"effects" doc:"The events whose cause it is, in order of sequence, 100 at most"`
	EffectsCut bool              `json:"effects_cut" doc:"There may be more: only so much of the log is searched"`
}

// relation is the same with the events as they are kept.
type relation struct {
	Causes     []*parley.Event `json:"causes"`
	CausesCut  bool            `json:"causes_cut"`
	Effects    []*parley.Event `json:"effects"`
	EffectsCut bool            `json:"effects_cut"`
}

func (a *API) eventRelations() {
	register(a, operation{
		ID: "get-related-events", Method: http.MethodGet, Path: "/v1/events/{id}/related", Tag: "Events", Scope: "events:read",
		Summary: "Tell what led to an event, and what it led to",
		Doc:     "By `cause`: rules, flows and cadences name the event that they acted on.",
		Answer:  a.components.Answer(reflect.TypeFor[relatedEvents]()),
	}, func(ctx context.Context, c *call, in *IDParam) (relation, error) {
		id, err := pathID[parley.EventID](in.ID, "event")
		if err != nil {
			return relation{}, err
		}
		r, err := a.Log.Related(ctx, c.Caller.Organization, id)
		return relation{append([]*parley.Event{}, r.Causes...), r.CausesCut, append([]*parley.Event{}, r.Effects...), r.EffectsCut}, err
	})
}
