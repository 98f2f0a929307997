package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"parley"
	"parley/internal/store"
)

type deliveryList struct {
	IDParam
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many deliveries a page has at most"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before"`
	Status string `query:"status" enum:"delivered,retrying,failed,skipped" doc:"Only deliveries of this status"`
	Types  string `query:"types" maxLength:"4000" doc:"Only deliveries of these types of event, separated by commas; conversation.* is all of a noun" example:"conversation.*,message.created"`
}

func (a *API) deliveries() {
	const tag = "Deliveries"
	t := reflect.TypeFor[parley.Delivery]()
	register(a, operation{
		ID: "list-deliveries", Method: http.MethodGet, Path: "/v1/webhooks/{id}/deliveries", Tag: tag, Scope: "webhooks:read",
		Summary: "List the deliveries of an endpoint", Doc: "The newest event comes first. Events that wait in the log are not deliveries yet.",
		Answer: a.pageSchema(t),
	}, func(ctx context.Context, c *call, in *deliveryList) (page[parley.Delivery], error) {
		id, err := pathID[parley.WebhookID](in.ID, "webhook endpoint")
		if err != nil {
			return page[parley.Delivery]{}, err
		}
		list := store.ListName("deliveries", id, in.Status, in.Types)
		var before int64
		if in.Cursor != "" {
			if before, err = store.DecodeSequence(list, in.Cursor); err != nil {
				return page[parley.Delivery]{}, err
			}
		}
		types, err := typeFilter(in.Types)
		if err != nil {
			return page[parley.Delivery]{}, err
		}
		ds, more, err := a.Endpoints.Deliveries(ctx, c.Caller.Organization, id, in.Status, types, before, in.Limit)
		next := ""
		if more {
			next = store.EncodeCursor(list, strconv.FormatInt(ds[len(ds)-1].EventSequence, 10))
		}
		return pageOf(ds, next, err)
	})
	register(a, operation{
		ID: "get-delivery", Method: http.MethodGet, Path: "/v1/deliveries/{id}", Tag: tag, Scope: "webhooks:read",
		Summary: "Get a delivery with its attempts",
	}, func(ctx context.Context, c *call, in *IDParam) (parley.Delivery, error) {
		id, err := pathID[parley.DeliveryID](in.ID, "delivery")
		if err != nil {
			return parley.Delivery{}, err
		}
		return a.Endpoints.Delivery(ctx, c.Caller.Organization, id)
	})
	register(a, operation{
		ID: "redeliver", Method: http.MethodPost, Path: "/v1/deliveries/{id}/redeliver", Tag: tag, Scope: "webhooks:write",
		Summary: "Send an event to an endpoint once more", Doc: "Whatever became of it before. An endpoint that is paused, disabled, failing or unverified is sent it when it is sent events again.", Status: http.StatusAccepted,
	}, func(ctx context.Context, c *call, in *IDParam) (parley.Delivery, error) {
		id, err := pathID[parley.DeliveryID](in.ID, "delivery")
		if err != nil {
			return parley.Delivery{}, err
		}
		return a.Endpoints.Redeliver(ctx, c.Caller, id)
	})
}
