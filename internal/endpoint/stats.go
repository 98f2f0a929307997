package endpoint

import (
	"context"
	"math"

	"parley"
	"parley/internal/series"
	"parley/internal/store"
)

// Stats are what became of the attempts at an endpoint over a time, in equal steps.
type Stats struct {
	WebhookID  parley.WebhookID `json:"webhook_id"`
	Since      parley.Time      `json:"since" doc:"When the first point begins"`
	Until      parley.Time      `json:"until" doc:"When the last point ends, which may be yet to come"`
	Resolution string           `json:"resolution" enum:"minute,quarter_hour,hour,two_hours,day" doc:"How long a point is"`
	Totals     StatsTotals      `json:"totals"`
	Lag        int64            `json:"lag" doc:"How many events of the log lie beyond the cursor now"`
	Data       []StatsPoint     `json:"data" doc:"One point for each step, the earliest first, also where nothing happened"`
}

// StatsTotals are all points together.
type StatsTotals struct {
	Attempts    int64        `json:"attempts"`
	Delivered   int64        `json:"delivered" doc:"Attempts that were answered with 2xx"`
	Retried     int64        `json:"retried" doc:"Attempts that failed and are followed by another"`
	Failed      int64        `json:"failed" doc:"Attempts that failed and were the last of their delivery"`
	Skipped     int64        `json:"skipped" doc:"Events of which nothing was sent, as the transformation returned nothing; they count as no attempt"`
	SuccessRate *float64     `json:"success_rate" doc:"delivered / attempts; null: there were none"`
	LatencyMS   *Percentiles `json:"latency_ms" doc:"How long attempts took, whatever became of them; null: nothing was sent"`
}

// StatsPoint is one step.
type StatsPoint struct {
	At        parley.Time  `json:"at" doc:"When it begins; days are those of UTC"`
	Delivered int64        `json:"delivered"`
	Retried   int64        `json:"retried"`
	Failed    int64        `json:"failed"`
	Skipped   int64        `json:"skipped"`
	LatencyMS *Percentiles `json:"latency_ms" doc:"null: nothing was sent"`
	Lag       int64        `json:"lag" doc:"The most that was seen, looking every 5 seconds while attempts are made and else once a minute, or once an hour while the endpoint is held; 0 also if nobody looked"`
}

// Percentiles are milliseconds within which so many percent of the attempts ended.
// They are told from counts in buckets, see [store.Latencies].
type Percentiles struct {
	P50 float64 `json:"p50" doc:"Percentiles are off by at most 28% of the exact value, and by 0.1 ms below 0.1 ms"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// Stats tells what became of the attempts at an endpoint in [since, until), widened
// to whole steps of a resolution. Without until it is now, without since a day
// before. Attempts appear within some seconds of their end.
func (e *Endpoints) Stats(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, resolution string, since, until *parley.Time) (Stats, error) {
	w, err := e.Get(ctx, org, id)
	if err != nil {
		return Stats{}, err
	}
	span, err := series.New(resolution, since, until)
	if err != nil {
		return Stats{}, err
	}
	s := Stats{WebhookID: id, Since: span.Since, Until: span.Until, Resolution: resolution, Lag: w.Lag, Data: make([]StatsPoint, span.Points())}
	for i := range s.Data {
		s.Data[i].At = span.At(i)
	}
	return s, s.read(ctx, e, org, span)
}

// read fills the points.
func (s *Stats) read(ctx context.Context, e *Endpoints, org parley.OrganizationID, span series.Span) error {
	return summed(span, &s.Totals, s.Data, func(do func(*store.Minute)) error {
		return store.EachMinute(ctx, e.db.Read(), org, s.WebhookID, s.Since, s.Until, do)
	})
}

// summed adds minutes up, which come in order of time, to points and to all of them
// together.
func summed(span series.Span, t *StatsTotals, points []StatsPoint, each func(do func(*store.Minute)) error) error {
	var point *StatsPoint // the one that minutes are added to
	var ofPoint, all store.Latencies
	err := each(func(m *store.Minute) {
		if at := &points[span.Index(m.At)]; at != point {
			point.end(&ofPoint)
			point, ofPoint = at, store.Latencies{}
		}
		point.add(m)
		ofPoint.Merge(&m.Latencies)
		all.Merge(&m.Latencies)
		t.Delivered += m.Delivered
		t.Retried += m.Retried
		t.Failed += m.Failed
		t.Skipped += m.Skipped
	})
	point.end(&ofPoint)
	t.LatencyMS = percentiles(&all)
	if t.Attempts = t.Delivered + t.Retried + t.Failed; t.Attempts > 0 {
		t.SuccessRate = new(float64(t.Delivered) / float64(t.Attempts))
	}
	return err
}

func (p *StatsPoint) add(m *store.Minute) {
	p.Delivered += m.Delivered
	p.Retried += m.Retried
	p.Failed += m.Failed
	p.Skipped += m.Skipped
	p.Lag = max(p.Lag, m.Lag)
}

// end tells how long the attempts of a point took, once it has all.
func (p *StatsPoint) end(l *store.Latencies) {
	if p != nil {
		p.LatencyMS = percentiles(l)
	}
}

func percentiles(l *store.Latencies) *Percentiles {
	if l.Count() == 0 {
		return nil
	}
	of := func(p float64) float64 { return math.Round(l.Percentile(p)) / 1000 }
	return &Percentiles{of(50), of(95), of(99)}
}
