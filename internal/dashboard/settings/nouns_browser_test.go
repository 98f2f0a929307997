package settings_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// copied presses a button that copies, and gives what it copied.
func copied(b *browser.Browser, button string) string {
	browser.Eval[bool](b, `(navigator.clipboard.writeText = text => (window.copied = text, Promise.resolve()), true)`)
	b.Click(button)
	b.WaitText(".toast", "Copied.")
	return browser.Eval[string](b, "window.copied")
}

// sure answers yes to the question, which must hold a text.
func sure(b *browser.Browser, question string) {
	b.WaitText("#confirm", question)
	b.Click("#confirm [value=yes]")
}

func names(list any, field string) (names []string) {
	for _, one := range list.([]any) {
		names = append(names, text(one.(map[string]any)[field]))
	}
	return names
}

func TestAPipelineAndItsStages(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/pipelines")
	b.Click(`.head a[href="/settings/pipelines/new"]`)
	b.Type("[name=name]", "Weddings")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "The pipeline Weddings was created.")
	b.WaitCount(".stage-row", 4)
	id := d.First("/v1/pipelines")["id"].(string)
	stages := func() []string {
		return names(d.API(http.MethodGet, "/v1/pipelines/"+id, nil)["stages"], "name")
	}

	b.Clear(".stage-row:nth-child(2) [name=stage_name]")
	b.Type(".stage-row:nth-child(2) [name=stage_name]", "Tasted")
	b.Type("[name=new]", "Signed")
	b.Press("Enter")
	b.WaitCount(".stage-row", 5)
	b.Click(`[aria-label="Move Signed up"]`)
	b.Wait(`.stage-row:nth-child(4) [value="Signed"]`)
	b.Click(`[aria-label="Move New down"]`)
	b.Wait(`.stage-row:nth-child(1) [value="Tasted"]`)
	if got, want := stages(), []string{"Tasted", "New", "Offer sent", "Signed", "Negotiation"}; !slices.Equal(got, want) {
		t.Errorf("the stages are %q, want %q", got, want)
	}
	b.Drag(".stage-row:nth-child(1) .stage-handle", ".stage-row:nth-child(3)")
	b.Wait(`.stage-row:nth-child(2) [value="Tasted"]`)
	b.WaitText(".toast", "The stages were saved.")

	first := d.API(http.MethodGet, "/v1/pipelines/"+id, nil)["stages"].([]any)[0].(map[string]any)
	deal := d.API(http.MethodPost, "/v1/deals", map[string]any{"title": "A cake of five tiers", "pipeline_id": id, "stage_id": first["id"], "amount": 50000, "currency": "EUR"})
	b.Open(d.URL + "/settings/pipelines/" + id)
	b.Click(`[aria-label="Remove ` + text(first["name"]) + `"]`)
	sure(b, "Remove the stage "+text(first["name"])+"?")
	b.WaitText(".notice.bad", "Deals are at the stage")
	b.WaitCount(".stage-row", 5)
	b.Click(".notice.bad a")
	b.WaitText("main", "A cake of five tiers")
	b.Open(d.URL + "/settings/pipelines/" + id)
	b.Click(`[aria-label="Remove Negotiation"]`)
	sure(b, "Remove the stage Negotiation?")
	b.WaitCount(".stage-row", 4)
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the pipeline Weddings?")
	b.WaitText(".notice.bad", "The pipeline has deals")
	b.Click(".notice.bad a")
	b.WaitText("main", "A cake of five tiers")
	d.API(http.MethodDelete, "/v1/deals/"+text(deal["id"]), nil)
	b.Open(d.URL + "/settings/pipelines/" + id)
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the pipeline Weddings?")
	b.WaitText(".toast", "Weddings was deleted.")
	b.Expect("answered 409")
}

