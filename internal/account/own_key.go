package account

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// CreateOwnKey makes a personal key of the user who acts, with at most the scopes of
// their role: everybody may have one, as it can do nothing that they cannot do
// themselves. The key itself is given here and never again.
func (a *Account) CreateOwnKey(ctx context.Context, by parley.Caller, k parley.APIKey) (string, parley.APIKey, error) {
	user, err := store.Users.Get(ctx, a.db.Read(), by.Organization, by.Actor.ID)
	if err != nil {
		return "", k, err
	}
	k.Kind, k.UserID = "personal", &user.ID
	return a.CreateKey(ctx, by, user.Role.Scopes(), k)
}

// RevokeOwnKey is [Account.RevokeKey] for a personal key of the user who acts. Another's
// is a NotFound error, like one that is not there.
func (a *Account) RevokeOwnKey(ctx context.Context, by parley.Caller, id parley.APIKeyID) error {
	return a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		k, err := store.APIKeys.Get(ctx, tx, by.Organization, string(id))
		switch {
		case err != nil:
			return err
		case by.Actor.Type != parley.ActorUser || k.UserID == nil || string(*k.UserID) != by.Actor.ID:
			return parley.Missing("API key", id)
		case k.RevokedAt != nil:
			return nil
		}
		return a.revokeKey(ctx, tx, by, k)
	})
}
