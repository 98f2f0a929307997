package session

import (
	"context"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/store"
)

// Visitor is who makes a request: a person, in one of their organizations.
type Visitor struct {
	Email        string // of the login
	Organization parley.Organization
	User         parley.User // in that organization; its role says what they may do
}

// Caller acts as the visitor's user.
func (v Visitor) Caller() parley.Caller {
	return parley.Caller{Organization: v.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(v.User.ID)}}
}

// Allows tells whether the visitor's role may do what needs the scope.
func (v Visitor) Allows(s parley.Scope) bool { return parley.Allowed(v.User.Role.Scopes(), s) }

// Email is the login that is signed in, whether or not it may enter any organization;
// "" if nobody is.
func (s *Sessions) Email(ctx context.Context) string { return of(ctx).email }

// Current is the id of the request's session, "" if it has none that is kept.
func (s *Sessions) Current(ctx context.Context) string { return of(ctx).id }

// Visitor is who makes the request, as the database has it now: in the organization
// that was entered last, or, if that may not be entered any more, in the first by name
// that may. ok is false if nobody is signed in, or nobody who may enter any.
func (s *Sessions) Visitor(ctx context.Context) (v Visitor, ok bool, err error) {
	r := of(ctx)
	if r.email == "" {
		return v, false, nil
	}
	if r.organization != "" {
		m, ok, err := s.accounts.Membership(ctx, r.email, r.organization)
		if ok || err != nil {
			return visitor(r.email, m), ok, err
		}
	}
	all, err := s.accounts.Memberships(ctx, r.email)
	if err != nil || len(all) == 0 {
		return v, false, err
	}
	return visitor(r.email, all[0]), true, nil
}

func visitor(email string, m account.Membership) Visitor {
	return Visitor{Email: email, Organization: m.Organization, User: m.User}
}

// Alive tells whether the request's session has not ended since the request began: a
// long stream asks now and then.
func (s *Sessions) Alive(ctx context.Context) (bool, error) {
	r := of(ctx)
	if r.id == "" {
		return false, nil
	}
	_, found, err := store.GetSession(ctx, s.db.Read(), r.id, parley.Now())
	return found, err
}

// SignIn signs a login in, with a new token: whoever knew the one before knows nothing.
// The caller has checked the password and the second factor, or what stands for them.
// What was put into the session before is gone.
func (s *Sessions) SignIn(ctx context.Context, email string) error {
	login := account.Login(email)
	all, err := s.accounts.Memberships(ctx, login)
	if err != nil {
		return err
	}
	if err := s.renew(ctx); err != nil {
		return err
	}
	r := of(ctx)
	r.email = login
	if len(all) > 0 {
		r.organization = all[0].Organization.ID
	}
	_, _, err = s.plain.Commit(ctx) // now, while an error can still be told
	return err
}

// renew begins the session anew: with another token, empty, and nobody signed in.
func (s *Sessions) renew(ctx context.Context) error {
	if err := s.plain.RenewToken(ctx); err != nil {
		return err
	}
	r := of(ctx)
	r.id, r.email, r.organization = "", "", ""
	return s.plain.Clear(ctx)
}

// SignOut ends the request's session.
func (s *Sessions) SignOut(ctx context.Context) error {
	err := s.plain.Destroy(ctx)
	if err == nil {
		r := of(ctx)
		r.id, r.email, r.organization = "", "", ""
	}
	return err
}

// halfIn is where a session keeps who has shown the password, and how long that counts.
const (
	halfIn    = "half_in"
	halfInFor = 10 * time.Minute
)

// HalfIn notes that a login has shown its password and is to be asked for its second
// factor. Nobody is signed in yet, and the token is new.
func (s *Sessions) HalfIn(ctx context.Context, email string) error {
	if err := s.renew(ctx); err != nil {
		return err
	}
	s.Put(ctx, halfIn, strconv.FormatInt(int64(parley.Now().Add(halfInFor)), 10)+" "+account.Login(email))
	return nil
}

// HalfInAs is the login that has shown its password in the last ten minutes and not
// yet its second factor; "" if none has.
func (s *Sessions) HalfInAs(ctx context.Context) (email string) {
	until, email, _ := strings.Cut(s.plain.GetString(ctx, halfIn), " ")
	deadline, err := strconv.ParseInt(until, 10, 64)
	if err != nil || parley.Now() >= parley.Time(deadline) {
		return ""
	}
	return email
}

// Enter has the session stand in another organization of the login's from now on. One
// that it may not enter is a NotFound error.
func (s *Sessions) Enter(ctx context.Context, org parley.OrganizationID) error {
	r := of(ctx)
	_, ok, err := s.accounts.Membership(ctx, r.email, org)
	if err != nil {
		return err
	}
	if !ok {
		return parley.Missing("organization", org)
	}
	r.organization = org
	return s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		store.EnterSession(ctx, tx, r.id, org)
		return nil
	})
}

// Put keeps a small text in the session, for a later request of the same browser. It
// must be put before the answer begins.
func (s *Sessions) Put(ctx context.Context, name, value string) { s.plain.Put(ctx, name, value) }

// Pop takes a text out of the session; "" if it is not there.
func (s *Sessions) Pop(ctx context.Context, name string) string {
	text, _ := s.plain.Pop(ctx, name).(string)
	return text
}

// Session is a browser that a login is signed in with.
type Session struct {
	ID        string // opens nothing
	UserAgent string // the beginning, as the browser says it
	IP        string
	CreatedAt parley.Time
	SeenAt    parley.Time // within a minute
	Current   bool        // it is the request's own
}

// mostShown is how many sessions of a login are listed.
const mostShown = 100

// Of lists the sessions of a login, the one that was seen last first, at most 100.
func (s *Sessions) Of(ctx context.Context, email string) ([]Session, error) {
	rows, err := store.ListSessions(ctx, s.db.Read(), account.Login(email), parley.Now(), mostShown)
	all := make([]Session, 0, len(rows))
	for _, row := range rows {
		all = append(all, Session{
			ID: row.ID, UserAgent: row.UserAgent, IP: row.IP, CreatedAt: row.CreatedAt, SeenAt: row.SeenAt,
			Current: row.ID == of(ctx).id,
		})
	}
	return all, err
}

// Revoke ends a session of a login, at once and on every node. One that is not there,
// or is another login's, changes nothing.
func (s *Sessions) Revoke(ctx context.Context, email, id string) error {
	return s.delete(ctx, account.Login(email), id)
}

// RevokeOthers ends all sessions of the login that is signed in but the request's own.
func (s *Sessions) RevokeOthers(ctx context.Context) error {
	r := of(ctx)
	if r.email == "" {
		return nil // the sessions of those who are signing in are not one person's
	}
	return s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		return store.DeleteSessions(ctx, tx, r.email, r.id)
	})
}
