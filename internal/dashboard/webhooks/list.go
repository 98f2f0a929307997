package webhooks

import (
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// onPage is how many endpoints a page shows: each is looked at closely.
const onPage = 25

// row is an endpoint of the list, with how it fared in the last hour.
type row struct {
	parley.Webhook
	Since   parley.Time // when it came to have its status
	Totals  endpoint.StatsTotals
	Bars    []bar
	Trouble string // what the last delivery that failed, or is tried again, failed at
}

// bar is five minutes.
type bar struct{ Delivered, Failed int64 }

type list struct {
	Rows                []row
	Q, Status           string
	First, Next, Self   string
	Overview            endpoint.EndpointCounts
	Base                string
	MayWrite, IsPartial bool
}

func (l list) filtered() bool { return l.Q != "" || l.Status != "" }

func (l list) version() string { return version(l.Rows, l.Next) }

var statuses = []parley.EndpointStatus{parley.EndpointActive, parley.EndpointFailing, parley.EndpointDisabled, parley.EndpointPaused, parley.EndpointUnverified}

func showList(r *page.Request) error {
	l, err := readList(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		if unchanged(r, l.version()) {
			return nil
		}
		return r.Part(listPart(l))
	}
	return r.Page(page.Show{Title: "Webhooks", Current: home}, listPage(l))
}

func readList(r *page.Request) (l list, err error) {
	l = list{Q: strings.TrimSpace(r.Query("q")), Status: r.Query("status"), Base: r.Base(), MayWrite: r.Allows(writing)}
	var f store.Filter
	if l.Q != "" {
		part := "%" + likeEscape.Replace(l.Q) + "%"
		f.And(`(lower(url) like lower(?) escape '\' or lower(description) like lower(?) escape '\' or id = ?)`, part, part, l.Q)
	}
	if l.Status != "" {
		f.And("status = ?", l.Status)
	}
	cursor := r.Query("cursor")
	ws, next, err := r.Site.Endpoints.List(r.Context(), r.Org(), store.Page{Limit: onPage, Cursor: cursor}, f)
	if err != nil {
		return l, err
	}
	if cursor != "" {
		l.First = r.With("v", "")
	}
	if next != "" {
		l.Next = r.With("cursor", next, "v", "")
	}
	l.Self = r.With("cursor", cursor, "v", "")
	ids := make([]parley.WebhookID, len(ws))
	for i, w := range ws {
		ids[i] = w.ID
	}
	healths, err := r.Site.Endpoints.Healths(r.Context(), r.Org(), ids...)
	if err != nil {
		return l, err
	}
	for _, w := range ws {
		one, err := rowOf(r, w)
		if err != nil {
			return l, err
		}
		one.Since = healths[w.ID].Since
		l.Rows = append(l.Rows, one)
	}
	return l, nil
}

var likeEscape = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// rowOf looks at the last hour of an endpoint.
func rowOf(r *page.Request, w parley.Webhook) (row, error) {
	one := row{Webhook: w, Bars: make([]bar, 12)}
	since := parley.Now().Add(-hour)
	stats, err := r.Site.Endpoints.Stats(r.Context(), r.Org(), w.ID, "minute", &since, nil)
	if parley.KindOf(err) == parley.NotFound {
		return one, nil // deleted meanwhile
	}
	if err != nil {
		return one, err
	}
	one.Totals = stats.Totals
	for i, p := range stats.Data {
		b := &one.Bars[i*len(one.Bars)/len(stats.Data)]
		b.Delivered += p.Delivered
		b.Failed += p.Failed + p.Retried
	}
	if stats.Totals.Failed+stats.Totals.Retried > 0 || w.Status == parley.EndpointFailing || w.Status == parley.EndpointDisabled {
		one.Trouble, err = troubleOf(r, w.ID)
	}
	return one, err
}

// troubleOf is what is wrong with the last delivery that failed, or is tried again.
func troubleOf(r *page.Request, id parley.WebhookID) (string, error) {
	var last parley.Delivery
	for _, status := range []parley.DeliveryStatus{parley.Failed, parley.Retrying} {
		ds, _, err := r.Site.Endpoints.Deliveries(r.Context(), r.Org(), id, endpoint.Wanted{Status: string(status)}, 0, 1)
		if err != nil {
			return "", err
		}
		if len(ds) > 0 && ds[0].EventSequence > last.EventSequence {
			last = ds[0]
		}
	}
	return said(last.Error), nil
}

// scale is a number of attempts as the height of a bar, of at most 20.
func (one row) scale(n int64) float64 {
	most := int64(1)
	for _, b := range one.Bars {
		most = max(most, b.Delivered+b.Failed)
	}
	if n == 0 {
		return 0
	}
	return max(1.5, float64(n)*20/float64(most))
}
