package docs

import (
	"encoding/json"

	"parley"
	"parley/internal/endpoint"
)

// deliveries are the samples of what happens at endpoints. They all tell of one
// event and of the endpoint that was sent it at the second attempt.
func (s samples) deliveries() []any {
	d := s.delivery()
	short := d
	short.Attempts = nil
	return []any{
		d,
		endpoint.EventDelivery{
			WebhookID: d.WebhookID, URL: "https://example.com/webhooks/parley", DeliveryID: d.ID, Outcome: endpoint.FateDelivered,
			Reason: "The endpoint answered 204 to attempt 2, at 2026-11-20T10:30:05.200Z.", Delivery: &short,
		},
		endpoint.WaitingBehind{EventID: d.EventID, Sequence: d.EventSequence, Until: new(*d.LastAttemptAt + 300_000)},
		preview(d),
		stats(d),
	}
}

// delivery is one that took two attempts.
func (s samples) delivery() parley.Delivery {
	const at = parley.Time(1795170600200)
	webhook := parley.WebhookID(s.ids["whk"])
	return parley.Delivery{
		ID: parley.NewDeliveryID(webhook, 4711), WebhookID: webhook, EventID: "evt_01kaf0v3bdfh5a9j7e2w4r6m8q",
		EventType: parley.MessageCreated.Name(), EventSequence: 4711,
		Status: parley.Delivered, AttemptCount: 2, StatusCode: new(204), LastAttemptAt: new(at + 5_000),
		Attempts: []parley.Attempt{
			{
				Number: 1, At: at, DurationMS: 12.4, StatusCode: new(503),
				Error: new("The endpoint answered 503 Service Unavailable."), ResponseBody: new("try later"),
			},
			{Number: 2, At: at + 5_000, DurationMS: 9.8, StatusCode: new(204)},
		},
	}
}

// preview is that of the event, with the transformation that requests are shown with.
func preview(d parley.Delivery) endpoint.Preview {
	return endpoint.Preview{
		Examined: 1, Matched: 1,
		Results: []endpoint.Previewed{{
			EventID: d.EventID, Type: d.EventType, Sequence: d.EventSequence, Outcome: "sent",
			Body: json.RawMessage(`{"text": "message.created"}`), Log: []string{},
		}},
	}
}

// stats are those of the hour of the delivery.
func stats(d parley.Delivery) endpoint.Stats {
	const hour = parley.Time(1795168800000)
	took := &endpoint.Percentiles{P50: 9.6, P95: 24.1, P99: 87.5}
	return endpoint.Stats{
		WebhookID: d.WebhookID, Since: hour, Until: hour + 3_600_000, Resolution: "hour", Lag: 2,
		Totals: endpoint.StatsTotals{Attempts: 1250, Delivered: 1245, Retried: 4, Failed: 1, SuccessRate: new(0.996), LatencyMS: took},
		Data:   []endpoint.StatsPoint{{At: hour, Delivered: 1245, Retried: 4, Failed: 1, LatencyMS: took, Lag: 31}},
	}
}
