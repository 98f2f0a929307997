package settings_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/desk"
)

// lists are the lists of the settings that have names to search for, with what the API
// is sent for a row of each.
var lists = map[string]struct {
	path, api string
	link      string // of a row, before the id
	row       func(n int) map[string]any
}{
	"members": {"/settings/members", "/v1/users", "/settings/members/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n), "email": fmt.Sprintf("row-%03d@example.com", n), "role": "agent"}
	}},
	"teams": {"/settings/teams", "/v1/teams", "/settings/teams/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n)}
	}},
	"inboxes": {"/settings/inboxes", "/v1/inboxes", "/settings/inboxes/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n), "channel": "api"}
	}},
	"labels": {"/settings/labels", "/v1/labels", "/settings/labels/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("row %03d", n)}
	}},
	"canned responses": {"/settings/canned-responses", "/v1/canned_responses", "/settings/canned-responses/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n), "shortcut": fmt.Sprintf("row%03d", n), "text": "Hello"}
	}},
	"custom fields": {"/settings/custom-fields?object=order", "/v1/custom_fields?object=order", "/settings/custom-fields/", func(n int) map[string]any {
		return map[string]any{"object": "order", "name": fmt.Sprintf("Row %03d", n), "key": fmt.Sprintf("row_%03d", n), "type": "text"}
	}},
	"pipelines": {"/settings/pipelines", "/v1/pipelines", "/settings/pipelines/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n), "stages": []map[string]any{{"name": "New"}}}
	}},
	"portals": {"/settings/portals", "/v1/portals", "/settings/portals/", func(n int) map[string]any {
		return map[string]any{"name": fmt.Sprintf("Row %03d", n), "slug": fmt.Sprintf("row-%03d", n)}
	}},
}

// gone is the id of somebody who is in no list.
const gone = "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"

// onAPage is how many rows a page of a list has.
const onAPage = 100

var nextPage = regexp.MustCompile(`rel="next" href="([^"]*)"`)

// idsOf are the ids of all that is in a list of the API.
func idsOf(d *desk.Desk, path string) (ids []string) {
	for cursor := ""; ; {
		q := "?"
		if strings.Contains(path, "?") {
			q = "&"
		}
		list := d.API(http.MethodGet, path+q+"limit=200"+cursor, nil)
		for _, row := range list["data"].([]any) {
			ids = append(ids, row.(map[string]any)["id"].(string))
		}
		next, _ := list["next_cursor"].(string)
		if next == "" {
			return ids
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

// with is an address with one more parameter.
func with(path, name, value string) string {
	if strings.Contains(path, "?") {
		return path + "&" + url.Values{name: {value}}.Encode()
	}
	return path + "?" + url.Values{name: {value}}.Encode()
}

// Every list shows each row on one of its pages, finds what is searched for, says what to
// do where there is nothing, and nothing of others.
func TestEveryListIsPagedAndSearched(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	owner := d.Client(t, desk.Owner)
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			row := regexp.MustCompile(`href="` + list.link + `([a-z]+_[0-9a-z]{26})"`)
			api, _, _ := strings.Cut(list.api, "?")
			theirs := there.API(http.MethodPost, api, list.row(7))["id"]
			var made string
			for n := range onAPage + 1 {
				if id := d.API(http.MethodPost, api, list.row(n))["id"].(string); n == 7 {
					made = id
				}
			}
			want := idsOf(d, list.api)
			found, pages := d.Pages(t, owner, list.path, row)
			if slices.Sort(want); pages < 2 || !slices.Equal(slices.Sorted(slices.Values(found)), want) {
				t.Errorf("%d pages have %d rows, %d are in the list", pages, len(found), len(want))
			}
			if slices.Contains(found, text(theirs)) {
				t.Error("another organization's is shown")
			}
			// A page keeps itself up to date: it asks for itself, not for the first one.
			_, first := d.Get(t, owner, list.path)
			if next := nextPage.FindStringSubmatch(first); next != nil {
				if _, body := d.Get(t, owner, strings.ReplaceAll(next[1], "&amp;", "&")); !strings.Contains(body, `hx-get="`+next[1]+`"`) {
					t.Errorf("the page %s asks for another one", next[1])
				}
			}
			if found, _ := d.Pages(t, owner, with(list.path, "q", "ROW 007"), row); !slices.Equal(found, []string{made}) {
				t.Errorf("searching finds %q, want %s", found, made)
			}
			narrowed, pages := d.Pages(t, owner, with(list.path, "q", "row"), row)
			if pages != 2 || len(narrowed) != onAPage+1 {
				t.Errorf("a search of all rows has %d on %d pages", len(narrowed), pages)
			}
			if _, body := d.Get(t, owner, with(list.path, "q", "nothing-like-that")); !strings.Contains(body, "is like that") || !strings.Contains(body, "Show all "+name) {
				t.Error("where nothing matches the page does not lead to all")
			}
			if _, body := d.Get(t, owner, with(list.path, "q", `row "<b>`)); !strings.Contains(body, `value="row &#34;&lt;b&gt;"`) {
				t.Error("what was searched for is not shown again")
			}
		})
	}
}

// A list that holds nothing says what to do.
func TestAnEmptyListSaysWhatToDo(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	c := there.Client(t, "else@example.com")
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		list := lists[name]
		if len(idsOf(there, list.api)) > 0 {
			continue // those that found an organization have an inbox and themselves
		}
		path, _, _ := strings.Cut(list.path, "?")
		if _, body := d.Get(t, c, list.path); !strings.Contains(body, "There are no "+name) || strings.Count(body, `href="`+path+`/new`) != 2 {
			t.Errorf("the empty list of %s does not say how to make one", name)
		}
	}
}

