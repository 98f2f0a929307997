package endpoint

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Deliveries reads a page of an endpoint's deliveries, the newest event first;
// before is the sequence that the page before ended with, 0 for the first page. more
// tells whether there are others.
func (e *Endpoints) Deliveries(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, status, eventType string, before int64, limit int) (ds []parley.Delivery, more bool, err error) {
	if _, err := e.noun.Get(ctx, org, string(id)); err != nil {
		return nil, false, err
	}
	ds, err = store.Deliveries(ctx, e.db.Read(), org, id, status, eventType, before, limit+1)
	if len(ds) > limit {
		return ds[:limit], true, err
	}
	return ds, false, err
}

// Delivery reads a delivery with its attempts. One that was never attempted is a
// NotFound error.
func (e *Endpoints) Delivery(ctx context.Context, org parley.OrganizationID, id parley.DeliveryID) (parley.Delivery, error) {
	webhook, seq, err := e.resolve(ctx, e.db.Read(), org, id)
	if err != nil {
		return parley.Delivery{}, err
	}
	attempts, err := store.AttemptsOf(ctx, e.db.Read(), org, webhook, seq)
	if err != nil {
		return parley.Delivery{}, err
	}
	if len(attempts) == 0 {
		return parley.Delivery{}, parley.Missing("delivery", id)
	}
	event, err := e.log.At(ctx, org, seq)
	if err != nil {
		return parley.Delivery{}, err
	}
	return store.Delivery(attempts, event), nil
}

func (e *Endpoints) resolve(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.DeliveryID) (parley.WebhookID, int64, error) {
	seq, tail, ok := id.Parts()
	if !ok {
		return "", 0, parley.Missing("delivery", id)
	}
	webhook, err := store.WebhookByTail(ctx, q, org, tail)
	if err == nil && webhook == "" {
		err = parley.Missing("delivery", id)
	}
	return webhook, seq, err
}

// Redeliver has an event sent to an endpoint once more, whatever became of it
// before, also if it was never sent because the endpoint did not subscribe to it.
// If this attempt fails the delivery's own schedule goes on from where it was; one
// that was delivered or had failed for good is then failed.
func (e *Endpoints) Redeliver(ctx context.Context, by parley.Caller, id parley.DeliveryID) (parley.Delivery, error) {
	var d parley.Delivery
	err := e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		webhook, seq, err := e.resolve(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		event, err := e.log.At(ctx, by.Organization, seq)
		if parley.KindOf(err) == parley.NotFound {
			return parley.Missing("delivery", id)
		}
		if err != nil {
			return err
		}
		attempts, err := store.AttemptsOf(ctx, tx, by.Organization, webhook, seq)
		if err != nil {
			return err
		}
		wish := store.Attempt{
			Org: by.Organization, Webhook: webhook, Seq: seq, State: parley.Retrying,
			At: parley.Now(), NextAt: parley.Now(), Step: LastStep,
		}
		if n := len(attempts); n > 0 {
			last := attempts[n-1]
			if last.State == parley.Retrying {
				wish.Step = last.Step
			}
			last.State, last.NextAt = parley.Retrying, wish.NextAt
			last.Step = wish.Step
			wish = last
		}
		store.InsertAttempt(ctx, tx, &wish)
		e.tell(tx, by.Organization, webhook)
		attempts = append(attempts[:max(0, len(attempts)-1)], wish)
		d = store.Delivery(attempts, event)
		return nil
	})
	return d, err
}

// LastStep is the step of a delivery that has no retries left: past the end of every
// schedule.
const LastStep = 1000
