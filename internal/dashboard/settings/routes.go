// Package settings are the pages on which admins say how their organization works:
// what it is called and keeps, who works in it, where conversations come in, and what
// they are sorted by. Agents read as much of it as their scopes let them. Most of what
// is configured is a simple noun, and all of those have the same pages: see noun.
package settings

import (
	"slices"

	"parley/internal/dashboard/page"
)

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	return slices.Concat(
		[]page.Route{
			{Pattern: "GET " + home, Handle: showHome},
			{Pattern: "GET " + general, Scope: "organization:read", Command: "Settings: general", Handle: showGeneral},
			{Pattern: "POST " + general, Scope: "organization:write", Handle: rename},
			{Pattern: "POST " + general + "/retention", Scope: "organization:write", Handle: keepFor},
			{Pattern: "GET " + privacy, Scope: "organization:read", Command: "Settings: data and privacy", Handle: showPrivacy},
		},
		[]page.Route{
			{Pattern: "GET " + audit, Scope: "organization:write", Command: "Settings: audit log", Handle: showAudit},
			{Pattern: "POST " + canned + "/preview", Scope: "canned_responses:write", Handle: previewCanned},
		},
		cannedNoun(s).routes(),
		inboxNoun(s).routes(),
		labelNoun(s).routes(),
		customFieldNoun(s).routes(),
		teamNoun(s).routes(),
		pipelineRoutes(s),
		portalNoun(s).routes(),
		categoryRoutes(s),
		memberNoun(s).routes(),
		[]page.Route{
			{Pattern: "POST " + members + "/{id}/invitation", Scope: "users:write", Handle: inviteAgain},
		},
	)
}
