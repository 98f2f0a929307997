// Package entry is the way into the dashboard: setting it up, signing up, in and out,
// invitations, the profile and the choice of an organization.
package entry

import (
	"parley/internal/dashboard/page"
)

// Routes are the addresses of this area.
func Routes(*page.Site) []page.Route {
	return []page.Route{
		{Pattern: "GET /{$}", Handle: func(r *page.Request) error { return r.Redirect("/inbox") }},

		{Pattern: "GET /set-up", Open: true, Fresh: true, Handle: showSetUp},
		{Pattern: "POST /set-up", Open: true, Fresh: true, Handle: setUp},
		{Pattern: "GET /sign-up", Open: true, Handle: showSignUp},
		{Pattern: "POST /sign-up", Open: true, Handle: signUp},

		{Pattern: "GET /sign-in", Open: true, Handle: showSignIn},
		{Pattern: "POST /sign-in", Open: true, Handle: signIn},
		{Pattern: "GET /sign-in/code", Open: true, Handle: showCode},
		{Pattern: "POST /sign-in/code", Open: true, Handle: enterCode},
		{Pattern: "GET /sign-in/provider", Open: true, Handle: toProvider},
		{Pattern: "GET /sign-in/provider/back", Open: true, Handle: backFromProvider},
		{Pattern: "POST /sign-out", Open: true, Handle: signOut},

		{Pattern: "GET /invitation/{secret}", Open: true, Handle: showInvitation},
		{Pattern: "POST /invitation/{secret}", Open: true, Handle: accept},

		{Pattern: "GET /organizations", Open: true, Command: "Choose an organization", Handle: showOrganizations},
		{Pattern: "POST /organizations", Open: true, Handle: addOrganization},
		{Pattern: "POST /organizations/enter", Open: true, Handle: enterOrganization},

		{Pattern: "GET /profile", Command: "Your profile", Handle: showProfile},
		{Pattern: "POST /profile", Handle: rename},
		{Pattern: "POST /profile/password", Handle: changePassword},
		{Pattern: "POST /profile/sessions/revoke", Handle: revokeSession},
		{Pattern: "POST /profile/sessions/revoke-others", Handle: revokeOthers},
		{Pattern: "GET /profile/second-factor", Handle: showSecondFactor},
		{Pattern: "POST /profile/second-factor", Handle: beginSecondFactor},
		{Pattern: "POST /profile/second-factor/confirm", Handle: confirmSecondFactor},
		{Pattern: "POST /profile/second-factor/disable", Handle: disableSecondFactor},
		{Pattern: "POST /profile/second-factor/recovery-codes", Handle: renewRecoveryCodes},
		{Pattern: "POST /profile/identities", Handle: beginLinking},
		{Pattern: "POST /profile/identities/unlink", Handle: unlinkIdentities},
	}
}