func TestMembersAreFoundByHowFarTheyAre(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	d.Post(t, owner, "/settings/members", url.Values{"name": {"Grace"}, "email": {"Grace@Example.com"}, "role": {"agent"}})
	grace := text(d.First("/v1/users")["id"])
	edith := text(d.API(http.MethodPost, "/v1/users", map[string]any{"name": "Edith", "email": "edith@example.com", "role": "admin"})["id"])
	row := regexp.MustCompile(`href="/settings/members/(usr_[0-9a-z]{26})"`)
	for query, want := range map[string][]string{"signs_in=invited": {grace}, "signs_in=no": {edith}, "signs_in=no&role=agent": nil, "signs_in=invited&role=agent&q=GRACE": {grace}} {
		if found, _ := d.Pages(t, owner, "/settings/members?"+query, row); !slices.Equal(found, want) {
			t.Errorf("%s finds %q, want %q", query, found, want)
		}
	}
	if found, _ := d.Pages(t, owner, "/settings/members?signs_in=joined", row); len(found) != len(idsOf(d, "/v1/users"))-2 || slices.Contains(found, grace) {
		t.Errorf("%q have joined", found)
	}
}

func TestCategoriesArePagedAndSearched(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	row := regexp.MustCompile(`href="/settings/categories/([a-z]+_[0-9a-z]{26})"`)
	portal := d.API(http.MethodPost, "/v1/portals", map[string]any{"name": "Help", "slug": "help-of-rows"})["id"].(string)
	d.API(http.MethodPost, "/v1/categories", map[string]any{"portal_id": d.API(http.MethodPost, "/v1/portals", map[string]any{"name": "Other", "slug": "other"})["id"], "name": "Row 007", "slug": "other"})
	var made []string
	for n := range 2*onAPage + 3 {
		c := d.API(http.MethodPost, "/v1/categories", map[string]any{"portal_id": portal, "name": fmt.Sprintf("Row %03d", n), "slug": fmt.Sprintf("row-%03d", n), "position": n + 1})
		made = append(made, c["id"].(string))
	}
	at := "/settings/portals/" + portal
	if found, pages := d.Pages(t, owner, at, row); pages != 3 || !slices.Equal(found, made) {
		t.Errorf("%d pages have %d categories, or not in their order", pages, len(found))
	}
	if found, _ := d.Pages(t, owner, at+"?q=ROW+007", row); !slices.Equal(found, made[7:8]) {
		t.Errorf("searching finds %q", found)
	}
	// The last of a page goes beyond it, and one stays on the page.
	second := with(at, "cursor", made[onAPage-1])
	_, to, _ := d.Post(t, owner, strings.Replace(second, at, at+"/order", 1), url.Values{"down": {made[2*onAPage-1]}})
	if to != second {
		t.Errorf("moving one leads to %s, want %s", to, second)
	}
	made[2*onAPage-1], made[2*onAPage] = made[2*onAPage], made[2*onAPage-1]
	if found, _ := d.Pages(t, owner, at, row); !slices.Equal(found, made) {
		t.Error("the category was not moved")
	}
	if _, body := d.Get(t, owner, at+"?q=nothing"); !strings.Contains(body, "No category is like that") {
		t.Error("where nothing matches the page does not say so")
	}
}

func TestTheAuditLogIsPaged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	for n := range 60 {
		d.API(http.MethodPost, "/v1/labels", map[string]any{"name": fmt.Sprintf("row %d", n)})
	}
	there.API(http.MethodPost, "/v1/labels", map[string]any{"name": "not ours"})
	row := regexp.MustCompile(`href="/developers/events/([a-z]+_[0-9a-z]{26})"`)
	owner := d.Client(t, desk.Owner)
	want := idsOf(d, "/v1/events?types=label.*")
	found, pages := d.Pages(t, owner, "/settings/audit?noun=label", row)
	slices.Sort(want)
	if pages < 2 || !slices.Equal(slices.Sorted(slices.Values(found)), want) {
		t.Errorf("%d pages of the audit log have %d changes of labels, there are %d", pages, len(found), len(want))
	}
	key := d.First("/v1/api_keys")["id"].(string)
	byKey, _ := d.Pages(t, owner, "/settings/audit?noun=label&actor="+key, row)
	if len(byKey) < 60 {
		t.Errorf("the key made %d changes of labels", len(byKey))
	}
	if _, body := d.Get(t, owner, "/settings/audit?actor="+gone); !strings.Contains(body, `value="`+gone+`" selected`) {
		t.Error("somebody who has left is filtered by, and the filter says anybody")
	}
}

func TestTheSearchForSomebodysDataIsPaged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	var made []string
	for n := range 45 {
		made = append(made, d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": fmt.Sprintf("Zora %02d", n), "email": fmt.Sprintf("zora%02d@example.com", n)})["id"].(string))
	}
	there.API(http.MethodPost, "/v1/contacts", map[string]any{"name": "Zora elsewhere"})
	row := regexp.MustCompile(`href="/contacts/([a-z]+_[0-9a-z]{26})"`)
	owner := d.Client(t, desk.Owner)
	found, pages := d.Pages(t, owner, "/settings/privacy?q=zora", row)
	if slices.Sort(found); pages < 3 || !slices.Equal(found, made) {
		t.Errorf("%d pages have %d contacts of that name, want %d", pages, len(found), len(made))
	}
	if found, _ := d.Pages(t, owner, "/settings/privacy?q=zora07@example.com", row); !slices.Equal(found, made[7:8]) {
		t.Errorf("by email there is found %q", found)
	}
	if _, body := d.Get(t, owner, "/settings/privacy?q=nobody-like-that"); !strings.Contains(body, "No contact has that") {
		t.Error("where nobody matches the page does not say so")
	}
}
