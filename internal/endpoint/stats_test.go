package endpoint_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// count writes what one process saw of an endpoint in a minute: so many delivered, in
// so many microseconds, one failed at once and two retried after a second.
func (h house) count(t *testing.T, id parley.WebhookID, at parley.Time, part string, delivered int, us, lag int64) {
	t.Helper()
	m := store.Minute{Org: h.by.Organization, Webhook: id, At: at, Part: part, Delivered: int64(delivered), Retried: 2, Failed: 1, Lag: lag}
	for range delivered {
		m.Latencies.Add(us)
	}
	m.Latencies.Add(1_000_000)
	m.Latencies.Add(1_000_000)
	err := h.db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		store.SaveMinute(ctx, tx, &m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func at(t *testing.T, text string) *parley.Time {
	t.Helper()
	var at parley.Time
	if err := at.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return &at
}

func TestStatsAddUpWhatEachProcessSaw(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		other, _ := h.add(t, endpoint.Start{})
		h.publish(t, 3)
		day := *at(t, "2026-11-20T00:00:00Z")
		h.count(t, w.ID, day.Add(10*time.Hour), "a", 10, 2000, 5)
		h.count(t, w.ID, day.Add(10*time.Hour), "b", 30, 4000, 9)
		h.count(t, w.ID, day.Add(10*time.Hour+59*time.Minute), "b", 7, 4000, 2)
		h.count(t, w.ID, day.Add(11*time.Hour), "b", 1, 4000, 0)
		h.count(t, w.ID, day.Add(24*time.Hour), "b", 100, 4000, 0) // not asked for
		h.count(t, w.ID, day.Add(-time.Minute), "b", 100, 4000, 0)
		h.count(t, other.ID, day.Add(10*time.Hour), "a", 1000, 2000, 0)

		for resolution, want := range map[string]struct {
			points    int
			index     int
			delivered int64
			lag       int64
			p50       float64
		}{
			"minute": {24 * 60, 600, 40, 9, 3.47}, // the 22nd of 44, the 12th of 30 in (3.2 ms, 4 ms]
			"hour":   {24, 10, 47, 9, 3.53},
			"day":    {1, 0, 48, 9, 3.57},
		} {
			s, err := h.Stats(t.Context(), h.by.Organization, w.ID, resolution, &day, new(day.Add(24*time.Hour)))
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Data) != want.points || s.Since != day || s.Until != day.Add(24*time.Hour) || s.Resolution != resolution {
				t.Fatalf("by the %s there are %d points from %v to %v", resolution, len(s.Data), s.Since, s.Until)
			}
			p := s.Data[want.index]
			if p.Delivered != want.delivered || p.Lag != want.lag || p.LatencyMS == nil || math.Abs(p.LatencyMS.P50-want.p50) > 0.06 ||
				p.LatencyMS.P99 < 800 || p.LatencyMS.P99 > 1000 {
				t.Errorf("by the %s the point is %+v (%+v), want %+v", resolution, p, p.LatencyMS, want)
			}
			if s.Totals.Delivered != 48 || s.Totals.Retried != 8 || s.Totals.Failed != 4 || s.Totals.Attempts != 60 || *s.Totals.SuccessRate != 0.8 {
				t.Errorf("by the %s the totals are %+v", resolution, s.Totals)
			}
			empty := 0
			for i, p := range s.Data {
				if p.At != day.Add(time.Duration(i)*24*time.Hour/time.Duration(want.points)) {
					t.Fatalf("point %d is at %v", i, p.At)
				}
				if p == (endpoint.StatsPoint{At: p.At}) {
					empty++
				}
			}
			if filled := map[string]int{"minute": 3, "hour": 2, "day": 1}[resolution]; empty != want.points-filled {
				t.Errorf("by the %s %d of %d points are empty", resolution, empty, want.points)
			}
			if s.Lag == 0 {
				t.Error("it is not told that the endpoint is behind")
			}
		}
	})
}

