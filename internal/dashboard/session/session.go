// Package session keeps who is signed in.
package session

import (
	"context"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/store"
)

type Visitor struct {
	Email        string
	Organization parley.Organization
	User         parley.User
}

func (v Visitor) Caller() parley.Caller {
	return parley.Caller{Organization: v.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(v.User.ID)}}
}

func (v Visitor) Allows(s parley.Scope) bool { return parley.Allowed(v.User.Role.Scopes(), s) }

type Sessions struct {
	m  *scs.SessionManager
	db *database.DB
	a  *account.Account
}

func New(db *database.DB, a *account.Account) *Sessions { return &Sessions{scs.New(), db, a} }

func (s *Sessions) Handle(next http.Handler) http.Handler { return s.m.LoadAndSave(next) }

func (s *Sessions) Visitor(ctx context.Context) (v Visitor, ok bool, err error) {
	v.Email = s.m.GetString(ctx, "email")
	org := parley.OrganizationID(s.m.GetString(ctx, "org"))
	if v.Email == "" || org == "" {
		return v, false, nil
	}
	if v.Organization, err = s.a.Organization(ctx, org); err != nil {
		return v, false, err
	}
	v.User, ok, err = store.Users.Find(ctx, s.db.Read(), org, store.Where("lower(email) = lower(?)", v.Email))
	return v, ok, err
}

func (s *Sessions) SignIn(ctx context.Context, email string) error {
	var org string
	if err := s.db.Read().QueryRow(ctx, "select org_id from users where lower(email) = lower($1)", email).Scan(&org); err != nil {
		return err
	}
	s.m.Put(ctx, "email", email)
	s.m.Put(ctx, "org", org)
	return s.m.RenewToken(ctx)
}

func (s *Sessions) SignOut(ctx context.Context) error { return s.m.Destroy(ctx) }

func (s *Sessions) Put(ctx context.Context, name, value string) { s.m.Put(ctx, name, value) }
func (s *Sessions) Pop(ctx context.Context, name string) string { return s.m.PopString(ctx, name) }