func TestAPortalAndItsCategories(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/portals/new")
	b.Type("[name=name]", "Baking at home")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "The portal Baking at home was created.")
	portal := d.First("/v1/portals")
	at := "/settings/portals/" + text(portal["id"])
	if portal["slug"] != "baking-at-home" {
		t.Errorf("the address of the portal is %v", portal["slug"])
	}
	for _, name := range []string{"Flour", "Water"} {
		b.Click("#categories a[href^='/settings/categories/new']")
		b.Type("[name=name]", name)
		b.Click(".settings-form .primary")
		b.WaitText(".toast", "The category "+name+" was created.")
	}
	b.Click(`[aria-label="Move Water up"]`)
	b.WaitText("#categories .stage-row:first-child", "Water")
	b.Click(`#categories .stage-row:first-child a`)
	b.Clear("[name=name]")
	b.Type("[name=name]", "Warm water")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "Warm water was saved.")
	b.Open(d.URL + at)
	b.WaitText("#categories", "Warm water")

	water := text(d.First("/v1/categories?portal_id=" + text(portal["id"]))["id"])
	article := d.API(http.MethodPost, "/v1/articles", map[string]any{"portal_id": portal["id"], "category_id": water, "title": "How much of it", "body": "Enough."})
	refuse := func(path, question, reason string) {
		b.Open(d.URL + path)
		b.Click("form[action='" + path + "/delete'] button")
		sure(b, question)
		b.WaitText(".notice.bad", reason)
		b.Click(".notice.bad a")
		b.WaitText("main", "How much of it")
	}
	refuse("/settings/categories/"+water, "Delete the category", "The category has 1 article")
	refuse(at, "Delete the portal Baking at home?", "The portal has 1 article")
	d.API(http.MethodDelete, "/v1/articles/"+text(article["id"]), nil)
	b.Open(d.URL + "/settings/categories/" + water)
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the category")
	b.WaitText(".toast", "was deleted.")
	b.Open(d.URL + at)
	b.WaitText("#categories", "Flour")
	b.Click("form[action='" + at + "/delete'] button")
	sure(b, "Delete the portal Baking at home?")
	b.WaitText(".toast", "Baking at home was deleted.")
	b.Expect("answered 409")
}

func TestTheSnippetsOfAnInboxAreCopiedAsTheyStand(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	inbox := d.API(http.MethodPost, "/v1/inboxes", map[string]any{"name": "Shop", "channel": "widget"})["id"].(string)
	b.Open(d.URL + "/settings/inboxes/" + inbox)
	b.Wait("#install")
	tag := fmt.Sprintf("<script async src=\"%s/widget.js\"\n        data-inbox=\"%s\"></script>", d.URL, inbox)
	for n, begins := range []string{tag, "<script>\n  (function () {"} {
		block := fmt.Sprintf("document.querySelectorAll('.code-block')[%d]", n)
		browser.Eval[bool](b, fmt.Sprintf("(%s.id = 'block-%d', true)", block, n))
		shown := browser.Eval[string](b, block+".querySelector('code').textContent")
		if got := copied(b, fmt.Sprintf("#block-%d [data-copy]", n)); got != shown || !strings.HasPrefix(got, begins) || !strings.Contains(got, inbox) {
			t.Errorf("it copies %q, and shows %q", got, shown)
		}
	}
	if got := copied(b, `[aria-label="Copy the id of this inbox"]`); got != inbox {
		t.Errorf("the id is copied as %q", got)
	}

	// One for a program has other instructions, and its name can be changed.
	b.Open(d.URL + "/settings/inboxes/new")
	b.Type("[name=name]", "Ovens")
	b.Select("[name=channel]", "api")
	b.Click(".settings-form .primary")
	b.WaitText(".code-block", "/v1/conversations")
	b.Clear("[name=name]")
	b.Type("[name=name]", "Old ovens")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "Old ovens was saved.")
	b.WaitText("#inboxes", "Old ovens")
	b.Click(`#inboxes a[href="/settings/inboxes/` + text(d.First("/v1/inboxes")["id"]) + `"]`)
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the inbox Old ovens?")
	b.WaitText(".toast", "Old ovens was deleted.")
	b.Expect()
}

