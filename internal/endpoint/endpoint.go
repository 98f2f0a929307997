// Package endpoint holds the verbs of webhook endpoints and of their deliveries.
// Each verb is one transaction. Delivering is the business of package webhook, which
// is told of every change here.
package endpoint

import (
	"context"
	"time"

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

// hidden stands for the value of a header, which may be a secret, and for secrets.
const hidden = "********"

// public is an endpoint as it may be shown.
func public(w parley.Webhook) parley.Webhook {
	shown := make(parley.Headers, len(w.Headers))
	for name := range w.Headers {
		shown[name] = hidden
	}
	w.Headers = shown
	w.Auth, w.Verification = publicAuth(w.Auth), publicVerification(w.Verification)
	return w
}

func publicPrevious(p parley.Previous) parley.Previous {
	if h, ok := p["headers"].(parley.Headers); ok {
		p["headers"] = public(parley.Webhook{Headers: h}).Headers
	}
	if a, ok := p["auth"].(parley.Auth); ok {
		p["auth"] = publicAuth(a)
	}
	if v, ok := p["verification"].(parley.Verification); ok {
		p["verification"] = publicVerification(v)
	}
	return p
}

// show completes endpoints with where they stand in the log, whose end is head.
func (e *Endpoints) show(ctx context.Context, q database.Querier, org parley.OrganizationID, head int64, ws ...*parley.Webhook) error {
	ids := make([]parley.WebhookID, len(ws))
	for i, w := range ws {
		ids[i] = w.ID
	}
	positions, err := e.positions(ctx, q, org, ids...)
	if err != nil {
		return err
	}
	for _, w := range ws {
		p := positions[w.ID]
		w.Cursor, w.Rewind = p.Cursor, p.Rewind
		w.Lag = max(0, head-w.Cursor)
		*w = public(*w)
	}
	return nil
}

// positions are where endpoints stand, as the engine knows or else as it is stored.
func (e *Endpoints) positions(ctx context.Context, q database.Querier, org parley.OrganizationID, ids ...parley.WebhookID) (map[parley.WebhookID]store.Position, error) {
	positions, err := store.Positions(ctx, q, org, Kind, ids...)
	if err != nil {
		return nil, err
	}
	for id, p := range positions {
		if e.engine != nil {
			if seq, pass, ok := e.engine.Cursor(id); ok && pass == p.Pass {
				p.Cursor = max(p.Cursor, seq)
			}
		}
		if p.Rewind != nil {
			if p.Rewind.Remaining = p.Rewind.Until - p.Cursor; p.Rewind.Remaining <= 0 {
				p.Rewind = nil
			}
		}
		positions[id] = p
	}
	return positions, nil
}

// showIn is show for an endpoint that a transaction has changed: it sees what the
// transaction has done so far.
func (e *Endpoints) showIn(ctx context.Context, tx *database.Tx, org parley.OrganizationID, w *parley.Webhook) error {
	head, err := tx.Head(ctx)
	if err != nil {
		return err
	}
	return e.show(ctx, tx, org, head, w)
}

// Get reads an endpoint.
func (e *Endpoints) Get(ctx context.Context, org parley.OrganizationID, id parley.WebhookID) (parley.Webhook, error) {
	w, err := e.noun.Get(ctx, org, string(id))
	if err != nil {
		return w, err
	}
	head, err := e.log.Head(ctx, org)
	if err != nil {
		return w, err
	}
	return w, e.show(ctx, e.db.Read(), org, head, &w)
}

// List reads a page of endpoints.
func (e *Endpoints) List(ctx context.Context, org parley.OrganizationID, p store.Page, f store.Filter) ([]parley.Webhook, string, error) {
	ws, next, err := e.noun.List(ctx, org, p, f)
	if err != nil || len(ws) == 0 {
		return ws, next, err
	}
	head, err := e.log.Head(ctx, org)
	if err != nil {
		return nil, "", err
	}
	each := make([]*parley.Webhook, len(ws))
	for i := range ws {
		each[i] = &ws[i]
	}
	return ws, next, e.show(ctx, e.db.Read(), org, head, each...)
}

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
	var from *int64
	if start.Sequence != nil {
		oldest, err := e.log.Oldest(ctx, by.Organization)
		if err != nil {
			return w, "", err
		}
		before := max(0, *start.Sequence-1, oldest-1) // what is no longer kept is not missed
		from = &before
	} else if start.Time != nil {
		before, err := e.log.Before(ctx, by.Organization, *start.Time)
		if err != nil {
			return w, "", err
		}
		from = &before
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
		made.Cursor = made.Sequence
		if from != nil {
			made.Cursor = min(made.Cursor, *from)
		}
		e.tell(tx, by.Organization, made.ID)
		return eventlog.SaveCursor(ctx, tx, by.Organization, Kind, string(made.ID), made.Cursor)
	})
	made.Lag = max(0, made.Sequence-made.Cursor)
	return public(made), secret, err
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
		w, err = e.noun.Update(ctx, by, string(id), version, func(w *parley.Webhook) error {
			before := *w
			if err := change(w); err != nil {
				return err
			}
			keepHidden(before.Headers, w.Headers)
			return e.keepSecrets(ctx, tx, by.Organization, before, w)
		})
		if err = alsoWrong(fault, err); err != nil {
			return err
		}
		return e.showIn(ctx, tx, by.Organization, &w)
	})
	return w, err
}

// keepHidden keeps the value of a header that was sent back as it was shown.
func keepHidden(before, after parley.Headers) {
	for name, value := range after {
		if old, ok := before[name]; ok && value == hidden {
			after[name] = old
		}
	}
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

func (e *Endpoints) check(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Webhook) error {
	var wrong []parley.FieldError
	refuse := func(location, message string) {
		wrong = append(wrong, parley.FieldError{Location: location, Message: message})
	}
	if before == nil || before.URL != after.URL {
		if err := e.policy.Check(after.URL); err != nil {
			refuse("body.url", err.Error())
		}
	}
	wrong = append(wrong, checkEventTypes(after.EventTypes)...)
	wrong = append(wrong, checkFilter(before, after)...)
	if blank(after.Transformation) {
		after.Transformation = ""
	}
	var kept parley.Headers
	if before != nil {
		kept = before.Headers
	}
	setDefaults(after)
	e.checkAuth(by.Organization, before, after, refuse)
	e.checkVerification(by.Organization, before, after, refuse)
	for name, fault := range e.sealHeaders(by.Organization, kept, after.Headers) {
		refuse("body.headers."+name, fault.Error())
	}
	if (after.Retry.Preset == "custom") != (len(after.Retry.Delays) > 0) {
		refuse("body.retry.delays", "must be given with preset custom, and only then")
	}
	var known []parley.InboxID
	if before != nil {
		known = before.InboxIDs
	}
	strange, err := checkInboxes(ctx, tx, by.Organization, known, after.InboxIDs)
	if err != nil {
		return err
	}
	wrong = append(wrong, strange...)
	if len(wrong) > 0 {
		return parley.InvalidFields(wrong...)
	}
	return nil
}
