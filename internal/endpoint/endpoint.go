// Package endpoint holds the verbs of webhook endpoints and of their deliveries.
// Each verb is one transaction. Delivering is the business of package webhook, which
// is told of every change here.
package endpoint

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/outbound"
	"parley/internal/sandbox"
	"parley/internal/store"
	"parley/internal/vault"
)

// Kind is what endpoints are called among the followers of a log.
const Kind = "webhook"

// maxEndpoints is how many endpoints an organization may have.
const maxEndpoints = 10_000

// Endpoints is the verbs.
type Endpoints struct {
	db      *database.DB
	log     *eventlog.Log
	policy  outbound.Policy
	vault   *vault.Vault
	noun    *noun.Noun[parley.Webhook, parley.WebhookEvent]
	engine  Engine
	sandbox *sandbox.Sandbox
}

// Engine is whoever delivers. It is told, after the commit, what it has to know at
// once, and must return at once.
type Engine interface {
	// Changed says that an endpoint was created, changed or deleted, or has a
	// delivery that is to be made again.
	Changed(org parley.OrganizationID, id parley.WebhookID)
	// Cursor is how far an endpoint has come since its cursor was moved back pass
	// times; ok is false if the engine does not run it, and the stored cursor has
	// to do.
	Cursor(id parley.WebhookID) (seq, pass int64, ok bool)
	// Standing tells how the event at a place, of a key, stands at an endpoint; ok is
	// as with Cursor. It may wait a moment.
	Standing(id parley.WebhookID, seq int64, key string) (s Standing, ok bool)
	// Verify has an endpoint asked for its token, and notes it with Verified if the
	// answer is right. Unlike the others it waits for the answer.
	Verify(ctx context.Context, org parley.OrganizationID, id parley.WebhookID) error
}

// New makes the verbs. URLs are checked against the policy when they are saved;
// signing secrets, the values of headers and all other secrets are kept sealed.
func New(db *database.DB, log *eventlog.Log, policy outbound.Policy, v *vault.Vault) *Endpoints {
	e := &Endpoints{db: db, log: log, policy: policy, vault: v}
	e.noun = &noun.Noun[parley.Webhook, parley.WebhookEvent]{
		DB: db, Log: log, Table: store.Webhooks,
		Created: parley.WebhookCreated, Updated: parley.WebhookUpdated, Deleted: parley.WebhookDeleted,
		Data: func(w parley.Webhook, p parley.Previous) parley.WebhookEvent {
			return parley.WebhookEvent{Webhook: public(w), Previous: publicPrevious(p)}
		},
		Check:    e.check,
		Deleting: e.deleting,
	}
	return e
}

// Serve names the engine. Without one, changes are only stored.
func (e *Endpoints) Serve(engine Engine) { e.engine = engine }

// RunIn names where transformations run that are checked or tried out. Without a
// sandbox, endpoints can have none.
func (e *Endpoints) RunIn(s *sandbox.Sandbox) { e.sandbox = s }

func (e *Endpoints) tell(tx *database.Tx, org parley.OrganizationID, id parley.WebhookID) {
	tx.AfterCommit(func() {
		if e.engine != nil {
			e.engine.Changed(org, id)
		}
	})
}

// Update lets change alter an endpoint; version is as in [noun.Noun.Update].
func (e *Endpoints) Update(ctx context.Context, by parley.Caller, id parley.WebhookID, version int64, change func(*parley.Webhook) error) (parley.Webhook, error) {
	fault, err := e.checkChangedTransformation(ctx, by.Organization, id, version, change)
	if err != nil {
		return parley.Webhook{}, err
	}
	var w parley.Webhook
	err = e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) (err error) {
		e.tell(tx, by.Organization, id)
		var before parley.Webhook
		w, err = e.noun.Update(ctx, by, string(id), version, func(w *parley.Webhook) error {
			before = *w
			if err := change(w); err != nil {
				return err
			}
			keepHeaders(before, w)
			return e.keepSecrets(ctx, tx, by.Organization, before, w)
		})
		if err = alsoWrong(fault, err); err != nil {
			return err
		}
		e.noteStatus(ctx, tx, by.Organization, before, w)
		return e.showIn(ctx, tx, by.Organization, &w)
	})
	return w, err
}

// Delete removes an endpoint and the record of its deliveries. Nothing is sent to
// it any more once Delete has returned, but for what is on its way.
func (e *Endpoints) Delete(ctx context.Context, by parley.Caller, id parley.WebhookID) error {
	return e.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		e.tell(tx, by.Organization, id)
		return e.noun.Delete(ctx, by, string(id))
	})
}

func (e *Endpoints) deleting(ctx context.Context, tx *database.Tx, by parley.Caller, w *parley.Webhook) error {
	if err := store.DeleteAttempts(ctx, tx, by.Organization, w.ID); err != nil {
		return err
	}
	if err := store.ForgetMinutes(ctx, tx, by.Organization, w.ID); err != nil {
		return err
	}
	if err := store.ForgetRewind(ctx, tx, by.Organization, w.ID); err != nil {
		return err
	}
	return eventlog.DeleteCursor(ctx, tx, by.Organization, Kind, string(w.ID))
}