func TestACustomFieldIsNamedByItsSystemID(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/custom-fields?object=order")
	b.WaitText("#custom-fields", "There are no custom fields here")
	b.Click("#custom-fields a[href='/settings/custom-fields/new?object=order']")
	b.Type("[name=name]", "Box")
	b.Select("[name=type]", "text")
	b.Click(".settings-form .primary")
	b.WaitURL("/settings/custom-fields?object=order")
	field := d.First("/v1/custom_fields?object=order")
	want := fmt.Sprintf("{{ czCol.%v }}", field["system_id"])
	if got := copied(b, `[aria-label="Copy the placeholder of Box"]`); got != want {
		t.Errorf("it copies %q, want %q", got, want)
	}
	b.Type("[name=q]", "nothing like that")
	b.Press("Enter")
	b.WaitText("#custom-fields", "No custom field is like that")
	b.Click("#custom-fields .empty a")
	b.WaitURL("/settings/custom-fields?object=order")
	b.Click("#custom-fields tbody a")
	b.WaitText(".facts", want)
	b.Clear("[name=name]")
	b.Type("[name=name]", "Crate")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "Crate was saved.")
	b.Open(d.URL + "/settings/custom-fields/" + text(field["id"]))
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the custom field Crate?")
	b.WaitText(".toast", "Crate was deleted.")
	b.Expect()
}

func TestATeamAndItsMembers(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/settings/teams/new")
	b.Type("[name=name]", "Early round")
	owner := string(d.Made.Owner.ID)
	b.Check(`[name=member_ids][value="`+owner+`"]`, true)
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "The team Early round was created.")
	b.WaitText("#teams", "Robin")
	id := text(d.First("/v1/teams")["id"])
	b.Click(`#teams a[href="/settings/teams/` + id + `"]`)
	b.Check(`[name=member_ids][value="`+owner+`"]`, false)
	b.Type("[name=description]", "From four to eight")
	b.Click(".settings-form .primary")
	b.WaitText("#teams", "Nobody yet")
	b.WaitText("#teams", "From four to eight")
	if members := d.API(http.MethodGet, "/v1/teams/"+id, nil)["member_ids"].([]any); len(members) != 0 {
		t.Errorf("the members are %v", members)
	}

	conversation := text(d.First("/v1/conversations?status=open")["id"])
	d.API(http.MethodPatch, "/v1/conversations/"+conversation, map[string]any{"team_id": id})
	b.Open(d.URL + "/settings/teams/" + id)
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the team Early round?")
	b.WaitText(".notice.bad", "There are conversations assigned to this team")
	d.API(http.MethodPatch, "/v1/conversations/"+conversation, map[string]any{"team_id": nil})
	b.Click("form[action$='/delete'] button")
	sure(b, "Delete the team Early round?")
	b.WaitText(".toast", "Early round was deleted.")
	b.Expect("answered 409")
}

func TestALabelAndACannedResponseAreChanged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	label := d.API(http.MethodPost, "/v1/labels", map[string]any{"name": "returns"})
	d.API(http.MethodPost, "/v1/conversations/"+text(d.First("/v1/conversations")["id"])+"/labels", map[string]any{"name": "returns"})
	b.Open(d.URL + "/settings/labels/" + text(label["id"]))
	b.WaitText(".head", "On one conversation.")
	b.Clear("[name=name]")
	b.Type("[name=name]", "sent back")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "sent back was saved.")
	b.Type("[name=q]", "SENT")
	b.Press("Enter")
	b.WaitCount("#labels tbody tr", 1)
	b.Click("#labels tbody .number a")
	b.WaitURL("/inbox?label=sent+back")

	admin := d.Browser(t, desk.Admin)
	canned := d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"name": "Closing days", "shortcut": "days", "text": "From four."})
	admin.Open(d.URL + "/settings/canned-responses/" + text(canned["id"]))
	admin.Clear("[name=text]")
	admin.Type("[name=text]", "From five, {{contact.name}}.")
	admin.Click(".settings-form .primary")
	admin.WaitText("#canned-responses", "From five, Ada Lovelace.")
	admin.Open(d.URL + "/settings/canned-responses?q=closing")
	b.Open(d.URL + "/settings/canned-responses?q=closing")
	b.WaitText("#canned-responses", "Closing days")
	admin.Click("#canned-responses tbody a")
	admin.Click("form[action$='/delete'] button")
	sure(admin, "Delete the canned response Closing days?")
	admin.WaitText(".toast", "Closing days was deleted.")
	b.WaitText("#canned-responses", "No canned response is like that")
	b.Expect()
	admin.Expect()
}

