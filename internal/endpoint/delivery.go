package endpoint

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Wanted chooses deliveries. What is empty does not matter.
type Wanted struct {
	Status       string
	Types        parley.Patterns
	Since, Until *time.Time // when the event happened: at or after one, before the other
}

// Deliveries reads a page of an endpoint's deliveries, the newest event first;
// before is the sequence that the page before ended with, 0 for the first page. more
// tells whether there are others.
func (e *Endpoints) Deliveries(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, which Wanted, before int64, limit int) (ds []parley.Delivery, more bool, err error) {
	if _, err := e.noun.Get(ctx, org, string(id)); err != nil {
		return nil, false, err
	}
	var after int64
	if which.Since != nil {
		if after, err = e.log.Before(ctx, org, *which.Since); err != nil {
			return nil, false, err
		}
	}
	if which.Until != nil {
		last, err := e.log.Before(ctx, org, *which.Until)
		if err != nil {
			return nil, false, err
		}
		if before == 0 || last+1 < before {
			before = last + 1
		}
	}
	ds, err = store.Deliveries(ctx, e.db.Read(), org, id, which.Status, which.Types, after, before, limit+1)
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
