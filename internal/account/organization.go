package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/database"
	"parley/internal/noun"
	"parley/internal/store"
)

// Founding is what a new organization starts with.
type Founding struct {
	Name     string
	Email    string // of its owner
	Owner    string // the owner's name
	Password string // of the owner's login, if the email has none yet; else it stays as it is
	Scopes   []parley.Scope
}

// Founded is a new organization, its owner, a first inbox of channel api, and a
// first API key, which is shown here and never again.
type Founded struct {
	Organization parley.Organization
	Owner        parley.User
	Inbox        parley.Inbox
	Key          string
}

// Found makes an organization that can be used at once, in one transaction.
func (a *Account) Found(ctx context.Context, f Founding) (made Founded, err error) {
	f.Name, f.Email = strings.TrimSpace(f.Name), strings.TrimSpace(f.Email)
	if f.Name == "" || utf8.RuneCountInString(f.Name) > 200 {
		return made, parley.InvalidField("name", "must have 1 to 200 characters")
	}
	hash, err := a.loginHash(ctx, f)
	if err != nil {
		return made, err
	}
	id := parley.NewID[parley.OrganizationID]()
	by := parley.Caller{Organization: id, Actor: parley.System}
	err = a.db.Write(ctx, id, func(ctx context.Context, tx *database.Tx) error {
		now := parley.Now()
		made.Organization = parley.Organization{ID: id, Name: f.Name, CreatedAt: now, UpdatedAt: now}
		_, err := tx.Exec(ctx, `
			insert into organizations (id, name, created_at, updated_at)
			values ($1, $2, $3, $3)`, string(id), f.Name, int64(now))
		if err != nil {
			return fmt.Errorf("insert organization: %w", err)
		}
		if hash != "" {
			if err := keepLogin(ctx, tx, f.Email, hash); err != nil {
				return err
			}
		}
		if made.Owner, err = a.Users.Create(ctx, by, parley.User{Name: f.Owner, Email: f.Email, Role: parley.Owner}); err != nil {
			return err
		}
		if made.Inbox, err = a.Inboxes.Create(ctx, by, parley.Inbox{Name: "Website", Channel: "api"}); err != nil {
			return err
		}
		made.Key, _, err = a.CreateKey(ctx, by, f.Scopes, parley.APIKey{Name: "First key", Kind: "organization", Scopes: f.Scopes})
		return err
	})
	return made, err
}

// loginHash is the hash of the owner's password, made before the transaction, for
// which it would take too long; "" if the email has a login, whose password stays.
func (a *Account) loginHash(ctx context.Context, f Founding) (string, error) {
	if err := checkPassword(f.Password); err != nil {
		return "", err
	}
	var known int
	err := a.db.Read().QueryRow(ctx, "select 1 from logins where email = $1", strings.ToLower(f.Email)).Scan(&known)
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, sql.ErrNoRows):
		return hashPassword(f.Password), nil
	}
	return "", fmt.Errorf("look for login: %w", err)
}

// keepLogin stores the password of an email that has none yet.
func keepLogin(ctx context.Context, tx *database.Tx, email, hash string) error {
	_, err := tx.Exec(ctx, `
		insert into logins (email, password_hash, created_at, updated_at)
		values ($1, $2, $3, $3)
		on conflict (email) do nothing`, strings.ToLower(email), hash, int64(parley.Now()))
	if err != nil {
		return fmt.Errorf("insert login: %w", err)
	}
	return nil
}

// Organization reads an organization.
func (a *Account) Organization(ctx context.Context, id parley.OrganizationID) (parley.Organization, error) {
	return organization(ctx, a.db.Read(), id)
}

// organization is apart from the other nouns: its table's key is its own id.
func organization(ctx context.Context, q database.Querier, id parley.OrganizationID) (o parley.Organization, err error) {
	err = q.QueryRow(ctx, `
		select id, name, retention_days, created_at, updated_at, seq
		from organizations
		where id = $1`, string(id)).Scan(&o.ID, &o.Name, &o.RetentionDays, &o.CreatedAt, &o.UpdatedAt, &o.Sequence)
	if err != nil {
		return o, fmt.Errorf("get organization: %w", err)
	}
	return o, nil
}

// UpdateOrganization lets change alter the caller's organization; version is as in
// [noun.Noun.Update].
func (a *Account) UpdateOrganization(ctx context.Context, by parley.Caller, version int64, change func(*parley.Organization) error) (parley.Organization, error) {
	var after parley.Organization
	err := a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		before, err := organization(ctx, tx, by.Organization)
		if err != nil {
			return err
		}
		if err := noun.CheckVersion(version, before.Sequence); err != nil {
			return err
		}
		after = before
		if err := change(&after); err != nil {
			return err
		}
		previous := store.Organizations.Changed(&before, &after)
		if previous == nil {
			return nil
		}
		at, err := a.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Organizations.Touch(&after, at.Sequence, at.At)
		_, err = tx.Exec(ctx, "update organizations set name = $2, retention_days = $3, updated_at = $4, seq = $5 where id = $1",
			string(after.ID), after.Name, after.RetentionDays, int64(after.UpdatedAt), after.Sequence)
		if err != nil {
			return fmt.Errorf("update organization: %w", err)
		}
		_, err = a.log.Append(ctx, tx, by, at, parley.OrganizationUpdated.Draft(string(after.ID), "",
			parley.OrganizationEvent{Organization: after, Previous: previous}))
		return err
	})
	return after, err
}
