package records_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// An agent makes a task, sees it in the list, changes and completes it; whoever looks
// at it meanwhile sees each of that at once.
func TestATaskInTheBrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/tasks")
	b.Press("n")
	b.Wait("#field-title")
	b.Type("#field-title", "Count the boxes")
	b.Type("#field-description", desk.Script)
	b.Type("#field-contact_id", "mira")
	b.WaitCount("#field-contact_id-list option", 1)
	option := browser.Eval[string](b, `document.querySelector("#field-contact_id-list option").value`)
	b.Clear("#field-contact_id")
	b.Type("#field-contact_id", option)
	b.Click(".form-actions .primary")
	b.WaitText("h1", "Count the boxes")
	b.WaitText(".facts", "Mira Okafor")
	b.WaitText("#history", "Noor made it")
	desk.Harmless(t, b)
	at := browser.Eval[string](b, "location.pathname")

	other := d.Browser(t, desk.Owner)
	other.Open(d.URL + at)
	other.WaitText("#history", "Noor made it")
	browser.Eval[bool](other, `(window.stays = true)`)
	b.Press("e")
	b.WaitURL("/edit")
	b.Clear("#field-title")
	b.Type("#field-title", "Count all boxes")
	b.Click(".form-actions .primary")
	b.WaitText("#history", "Noor changed it")
	other.WaitText("h1", "Count all boxes")
	other.WaitText("#history", "Noor changed it")
	b.Press("x")
	b.WaitText(".head", "completed")
	other.WaitText(".head", "completed")
	if !browser.Eval[bool](other, "window.stays === true") {
		t.Error("the page was loaded anew")
	}

	b.Open(d.URL + "/tasks")
	b.Wait("#list table")
	before := browser.Eval[int](b, `document.querySelectorAll("#list tbody tr").length`)
	b.Click("#list tbody tr .actions button")
	b.WaitCount("#list tbody tr", before-1)
	b.Select("[name=status]", "completed")
	b.WaitText("#list", "Count all boxes")
	d.API(http.MethodPost, "/v1"+at+"/reopen", nil)
	b.WaitCount(`#list a[href="`+at+`"]`, 0)
	b.Type("[name=q]", "no such thing")
	b.Press("Enter")
	b.WaitText("#list", "No tasks match")
	b.Open(d.URL + at)
	b.Click("[data-command='Delete the task']")
	b.Wait("#confirm[open]")
	b.Click("#confirm [value=yes]")
	b.WaitText("#toasts", "deleted")
	other.WaitText("#toasts", "There is no") // what it shows has gone
	b.Expect()
	other.Expect()
}

// An admin finds a contact, merges another into it, and erases it.
func TestAContactInTheBrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	twin := d.API(http.MethodPost, "/v1/contacts", map[string]any{"email": "mira@home.example.com", "external_id": "old-7", "variables": map[string]any{"tier": "gold"}})["id"].(string)
	mira := d.First("/v1/contacts?q=okafor")["id"].(string)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/contacts")
	b.Type("[name=q]", "okafor")
	b.Press("Enter")
	b.WaitURL("/contacts?q=okafor&created=any")
	b.WaitCount("#list tbody tr", 1)
	b.Click("#list tbody a.whole-row")
	b.WaitText("main", "Two loaves short")
	b.WaitText("main", "Boxes that come short")
	b.Wait("#history .timeline")
	desk.Screens(t, b, "../../..", "contact")

	b.Click("[popovertarget=record-menu]")
	b.Click("#record-menu a[href$='/merge']")
	b.Type("#field-contact_id", "The twin · "+twin)
	b.Click(".form-actions .primary")
	b.WaitText("main table", "gold")
	b.Click(".button.destroy")
	b.Wait("#confirm[open]")
	b.Click("#confirm [value=yes]")
	b.WaitText("#toasts", "are one")
	b.WaitText("main", "gold")
	if status, _ := d.Get(t, d.Client(t, desk.Agent), "/contacts/"+twin); status != http.StatusNotFound {
		t.Errorf("the twin: %d", status)
	}

	b.Click("[popovertarget=record-menu]")
	b.Click("#record-menu a[href$='/erase']")
	b.Type("#erase-name", "Mira")
	b.Click(".button.destroy")
	b.WaitText(".field-error", "to the letter")
	b.Clear("#erase-name")
	b.Type("#erase-name", "Mira Okafor")
	b.Click(".button.destroy")
	b.WaitText("#erasing", "Nothing of the contact is left")
	if status, _ := d.Get(t, d.Client(t, desk.Admin), "/contacts/"+mira); status != http.StatusNotFound {
		t.Errorf("who was erased: %d", status)
	}
	b.Expect("422")
}

// Agents export, and do not erase.
func TestPrivacy(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	at := "/contacts/" + d.First("/v1/contacts?q=okafor")["id"].(string)
	agent := d.Client(t, desk.Agent)
	resp, err := agent.Get(d.URL + at + "/export")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment;") || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("the export: %s %v", resp.Status, resp.Header)
	}
	if _, body := d.Get(t, agent, at+"/export"); !strings.Contains(body, "Two loaves short") || !strings.HasSuffix(body, "}\n") {
		t.Errorf("the export is %s", body)
	}
	if status, _, _ := d.Post(t, agent, at+"/erase", url.Values{"name": {"Mira Okafor"}}); status != http.StatusForbidden {
		t.Errorf("an agent erases: %d", status)
	}
	if _, body := d.Get(t, agent, at); strings.Contains(body, "/erase") || !strings.Contains(body, "/merge") {
		t.Error("an agent is offered what they may not do, or not what they may")
	}
	for _, given := range []string{"", "nobody", at[len("/contacts/"):]} {
		if status, _, body := d.Post(t, agent, at+"/merge", url.Values{"contact_id": {given}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "field-error") {
			t.Errorf("a merge with %q: %d", given, status)
		}
	}
}

// Every kind of page can be read by everybody, on every screen.
func TestThePagesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	d.API(http.MethodPost, "/v1/contacts", map[string]any{"name": strings.Repeat("Anna Lovelace-of-the-very-long-name-", 5), "email": "anna@example.com"})
	first := func(path string) string {
		plural, _, _ := strings.Cut(path, "?")
		return d.URL + "/" + plural + "/" + d.First("/v1/" + path)["id"].(string)
	}
	mira, other := first("contacts?q=okafor"), d.First("/v1/contacts?q=anna")["id"].(string)
	b := d.Browser(t, desk.Owner)
	for address, ready := range map[string]string{
		d.URL + "/contacts": "#list table", mira: "#history .timeline", mira + "/edit": ".record-form", mira + "/erase": "#erase-name", mira + "/merge?contact_id=" + other: "main table",
		d.URL + "/tasks": "#list table", first("tasks"): "#history .timeline", first("orders?status=fulfilled"): "#history .timeline", d.URL + "/orders/new": ".record-form",
		first("tickets?status=pending") + "/history": ".timeline", d.URL + "/tickets?q=nothing": "#list .empty", first("payments?status=pending") + "/fail": ".record-form",
	} {
		desk.Inspect(t, b, address, ready)
	}
	b.Open(d.URL + "/contacts")
	b.Wait("#list table")
	desk.Screens(t, b, "../../..", "contacts")
}
