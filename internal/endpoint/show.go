package endpoint

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

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
