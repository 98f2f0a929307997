package endpoint

import (
	"context"
	"errors"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// A delivery that is to be made again is a row of attempts like any other that waits
// to be tried again: it is due at once and has no retries left. The row survives a
// restart, and waits while its endpoint is sent nothing.

// LastStep is the step of a delivery that has no retries left: past the end of every
// schedule.
const LastStep = 1000

// Redeliver has an event sent to an endpoint once more, whatever became of it
// before, also if it was never sent because the endpoint did not subscribe to it. One
// that is paused, disabled, failing or unverified is sent it when it is sent events
// again. If this attempt fails the delivery's own schedule goes on from where it was;
// one that was delivered or had failed for good is then failed.
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
		wish := store.Attempt{Org: by.Organization, Webhook: webhook, Seq: seq, At: parley.Now(), Step: LastStep}
		if n := len(attempts); n > 0 {
			last := attempts[n-1]
			if last.State != parley.Retrying {
				last.Step = LastStep
			}
			wish = last
		}
		wish.State, wish.NextAt = parley.Retrying, parley.Now()
		store.InsertAttempt(ctx, tx, &wish)
		e.tell(tx, by.Organization, webhook)
		attempts = append(attempts[:max(0, len(attempts)-1)], wish)
		d = store.Delivery(attempts, event)
		return nil
	})
	return d, err
}

// Redelivered tells how many deliveries are made again, or would be; More that there
// are others beyond the limit.
type Redelivered struct {
	Count int
	More  bool
}

// searchWithin is how long may be searched for failed deliveries.
const searchWithin = 10 * time.Second

// RedeliverFailed has the failed deliveries of an endpoint that a choice names made
// again, as Redeliver does, those of the oldest events first and at most limit: all
// of them, or none. With dryRun they are only counted.
func (e *Endpoints) RedeliverFailed(ctx context.Context, by parley.Caller, id parley.WebhookID, which store.Failures, limit int, dryRun bool) (Redelivered, error) {
	if _, err := e.noun.Get(ctx, by.Organization, string(id)); err != nil {
		return Redelivered{}, err
	}
	seqs, err := e.findFailed(ctx, by.Organization, id, which, limit+1)
	if err != nil {
		return Redelivered{}, err
	}
	found := Redelivered{Count: min(len(seqs), limit), More: len(seqs) > limit}
	if dryRun || found.Count == 0 {
		return found, nil
	}
	err = e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) (err error) {
		e.tell(tx, by.Organization, id)
		found.Count, err = store.RetryFailed(ctx, tx, by.Organization, id, seqs[:min(len(seqs), limit)], parley.Now(), LastStep)
		return err
	})
	return found, err
}

func (e *Endpoints) findFailed(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, which store.Failures, limit int) ([]int64, error) {
	searching, cancel := context.WithTimeout(ctx, searchWithin)
	defer cancel()
	seqs, err := store.FailedDeliveries(searching, e.db.Read(), org, id, which, limit)
	if err != nil && ctx.Err() == nil && errors.Is(searching.Err(), context.DeadlineExceeded) {
		return nil, parley.Errorf(parley.Unavailable, "There are too many failed deliveries to search them like this: ask for fewer with limit, or leave out event_types.").Because(err)
	}
	return seqs, err
}
