package api_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/quota"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func usage() []scenario {
	return []scenario{
		{
			does: "what the organization has is told", request: "GET /v1/organization/usage", status: 200,
			answer: `{"events_per_day":{"limit":null},"objects":{"limit":null,"used":3},"storage":{"limit":null,"used":0}}`,
		},
		{
			does: "a deleted object is not counted", request: "GET /v1/organization/usage", status: 200,
			before: []string{`DELETE /v1/contacts/$contact`}, answer: `{"objects":{"used":3}}`,
		},
		{
			does: "what belongs to a conversation goes with it", with: "message reply note label", request: "GET /v1/organization/usage", status: 200,
			before: []string{`DELETE /v1/conversations/$conversation`}, answer: `{"objects":{"used":5}}`, // with the contact and the label
		},
	}
}

// uncounted are the tables whose rows are no objects.
var uncounted = []string{"organizations", "events", "cursors", "conversation_labels", "article_words", "attempts", "idempotency_keys"}

// After every kind of change the count is that of the rows.
func TestObjectsAreCountedRight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t)).whole()
		check := func() {
			t.Helper()
			n := 0
			for table := range tables {
				if !slices.Contains(uncounted, table) {
					n += len(rowsOf(t, h.DB, table, "org_id", string(f.Organization.ID)))
				}
			}
			if used := f.used().Objects.Used; used != int64(n) || n < 10 {
				t.Errorf("there are %d objects, and %d are counted", n, used)
			}
		}
		check()
		for _, line := range aLife {
			f.do(line)
		}
		check()
	})
}

func (f *fixture) used() (u quota.Usage) {
	f.t.Helper()
	f.Get("/v1/organization/usage").Decode(&u)
	return u
}

// What a quota refuses is told as a problem, and changes nothing; reading goes on.
func TestAQuotaIsUsedUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t)).with("contact")
		limit := func(o quota.Overrides) {
			t.Helper()
			if err := h.Log.Quotas().Override(t.Context(), f.Organization.ID, o); err != nil {
				t.Fatal(err)
			}
		}
		now := f.used()
		limit(quota.Overrides{Objects: &now.Objects.Used})
		f.Do("POST", "/v1/contacts", `{}`).Want(409).
			Includes(`{"type":"/docs#quotas","quota":{"name":"objects","limit":4,"used":4}}`)
		f.do(`PATCH /v1/contacts/$contact {"name":"Ada Lovelace"}`)
		f.do(`DELETE /v1/contacts/$contact`)
		f.Do("POST", "/v1/contacts", `{}`).Want(201)

		now, head := f.used(), f.Head()
		limit(quota.Overrides{EventsPerDay: new(now.EventsPerDay.Used + 1)})
		f.Do("POST", "/v1/events", `{"events":[{"type":"custom.a"},{"type":"custom.b"}]}`).Want(429)
		f.Do("POST", "/v1/events", `{"type":"custom.a"}`).Want(201)
		a := f.Do("PATCH", "/v1/organization", `{"name":"Another"}`).Want(429).
			Includes(`{"type":"/docs#quotas","quota":{"name":"events_per_day"}}`)
		if a.Header.Get("Retry-After") == "" {
			t.Error("nothing says how long to wait")
		}
		if f.Head() != head+1 {
			t.Error("what was refused has events")
		}
		f.Get("/v1/contacts").Want(200)
		if u := f.used(); u.EventsPerDay.Used != *u.EventsPerDay.Limit || u.EventsPerDay.ResetsAt <= parley.Now() {
			t.Errorf("the usage is %+v", u)
		}
	})
}
