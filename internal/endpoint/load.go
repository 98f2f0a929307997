package endpoint

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/store"
)

// Subscription is all that is needed to deliver to an endpoint, secrets included:
// it is for the engine and must never be shown.
type Subscription struct {
	Org     parley.OrganizationID
	Webhook parley.Webhook
	Secrets []outbound.Secret // to sign with, the newest first
	Until   parley.Time       // when one of the secrets expires; 0: none will
	Cursor  int64
}

// Name is an endpoint and its organization.
type Name struct {
	Org parley.OrganizationID
	ID  parley.WebhookID
}

// Load reads what is needed to deliver to an endpoint.
func (e *Endpoints) Load(ctx context.Context, n Name) (s Subscription, err error) {
	s.Org = n.Org
	if s.Webhook, err = e.noun.Get(ctx, n.Org, string(n.ID)); err != nil {
		return s, err
	}
	if s.Webhook.Headers, err = e.openHeaders(n.Org, s.Webhook.Headers); err != nil {
		return s, err
	}
	secrets, err := e.loadSecrets(ctx, e.db.Read(), n.Org, n.ID)
	if err != nil {
		return s, err
	}
	now := parley.Now()
	for _, secret := range secrets {
		if secret.ExpiresAt != nil && *secret.ExpiresAt <= now {
			continue
		}
		if secret.ExpiresAt != nil && (s.Until == 0 || *secret.ExpiresAt < s.Until) {
			s.Until = *secret.ExpiresAt
		}
		s.Secrets = append(s.Secrets, secret.Secret)
	}
	s.Cursor, err = e.log.Cursor(ctx, eventlog.Follower{Kind: Kind, ID: string(n.ID), Org: n.Org})
	return s, err
}

// Waiting reads the deliveries of an endpoint that are to be tried again, the
// soonest first, at most limit.
func (e *Endpoints) Waiting(ctx context.Context, n Name, limit int) ([]store.Attempt, error) {
	return store.Waiting(ctx, e.db.Read(), n.Org, n.ID, limit)
}

// Done reads which events beyond a cursor an endpoint has already dealt with.
func (e *Endpoints) Done(ctx context.Context, n Name, cursor int64, limit int) ([]int64, error) {
	return store.DoneBeyond(ctx, e.db.Read(), n.Org, n.ID, cursor, limit)
}

// Versions tells the sequence of the last change of every endpoint there is.
func (e *Endpoints) Versions(ctx context.Context) (_ map[Name]int64, err error) {
	rows, err := e.db.Read().Query(ctx, "select org_id, id, seq from webhooks")
	if err != nil {
		return nil, fmt.Errorf("list all endpoints: %w", err)
	}
	defer rows.Close()
	versions := map[Name]int64{}
	for rows.Next() {
		var n Name
		var version int64
		if err := rows.Scan(&n.Org, &n.ID, &version); err != nil {
			return nil, fmt.Errorf("list all endpoints: %w", err)
		}
		versions[n] = version
	}
	return versions, rows.Err()
}
