package developers

import (
	"context"
	"time"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/tally"
)

// spans are the times that can be looked at.
var spans = []struct {
	Name, Text, Said string
	Resolution       string
	Long             time.Duration
}{
	{"1h", "Last hour", "in the last hour", "minute", time.Hour},
	{"24h", "24 hours", "in the last 24 hours", "hour", 24 * time.Hour},
	{"7d", "7 days", "in the last 7 days", "two_hours", 7 * 24 * time.Hour},
}

const latestShown = 8

// overview is what the overview shows.
type overview struct {
	Span, Said string
	Deliveries endpoint.Overview
	Requests   tally.Requests
	Part       string
	Latest     latest
	Guide      *guide // for an organization that has no endpoint yet
}

// latest are the latest events.
type latest struct {
	Events []*parley.Event
	Names  names.Names
}

// guide tells how far somebody has come on the way to a first webhook.
type guide struct {
	HasKey, HasEvent bool
	Base             string
}

func showOverview(r *page.Request) error {
	l, err := readLatest(r)
	if err != nil {
		return err
	}
	if r.Partial() && r.Query("part") == "latest" {
		return r.Part(latestPart(l))
	}
	o := overview{Latest: l}
	if err := o.read(r); err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(standing(o))
	}
	if o.endpoints() == 0 {
		if o.Guide, err = readGuide(r, len(l.Events) > 0); err != nil {
			return err
		}
	}
	return r.Page(page.Show{Title: "Developers", Current: home}, overviewPage(o))
}

func (o *overview) read(r *page.Request) (err error) {
	span := spans[1]
	for _, s := range spans {
		if s.Name == r.Query("range") {
			span = s
		}
	}
	o.Span, o.Said, o.Part = span.Name, span.Said, home+"?range="+span.Name
	since := parley.Now().Add(-span.Long)
	if o.Deliveries, err = r.Site.Endpoints.Overview(r.Context(), r.Org(), span.Resolution, &since, nil); err != nil {
		return err
	}
	o.Requests, err = r.Site.Tally.Requests(r.Context(), r.Org(), nil, span.Resolution, &since, nil)
	return err
}

func readLatest(r *page.Request) (l latest, err error) {
	l.Events, _, err = r.Site.Log.Search(r.Context(), r.Org(), eventlog.Search{NewestFirst: true, Limit: latestShown})
	if err != nil {
		return l, err
	}
	l.Names, err = namesOf(r, l.Events...)
	return l, err
}

func readGuide(r *page.Request, happened bool) (*guide, error) {
	n, err := store.APIKeys.Count(r.Context(), r.Site.DB.Read(), r.Org(), store.Where("revoked_at is null"), 1)
	return &guide{HasKey: n > 0, HasEvent: happened, Base: r.Base()}, err
}

func (o overview) endpoints() int {
	c := o.Deliveries.Endpoints
	return c.Active + c.Failing + c.Disabled + c.Paused + c.Unverified
}

// moments are when the steps of the deliveries begin.
func (o overview) moments() (at []parley.Time) {
	for _, p := range o.Deliveries.Data {
		at = append(at, p.At)
	}
	return at
}

// outcomes are what became of attempts, step by step.
func (o overview) outcomes() []ui.Series {
	all := []ui.Series{{Name: "Delivered", Tone: ui.Good}, {Name: "Retried", Tone: ui.Warn}, {Name: "Failed", Tone: ui.Bad}}
	for _, p := range o.Deliveries.Data {
		for i, n := range []int64{p.Delivered, p.Retried, p.Failed} {
			all[i].Values = append(all[i].Values, float64(n))
		}
	}
	return all
}

// rates are the shares of attempts that were answered well, in percent; where nothing
// was sent, nothing went wrong.
func (o overview) rates() []ui.Series {
	s := ui.Series{Name: "Answered with 2xx", Tone: ui.Good}
	for _, p := range o.Deliveries.Data {
		rate := 100.0
		if n := p.Delivered + p.Retried + p.Failed; n > 0 {
			rate = 100 * float64(p.Delivered) / float64(n)
		}
		s.Values = append(s.Values, rate)
	}
	return []ui.Series{s}
}

func (o overview) latencies() []ui.Series {
	all := []ui.Series{{Name: "Half take less (p50)", Tone: ui.Accent}, {Name: "95 % take less (p95)", Tone: ui.Warn}}
	for _, p := range o.Deliveries.Data {
		var half, most float64
		if p.LatencyMS != nil {
			half, most = p.LatencyMS.P50, p.LatencyMS.P95
		}
		all[0].Values, all[1].Values = append(all[0].Values, half), append(all[1].Values, most)
	}
	return all
}

// answers are how API requests were answered, step by step.
func (o overview) answers() (moments []parley.Time, all []ui.Series) {
	all = []ui.Series{{Name: "Succeeded", Tone: ui.Good}, {Name: "Refused (4xx)", Tone: ui.Warn}, {Name: "Failed (5xx)", Tone: ui.Bad}}
	for _, p := range o.Requests.Data {
		moments = append(moments, p.At)
		well := p.Succeeded + p.Redirected
		for i, n := range []int64{well, p.Total - well - p.Failed, p.Failed} {
			all[i].Values = append(all[i].Values, float64(n))
		}
	}
	return moments, all
}

// refusals are the statuses that refused requests, with how many there were of each.
func (o overview) refusals() (all []refusal) {
	t := o.Requests.Totals
	for _, one := range []refusal{
		{"401", "unknown or expired key", t.Unauthorized},
		{"403", "missing scope", t.Forbidden},
		{"404", "not found", t.NotFound},
		{"409", "conflict", t.Conflicting},
		{"422", "invalid", t.Invalid},
		{"429", "too many", t.TooMany},
		{"other 4xx", "refused", t.OtherwiseRefused},
		{"5xx", "our fault", t.Failed},
	} {
		if one.Count > 0 {
			all = append(all, one)
		}
	}
	return all
}

type refusal struct {
	Status, Text string
	Count        int64
}

// lag is how far the endpoint that is furthest behind is behind.
func (o overview) lag() (n int64) {
	for _, h := range o.Deliveries.Behind {
		n = max(n, h.Lag)
	}
	return n
}

// mark is a moment of a series, as the table of it says it.
func mark(ctx context.Context, at parley.Time, span string) string {
	layout := "15:04"
	if span == "7d" {
		layout = "2 Jan, 15:04"
	}
	return at.Std().In(ui.Zone(ctx)).Format(layout)
}
