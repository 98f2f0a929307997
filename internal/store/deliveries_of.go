package store

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/database"
)

// DeliveriesOf reads the deliveries of an event to endpoints, of which there must be
// at least one: each as [Deliveries] shows it. Those that were never attempted are
// left out.
func DeliveriesOf(ctx context.Context, q database.Querier, org parley.OrganizationID, event *parley.Event, webhooks []parley.WebhookID) (map[parley.WebhookID]*parley.Delivery, error) {
	args := []any{string(org), event.Sequence, past}
	for _, id := range webhooks {
		args = append(args, string(id))
	}
	rows, err := q.Query(ctx, `
		select `+attemptColumns+`, a.webhook_id
		from attempts a
		where a.org_id = $1 and a.seq = $2 and a.state <> $3 and a.webhook_id in `+database.In(len(webhooks), 4), args...)
	if err != nil {
		return nil, fmt.Errorf("read the deliveries of %s: %w", event.ID, err)
	}
	defer rows.Close()
	found := make(map[parley.WebhookID]*parley.Delivery, len(webhooks))
	for rows.Next() {
		a := Attempt{Org: org}
		if err := scanAttempt(rows, &a, &a.Webhook); err != nil {
			return nil, fmt.Errorf("read the deliveries of %s: %w", event.ID, err)
		}
		d := &parley.Delivery{EventID: event.ID, EventType: event.Type}
		a.tell(d)
		found[a.Webhook] = d
	}
	return found, rows.Err()
}
