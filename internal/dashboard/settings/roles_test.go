package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/settings"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

// forAgents are the routes that agents may use: they read what they work with, and
// labels are theirs.
var forAgents = map[string]bool{
	"GET /settings": true, "GET /settings/general": true, "GET /settings/privacy": true,
	"GET /settings/inboxes": true, "GET /settings/inboxes/{id}": true, "GET /settings/custom-fields": true, "GET /settings/teams": true, "GET /settings/members": true, "GET /settings/canned-responses": true,
	"GET /settings/pipelines": true, "GET /settings/portals": true, "GET /settings/categories": true,
	"GET /settings/labels": true, "GET /settings/labels/new": true, "POST /settings/labels": true,
	"GET /settings/labels/{id}": true, "POST /settings/labels/{id}": true, "POST /settings/labels/{id}/delete": true,
}

func TestAgentsCannotDoWhatOnlyAdminsMay(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	head := func() any { return d.First("/v1/events?limit=1")["sequence"] }
	agent, admin := d.Client(t, desk.Agent), d.Client(t, desk.Admin)
	before := head()
	for _, route := range settings.AllRoutes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		path = strings.ReplaceAll(path, "{id}", "lbl_01k00000000000000000000000")
		status := func(c *http.Client) (status int) {
			if method == http.MethodGet {
				status, _ = d.Get(t, c, path)
			} else {
				status, _, _ = d.Post(t, c, path, url.Values{})
			}
			return status
		}
		if got, may := status(agent), forAgents[route.Pattern]; (got == http.StatusForbidden) == may || got >= 500 {
			t.Errorf("%s answers an agent %d", route.Pattern, got)
		}
		if got := status(admin); got == http.StatusForbidden || got >= 500 {
			t.Errorf("%s answers an admin %d", route.Pattern, got)
		}
		if got := status(&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}); got != http.StatusSeeOther {
			t.Errorf("%s answers a stranger %d", route.Pattern, got)
		}
	}
	if after := head(); after != before {
		t.Errorf("something was changed: the log grew from %v to %v", before, after)
	}
	for page, hidden := range map[string]string{
		"/settings/general": "<form class=\"form card", "/settings/inboxes": "Create an inbox", "/settings/inboxes/" + string(d.Made.Inbox.ID): "Save</button>",
		"/settings/members": "Invite a member", "/settings/teams": "Create a team", "/settings/custom-fields": "Create a custom field",
	} {
		if status, body := d.Get(t, agent, page); status != http.StatusOK || strings.Contains(body, hidden) {
			t.Errorf("%s, %d, shows an agent %q", page, status, hidden)
		}
		if _, body := d.Get(t, admin, page); !strings.Contains(body, hidden) {
			t.Errorf("%s does not show an admin %q", page, hidden)
		}
	}
}

// elsewhere founds a second organization on the desk's server, empty.
func elsewhere(t *testing.T, d *desk.Desk) *desk.Desk {
	t.Helper()
	made, _, err := server.Found(t.Context(), desk.Config(d.Data), account.Founding{
		Name: "Elsewhere", Email: "else@example.com", Owner: "Else", Password: desk.Password, Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	there := *d
	there.Made = made
	return &there
}

// another founds a second organization, with one of everything.
func another(t *testing.T, d *desk.Desk) (of account.Founded, ids map[string]string) {
	t.Helper()
	there := elsewhere(t, d)
	made := there.Made
	id := func(path string, body map[string]any) string {
		id, _ := there.API(http.MethodPost, path, body)["id"].(string)
		return id
	}
	return made, map[string]string{
		"inboxes": string(made.Inbox.ID), "members": string(made.Owner.ID),
		"labels":           id("/v1/labels", map[string]any{"name": "theirs"}),
		"canned-responses": id("/v1/canned_responses", map[string]any{"name": "Theirs", "shortcut": "theirs", "text": "Theirs"}),
		"teams":            id("/v1/teams", map[string]any{"name": "Theirs"}),
		"custom-fields":    id("/v1/custom_fields", map[string]any{"object": "contact", "key": "theirs", "name": "Theirs", "type": "text"}),
		"pipelines":        id("/v1/pipelines", map[string]any{"name": "Theirs", "stages": []map[string]any{{"name": "New"}}}),
		"portals":          id("/v1/portals", map[string]any{"name": "Theirs", "slug": "theirs"}),
	}
}

func TestNobodyReachesAnotherOrganization(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	made, ids := another(t, d)
	owner := d.Client(t, desk.Owner)
	for noun, id := range ids {
		path := "/settings/" + noun
		if status, _ := d.Get(t, owner, path+"/"+id); status != http.StatusNotFound {
			t.Errorf("%s/%s answers %d", path, id, status)
		}
		for _, act := range []string{"", "/delete"} {
			if status, _, _ := d.Post(t, owner, path+"/"+id+act, url.Values{"name": {"Mine"}}); status != http.StatusNotFound {
				t.Errorf("post %s/%s%s answers %d", path, id, act, status)
			}
		}
		if _, body := d.Get(t, owner, path); strings.Contains(body, id) {
			t.Errorf("%s shows %s of another organization", path, id)
		}
	}
	if status, _, _ := d.Post(t, owner, "/settings/members/"+ids["members"]+"/invitation", nil); status != http.StatusNotFound {
		t.Errorf("inviting another organization's member answers %d", status)
	}
	status, _, body := d.Post(t, owner, "/settings/teams", url.Values{"name": {"Mixed"}, "member_ids": {string(made.Owner.ID)}})
	if status != http.StatusUnprocessableEntity || strings.Contains(body, "Else") {
		t.Errorf("a team with another organization's member answers %d", status)
	}
}
