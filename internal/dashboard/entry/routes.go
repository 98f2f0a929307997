// Package entry is the way into the dashboard: setting it up, signing in and out,
// invitations, the profile and the choice of an organization.
package entry

import (
	"parley/internal/dashboard/page"
)

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	return []page.Route{
		{Pattern: "GET /{$}", Handle: func(r *page.Request) error { return r.Redirect("/inbox") }},
		{Pattern: "GET /sign-in", Open: true, Handle: showSignIn},
		{Pattern: "POST /sign-in", Open: true, Handle: signIn},
		{Pattern: "POST /sign-out", Open: true, Handle: signOut},
	}
}
