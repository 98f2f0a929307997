package endpoint_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// total writes what one process saw of all endpoints together in a minute.
func (h house) total(t *testing.T, org parley.OrganizationID, at parley.Time, part string, delivered int, us int64) {
	t.Helper()
	m := store.Minute{Org: org, At: at, Part: part, Delivered: int64(delivered), Retried: 1, Failed: 1}
	for range delivered + 2 {
		m.Latencies.Add(us)
	}
	err := h.db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		store.SaveMinute(ctx, tx, &m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheOverviewAddsUpWhatEachProcessSaw(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		day := *at(t, "2026-11-20T00:00:00Z")
		org := h.by.Organization
		h.total(t, org, day.Add(10*time.Hour), "a", 10, 2000)
		h.total(t, org, day.Add(10*time.Hour), "a", 20, 2000) // written again
		h.total(t, org, day.Add(10*time.Hour), "b", 30, 2000)
		h.total(t, org, day.Add(11*time.Hour+59*time.Minute), "b", 4, 2000)
		h.total(t, org, day.Add(24*time.Hour), "b", 100, 2000) // not asked for
		h.total(t, "org_other", day.Add(10*time.Hour), "a", 1000, 2000)
		for resolution, points := range map[string]int{"minute": 24 * 60, "quarter_hour": 24 * 4, "hour": 24, "two_hours": 12, "day": 1} {
			o, err := h.Overview(t.Context(), org, resolution, &day, new(day.Add(24*time.Hour)))
			if err != nil {
				t.Fatal(err)
			}
			if len(o.Data) != points || o.Totals.Delivered != 54 || o.Totals.Attempts != 60 || *o.Totals.SuccessRate != 0.9 || o.Totals.LatencyMS == nil {
				t.Errorf("by the %s: %d points, %+v", resolution, len(o.Data), o.Totals)
			}
			p := o.Data[points*10/24]
			want := map[string]int64{"two_hours": 54, "day": 54}[resolution]
			if want == 0 {
				want = 50
			}
			if p.Delivered != want || p.LatencyMS == nil {
				t.Errorf("by the %s the point is %+v, want %d", resolution, p, want)
			}
		}
		if _, err := h.Overview(t.Context(), org, "week", nil, nil); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a strange resolution: %v", err)
		}
	})
}

func TestTheOverviewTellsWhichEndpointsNeedALook(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		org := h.by.Organization
		fine, _ := h.add(t, endpoint.Start{})
		late, _ := h.add(t, endpoint.Start{Sequence: new(int64(1))})
		failing, _ := h.add(t, endpoint.Start{})
		disabled, _ := h.add(t, endpoint.Start{})
		paused, _ := h.add(t, endpoint.Start{})
		for id, to := range map[parley.WebhookID]parley.EndpointStatus{failing.ID: parley.EndpointFailing, disabled.ID: parley.EndpointDisabled} {
			if err := h.SetHealth(t.Context(), org, id, parley.EndpointActive, to, "It broke.", 0); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.Pause(t.Context(), h.by, paused.ID); err != nil {
			t.Fatal(err)
		}
		o, err := h.Overview(t.Context(), org, "hour", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if o.Endpoints != (endpoint.EndpointCounts{Active: 2, Failing: 1, Disabled: 1, Paused: 1}) {
			t.Errorf("the endpoints are %+v", o.Endpoints)
		}
		troubled := map[parley.WebhookID]endpoint.Health{}
		for _, b := range o.Troubled {
			troubled[b.WebhookID] = b
		}
		for id, status := range map[parley.WebhookID]parley.EndpointStatus{failing.ID: parley.EndpointFailing, disabled.ID: parley.EndpointDisabled} {
			if b := troubled[id]; b.Status != status || b.Reason == nil || *b.Reason != "It broke." || b.Since == 0 || b.Lag == 0 {
				t.Errorf("the one that is %s: %+v", status, b)
			}
		}
		if len(o.Troubled) != 2 {
			t.Errorf("%d are told of: %+v", len(o.Troubled), o.Troubled)
		}
		if len(o.Behind) != 5 || o.Behind[0].WebhookID != late.ID || o.Behind[0].Lag <= o.Behind[1].Lag {
			t.Errorf("those behind are %+v", o.Behind)
		}
		if all, err := h.Healths(t.Context(), org, fine.ID, paused.ID, "whk_none"); err != nil || len(all) != 2 || all[paused.ID].Status != parley.EndpointPaused {
			t.Errorf("asked for by id: %+v (%v)", all, err)
		}
		if o, err := h.Overview(t.Context(), "org_other", "hour", nil, nil); err != nil || len(o.Troubled)+len(o.Behind)+o.Endpoints.Active != 0 {
			t.Errorf("another organization is told %+v (%v)", o, err)
		}
	})
}

func TestSinceWhenAnEndpointStandsAsItDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		w, _ := h.add(t, endpoint.Start{})
		since := func(want parley.Time) {
			t.Helper()
			time.Sleep(time.Hour)
			all, err := h.Healths(t.Context(), h.by.Organization, w.ID)
			if got := all[w.ID].Since; err != nil || got != want {
				t.Errorf("it stands so since %v, want %v (%v)", got, want, err)
			}
		}
		since(w.CreatedAt)
		must(h.Pause(t.Context(), h.by, w.ID))(t)
		paused := parley.Now()
		since(paused)
		must(h.Update(t.Context(), h.by, w.ID, noun.AnyVersion, func(w *parley.Webhook) error { w.Description = "Another"; return nil }))(t)
		since(paused)
		must(h.Resume(t.Context(), h.by, w.ID, false))(t)
		since(parley.Now())
		if err := h.SetHealth(t.Context(), h.by.Organization, w.ID, parley.EndpointActive, parley.EndpointFailing, "It broke.", 0); err != nil {
			t.Fatal(err)
		}
		since(parley.Now())
		if err := h.SetHealth(t.Context(), h.by.Organization, w.ID, parley.EndpointFailing, parley.EndpointDisabled, "It broke.", 0); err != nil {
			t.Fatal(err)
		}
		since(parley.Now())
	})
}