func TestStatsAreOfTheTimeThatIsAskedFor(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		for name, test := range map[string]struct {
			resolution, since, until string
			from, to                 string // or
			wrong                    string // the field, and what the message says
			says                     string
		}{
			"whole steps": {"hour", "2026-11-20T10:30:00Z", "2026-11-20T11:00:00.001Z", "2026-11-20T10:00:00.000Z", "2026-11-20T12:00:00.000Z", "", ""},
			"one step":    {"day", "2026-11-20T10:30:00Z", "2026-11-20T10:30:01Z", "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z", "", ""},
			"no since":    {"hour", "", "2026-11-20T10:00:00Z", "2026-11-19T10:00:00.000Z", "2026-11-20T10:00:00.000Z", "", ""},
			"before 1970": {"hour", "1969-12-31T22:30:00Z", "1970-01-01T00:30:00Z", "1969-12-31T22:00:00.000Z", "1970-01-01T01:00:00.000Z", "", ""},
			"as much as there may be": {
				"minute", "2026-11-19T00:00:00Z", "2026-11-20T01:00:00Z", "2026-11-19T00:00:00.000Z", "2026-11-20T01:00:00.000Z", "", "",
			},
			"too many minutes": {"minute", "2026-11-19T00:00:00Z", "2026-11-20T01:00:01Z", "", "", "query.resolution", "resolution hour"},
			"too many hours":   {"hour", "2026-01-01T00:00:00Z", "2026-11-20T00:00:00Z", "", "", "query.resolution", "resolution day"},
			"too many days":    {"day", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "", "", "query.resolution", "a shorter time"},
			"nothing":          {"hour", "2026-11-20T10:30:00Z", "2026-11-20T10:30:00Z", "", "", "query.since", "before until"},
			"backwards":        {"hour", "2026-11-21T10:30:00Z", "2026-11-20T10:30:00Z", "", "", "query.since", "before until"},
			"the future":       {"hour", "9000-11-21T10:30:00Z", "", "", "", "query.since", "now"},
			"no resolution":    {"week", "", "", "", "", "query.resolution", "two_hours or day"},
		} {
			var since, until *parley.Time
			if test.since != "" {
				since = at(t, test.since)
			}
			if test.until != "" {
				until = at(t, test.until)
			}
			s, err := h.Stats(t.Context(), h.by.Organization, w.ID, test.resolution, since, until)
			if test.wrong != "" {
				var wrong *parley.Error
				if !errors.As(err, &wrong) || wrong.Kind != parley.Invalid || len(wrong.Fields) != 1 || wrong.Fields[0].Location != test.wrong ||
					!strings.Contains(wrong.Fields[0].Message, test.says) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if err != nil || s.Since.String() != test.from || s.Until.String() != test.to {
				t.Errorf("%s: from %v to %v (%v), want from %s to %s", name, s.Since, s.Until, err, test.from, test.to)
			}
		}
		s, err := h.Stats(t.Context(), h.by.Organization, w.ID, "hour", nil, nil)
		if err != nil || len(s.Data) != 24 || s.Until < parley.Now() || s.Totals != (endpoint.StatsTotals{}) {
			t.Errorf("by default: %d points until %v (%v), %+v", len(s.Data), s.Until, err, s.Totals)
		}
	})
}

func TestStatsGoWithTheirEndpoint(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		w, _ := h.add(t, endpoint.Start{})
		h.count(t, w.ID, parley.Now(), "a", 1, 100, 0)
		for org, id := range map[parley.OrganizationID]parley.WebhookID{
			h.by.Organization: parley.NewID[parley.WebhookID](), parley.NewID[parley.OrganizationID](): w.ID,
		} {
			if _, err := h.Stats(t.Context(), org, id, "hour", nil, nil); parley.KindOf(err) != parley.NotFound {
				t.Errorf("of another one: %v, want NotFound", err)
			}
		}
		if err := h.Delete(t.Context(), h.by, w.ID); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := h.db.Read().QueryRow(t.Context(), "select count(*) from webhook_minutes").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d minutes are left (%v)", n, err)
		}
	})
}
