package settings_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestAnAdminConfigures(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	other := d.Browser(t, desk.Agent)
	other.Open(d.URL + "/settings/labels")
	other.Wait("#labels .label")

	b.Open(d.URL + "/settings")
	b.Click(`.settings-home a[href="/settings/labels"]`)
	b.Wait("#labels")
	b.Press("n")
	b.Type("[name=name]", "returns")
	b.Click(`[aria-label="Violet"]`)
	b.WaitText("[data-label-preview]", "returns")
	if color := browser.Eval[string](b, `document.querySelector("[data-label-preview] .label circle").getAttribute("fill")`); color != "#7c3aed" {
		t.Errorf("the preview is %s", color)
	}
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "The label returns was created.")
	b.WaitText("#labels", "returns")
	other.WaitText("#labels", "returns") // without a reload

	id := d.First("/v1/labels")["id"].(string)
	if color := d.API(http.MethodGet, "/v1/labels/"+id, nil)["color"]; color != "#7c3aed" {
		t.Errorf("the label is %v", color)
	}
	b.Click(`a[href="/settings/labels/` + id + `"]`)
	b.Click(".button.danger")
	b.WaitText("#confirm", "Delete the label returns?")
	b.Click("#confirm [value=yes]")
	b.WaitText(".toast", "returns was deleted.")
	b.Gone(`a[href="/settings/labels/` + id + `"]`)

	b.Open(d.URL + "/settings/custom-fields/new?object=order")
	b.Type("[name=name]", "Größe of the box")
	if key := b.Value("[name=key]"); key != "gro_e_of_the_box" {
		t.Errorf("the key follows the name as %q", key)
	}
	if browser.Eval[bool](b, `document.querySelector("[name=options]").offsetParent !== null`) {
		t.Error("options are asked for where there is nothing to choose from")
	}
	b.Select("[name=type]", "select")
	b.Type("[name=options]", "Small\nLarge")
	b.Click(".settings-form .primary")
	b.WaitURL("/settings/custom-fields?object=order")
	b.WaitText("#custom-fields", "Small")
	b.WaitText("#custom-fields", "{{ czCol.3 }}")

	b.Open(d.URL + "/settings/teams/new")
	b.Type("[name=name]", "Early round")
	b.Click(`input[type=checkbox][name=member_ids]`)
	b.Click(".settings-form .primary")
	b.WaitText("#teams", "Noor")
	b.Expect()
	other.Expect()
}

func TestAnInboxIsInstalled(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/inboxes/new")
	b.Type("[name=name]", "Shop")
	b.Click(".settings-form .primary")
	b.Wait("#install")
	id := d.First("/v1/inboxes")["id"].(string)
	copied := browser.Eval[[]string](b, `[...document.querySelectorAll(".code-block [data-copy]")].map(e => e.dataset.copy)`)
	if len(copied) != 2 {
		t.Fatalf("there are %d snippets", len(copied))
	}
	for _, snippet := range copied {
		if !strings.Contains(snippet, d.URL+"/widget.js") || !strings.Contains(snippet, id) || !strings.Contains(snippet, "async") {
			t.Errorf("the snippet is %s", snippet)
		}
	}
	// Both make the same element.
	for _, snippet := range copied {
		made := browser.Eval[string](b, `(html => {
			const page = document.implementation.createHTMLDocument(""), given = new DOMParser().parseFromString(html, "text/html").querySelector("script")
			const made = given.src ? given : (new Function("document", given.textContent)(page), page.querySelector("script"))
			return [made.async, made.getAttribute("src"), made.dataset.inbox].join(" ")
		})`+"("+quoted(snippet)+")")
		if made != "true "+d.URL+"/widget.js "+id {
			t.Errorf("the snippet makes %q", made)
		}
	}
	desk.Screens(t, b, "../../..", "settings-inbox")
	b.Open(d.URL + "/settings/inboxes/" + string(d.Made.Inbox.ID))
	b.WaitText(".code-block", string(d.Made.Inbox.ID))
	b.Expect()
}