func TestAMembersRoleIsChanged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + "/settings/members?q=" + string(desk.Agent))
	b.WaitCount("#members tbody tr", 1)
	agent := d.Client(t, desk.Agent)
	if status, _ := d.Get(t, agent, "/settings/audit"); status != http.StatusForbidden {
		t.Fatalf("an agent sees the audit log: %d", status)
	}
	b.Click("#members tbody a")
	b.Select("[name=role]", "admin")
	b.Click(".settings-form .primary")
	b.WaitText(".toast", "was saved.")
	if status, _ := d.Get(t, agent, "/settings/audit"); status != http.StatusOK {
		t.Errorf("the new admin does not see the audit log: %d", status)
	}
	b.Open(d.URL + "/settings/members?role=agent")
	b.WaitText("#members", "No member is like that")
	b.Select("[name=role]", "owner")
	b.WaitURL("/settings/members?role=owner")
	b.WaitCount("#members tbody tr", 1)

	b.Click("#members tbody a")
	b.Select("[name=role]", "agent")
	b.Click(".settings-form .primary")
	b.WaitText(".settings-form", "last owner")
	b.Open(d.URL + "/settings/members/" + string(d.Made.Owner.ID))
	b.Click(".button.danger")
	sure(b, "Remove Robin?")
	b.WaitText(".notice.bad", "last owner")
	b.Expect("answered 422", "answered 409")
}

func TestSomebodysDataIsExportedAndErased(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + "/settings/privacy")
	b.Type("[name=q]", "okafor")
	b.Press("Enter")
	b.WaitURL("/settings/privacy?q=okafor")
	b.Click("[aria-labelledby=person] tbody a")
	b.Click("[popovertarget=record-menu]")
	b.Wait("#record-menu a[href$='/export']")
	export := browser.Eval[string](b, `(async a => {
		const answer = await fetch(a.href)
		return a.hasAttribute("download") && answer.headers.get("content-disposition") + " " + await answer.text()
	})(document.querySelector("#record-menu a[href$='/export']"))`)
	if !strings.HasPrefix(export, "attachment; filename=") || !strings.Contains(export, "Mira Okafor") {
		t.Errorf("the export is %.200s", export)
	}
	b.Click("#record-menu a[href$='/erase']")
	b.Type("#erase-name", "Mira Okafor")
	b.Click(".button.destroy")
	b.WaitText("#erasing", "Nothing of the contact is left")
	b.Open(d.URL + "/settings/privacy?q=okafor")
	b.WaitText("main", "No contact has that")
	b.Expect()
}

func TestTheLogIsKeptShorter(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	age(t, d, 5)
	b := d.Browser(t, desk.Owner)
	b.Open(d.URL + "/settings/privacy")
	b.Click("main a[href='/settings/general']")
	b.Clear("[name=retention_days]")
	b.Type("[name=retention_days]", "4000")
	if browser.Eval[bool](b, `document.querySelector("[name=retention_days]").checkValidity()`) {
		t.Error("4000 days may be typed")
	}
	b.Clear("[name=retention_days]")
	b.Type("[name=retention_days]", "3")
	b.Click("form[action$='/retention'] .button")
	b.WaitText(".notice.warn", "They cannot be brought back")
	b.Click("form[action$='/retention'] a.button")
	b.WaitURL("/settings/general")
	if days := d.API(http.MethodGet, "/v1/organization", nil)["retention_days"]; days != nil {
		t.Errorf("nothing was confirmed, and the log is kept %v days", days)
	}
	b.Clear("[name=retention_days]")
	b.Type("[name=retention_days]", "3")
	b.Click("form[action$='/retention'] .button")
	b.Click(".button.destroy")
	b.WaitText(".toast", "The log is kept for 3 days from now on.")
	b.Open(d.URL + "/settings/privacy")
	b.WaitText("main", "For 3 days")
	b.Expect()
}
