package api_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// forget deletes the events up to a sequence, as retention does.
func forget(t testing.TB, db *database.DB, org parley.OrganizationID, last int64) {
	t.Helper()
	err := db.Record(context.Background(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "delete from events where org_id = $1 and seq <= $2", string(org), last)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// longLog is an organization whose log is no longer in the cache, and its head.
func longLog(t testing.TB, h *house.House) (c *house.Client, head int64) {
	t.Helper()
	c = h.AddOrganization(t)
	for range 10 {
		c.Make("/v1/events", `{"events":[`+strings.TrimSuffix(strings.Repeat(`{"type":"custom.n"},`, 1000), ",")+`]}`)
	}
	return c, c.Head()
}

func TestAPlaceThatIsNoLongerKeptIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		c, head := longLog(t, h)
		oldest := c.Get("/v1/events?limit=1").Text("next_cursor")
		newest := c.Get("/v1/events?limit=1&order=desc").Text("next_cursor")
		forget(t, db, c.Organization.ID, 100)

		for _, query := range []string{
			"after=1", "after=99", "changed_after=99", "after=50&types=custom.none", "after=50&order=desc", "limit=1&cursor=" + oldest,
			"after=99&since=2020-01-01T00:00:00Z",
		} {
			a := c.In(t).Do("GET", "/v1/events?"+query, "").Want(410)
			if got := a.Int("first_sequence"); got != 101 || !strings.Contains(a.Text("detail"), "to 100") {
				t.Errorf("%s: %s", query, a)
			}
		}
		for query, first := range map[string]int64{
			"": 101, "after=0": 101, "after=100": 101, "since=2020-01-01T00:00:00Z": 101, "after=200": 201,
			"order=desc": head, "order=desc&cursor=" + newest + "&limit=1": head - 1,
		} {
			if got := c.In(t).Get("/v1/events?" + query).Int("data.0.sequence"); got != first {
				t.Errorf("%q begins with %d, want %d", query, got, first)
			}
		}
		if n := len(c.Get("/v1/events?after=" + strconv.FormatInt(head, 10)).List("data")); n != 0 {
			t.Errorf("after the head come %d events", n)
		}
	})
}

// Who comes back to a stream too late is told what it missed, before what follows,
// whatever types it wants.
func TestAStreamTellsWhatIsNoLongerKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		c, _ := longLog(t, h)
		forget(t, db, c.Organization.ID, 100)
		for _, query := range []string{"", "?types=custom.n", "?types=custom.none"} {
			s := follow(t, c, query, "Last-Event-ID", "40")
			if f := s.events(1)[0]; f != (frame{"100", "gap", `{"first":41,"last":100}`}) {
				t.Fatalf("%q: the stream begins with %v", query, f)
			}
			if query != "?types=custom.none" {
				if f := s.events(1)[0]; f.id != "101" || f.event != "custom.n" {
					t.Errorf("%q: then comes %v", query, f)
				}
			}
			s.close()
		}
		for _, after := range []string{"0", "100"} {
			if f := follow(t, c, "?after="+after).events(1)[0]; f.id != "101" {
				t.Errorf("after %s comes %v", after, f)
			}
		}
	})
}

func TestAnOrganizationSaysHowLongItsLogIsKept(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		h.Get("/v1/organization").Includes(`{"retention_days":null}`)
		head := h.Head()
		h.Do("PATCH", "/v1/organization", `{"retention_days":90}`).Want(200).Includes(`{"retention_days":90}`)
		h.Get("/v1/organization").Includes(`{"retention_days":90,"name":"` + h.Organization.Name + `"}`)
		h.Get(fmt.Sprintf("/v1/events?after=%d", head)).Includes(`{"data":[{"type":"organization.updated","data":{"organization":{"retention_days":90},"previous":{"retention_days":null}}}]}`)
		h.Do("PATCH", "/v1/organization", `{"retention_days":null}`).Want(200).Includes(`{"retention_days":null}`)
		h.Get("/v1/organization").Includes(`{"retention_days":null}`)
		for _, wrong := range []string{"0", "3651", "-1", "1.5", `"90"`} {
			checkWrong(t, h.Do("PATCH", "/v1/organization", `{"retention_days":`+wrong+`}`).Want(422), []string{"body.retention_days"})
		}
	})
}

// An endpoint that is to begin with what is no longer kept begins with what is, and
// has missed nothing.
func TestAnEndpointBeginsWithWhatIsKept(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	c, _ := longLog(t, h)
	forget(t, h.DB, c.Organization.ID, 100)
	for _, start := range []string{"0", "1", "50", "101", `"` + time.Unix(0, 0).UTC().Format(time.RFC3339) + `"`} {
		a := c.Make("/v1/webhooks", `{"url":"https://hooks.example.com/","event_types":["*"],"start":`+start+`}`)
		if got := a.Int("cursor"); got != 100 {
			t.Errorf("start %s: the cursor is %d, want 100", start, got)
		}
	}
}