func TestAnInvitationLetsSomebodyIn(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	admin, grace := d.Browser(t, desk.Admin), browser.New(t)
	admin.Open(d.URL + "/settings/members/new")
	admin.Type("[name=name]", "Grace")
	admin.Type("[name=email]", "grace@example.com")
	admin.Click(".settings-form .primary")
	link := admin.Text(".secret code")
	admin.Open(d.URL + "/settings/members")
	admin.WaitText("#members", "Invited until")

	grace.Open(link)
	grace.Type("[name=password]", desk.Password)
	grace.Click(".button.primary")
	grace.Wait(".side")
	grace.Open(d.URL + "/settings/members")
	grace.WaitText("#members", "Grace (you)")
	if browser.Eval[bool](grace, `!!document.querySelector('a[href="/settings/members/new"]')`) {
		t.Error("an agent is offered to invite others")
	}
	admin.Reload()
	admin.WaitCount("#members .badge.good", 4)

	admin.Open(d.URL + "/settings/members/" + d.First("/v1/users")["id"].(string))
	admin.Click(".button.danger")
	admin.WaitText("#confirm", "Remove Grace?")
	admin.Click("#confirm [value=yes]")
	admin.WaitText(".toast", "Grace was removed.")
	grace.Open(d.URL + "/settings/members")
	grace.Gone("#members")
	admin.Expect()
	grace.Problems() // where she is led without an organization is not ours
}

func TestNamesDoNoHarm(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	short := `<img src=x onerror="document.title='broken in'">`
	for path, form := range map[string]url.Values{
		"/settings/labels":           {"name": {short}, "description": {desk.Script}, "color": {"#dc2626"}},
		"/settings/custom-fields":    {"object": {"contact"}, "name": {desk.Script}, "key": {"harm"}, "type": {"select"}, "options": {desk.Script}},
		"/settings/teams":            {"name": {desk.Script}, "description": {desk.Script}, "member_ids": {string(d.Made.Owner.ID)}},
		"/settings/members":          {"name": {desk.Script}, "email": {"harm@example.com"}, "role": {"agent"}},
		"/settings/inboxes":          {"name": {desk.Script}, "channel": {"widget"}},
		"/settings/canned-responses": {"name": {desk.Script}, "shortcut": {"harm"}, "text": {desk.Script + " {{contact.name}} {{contact.nothing}}"}},
		"/settings/general":          {"name": {desk.Script}},
	} {
		if status, _, _ := d.Post(t, owner, path, form); status != http.StatusSeeOther && status != http.StatusOK {
			t.Errorf("post %s: %d", path, status)
		}
	}
	d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": desk.Script})
	b := d.Browser(t, desk.Owner)
	look := func(path string) {
		b.Open(d.URL + path)
		b.Wait(".settings-page, .settings-home")
		desk.Harmless(t, b)
	}
	look("/settings")
	look("/settings/general")
	look("/settings/privacy?q=img")
	look("/settings/audit")
	look("/settings/canned-responses")
	look("/settings/canned-responses/" + d.First("/v1/canned_responses")["id"].(string))
	for noun, list := range map[string]string{"labels": "labels", "custom-fields": "custom_fields", "teams": "teams", "members": "users", "inboxes": "inboxes"} {
		look("/settings/" + noun + "?q=" + url.QueryEscape(`"><script>document.title='broken in'</script>`))
		look("/settings/" + noun)
		look("/settings/" + noun + "/" + d.First("/v1/" + list)["id"].(string))
	}
	b.Expect()
}

func TestThePagesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	d.API(http.MethodPost, "/v1/teams", map[string]any{"name": "Early round", "member_ids": []string{string(d.Made.Owner.ID)}})
	d.API(http.MethodPost, "/v1/inboxes", map[string]any{"name": "Shop", "channel": "widget"})
	d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"name": "Closing days", "shortcut": "days", "text": "Hello {{contact.name}},\nwe {{contact.nothing}} are open."})
	d.API(http.MethodPatch, "/v1/labels/"+d.First("/v1/labels")["id"].(string), map[string]any{"color": "#ca8a04"})
	portal := text(d.API(http.MethodPost, "/v1/portals", map[string]any{"name": "Baking at home", "slug": "baking-at-home", "locales": []string{"en", "de"}})["id"])
	for _, name := range []string{"Flour", "Water"} {
		d.API(http.MethodPost, "/v1/categories", map[string]any{"portal_id": portal, "name": name, "description": "How much of it, and of what kind."})
	}
	b := d.Browser(t, desk.Owner)
	desk.Inspect(t, b, d.URL+"/settings", ".settings-home")
	for _, path := range []string{
		"/general", "/privacy?q=a", "/inboxes", "/inboxes/new", "/labels", "/labels?q=nothing", "/labels/new", "/custom-fields", "/custom-fields/new", "/teams", "/teams/new",
		"/members", "/members/new", "/canned-responses", "/canned-responses/new", "/audit", "/audit?noun=pipeline", "/audit?since=2100-01-01", "/privacy",
		"/pipelines", "/pipelines?q=nothing", "/pipelines/new", "/portals", "/portals/new", "/portals/" + portal + "?q=nothing", "/categories/new?portal_id=" + portal,
	} {
		desk.Inspect(t, b, d.URL+"/settings"+path, ".settings-page h1")
	}
	for noun, list := range map[string]string{"labels": "labels", "custom-fields": "custom_fields", "teams": "teams", "members": "users", "inboxes": "inboxes", "canned-responses": "canned_responses", "pipelines": "pipelines", "portals": "portals", "categories": "categories"} {
		desk.Inspect(t, b, d.URL+"/settings/"+noun+"/"+d.First("/v1/" + list)["id"].(string), ".settings-page h1")
	}
}

