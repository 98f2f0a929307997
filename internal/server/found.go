package server

import (
	"context"
	"errors"

	"parley"
	"parley/internal/account"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/quota"
	"parley/internal/sales"
	"parley/internal/server/demo"
	"parley/internal/work"
)

// Empty tells whether there is no organization yet.
func (s *Server) Empty(ctx context.Context) (bool, error) { return s.account.Empty(ctx) }

// Knows tells whether an API key opens an organization here.
func (s *Server) Knows(ctx context.Context, key string) (bool, error) {
	_, err := s.account.Authenticate(ctx, key)
	if parley.KindOf(err) == parley.Unauthenticated {
		return false, nil
	}
	return err == nil, err
}

// PlantDemo makes the demo organization, with sample data.
func (s *Server) PlantDemo(ctx context.Context, email, password string) (account.Founded, error) {
	return demo.Plant(ctx, demo.Verbs{
		Account: s.account, Contacts: s.contacts, Conversations: s.conversations,
		Help: help.New(s.db, s.log), Sales: sales.New(s.db, s.log), Work: work.New(s.db, s.log),
	}, email, password)
}

// Found makes an organization in the database of a Config, whether or not a server
// runs on it. newLogin tells whether the password is the login's: an email that had
// one before keeps it.
func Found(ctx context.Context, c Config, f account.Founding) (made account.Founded, newLogin bool, err error) {
	db, err := open(ctx, c)
	if err != nil {
		return made, false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts := account.New(db, eventlog.New(db, c.logger()))
	known, err := accounts.HasLogin(ctx, f.Email)
	if err != nil {
		return made, false, err
	}
	made, err = accounts.Found(ctx, f)
	accounts.Wait()
	return made, !known, err
}

// GiveBack is [account.Account.GiveBack] in the database of a Config, whether or not a
// server runs on it.
func GiveBack(ctx context.Context, c Config, email, password string, withoutSecondFactor bool) (err error) {
	db, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return account.New(db, eventlog.New(db, c.logger())).GiveBack(ctx, email, password, withoutSecondFactor)
}

// Quota lets change set what an organization may have other than the server's limits,
// and tells what it may have and has, whether or not a server runs on the database.
// Where the server's limits hold, which only a running server knows, there is none told.
func Quota(ctx context.Context, c Config, org parley.OrganizationID, change func(*quota.Overrides) (changed bool, err error)) (u quota.Usage, err error) {
	db, err := open(ctx, c)
	if err != nil {
		return u, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	quotas := quota.New(db)
	overrides, err := quotas.Overrides(ctx, org)
	if err != nil {
		return u, err
	}
	changed, err := change(&overrides)
	if err == nil && changed {
		err = quotas.Override(ctx, org, overrides)
	}
	if err != nil {
		return u, err
	}
	return quotas.Usage(ctx, org)
}
