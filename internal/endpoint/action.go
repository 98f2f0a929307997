package endpoint

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/outbound"
	"parley/internal/store"
)

// Rotate gives an endpoint a new secret, and a new private key if it has asked for
// one. Requests are signed with the old ones too
// until overlap has passed.
func (e *Endpoints) Rotate(ctx context.Context, by parley.Caller, id parley.WebhookID, overlap time.Duration) (parley.Webhook, outbound.Secret, error) {
	secret := outbound.NewSecret()
	var w parley.Webhook
	err := e.change(ctx, by, id, func(ctx context.Context, tx *database.Tx, before parley.Webhook) (err error) {
		keys, err := e.loadKeyring(ctx, tx, by.Organization, id)
		if err != nil {
			return err
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		keys.replace(secret, at.At, overlap)
		w = before
		if err := keys.pair(&w); err != nil {
			return err
		}
		if err := e.saveKeyring(ctx, tx, by.Organization, id, keys); err != nil {
			return err
		}
		store.Webhooks.Touch(&w, at.Sequence, at.At)
		err = e.write(ctx, tx, by, at, before, &w, parley.WebhookSecretRotated.Draft(string(id), "", parley.WebhookEvent{Webhook: public(w)}))
		if err != nil {
			return err
		}
		return e.showIn(ctx, tx, by.Organization, &w)
	})
	return w, secret, err
}

// Pause holds an endpoint's events until it is resumed. Pausing a paused endpoint
// changes nothing.
func (e *Endpoints) Pause(ctx context.Context, by parley.Caller, id parley.WebhookID) (parley.Webhook, error) {
	return e.Update(ctx, by, id, noun.AnyVersion, func(w *parley.Webhook) error {
		reason := "Paused on request."
		w.Status, w.StatusReason = parley.EndpointPaused, &reason
		return nil
	})
}

// Resume lets an endpoint be sent events again: with those that were held, or,
// fromNow, only with what happens from now on. Deliveries that wait to be tried again
// count as failed then. One that has yet to be verified since it was created or
// changed is unverified again.
func (e *Endpoints) Resume(ctx context.Context, by parley.Caller, id parley.WebhookID, fromNow bool) (w parley.Webhook, err error) {
	err = e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		e.tell(tx, by.Organization, id)
		if fromNow {
			if err := e.endRewind(ctx, tx, by, id); err != nil {
				return err
			}
		}
		var before parley.Webhook
		w, err = e.noun.Update(ctx, by, string(id), noun.AnyVersion, func(w *parley.Webhook) error {
			before = *w
			if w.Status == parley.EndpointUnverified {
				return parley.Errorf(parley.Conflict, "This endpoint has yet to answer its verification token, and is resumed by that: POST /v1/webhooks/%s/verify.", id)
			}
			w.Status, w.StatusReason = parley.EndpointActive, nil
			return e.keepSecrets(ctx, tx, by.Organization, *w, w)
		})
		if err != nil {
			return err
		}
		e.noteStatus(ctx, tx, by.Organization, before, w)
		store.Hold(ctx, tx, by.Organization, Kind, id, 0)
		if fromNow {
			if err := store.AbandonRetries(ctx, tx, by.Organization, id); err != nil {
				return err
			}
			head, err := tx.Head(ctx)
			if err != nil {
				return err
			}
			if err := eventlog.SaveCursor(ctx, tx, by.Organization, Kind, string(id), head); err != nil {
				return err
			}
		}
		return e.showIn(ctx, tx, by.Organization, &w)
	})
	return w, err
}

// Test sends an endpoint a test event, or the example of a type of event if one is
// named, whatever it subscribes to, and gives the event and the delivery by which its
// fate can be followed.
func (e *Endpoints) Test(ctx context.Context, by parley.Caller, id parley.WebhookID, eventType string) (event *parley.Event, delivery parley.DeliveryID, err error) {
	data := parley.WebhookTestEvent{Message: "This is a test. If you can read it, your endpoint works."}
	if eventType != "" && eventType != parley.WebhookTested.Name() {
		if _, ok := parley.Declared(eventType); !ok {
			return nil, "", parley.InvalidField("body.type",
				"has no example: choose one of the types listed at /v1/event_types; events of your own types are published with POST /v1/events")
		}
		data.Sample = &eventType
	}
	err = e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		w, err := store.Webhooks.Get(ctx, tx, by.Organization, string(id))
		if err != nil {
			return err
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		data.Webhook = public(w)
		event, err = e.log.Append(ctx, tx, by, at, parley.WebhookTested.Draft(string(id), "", data))
		delivery = parley.NewDeliveryID(id, at.Sequence)
		return err
	})
	return event, delivery, err
}

// SetHealth notes that an endpoint began to fail, recovered or was disabled. It
// does nothing if the endpoint is no longer in the state from. When it recovers,
// deliveries whose last attempt failed since a time are due at once.
func (e *Endpoints) SetHealth(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, from, to parley.EndpointStatus, reason string, since parley.Time) error {
	by := parley.Caller{Organization: org, Actor: parley.System}
	err := e.change(ctx, by, id, func(ctx context.Context, tx *database.Tx, before parley.Webhook) error {
		if before.Status != from {
			return nil
		}
		at, err := e.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		after := before
		after.Status, after.StatusReason = to, &reason
		event, failing := parley.WebhookFailing, at.At
		switch to {
		case parley.EndpointActive:
			event, after.StatusReason, failing = parley.WebhookRecovered, nil, 0
			if err := store.HurryRetries(ctx, tx, org, id, since, at.At); err != nil {
				return err
			}
		case parley.EndpointDisabled:
			event, failing = parley.WebhookDisabled, 0
		}
		store.Failing(ctx, tx, org, Kind, id, failing)
		e.noteStatus(ctx, tx, by.Organization, before, after)
		store.Webhooks.Touch(&after, at.Sequence, at.At)
		return e.write(ctx, tx, by, at, before, &after, event.Draft(string(id), "", parley.WebhookHealthEvent{
			Webhook: public(after), Reason: reason, Previous: parley.Previous{"status": before.Status},
		}))
	})
	if parley.KindOf(err) == parley.NotFound {
		return nil // deleted meanwhile
	}
	return err
}

// noteStatus notes since when an endpoint stands as it does, if that has changed.
func (e *Endpoints) noteStatus(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, after parley.Webhook) {
	if before.Status == after.Status {
		return
	}
	store.StatusSince(ctx, tx, org, Kind, after.ID, parley.Now())
	if after.Status != parley.EndpointFailing {
		store.Failing(ctx, tx, org, Kind, after.ID, 0)
	}
}

func (e *Endpoints) change(ctx context.Context, by parley.Caller, id parley.WebhookID, do func(context.Context, *database.Tx, parley.Webhook) error) error {
	return e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		before, err := store.Webhooks.Get(ctx, tx, by.Organization, string(id))
		if err != nil {
			return err
		}
		e.tell(tx, by.Organization, id)
		return do(ctx, tx, before)
	})
}

func (e *Endpoints) write(ctx context.Context, tx *database.Tx, by parley.Caller, at eventlog.Place, before parley.Webhook, after *parley.Webhook, draft parley.Draft) error {
	store.Webhooks.Update(ctx, tx, by.Organization, &before, after)
	_, err := e.log.Append(ctx, tx, by, at, draft)
	return err
}
