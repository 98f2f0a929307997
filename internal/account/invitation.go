package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// invitedFor is how long an invitation can be accepted.
const invitedFor = 7 * 24 * time.Hour

// Invitation is one that can still be accepted.
type Invitation struct {
	Organization parley.Organization
	User         parley.User // whom it is for
	Email        string      // of the login that may accept
	HasLogin     bool        // the person has to sign in with it first; else a password makes it
	ExpiresAt    parley.Time
}

// Invite adds a user and an invitation to sign in as that user. The secret of its link
// is given here and never again; it works once, for seven days.
func (a *Account) Invite(ctx context.Context, by parley.Caller, u parley.User) (made parley.User, secret string, err error) {
	err = a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		if made, err = a.Users.Create(ctx, by, u); err != nil {
			return err
		}
		secret, err = invite(ctx, tx, by.Organization, made)
		return err
	})
	return made, secret, err
}

// InviteAgain makes a new invitation for a user who has not accepted one, or whose
// email has changed since. Any invitation before it is void.
func (a *Account) InviteAgain(ctx context.Context, by parley.Caller, id parley.UserID) (u parley.User, secret string, err error) {
	err = a.db.Write(ctx, by.Organization, func(ctx context.Context, tx *database.Tx) error {
		if u, err = store.Users.Get(ctx, tx, by.Organization, string(id)); err != nil {
			return err
		}
		j, err := joining(ctx, tx, by.Organization, u)
		if err != nil {
			return err
		}
		if j.Joined {
			return parley.Errorf(parley.Conflict, "%s has accepted an invitation already, and can sign in.", u.Name)
		}
		secret, err = invite(ctx, tx, by.Organization, u)
		return err
	})
	return u, secret, err
}

func invite(ctx context.Context, tx *database.Tx, org parley.OrganizationID, u parley.User) (secret string, err error) {
	login := Login(u.Email)
	if login == "" {
		return "", parley.InvalidField("body.email", "must be an email address")
	}
	b := make([]byte, 32)
	rand.Read(b)
	secret = base64.RawURLEncoding.EncodeToString(b)
	now := parley.Now()
	tx.Queue(ctx, `
		insert into invitations (org_id, user_id, email, hash, expires_at, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (org_id, user_id) do update set
			email = excluded.email, hash = excluded.hash, expires_at = excluded.expires_at, created_at = excluded.created_at`,
		string(org), string(u.ID), login, hashKey(secret), int64(now.Add(invitedFor)), int64(now))
	return secret, nil
}

// Invitation reads the invitation of a secret. One that is unknown, used, replaced or
// expired, or whose user is gone or has another email, is a NotFound error that does
// not say which.
func (a *Account) Invitation(ctx context.Context, secret string) (Invitation, error) {
	inv, err := invitation(ctx, a.db.Read(), secret)
	if err != nil {
		return inv, err
	}
	inv.HasLogin, err = a.HasLogin(ctx, inv.Email)
	return inv, err
}

func invitation(ctx context.Context, q database.Querier, secret string) (inv Invitation, err error) {
	var org parley.OrganizationID
	var user parley.UserID
	err = q.QueryRow(ctx, "select org_id, user_id, email, expires_at from invitations where hash = $1 and expires_at > $2",
		hashKey(secret), int64(parley.Now())).Scan(&org, &user, &inv.Email, &inv.ExpiresAt)
	if errors.Is(err, sql.ErrNoRows) {
		return inv, notInvited()
	}
	if err != nil {
		return inv, fmt.Errorf("get invitation: %w", err)
	}
	if inv.User, err = store.Users.Get(ctx, q, org, string(user)); err != nil {
		if parley.KindOf(err) == parley.NotFound {
			err = notInvited()
		}
		return inv, err
	}
	if Login(inv.User.Email) != inv.Email {
		return inv, notInvited()
	}
	inv.Organization, err = organization(ctx, q, org)
	return inv, err
}

func notInvited() error {
	return parley.Errorf(parley.NotFound, "The invitation is not valid: it has been used, was replaced by a newer one, or has expired. Ask the person who invited you for a new link.")
}

// Proof is how whoever accepts an invitation shows to be the person that it is for:
// that the email's login is signed in, or, if the email has no login yet, what it is to
// sign in with from now on.
type Proof struct {
	SignedIn string            // the email of the login that is signed in; "" if none is
	Password string            // of the new login; "" if it has none
	Identity *ExternalIdentity // that the new login may sign in with; its issuer has verified the email
}

// Accept accepts an invitation, which is used up by that: the login may enter the
// organization. Nobody can accept for an email that has a login without being signed
// in with it, so that a password which somebody else set for the email elsewhere, or
// sets here, opens nothing that its person has accepted or will.
func (a *Account) Accept(ctx context.Context, secret string, p Proof) (m Membership, err error) {
	inv, err := a.Invitation(ctx, secret)
	if err != nil {
		return m, err
	}
	newLogin, err := a.newLogin(ctx, inv, p)
	if err != nil {
		return m, err
	}
	err = a.db.Write(ctx, inv.Organization.ID, func(ctx context.Context, tx *database.Tx) error {
		inv, err := invitation(ctx, tx, secret) // it may have gone meanwhile
		if err != nil {
			return err
		}
		if newLogin != nil {
			if err := newLogin(ctx, tx); err != nil {
				return err
			}
		}
		m = Membership{inv.Organization, inv.User}
		removeMember(ctx, tx, inv.Organization.ID, inv.User.ID)
		addMember(ctx, tx, inv.Organization.ID, inv.User.ID, inv.Email)
		return nil
	})
	return m, err
}

// newLogin checks a proof and gives what makes the login, nil if there is one. The
// password is hashed here, before the transaction, for which it would take too long.
func (a *Account) newLogin(ctx context.Context, inv Invitation, p Proof) (func(context.Context, *database.Tx) error, error) {
	switch {
	case p.SignedIn != "" && Login(p.SignedIn) != inv.Email:
		return nil, parley.Errorf(parley.Forbidden, "The invitation is for %s, and you are signed in as %s: sign out first, then open the link again.", inv.Email, p.SignedIn)
	case p.SignedIn != "" && inv.HasLogin:
		return nil, nil
	case inv.HasLogin:
		return nil, signInFirst(inv)
	}
	hash := ""
	if p.Identity == nil || p.Password != "" {
		var err error
		if hash, err = a.hasher.hash(ctx, p.Password); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx *database.Tx) error {
		added, err := addLogin(ctx, tx, inv.Email, hash)
		if err != nil {
			return err
		}
		if !added { // a moment ago
			return signInFirst(inv)
		}
		if p.Identity != nil {
			return linkIdentity(ctx, tx, *p.Identity, inv.Email)
		}
		return nil
	}, nil
}

func signInFirst(inv Invitation) error {
	return parley.Errorf(parley.Unauthenticated, "There is a login for %s: sign in with it first, then open the link again.", inv.Email)
}