// Pages that answer a form are sound too.
func TestAnswersAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	age(t, d, 5)
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + "/settings/members/new")
	b.Type("[name=name]", "Grace")
	b.Type("[name=email]", "grace@example.com")
	b.Click(".settings-form .primary")
	b.Wait(".secret code")
	desk.InspectOpen(t, b)
	b.Open(d.URL + "/settings/general")
	b.Type("[name=retention_days]", "3")
	b.Click("form[action$='/retention'] .button")
	b.Wait(".button.destroy")
	desk.InspectOpen(t, b)
	b.Open(d.URL + "/settings/members/" + string(d.Made.Owner.ID))
	b.Click(".button.danger")
	b.Click("#confirm [value=yes]")
	b.Wait(".notice.bad")
	desk.InspectOpen(t, b)
	b.Open(d.URL + "/settings/labels/new")
	b.Type("[name=name]", "urgent")
	b.Click(".settings-form .primary")
	b.Wait(".field-error")
	desk.InspectOpen(t, b)
	b.Expect("answered 409", "answered 422")
}

func TestACannedResponseIsSeenAsItWillBe(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/canned-responses/new")
	b.Type("[name=name]", "Closing days")
	b.Type("[name=shortcut]", "Days")
	b.Type("[name=text]", "Hello {{contact.name}}, {{contact.nothing}} is here: {{ agent.name }}")
	b.WaitText(".canned-preview", "Hello Ada Lovelace, {{contact.nothing}} is here: Sam")
	if lines := browser.Eval[[]string](b, `[...document.querySelectorAll(".canned-preview mark")].map(e => getComputedStyle(e).textDecorationLine)`); !slices.Equal(lines, []string{"none", "underline", "none"}) {
		t.Errorf("the placeholders have the lines %q: only the unknown one is to stand out", lines)
	}
	b.Click(".settings-form .primary")
	b.WaitText(".field-error", "starting with a letter or digit")
	b.Clear("[name=shortcut]")
	b.Type("[name=shortcut]", "days")
	b.Click(".settings-form .primary")
	b.WaitText("#canned-responses", "Closing days")
	b.Type("[name=q]", "LOVELACE")
	b.Press("Enter")
	b.WaitText("#canned-responses", "No canned response is like that")
	b.Open(d.URL + "/settings/canned-responses?q=HELLO+days")
	b.WaitText("#canned-responses", "Closing days")
	b.Expect("422")
}

func TestTheAuditLogTellsWhoChangedWhat(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	admin, owner := d.Client(t, desk.Admin), d.Client(t, desk.Owner)
	label := d.First("/v1/labels")["id"].(string)
	d.Post(t, admin, "/settings/labels/"+label, url.Values{"name": {"praise"}, "color": {"#ca8a04"}})
	d.Post(t, owner, "/settings/teams", url.Values{"name": {"Early round"}, "member_ids": {string(d.Made.Owner.ID)}})
	team := d.First("/v1/teams")["id"].(string)
	d.Post(t, owner, "/settings/teams/"+team, url.Values{"name": {"Early round"}, "member_ids": {""}})
	d.API(http.MethodPost, "/v1/labels", map[string]any{"name": "by a program"})
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + "/settings/audit")
	for _, said := range []string{"Changed the label praise", "#16a34a", "#ca8a04", "Sam", "Changed the team Early round", "Robin", "nothing", "Created the label by a program", "First key"} {
		b.WaitText(".audit", said)
	}
	rows := func() int { return browser.Eval[int](b, `document.querySelectorAll(".audit tbody tr").length`) }
	all := rows()
	b.Select("[name=noun]", "team")
	b.WaitURL("?noun=team")
	b.WaitCount(".audit tbody tr", 3)
	b.Select("[name=actor]", browser.Eval[string](b, `[...document.querySelector("[name=actor]").options].find(o => o.text.startsWith("Sam")).value`))
	b.WaitText("h2", "Nothing was changed like that")
	b.Open(d.URL + "/settings/audit?since=2020-01-01&until=2100-01-01")
	if n := rows(); n != all {
		t.Errorf("in all of time there are %d entries, without a time %d", n, all)
	}
	b.Open(d.URL + "/settings/audit?since=2100-01-01")
	b.WaitText("h2", "Nothing was changed like that")
	b.Expect()
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // it is a text
	}
	return string(b)
}
