package endpoint

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/store"
)

// Start is where a new endpoint begins: with what happens from now on, with the
// event at a sequence, or with the first at or after a time.
type Start struct {
	Sequence *int64
	Time     *time.Time
}

// Create adds an endpoint and gives the secret that its requests are signed with,
// which is not shown again.
func (e *Endpoints) Create(ctx context.Context, by parley.Caller, w parley.Webhook, start Start) (parley.Webhook, outbound.Secret, error) {
	secret := outbound.NewSecret()
	keys := keyring{Signing: []signingKey{{Secret: secret}}}
	if err := keys.pair(&w); err != nil {
		return w, "", err
	}
	w.Status, w.StatusReason = parley.EndpointActive, nil
	if w.Verification.Type == "token_echo" {
		w.Status, w.StatusReason = parley.EndpointUnverified, new(awaitsToken)
	}
	from, now, err := e.before(ctx, by.Organization, start)
	if err != nil {
		return w, "", err
	}
	if start.Time != nil && start.Time.After(time.Now()) {
		return w, "", parley.InvalidField("body.start", "must not be in the future: leave it out to begin now")
	}
	fault, err := e.checkTransformation(ctx, by.Organization, w.Transformation)
	if err != nil {
		return w, "", err
	}
	var made parley.Webhook
	err = e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		count, err := store.Webhooks.Count(ctx, tx, by.Organization, store.Filter{}, maxEndpoints)
		if err != nil {
			return err
		}
		if count >= maxEndpoints {
			return parley.Errorf(parley.Conflict, "An organization can have %d webhook endpoints: delete one first.", maxEndpoints)
		}
		made, err = e.noun.Create(ctx, by, w)
		if err = alsoWrong(fault, err); err != nil {
			return err
		}
		if err := e.saveKeyring(ctx, tx, by.Organization, made.ID, keys); err != nil {
			return err
		}
		if from > made.Sequence {
			return parley.InvalidField("body.start", "must not be beyond the end of the log, which is at %d: leave it out to begin now", made.Sequence-1)
		}
		if made.Cursor = from; now {
			made.Cursor = made.Sequence
		}
		e.tell(tx, by.Organization, made.ID)
		return eventlog.SaveCursor(ctx, tx, by.Organization, Kind, string(made.ID), made.Cursor)
	})
	made.Lag = max(0, made.Sequence-made.Cursor)
	return public(made), secret, err
}

// before is the cursor of an endpoint that is to begin at a place in the log, not
// before what the log still keeps; now says that no place was named.
func (e *Endpoints) before(ctx context.Context, org parley.OrganizationID, s Start) (cursor int64, now bool, err error) {
	switch {
	case s.Sequence != nil:
		oldest, err := e.log.Oldest(ctx, org)
		return max(0, *s.Sequence-1, oldest-1), false, err
	case s.Time != nil:
		cursor, err = e.log.Before(ctx, org, *s.Time)
		return cursor, false, err
	}
	return 0, true, nil
}
