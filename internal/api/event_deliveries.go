package api

import (
	"context"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
)

type eventDeliveryList struct {
	IDParam
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many endpoints a page has at most"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before"`
}

func (a *API) eventDeliveries() {
	register(a, operation{
		ID: "list-event-deliveries", Method: http.MethodGet, Path: "/v1/events/{id}/deliveries", Tag: "Deliveries", Scope: "webhooks:read",
		Summary: "Tell what became of an event",
		Doc: "At every endpoint of the organization, the newest first: delivered, on its way, waiting and for what, not for the endpoint and by " +
			"which of its settings, and so on. What the settings decide is told by the settings as they are now.",
		Answer: a.pageSchema(reflect.TypeFor[endpoint.EventDelivery]()),
	}, func(ctx context.Context, c *call, in *eventDeliveryList) (page[endpoint.EventDelivery], error) {
		id, err := pathID[parley.EventID](in.ID, "event")
		if err != nil {
			return page[endpoint.EventDelivery]{}, err
		}
		ds, next, err := a.Endpoints.Why(ctx, c.Caller.Organization, id, store.Page{Limit: in.Limit, Cursor: in.Cursor})
		return pageOf(ds, next, err)
	})
}
