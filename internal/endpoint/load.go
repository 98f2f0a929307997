package endpoint

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/outbound"
	"parley/internal/store"
)

// Subscription is all that is needed to deliver to an endpoint, secrets included:
// it is for the engine and must never be shown.
type Subscription struct {
	Org     parley.OrganizationID
	Webhook parley.Webhook
	Secrets []outbound.Secret     // to sign with, the newest first
	Private []outbound.PrivateKey // as well
	Until   parley.Time           // when one of either expires; 0: none will
	store.Position
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
	if s.Webhook.Auth, err = e.openAuth(n.Org, s.Webhook.Auth); err != nil {
		return s, err
	}
	if s.Webhook.Verification, err = e.openVerification(n.Org, s.Webhook.Verification); err != nil {
		return s, err
	}
	keys, err := e.loadKeyring(ctx, e.db.Read(), n.Org, n.ID)
	if err != nil {
		return s, err
	}
	s.sign(keys, parley.Now())
	positions, err := store.Positions(ctx, e.db.Read(), n.Org, Kind, n.ID)
	s.Position = positions[n.ID]
	return s, err
}

// sign chooses what requests are signed with now.
func (s *Subscription) sign(keys keyring, now parley.Time) {
	for _, key := range keys.Signing {
		if !key.valid(now) {
			continue
		}
		if key.ExpiresAt != nil && (s.Until == 0 || *key.ExpiresAt < s.Until) {
			s.Until = *key.ExpiresAt
		}
		if s.Webhook.Signing != "v1a" {
			s.Secrets = append(s.Secrets, key.Secret)
		}
		if key.Private != "" && private(s.Webhook) {
			s.Private = append(s.Private, key.Private)
		}
	}
}

// Waiting reads the deliveries of an endpoint that are to be tried again, the
// soonest first, at most limit.
func (e *Endpoints) Waiting(ctx context.Context, n Name, limit int) ([]store.Attempt, error) {
	return store.Waiting(ctx, e.db.Read(), n.Org, n.ID, limit)
}

// Done reads which events beyond its cursor an endpoint has already dealt with.
func (e *Endpoints) Done(ctx context.Context, n Name, p store.Position, limit int) ([]int64, error) {
	return store.DoneBeyond(ctx, e.db.Read(), n.Org, n.ID, p, limit)
}

// Attempted tells how many attempts there were at the events from first to last.
func (e *Endpoints) Attempted(ctx context.Context, n Name, first, last int64) (map[int64]int, error) {
	return store.LastNumbers(ctx, e.db.Read(), n.Org, n.ID, first, last)
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
