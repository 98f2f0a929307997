package endpoint

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Missed tells the world that an endpoint will not be sent the events from first to
// last, and why. It does nothing if the endpoint was deleted meanwhile.
func (e *Endpoints) Missed(ctx context.Context, n Name, first, last int64, reason string) error {
	by := parley.Caller{Organization: n.Org, Actor: parley.System}
	err := e.db.Write(ctx, n.Org, func(ctx context.Context, tx *database.Tx) error {
		w, err := store.Webhooks.Get(ctx, tx, n.Org, string(n.ID))
		if err != nil {
			return err
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		_, err = e.log.Append(ctx, tx, by, at, parley.WebhookEventsMissed.Draft(string(n.ID), "",
			parley.WebhookMissedEvent{Webhook: public(w), First: first, Last: last, Reason: reason}))
		return err
	})
	if parley.KindOf(err) == parley.NotFound {
		return nil
	}
	return err
}
