package settings

import (
	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
)

// place is a page in the navigation of the settings, for those whose role has the scope.
type place struct {
	Text, URL, Icon string
	About           string // what is found there
	Scope           parley.Scope
}

type placeGroup struct {
	Title  string
	Places []place
}

// places are the ways through the settings. Other areas that have settings of their own
// add a line here and show their pages by [Show].
var places = []placeGroup{
	{"Organization", []place{
		{"General", general, "building", "Name, how long the log is kept, usage and quotas", "organization:read"},
		{"Members", members, "person", "Who may sign in, and what they may do", "users:read"},
		{"Teams", teams, "team", "Groups that work is given to", "teams:read"},
	}},
	{"Conversations", []place{
		{"Inboxes", inboxes, "inbox", "Where conversations come in, and how to install the chat widget", "inboxes:read"},
		{"Labels", labels, "label", "Words that conversations are sorted by", "labels:read"},
		{"Canned responses", canned, "answer", "Texts that are sent often, found by a shortcut", "canned_responses:read"},
		{"Custom fields", customFields, "field", "Values of your own on contacts, conversations and more", "custom_fields:read"},
	}},
	{"Sales and help", []place{
		{"Pipelines", pipelines, "deal", "The stages that deals go through", "pipelines:read"},
		{"Portals", portals, "article", "Help centres, and the categories of their articles", "portals:read"},
	}},
	{"Records", []place{
		{"Audit log", audit, "history", "Who changed what here, and when", "organization:write"},
		{"Data and privacy", privacy, "shield", "What is kept for how long; export or erase somebody’s data", "organization:read"},
	}},
}

// The addresses of the pages.
const (
	home         = "/settings"
	general      = home + "/general"
	members      = home + "/members"
	teams        = home + "/teams"
	inboxes      = home + "/inboxes"
	labels       = home + "/labels"
	customFields = home + "/custom-fields"
	canned       = home + "/canned-responses"
	audit        = home + "/audit"
	privacy      = home + "/privacy"
	pipelines    = home + "/pipelines"
	portals      = home + "/portals"
	categories   = home + "/categories"
)

// shownTo are the places that somebody may see.
func shownTo(r *page.Request) (groups []placeGroup) {
	for _, g := range places {
		shown := placeGroup{Title: g.Title}
		for _, p := range g.Places {
			if r.Allows(p.Scope) {
				shown.Places = append(shown.Places, p)
			}
		}
		if len(shown.Places) > 0 {
			groups = append(groups, shown)
		}
	}
	return groups
}

// Show answers with a page of the settings, beside their navigation. Current is the
// address of its place there; a status of 0 is 200.
func Show(r *page.Request, current, title string, status int, content templ.Component) error {
	return r.Page(page.Show{Title: title + " · Settings", Current: home, Status: status}, frame(shownTo(r), current, content))
}

// showHome shows the way through the settings as a page, which is all there is of it on
// a phone.
func showHome(r *page.Request) error {
	return r.Page(page.Show{Title: "Settings", Current: home}, homePage(shownTo(r), r.Organization.Name))
}
