// Package page is the frame of the dashboard's requests: it says who makes one, lets
// them do what their role may, puts pages into their frame, and shows errors. What the
// pages hold is the business of the areas beside this package.
package page

import (
	"context"
	"log/slog"
	"sync/atomic"

	"parley"
	"parley/internal/account"
	"parley/internal/attachment"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/session"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/live"
	"parley/internal/ratelimit"
	"parley/internal/sales"
	"parley/internal/tally"
	"parley/internal/web"
	"parley/internal/work"
)

// Verbs are what the pages act through, the same as the API.
type Verbs struct {
	DB            *database.DB
	Log           *eventlog.Log
	Account       *account.Account
	SecondFactors *account.SecondFactors
	Contacts      *contact.Contacts
	Conversations *conversation.Conversations
	Help          *help.Help
	Sales         *sales.Sales
	Work          *work.Work
	Endpoints     *endpoint.Endpoints
	Attachments   *attachment.Attachments
	Hub           *live.Hub
	Tally         *tally.Tally
}

// Site is what all pages share.
type Site struct {
	Verbs
	Sessions  *session.Sessions
	Logger    *slog.Logger
	Stopped   <-chan struct{} // closed when the server stops: streams end
	PublicURL string          // where people reach the server, without a path; empty: where they say they do
	Dev       bool            // the server runs for a developer
	Reference func(path string) (web.Chapter, bool)

	SignUp             bool               // strangers may make organizations
	Provider           *openid.Provider   // that people may sign in with besides; nil: none
	ByEmail, ByAddress *ratelimit.Limiter // of attempts to sign in; nil: no limit

	RetentionDays int // how long logs are kept of organizations that do not say so themselves; 0: for ever

	assets  *ui.Assets
	nav     []NavGroup
	founded *atomic.Bool // there is an organization: it never goes
}

// New makes a site with its navigation.
func New(s Site, nav []NavGroup) *Site {
	s.assets, s.nav, s.founded = ui.NewAssets(), nav, &atomic.Bool{}
	return &s
}

// Route is one address of the dashboard.
type Route struct {
	Pattern string       // "GET /inbox/{id}"
	Scope   parley.Scope // that the person's role must have; "" if being signed in is enough
	Open    bool         // to everybody, signed in or not
	Fresh   bool         // served also while there is no organization: other pages lead to the set-up
	Stream  bool         // the answer has no end
	Command string       // what it is called in the command palette; "" keeps it out
	Handle  func(*Request) error
}

// Fresh tells whether there is no organization yet, so that the server is to be set up.
// The database is asked only until there is one.
func (s *Site) Fresh(ctx context.Context) (bool, error) {
	if s.founded.Load() {
		return false, nil
	}
	empty, err := s.Account.Empty(ctx)
	if err == nil && !empty {
		s.founded.Store(true)
	}
	return empty, err
}

// NavGroup is a part of the navigation.
type NavGroup struct {
	Title string
	Items []NavItem
}

// NavItem is a place in the navigation, shown to those whose role has the scope.
type NavItem struct {
	ui.Item
	Scope parley.Scope
}

// Nav is the navigation of somebody.
func (s *Site) Nav(v session.Visitor) (groups []ui.Group) {
	for _, g := range s.nav {
		shown := ui.Group{Title: g.Title}
		for _, i := range g.Items {
			if i.Scope == "" || v.Allows(i.Scope) {
				shown.Items = append(shown.Items, i.Item)
			}
		}
		if len(shown.Items) > 0 {
			groups = append(groups, shown)
		}
	}
	return groups
}
