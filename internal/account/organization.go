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

// Found makes an organization that can be used at once, in one transaction. Its owner's
// login may enter it: who calls knows that whoever asks is that person, or that the
// email has no login yet.
func (a *Account) Found(ctx context.Context, f Founding) (Founded, error) {
	return a.found(ctx, f, false)
}

// FoundFirst is Found for the set-up of a server: only where there is no organization
// yet, else it is a Conflict. Of several at once, one makes its organization.
func (a *Account) FoundFirst(ctx context.Context, f Founding) (Founded, error) {
	return a.found(ctx, f, true)
}

func (a *Account) found(ctx context.Context, f Founding, first bool) (made Founded, err error) {
	f.Name, f.Email = strings.TrimSpace(f.Name), strings.TrimSpace(f.Email)
	if f.Name == "" || utf8.RuneCountInString(f.Name) > 200 {
		return made, parley.InvalidField("name", "must have 1 to 200 characters")
	}
	if Login(f.Email) == "" {
		return made, parley.InvalidField("email", "must be an email address")
	}
	hash, err := a.loginHash(ctx, f)
	if err != nil {
		return made, err
	}
	id := parley.NewID[parley.OrganizationID]()
	by := parley.Caller{Organization: id, Actor: parley.System}
	err = a.db.Write(ctx, id, func(ctx context.Context, tx *database.Tx) error {
		if err := claimFirst(ctx, tx, id, first); err != nil {
			return err
		}
		now := parley.Now()
		made.Organization = parley.Organization{ID: id, Name: f.Name, CreatedAt: now, UpdatedAt: now}
		_, err := tx.Exec(ctx, `
			insert into organizations (id, name, created_at, updated_at)
			values ($1, $2, $3, $3)`, string(id), f.Name, int64(now))
		if err != nil {
			return fmt.Errorf("insert organization: %w", err)
		}
		if hash != "" {
			if _, err := addLogin(ctx, tx, Login(f.Email), hash); err != nil {
				return err
			}
		}
		if made.Owner, err = a.Users.Create(ctx, by, parley.User{Name: f.Owner, Email: f.Email, Role: parley.Owner}); err != nil {
			return err
		}
		addMember(ctx, tx, id, made.Owner.ID, Login(f.Email))
		if made.Inbox, err = a.Inboxes.Create(ctx, by, parley.Inbox{Name: "Website", Channel: "api"}); err != nil {
			return err
		}
		made.Key, _, err = a.CreateKey(ctx, by, f.Scopes, parley.APIKey{Name: "First key", Kind: "organization", Scopes: f.Scopes})
		return err
	})
	return made, err
}

// claimFirst notes which organization was the first, and refuses one that must be and
// is not. Others that are being founded meanwhile wait for the note.
func claimFirst(ctx context.Context, tx *database.Tx, id parley.OrganizationID, must bool) error {
	first, err := store.Settle(ctx, tx, "first_organization", string(id))
	if err != nil {
		return err
	}
	empty, err := noOrganization(ctx, tx)
	if err == nil && must && (first != string(id) || !empty) {
		err = parley.Errorf(parley.Conflict, "This server has been set up already: sign in, or ask for an invitation.")
	}
	return err
}

// Empty tells whether there is no organization yet, so that the server is to be set up.
func (a *Account) Empty(ctx context.Context) (bool, error) {
	return noOrganization(ctx, a.db.Read())
}

func noOrganization(ctx context.Context, q database.Querier) (bool, error) {
	var some int
	err := q.QueryRow(ctx, "select 1 from organizations limit 1").Scan(&some)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("look for organizations: %w", err)
	}
	return err != nil, nil
}

// loginHash is the hash of the owner's password, made before the transaction, for
// which it would take too long; "" if the email has a login, whose password stays.
func (a *Account) loginHash(ctx context.Context, f Founding) (string, error) {
	known, err := a.HasLogin(ctx, f.Email)
	if err != nil || known {
		return "", err
	}
	return a.hasher.hash(ctx, f.Password)
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
