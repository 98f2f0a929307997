package api_test

import (
	"context"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func webhookStats() []scenario {
	const path = "GET /v1/webhooks/$webhook/stats"
	return []scenario{
		{
			does: "nothing is shown as nothing", request: path + "?since=2026-11-20T10:00:00Z&until=2026-11-20T12:00:00Z", status: 200,
			answer: `{"webhook_id":"$webhook","since":"2026-11-20T10:00:00.000Z","until":"2026-11-20T12:00:00.000Z","resolution":"hour",
				"totals":{"attempts":0,"delivered":0,"retried":0,"failed":0,"success_rate":null,"latency_ms":null},
				"data":[{"at":"2026-11-20T10:00:00.000Z","delivered":0,"retried":0,"failed":0,"latency_ms":null,"lag":0},{"at":"2026-11-20T11:00:00.000Z"}]}`,
		},
		{does: "the last day is shown", request: path, status: 200, answer: `{"resolution":"hour"}`},
		{
			does: "other time zones are understood", request: path + "?since=2026-11-20T10:00:00%2B02:00&until=2026-11-20T12:00:00%2B02:00&resolution=minute", status: 200,
			answer: `{"since":"2026-11-20T08:00:00.000Z","until":"2026-11-20T10:00:00.000Z","resolution":"minute"}`,
		},
		{does: "reading is enough", request: path, scopes: scopes("webhooks:read"), status: 200},
		{does: "a scope is needed", request: path, scopes: scopes("events:read"), status: 403},
		{does: "what is not there has none", request: "GET /v1/webhooks/$no_webhook/stats", status: 404},
		{does: "other ids are not there", request: "GET /v1/webhooks/$contact/stats", status: 404},
		{does: "a time is a time", request: path + "?since=yesterday", status: 422, wrong: []string{"query.since"}},
		{does: "the end is a time", request: path + "?until=1700000000", status: 422, wrong: []string{"query.until"}},
		{does: "a resolution is one of three", request: path + "?resolution=week", status: 422, wrong: []string{"query.resolution"}},
		{
			does: "time goes forwards", request: path + "?since=2026-11-20T12:00:00Z&until=2026-11-20T10:00:00Z", status: 422,
			wrong: []string{"query.since"},
		},
		{
			does: "points have a limit", request: path + "?since=2026-11-01T12:00:00Z&until=2026-11-20T10:00:00Z&resolution=minute", status: 422,
			wrong: []string{"query.resolution"},
		},
		{does: "parameters are known", request: path + "?step=60", status: 422, wrong: []string{"query.step"}},
	}
}

func webhooksOverview() []scenario {
	const path = "GET /v1/webhooks/stats"
	return []scenario{
		{
			does: "nothing is shown as nothing", request: path + "?since=2020-11-20T10:00:00Z&until=2020-11-20T12:00:00Z", status: 200,
			answer: `{"since":"2020-11-20T10:00:00.000Z","until":"2020-11-20T12:00:00.000Z","resolution":"hour",
				"totals":{"attempts":0,"success_rate":null,"latency_ms":null},"data":[{"delivered":0,"latency_ms":null},{}],
				"endpoints":{"active":0,"failing":0,"disabled":0,"paused":0,"unverified":0},"troubled":[],"behind":[]}`,
		},
		{
			does: "an endpoint that has yet to answer", request: path, status: 200,
			before: []string{`POST /v1/webhooks {"url":"https://hooks.example.com/","event_types":["*"],"verification":{"type":"token_echo","token":"hush"}}`},
			answer: `{"endpoints":{"unverified":1},"troubled":[{"url":"https://hooks.example.com/","status":"unverified"}]}`,
		},
		{does: "the overview by the quarter of an hour", request: path + "?resolution=quarter_hour", status: 200, answer: `{"resolution":"quarter_hour"}`},
		{does: "reading is enough for the overview", request: path, scopes: scopes("webhooks:read"), status: 200},
		{does: "a scope is needed for the overview", request: path, scopes: scopes("events:read"), status: 403},
		{does: "the overview's resolution", request: path + "?resolution=week", status: 422, wrong: []string{"query.resolution"}},
		{does: "the overview's time", request: path + "?since=yesterday", status: 422, wrong: []string{"query.since"}},
	}
}

func TestWebhookStats(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		for _, s := range append(webhookStats(), webhooksOverview()...) {
			t.Run(s.does, func(t *testing.T) {
				t.Parallel()
				s.run(t, furnish(t, h.AddOrganization(t)))
			})
		}
	})
}

func TestWebhookStatsAreThoseOfTheEndpoint(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f, other := furnish(t, h.AddOrganization(t)), furnish(t, h.AddOrganization(t))
		id := parley.WebhookID(f.id("webhook"))
		var at parley.Time
		if err := at.UnmarshalText([]byte("2026-11-20T10:07:00Z")); err != nil {
			t.Fatal(err)
		}
		m := store.Minute{Org: f.Organization.ID, Webhook: id, At: at, Part: "a", Delivered: 3, Failed: 1, Lag: 12}
		for range 4 {
			m.Latencies.Add(20_000)
		}
		err := db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			store.SaveMinute(ctx, tx, &m)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		const path = "/v1/webhooks/$webhook/stats?since=2026-11-20T10:00:00Z&until=2026-11-20T12:00:00Z"
		f.Get(f.says(path)).Want(200).Includes(`{
			"totals":{"attempts":4,"delivered":3,"retried":0,"failed":1,"success_rate":0.75,"latency_ms":{"p50":18,"p95":19.8,"p99":19.96}},
			"data":[{"delivered":3,"failed":1,"latency_ms":{"p50":18,"p95":19.8,"p99":19.96},"lag":12},{"delivered":0,"latency_ms":null,"lag":0}]}`)
		other.Do("GET", f.says(path), "").Want(404)
	})
}
