package endpoint

import (
	"context"

	"parley"
	"parley/internal/series"
	"parley/internal/store"
)

const (
	maxTroubled = 100
	maxBehind   = 100
)

// Overview is how an organization's deliveries fare: what became of the attempts at all
// its endpoints together over a time, in equal steps, and which endpoints need a look now.
type Overview struct {
	Since      parley.Time     `json:"since" doc:"When the first point begins"`
	Until      parley.Time     `json:"until" doc:"When the last point ends, which may be yet to come"`
	Resolution string          `json:"resolution" enum:"minute,quarter_hour,hour,two_hours,day" doc:"How long a point is"`
	Totals     StatsTotals     `json:"totals" doc:"Of all endpoints, also those that were deleted since"`
	Data       []OverviewPoint `json:"data" doc:"One point for each step, the earliest first, also where nothing happened"`
	Endpoints  EndpointCounts  `json:"endpoints" doc:"How many endpoints there are now"`
	Troubled   []Health        `json:"troubled" doc:"Those that are failing, disabled or unverified, the latest first: 100 at most"`
	Behind     []Health        `json:"behind" doc:"Those with events of the log yet to get past, those furthest behind first: 100 at most"`
}

// OverviewPoint is one step.
type OverviewPoint struct {
	At        parley.Time  `json:"at" doc:"When it begins; days are those of UTC"`
	Delivered int64        `json:"delivered"`
	Retried   int64        `json:"retried"`
	Failed    int64        `json:"failed"`
	Skipped   int64        `json:"skipped"`
	LatencyMS *Percentiles `json:"latency_ms" doc:"null: nothing was sent"`
}

// EndpointCounts are how many endpoints stand how.
type EndpointCounts struct {
	Active     int `json:"active"`
	Failing    int `json:"failing"`
	Disabled   int `json:"disabled"`
	Paused     int `json:"paused"`
	Unverified int `json:"unverified"`
}

// Health is how an endpoint stands.
type Health struct {
	WebhookID   parley.WebhookID      `json:"webhook_id"`
	URL         string                `json:"url"`
	Description string                `json:"description"`
	Status      parley.EndpointStatus `json:"status" enum:"active,unverified,paused,failing,disabled"`
	Reason      *string               `json:"reason" doc:"Why it is not active"`
	Since       parley.Time           `json:"since" doc:"Since when it has had its status"`
	Lag         int64                 `json:"lag" doc:"How many events of the log lie beyond its cursor"`
}

// Overview tells how deliveries fared in [since, until), as [series.New] has it, and how
// endpoints stand now. Attempts appear within some seconds of their end.
func (e *Endpoints) Overview(ctx context.Context, org parley.OrganizationID, resolution string, since, until *parley.Time) (Overview, error) {
	span, err := series.New(resolution, since, until)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Since: span.Since, Until: span.Until, Resolution: resolution, Data: make([]OverviewPoint, span.Points())}
	points := make([]StatsPoint, len(o.Data))
	err = summed(span, &o.Totals, points, func(do func(*store.Minute)) error {
		return store.EachTotal(ctx, e.db.Read(), org, span.Since, span.Until, do)
	})
	if err != nil {
		return Overview{}, err
	}
	for i, p := range points {
		o.Data[i] = OverviewPoint{span.At(i), p.Delivered, p.Retried, p.Failed, p.Skipped, p.LatencyMS}
	}
	return o, o.look(ctx, e, org)
}

// look tells how endpoints stand now.
func (o *Overview) look(ctx context.Context, e *Endpoints, org parley.OrganizationID) error {
	counts, err := store.CountByStatus(ctx, e.db.Read(), org)
	if err != nil {
		return err
	}
	o.Endpoints = EndpointCounts{
		Active: counts[parley.EndpointActive], Failing: counts[parley.EndpointFailing], Disabled: counts[parley.EndpointDisabled],
		Paused: counts[parley.EndpointPaused], Unverified: counts[parley.EndpointUnverified],
	}
	head, err := e.log.Head(ctx, org)
	if err != nil {
		return err
	}
	troubled, err := store.Troubled(ctx, e.db.Read(), org, Kind, maxTroubled)
	if err != nil {
		return err
	}
	if o.Troubled, err = e.healths(ctx, org, head, troubled); err != nil {
		return err
	}
	behind, err := store.Behind(ctx, e.db.Read(), org, Kind, head, maxBehind)
	if err != nil {
		return err
	}
	all, err := e.healths(ctx, org, head, behind)
	o.Behind = []Health{}
	for _, h := range all {
		if h.Lag > 0 { // by the engine, which is ahead of what is stored
			o.Behind = append(o.Behind, h)
		}
	}
	return err
}

// Healths tells how endpoints stand; those that are not there are left out.
func (e *Endpoints) Healths(ctx context.Context, org parley.OrganizationID, ids ...parley.WebhookID) (map[parley.WebhookID]Health, error) {
	byID := make(map[parley.WebhookID]Health, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	head, err := e.log.Head(ctx, org)
	if err != nil {
		return nil, err
	}
	stored, err := store.HealthsOf(ctx, e.db.Read(), org, Kind, ids...)
	if err != nil {
		return nil, err
	}
	all, err := e.healths(ctx, org, head, stored)
	for _, h := range all {
		byID[h.WebhookID] = h
	}
	return byID, err
}

func (e *Endpoints) healths(ctx context.Context, org parley.OrganizationID, head int64, stored []store.Health) ([]Health, error) {
	all := make([]Health, len(stored))
	if len(stored) == 0 {
		return all, nil
	}
	ids := make([]parley.WebhookID, len(stored))
	for i, h := range stored {
		ids[i] = h.ID
	}
	positions, err := e.positions(ctx, e.db.Read(), org, ids...)
	if err != nil {
		return nil, err
	}
	for i, h := range stored {
		all[i] = Health{h.ID, h.URL, h.Description, h.Status, h.Reason, h.Since, max(0, head-positions[h.ID].Cursor)}
	}
	return all, nil
}
