package api_test

import (
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func requests() []scenario {
	const path = "GET /v1/organization/requests"
	return []scenario{
		{
			does: "nothing is shown as nothing", request: path + "?since=2020-11-20T10:00:00Z&until=2020-11-20T12:00:00Z", status: 200,
			answer: `{"api_key_id":null,"since":"2020-11-20T10:00:00.000Z","until":"2020-11-20T12:00:00.000Z","resolution":"hour",
				"totals":{"total":0,"succeeded":0,"failed":0},"data":[{"at":"2020-11-20T10:00:00.000Z","total":0},{"at":"2020-11-20T11:00:00.000Z"}]}`,
		},
		{does: "the last day is shown", request: path, status: 200, answer: `{"resolution":"hour"}`},
		{does: "the last week", request: path + "?resolution=two_hours&since=2026-11-13T10:00:00Z&until=2026-11-20T10:00:00Z", status: 200, answer: `{"resolution":"two_hours"}`},
		{does: "the last day by the quarter of an hour", request: path + "?resolution=quarter_hour", status: 200, answer: `{"resolution":"quarter_hour"}`},
		{does: "one key's", request: path + "?api_key_id=$key", status: 200, answer: `{"api_key_id":"$key","totals":{"total":0}}`},
		{does: "a key's that is none", request: path + "?api_key_id=$no_key", status: 422, wrong: []string{"query.api_key_id"}},
		{does: "reading is enough", request: path, scopes: scopes("organization:read"), status: 200},
		{does: "a scope is needed", request: path, scopes: scopes("events:read"), status: 403},
		{does: "a time is a time", request: path + "?since=yesterday", status: 422, wrong: []string{"query.since"}},
		{does: "the end is a time", request: path + "?until=1700000000", status: 422, wrong: []string{"query.until"}},
		{does: "a resolution is a known one", request: path + "?resolution=week", status: 422, wrong: []string{"query.resolution"}},
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for _, s := range requests() {
			t.Run(s.does, func(t *testing.T) {
				t.Parallel()
				s.run(t, furnish(t, h.AddOrganization(t)))
			})
		}
	})
}

// Every answer counts, whatever it is, and for its own organization and key.
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f, other := furnish(t, h.AddOrganization(t)), h.AddOrganization(t)
	reader := f.Make("/v1/api_keys", `{"name":"Reader","scopes":["contacts:read"]}`)
	read := f.With(reader.Text("key"))
	read.Get("/v1/contacts")
	read.Get("/v1/contacts")
	read.Do("POST", "/v1/contacts", `{}`).Want(403)
	read.Do("GET", "/v1/contacts/nobody", "").Want(404)
	read.Do("GET", "/v1/contacts?limit=0", "").Want(422)
	read.Do("GET", "/v1/nothing", "").Want(404)
	f.Do("POST", "/v1/contacts", `{`).Want(400)
	f.With("parley_unknown").Do("GET", "/v1/contacts", "").Want(401)
	f.Open("/v1/events/stream").Body.Close()
	f.Get("/v1/organization/requests").Includes(`{"totals":{"total":9,"succeeded":4,"forbidden":1,"not_found":2,"invalid":1,"otherwise_refused":1,"unauthorized":0,"failed":0}}`)
	f.Get("/v1/organization/requests?resolution=minute&api_key_id=" + reader.Text("id")).Includes(`{"totals":{"total":6,"succeeded":2,"forbidden":1,"not_found":2,"invalid":1}}`)
	other.Get("/v1/organization/requests").Includes(`{"totals":{"total":0}}`)
}
