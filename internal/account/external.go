package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// ExternalIdentity is a person as an identity provider (OpenID Connect) knows them:
// its address, and its own name for the person, which never passes to another.
type ExternalIdentity struct {
	Issuer, Subject string
}

// LoginOf finds the login that an external identity signs in to.
func (a *Account) LoginOf(ctx context.Context, id ExternalIdentity) (email string, found bool, err error) {
	return loginOf(ctx, a.db.Read(), id)
}

func loginOf(ctx context.Context, q database.Querier, id ExternalIdentity) (email string, found bool, err error) {
	err = q.QueryRow(ctx, "select email from external_identities where issuer = $1 and subject = $2", id.Issuer, id.Subject).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look for an external identity: %w", err)
	}
	return email, true, nil
}

// LinkIdentity lets an external identity sign in to a login from now on. Whoever asks
// must be signed in to it by other means: that an issuer names the login's email is not
// enough, for somebody else may have made the login. An identity of another login is a
// Conflict; linking again changes nothing.
func (a *Account) LinkIdentity(ctx context.Context, email string, id ExternalIdentity) error {
	return a.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		login := Login(email)
		_, found, err := passwordOf(ctx, tx, login)
		if err != nil {
			return err
		}
		if !found {
			return parley.Missing("login", email)
		}
		return linkIdentity(ctx, tx, id, login)
	})
}

func linkIdentity(ctx context.Context, tx *database.Tx, id ExternalIdentity, login string) error {
	if id.Issuer == "" || id.Subject == "" {
		return errors.New("link an external identity: it names no issuer or no subject")
	}
	_, err := tx.Exec(ctx, `
		insert into external_identities (issuer, subject, email, created_at) values ($1, $2, $3, $4)
		on conflict (issuer, subject) do nothing`, id.Issuer, id.Subject, login, int64(parley.Now()))
	if err != nil {
		return fmt.Errorf("link an external identity: %w", err)
	}
	owner, _, err := loginOf(ctx, tx, id)
	if err == nil && owner != login {
		err = parley.Errorf(parley.Conflict, "This identity signs in to another login already.")
	}
	return err
}

// UnlinkIdentities lets no external identity sign in to a login any more. One that has
// no password keeps them: it would have no way in.
func (a *Account) UnlinkIdentities(ctx context.Context, email string) error {
	return a.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		hash, _, err := passwordOf(ctx, tx, Login(email))
		if err != nil {
			return err
		}
		if hash == "" {
			return parley.Errorf(parley.Conflict, "Your login has no password, so there would be no way in.")
		}
		tx.Queue(ctx, "delete from external_identities where email = $1", Login(email))
		return nil
	})
}

// Identities lists the issuers through which a login can be signed in to, at most 20.
func (a *Account) Identities(ctx context.Context, email string) (all []ExternalIdentity, err error) {
	rows, err := a.db.Read().Query(ctx, "select issuer, subject from external_identities where email = $1 order by issuer, subject limit 20", Login(email))
	if err != nil {
		return nil, fmt.Errorf("list external identities: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id ExternalIdentity
		if err := rows.Scan(&id.Issuer, &id.Subject); err != nil {
			return nil, fmt.Errorf("list external identities: %w", err)
		}
		all = append(all, id)
	}
	return all, rows.Err()
}
