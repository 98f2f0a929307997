package server

import (
	"time"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/attachment"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/dashboard"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/session"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/live"
	"parley/internal/outbound"
	"parley/internal/ratelimit"
	"parley/internal/sales"
	"parley/internal/sandbox"
	"parley/internal/store"
	"parley/internal/tally"
	"parley/internal/webhook"
	"parley/internal/work"
)

// parts makes every part, from the ground up. None of them uses the database yet.
func (s *Server) parts() {
	s.log = eventlog.New(s.db, s.logger)
	s.log.Quotas().Limit(s.config.Quotas)

	s.account = account.New(s.db, s.log)
	s.conversations = conversation.New(s.db, s.log)
	s.contacts = contact.New(s.db, s.log, s.conversations)
	s.endpoints = endpoint.New(s.db, s.log, s.config.Policy, s.vault)
	s.attachments = attachment.New(attachment.Config{
		DB: s.db, Log: s.log, Files: s.files, LinkKey: s.vault.Derive("links to files"), MaxSize: s.config.MaxUpload, Logger: s.logger,
	})
	s.sandbox = sandbox.New(sandbox.Options{Logger: s.logger})
	s.endpoints.RunIn(s.sandbox)

	s.client = outbound.New(s.config.Policy, outbound.Options{UserAgent: "Parley/" + s.config.Version})
	s.engine = webhook.NewShifts(webhook.Config{
		DB: s.db, Log: s.log, Endpoints: s.endpoints, Client: s.client, Sandbox: s.sandbox, Logger: s.logger,
	})

	s.limiter = s.newLimiter(s.config.RateLimit)
	s.tally = tally.New(s.db, s.logger)
	helpCenter, shop, desk := help.New(s.db, s.log), sales.New(s.db, s.log), work.New(s.db, s.log)
	s.api = api.New(api.Parts{
		DB: s.db, Log: s.log, Account: s.account, Contacts: s.contacts, Conversations: s.conversations, Endpoints: s.endpoints,
		Attachments: s.attachments, PublicURL: s.config.PublicURL,
		Help: helpCenter, Sales: shop, Work: desk,
		Limiter: s.limiter, Tally: s.tally, Logger: s.logger, Version: s.config.Version,
	}, s.stopping)
	s.byEmail, s.byAddress = s.newLimiter(s.config.SignInLimit), s.newLimiter(addressFactor*s.config.SignInLimit)
	s.hub = live.New(s.db, s.logger)
	s.sessions = session.New(s.db, s.account, session.Options{PublicURL: s.config.PublicURL, Logger: s.logger})
	s.dashboard = dashboard.New(page.Site{
		Verbs: page.Verbs{
			DB: s.db, Log: s.log, Account: s.account, SecondFactors: account.NewSecondFactors(s.db, s.vault),
			Contacts: s.contacts, Conversations: s.conversations, Endpoints: s.endpoints,
			Attachments: s.attachments, Help: helpCenter, Sales: shop, Work: desk, Hub: s.hub, Tally: s.tally,
		},
		Sessions: s.sessions, Logger: s.logger, PublicURL: s.config.PublicURL, Dev: s.config.Dev, Stopped: s.stopping, Reference: s.api.Chapter,
		SignUp: s.config.SignUp, Provider: openid.New(s.config.Provider), ByEmail: s.byEmail, ByAddress: s.byAddress,
		RetentionDays: s.config.RetentionDays,
	})
}

// addressFactor is how many times as often people may try to sign in from one address,
// behind which there may be an office, as with one email.
const addressFactor = 3

// newLimiter makes a limit of so many a minute. On PostgreSQL there may be several of us.
func (s *Server) newLimiter(quota int) *ratelimit.Limiter {
	limit := ratelimit.Limit{Quota: quota, Window: time.Minute}
	if s.db != nil && s.db.Engine() == database.Postgres {
		return ratelimit.Shared(limit, store.NewRates(s.db), s.logger)
	}
	return ratelimit.New(limit)
}

// build makes every part and the door that they are reached through. Nothing runs yet.
func (s *Server) build() {
	s.parts()
	s.metrics = s.newMetrics()
	s.http = s.newHTTP()
}
