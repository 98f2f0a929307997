package tally

import (
	"context"

	"parley"
	"parley/internal/series"
	"parley/internal/store"
)

// Requests are how many API requests were answered how over a time, in equal steps.
type Requests struct {
	APIKeyID   *parley.APIKeyID `json:"api_key_id" doc:"The key whose requests these are; null: all keys'"`
	Since      parley.Time      `json:"since" doc:"When the first point begins"`
	Until      parley.Time      `json:"until" doc:"When the last point ends, which may be yet to come"`
	Resolution string           `json:"resolution" enum:"minute,quarter_hour,hour,two_hours,day" doc:"How long a point is"`
	Totals     Counts           `json:"totals" doc:"All points together"`
	Data       []Point          `json:"data" doc:"One point for each step, the earliest first, also where nothing happened"`
}

// Point is one step.
type Point struct {
	At parley.Time `json:"at" doc:"When it begins; days are those of UTC"`
	Counts
}

// Counts are how many requests were answered with which status.
type Counts struct {
	Total            int64 `json:"total"`
	Succeeded        int64 `json:"succeeded" doc:"2xx"`
	Redirected       int64 `json:"redirected" doc:"3xx"`
	Unauthorized     int64 `json:"unauthorized" doc:"401, with a key that has expired; what comes with one that is unknown or revoked belongs to no organization"`
	Forbidden        int64 `json:"forbidden" doc:"403"`
	NotFound         int64 `json:"not_found" doc:"404"`
	Conflicting      int64 `json:"conflicting" doc:"409"`
	Invalid          int64 `json:"invalid" doc:"422"`
	TooMany          int64 `json:"too_many" doc:"429"`
	OtherwiseRefused int64 `json:"otherwise_refused" doc:"Other 4xx"`
	Failed           int64 `json:"failed" doc:"5xx"`
}

func (c *Counts) add(n store.RequestCounts) {
	for i, to := range []*int64{
		&c.Succeeded, &c.Redirected, &c.Unauthorized, &c.Forbidden, &c.NotFound, &c.Conflicting, &c.Invalid, &c.TooMany, &c.OtherwiseRefused, &c.Failed,
	} {
		*to += n[i]
		c.Total += n[i]
	}
}

// Requests tells how an organization's API requests were answered in [since, until), as
// [series.New] has it; with a key, those of the key. What this process counted is there at
// once, what others did within seconds.
func (t *Tally) Requests(ctx context.Context, org parley.OrganizationID, key *parley.APIKeyID, resolution string, since, until *parley.Time) (Requests, error) {
	span, err := series.New(resolution, since, until)
	if err != nil {
		return Requests{}, err
	}
	r := Requests{APIKeyID: key, Since: span.Since, Until: span.Until, Resolution: resolution, Data: make([]Point, span.Points())}
	for i := range r.Data {
		r.Data[i].At = span.At(i)
	}
	var id parley.APIKeyID // "": all
	if key != nil {
		id = *key
		_, err := store.APIKeys.Get(ctx, t.db.Read(), org, string(id))
		if parley.KindOf(err) == parley.NotFound {
			err = parley.InvalidField("query.api_key_id", "is not an API key of this organization: leave it out for all keys together")
		}
		if err != nil {
			return Requests{}, err
		}
	}
	add := func(step int, c store.RequestCounts) {
		r.Data[step].add(c)
		r.Totals.add(c)
	}
	minutes := t.minutes() // before the rows are read, so that what is let go of meanwhile is in one of the two
	known := span.Until
	if len(minutes) > 0 {
		known = minutes[0].at
	}
	err = store.Requests(ctx, t.db.Read(), org, id, span.Since, span.Until, span.Step, t.part, known, add)
	if err != nil {
		return Requests{}, err
	}
	for _, m := range minutes {
		if span.Contains(m.at) {
			add(span.Index(m.at), m.of(org, id))
		}
	}
	return r, nil
}

// of adds up what the keys of an organization did in a minute, or one of them.
func (m *minute) of(org parley.OrganizationID, key parley.APIKeyID) (sum store.RequestCounts) {
	m.cells.Range(func(_, known any) bool {
		if c := known.(*cell); c.org == org && (key == "" || c.key == key) {
			sum.Add(c.now())
		}
		return true
	})
	return sum
}
