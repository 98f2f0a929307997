package webhooks

import (
	"net/url"
	"strconv"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// deliveriesOnPage is how many deliveries a page shows.
const deliveriesOnPage = 25

// countedFailures is up to how many failed deliveries are counted.
const countedFailures = 1000

// activity is what an endpoint was sent: figures over a time, and its deliveries.
type activity struct {
	ID         parley.WebhookID
	Span       string // of the figures
	Stats      endpoint.Stats
	Deliveries []parley.Delivery
	Failed     endpoint.Redelivered // that are kept, and can be made again
	Wanted     url.Values           // what is filtered by
	First      string
	Next       string
	Part       string // the address of this part
	MayWrite   bool
	Held       bool // it is sent nothing for now
}

func (a activity) version() string {
	return version(a.Stats.Since, a.Stats.Totals, a.Deliveries, a.Failed, a.Next, a.Held)
}

// filtered tells whether deliveries may be hidden.
func (a activity) filtered() bool { return len(a.Wanted) > 0 }

// with is the address of the page with another span, and the same filters.
func (a activity) with(span string) string {
	q := url.Values{"range": {span}}
	for name, values := range a.Wanted {
		q[name] = values
	}
	return address(a.ID, "?"+q.Encode())
}

func showActivity(r *page.Request) error {
	w, err := endpointOf(r)
	if gone(r, err) {
		return r.Part(gonePart("activity", ""))
	}
	if err != nil {
		return err
	}
	a, err := readActivity(r, w)
	if err != nil || unchanged(r, a.version()) {
		return err
	}
	return r.Part(activityPart(a))
}

func readActivity(r *page.Request, w parley.Webhook) (a activity, err error) {
	a = activity{ID: w.ID, Span: spans[0].Name, Wanted: url.Values{}, MayWrite: r.Allows(writing), Held: w.Status != parley.EndpointActive}
	span := spans[0]
	for _, s := range spans {
		if s.Name == r.Query("range") {
			span, a.Span = s, s.Name
		}
	}
	since := parley.Now().Add(-span.Long)
	if a.Stats, err = r.Site.Endpoints.Stats(r.Context(), r.Org(), w.ID, span.Resolution, &since, nil); err != nil {
		return a, err
	}
	if err := a.readDeliveries(r, w.ID); err != nil {
		return a, err
	}
	a.Failed, err = r.Site.Endpoints.RedeliverFailed(r.Context(), r.Caller(), w.ID, store.Failures{}, countedFailures, true)
	return a, err
}

// readDeliveries reads a page of those that are wanted.
func (a *activity) readDeliveries(r *page.Request, id parley.WebhookID) (err error) {
	var which endpoint.Wanted
	for _, name := range []string{"status", "type", "since", "until"} {
		if value := r.Query(name); value != "" {
			a.Wanted.Set(name, value)
		}
	}
	which.Status = a.Wanted.Get("status")
	if pattern := a.Wanted.Get("type"); pattern != "" {
		which.Types = parley.Patterns{pattern}
	}
	if which.Since, err = day(r, "since", 0); err != nil {
		return err
	}
	if which.Until, err = day(r, "until", 1); err != nil {
		return err
	}
	list := store.ListName("deliveries", id, a.Wanted.Encode())
	var before int64
	q := url.Values{"range": {a.Span}}
	for name, values := range a.Wanted {
		q[name] = values
	}
	if cursor := r.Query("cursor"); cursor != "" {
		if before, err = store.DecodeSequence(list, cursor); err != nil {
			return err
		}
		a.First = address(id, "?"+q.Encode()+"#deliveries")
		q.Set("cursor", cursor)
	}
	a.Part = address(id, "/activity?"+q.Encode())
	ds, more, err := r.Site.Endpoints.Deliveries(r.Context(), r.Org(), id, which, before, deliveriesOnPage)
	if a.Deliveries = ds; err == nil && more {
		q.Set("cursor", store.EncodeCursor(list, strconv.FormatInt(ds[len(ds)-1].EventSequence, 10)))
		a.Next = address(id, "?"+q.Encode()+"#deliveries")
	}
	return err
}

// day is a day of the query in the viewer's zone, or so many after it; nil for none.
func day(r *page.Request, name string, after int) (*time.Time, error) {
	text := r.Query(name)
	if text == "" {
		return nil, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, r.Zone())
	if err != nil {
		return nil, parley.InvalidField("query."+name, "must be a day, such as 2026-11-20")
	}
	at = at.AddDate(0, 0, after)
	return &at, nil
}

func (a activity) moments() (at []parley.Time) {
	for _, p := range a.Stats.Data {
		at = append(at, p.At)
	}
	return at
}

// attempts are what the chart of attempts shows.
func (a activity) attempts() []ui.Series {
	delivered, retried, failed := ui.Series{Name: "Delivered", Tone: ui.Good}, ui.Series{Name: "Failed, tried again", Tone: ui.Warn}, ui.Series{Name: "Failed for good", Tone: ui.Bad}
	for _, p := range a.Stats.Data {
		delivered.Values = append(delivered.Values, float64(p.Delivered))
		retried.Values = append(retried.Values, float64(p.Retried))
		failed.Values = append(failed.Values, float64(p.Failed))
	}
	return []ui.Series{delivered, retried, failed}
}

// latencies are what the chart of latencies shows; 0 where nothing was sent.
func (a activity) latencies() []ui.Series {
	p50, p95 := ui.Series{Name: "p50", Tone: ui.Accent}, ui.Series{Name: "p95", Tone: ui.Warn}
	for _, p := range a.Stats.Data {
		l := endpoint.Percentiles{P50: ui.Nothing, P95: ui.Nothing}
		if p.LatencyMS != nil {
			l = *p.LatencyMS
		}
		p50.Values, p95.Values = append(p50.Values, l.P50), append(p95.Values, l.P95)
	}
	return []ui.Series{p50, p95}
}

// failures are how many failed deliveries can be made again, in words.
func (a activity) failures() string {
	if a.Failed.More {
		return "over " + count(int64(a.Failed.Count))
	}
	return strconv.Itoa(a.Failed.Count)
}
