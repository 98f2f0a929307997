package developers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/eventlog"
)

// publication is the form for an event of one's own.
type publication struct {
	Values url.Values
	Errors map[string]string
	Error  string
}

func showPublish(r *page.Request) error {
	p := publication{Values: url.Values{"type": {"custom.invoice_sent"}, "data": {"{\n  \"invoice\": 1042,\n  \"total\": 99.5\n}"}}}
	return r.Page(page.Show{Title: "Publish an event", Current: events, Width: ui.Narrow}, publishPage(p))
}

func publish(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	data := strings.TrimSpace(r.PostForm.Get("data"))
	if data == "" {
		data = "{}"
	}
	made, err := r.Site.Log.Publish(r.Context(), r.Caller(), []eventlog.Publication{{
		Type: strings.TrimSpace(r.PostForm.Get("type")), Key: strings.TrimSpace(r.PostForm.Get("key")), Data: json.RawMessage(data),
	}})
	if err == nil {
		return r.Done(eventAddress(made[0].ID), "The event is in the log, and on its way to the endpoints that want it.")
	}
	p := publication{Values: r.PostForm, Errors: map[string]string{}}
	fields, general := form.Errors(err)
	for name, message := range fields {
		p.Errors[strings.TrimPrefix(name, "events[0].")] = message
	}
	if p.Error = general; len(fields) == 0 && general == "" {
		return err
	}
	return r.Page(page.Show{Title: "Publish an event", Current: events, Width: ui.Narrow, Status: http.StatusUnprocessableEntity}, publishPage(p))
}

// eventsWith is the explorer with a filter.
func eventsWith(name, value string) string {
	return events + "?" + url.Values{name: {value}}.Encode()
}

func emptyReason(l log) string {
	if l.Searched {
		return "Nothing was found in the part of the log that was searched. Go on with the next page, or change the filters."
	}
	return "Change the filters, or wait: events that match appear here at once."
}
