package developers

import (
	"strings"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/store"
)

// endpointsOnPage is of how many endpoints it is told at once why an event was sent or
// not.
const endpointsOnPage = 50

// oneEvent is what the page of an event shows.
type oneEvent struct {
	*parley.Event
	Related      eventlog.Related
	Names        names.Names
	Known        bool // its type is in the catalogue
	SeesWhy      bool
	MayRedeliver bool
	Why          []endpoint.EventDelivery
	First, Next  string
}

func eventOf(r *page.Request) (parley.EventID, error) {
	id, ok := parley.ParseID[parley.EventID](r.PathValue("id"))
	if !ok {
		return "", parley.Missing("event", r.PathValue("id"))
	}
	return id, nil
}

func showEvent(r *page.Request) error {
	id, err := eventOf(r)
	if err != nil {
		return err
	}
	v := oneEvent{SeesWhy: r.Allows(readWebhooks), MayRedeliver: r.Allows(writeWebhooks)}
	if v.Event, err = r.Site.Log.Get(r.Context(), r.Org(), id); err != nil {
		return err
	}
	_, v.Known = parley.Declared(v.Type)
	if v.Related, err = r.Site.Log.Related(r.Context(), r.Org(), id); err != nil {
		return err
	}
	if err := v.names(r); err != nil {
		return err
	}
	if v.SeesWhy {
		if err := v.why(r); err != nil {
			return err
		}
	}
	return r.Page(page.Show{Title: v.Type, Current: events}, eventPage(v))
}

func (v *oneEvent) names(r *page.Request) (err error) {
	all := append([]*parley.Event{v.Event}, v.Related.Causes...)
	v.Names, err = namesOf(r, append(all, v.Related.Effects...)...)
	return err
}

func (v *oneEvent) why(r *page.Request) (err error) {
	cursor := r.Query("cursor")
	var next string
	if v.Why, next, err = r.Site.Endpoints.Why(r.Context(), r.Org(), v.ID, store.Page{Limit: endpointsOnPage, Cursor: cursor}); err != nil {
		return err
	}
	if cursor != "" {
		v.First = r.With()
	}
	if next != "" {
		v.Next = r.With("cursor", next)
	}
	return nil
}

// fateOf is how the outcome of an event at an endpoint is shown.
func fateOf(f endpoint.Fate) (ui.Tone, string) {
	text := strings.ReplaceAll(string(f), "_", " ")
	switch f {
	case endpoint.FateDelivered:
		return ui.Good, text
	case endpoint.FateFailed:
		return ui.Bad, text
	case endpoint.FateRetrying, endpoint.FateHeld, endpoint.Fate(endpoint.Undecided):
		return ui.Warn, text
	case endpoint.FateSending, endpoint.FateWaiting:
		return ui.Accent, text
	}
	return ui.Plain, text
}

func deliveryAddress(d endpoint.EventDelivery) string {
	return webhooks + "/" + string(d.WebhookID) + "/deliveries/" + string(d.DeliveryID)
}

func redeliver(r *page.Request) error {
	id, err := eventOf(r)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	webhook, ok := parley.ParseID[parley.WebhookID](r.PostForm.Get("webhook"))
	if !ok {
		return parley.InvalidField("body.webhook", "must be an endpoint")
	}
	event, err := r.Site.Log.Get(r.Context(), r.Org(), id)
	if err != nil {
		return err
	}
	if _, err := r.Site.Endpoints.Redeliver(r.Context(), r.Caller(), parley.NewDeliveryID(webhook, event.Sequence)); err != nil {
		return err
	}
	return r.Done(eventAddress(id)+"#why", "The event is sent once more.")
}
