package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
)

type deliveryList struct {
	IDParam
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many deliveries a page has at most"`
	Cursor string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before"`
	Status string `query:"status" enum:"delivered,retrying,failed,skipped" doc:"Only deliveries of this status"`
	Types  string `query:"types" maxLength:"4000" doc:"Only deliveries of these types of event, separated by commas; conversation.* is all of a noun" example:"conversation.*,message.created"`
	Since  string `query:"since" maxLength:"40" doc:"Only deliveries of events that happened at or after this time" example:"2026-11-20T10:30:00Z"`
	Until  string `query:"until" maxLength:"40" doc:"Only deliveries of events that happened before this time" example:"2026-11-21T10:30:00Z"`
}

// wanted reads which deliveries are asked for.
func (l *deliveryList) wanted() (w endpoint.Wanted, err error) {
	w.Status = l.Status
	if w.Types, err = typeFilter(l.Types); err != nil {
		return w, err
	}
	for _, t := range []struct {
		name, text string
		to         **time.Time
	}{{"since", l.Since, &w.Since}, {"until", l.Until, &w.Until}} {
		if t.text == "" {
			continue
		}
		at, err := queryTime(t.name, t.text)
		if err != nil {
			return w, err
		}
		*t.to = &at
	}
	return w, nil
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
		list := store.ListName("deliveries", id, in.Status, in.Types, in.Since, in.Until)
		var before int64
		if in.Cursor != "" {
			if before, err = store.DecodeSequence(list, in.Cursor); err != nil {
				return page[parley.Delivery]{}, err
			}
		}
		which, err := in.wanted()
		if err != nil {
			return page[parley.Delivery]{}, err
		}
		ds, more, err := a.Endpoints.Deliveries(ctx, c.Caller.Organization, id, which, before, in.Limit)
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
