package developers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

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

func TestAKeyIsMadeUsedAndRevoked(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	b.Open(d.URL + "/developers/keys")
	b.Press("n")
	b.WaitURL("/developers/keys/new")
	if browser.Eval[bool](b, `document.querySelector(".key-scopes").checkVisibility() || document.querySelector("[name=expires_on]").checkVisibility()`) {
		t.Error("scopes and a day are asked for before they are wanted")
	}
	b.Check("[name=preset][value=some]", true)
	desk.InspectOpen(t, b)
	b.Type("#name", "Shop sync")
	b.Check("[name=kind][value=personal]", true)
	b.Check(`[name="scope.contacts"][value=write]`, true)
	b.Check(`[name="scope.labels"][value=read]`, true)
	b.Select("#expires", "date")
	day := time.Now().AddDate(0, 0, 40)
	browser.Eval[bool](b, `((f, day) => (f.value = day, f.checkVisibility()))(document.querySelector("[name=expires_on]"), "`+day.Format(time.DateOnly)+`")`)
	b.Click(".form .primary")
	key := b.Text(".secret code")
	desk.InspectOpen(t, b)
	if got := copied(b, ".secret [data-copy]"); got != key || !strings.HasPrefix(key, "parley_") {
		t.Errorf("%q is copied, %q shown", got, key)
	}
	if got := copied(b, ".code-block [data-copy]"); !strings.Contains(got, key) || !strings.HasPrefix(got, "curl ") {
		t.Errorf("the command that is copied is %q", got)
	}
	b.WaitText(".facts", "labels:read, contacts:write")
	b.Click("main .row .primary")
	b.WaitText("#keys", "Shop sync")
	if strings.Contains(browser.Eval[string](b, "document.documentElement.outerHTML"), key) {
		t.Error("the list shows the key")
	}
	row := `tr:has([aria-label="Revoke Shop sync"])`
	b.WaitText(row+" [data-label='Belongs to']", "Sam")
	b.WaitText(row+" [data-label=Expires]", day.Format("2 Jan"))
	b.WaitText(row+" [data-label='Last used']", "Never")
	for path, want := range map[string]int{"/v1/contacts": 200, "/v1/labels": 200, "/v1/conversations": 403} {
		if status := call(t, http.MethodGet, d.URL+path, key); status != want {
			t.Errorf("%s with the key: %d, want %d", path, status, want)
		}
	}
	if status := call(t, http.MethodPost, d.URL+"/v1/labels", key); status != http.StatusForbidden {
		t.Errorf("a key that reads labels writes them: %d", status)
	}
	const written = 50 // looks, within which it is written down that the key was used
	for range written {
		if b.Reload(); !strings.Contains(b.Text(row+" [data-label='Last used']"), "Never") {
			break
		}
	}
	if said := b.Text(row + " [data-label='Last used']"); strings.Contains(said, "Never") {
		t.Errorf("the key is said to be used %q", said)
	}

	b.Click(`[aria-label="Revoke Shop sync"]`)
	b.WaitText("#confirm", "Revoke Shop sync?")
	b.Press("Escape")
	if status := call(t, http.MethodGet, d.URL+"/v1/contacts", key); status != http.StatusOK {
		t.Errorf("the key was revoked though nobody said yes: %d", status)
	}
	b.Click(`[aria-label="Revoke Shop sync"]`)
	b.Click("#confirm [value=yes]")
	b.WaitText(".toast", "The key was revoked")
	if status := call(t, http.MethodGet, d.URL+"/v1/contacts", key); status != http.StatusUnauthorized {
		t.Errorf("the revoked key is answered %d", status)
	}
	b.Click(".tabs a[href='/developers/keys?status=revoked']")
	b.WaitText("#keys", "Shop sync")
	b.Type("[name=q]", "SHOP")
	b.Press("Enter")
	b.WaitURL("/developers/keys?status=revoked&q=SHOP")
	b.WaitCount("#keys tbody tr", 1)
	b.Click(".tabs a[href='/developers/keys?q=SHOP']")
	b.WaitText(".empty", "No key is like that")

	agent := d.Browser(t, desk.Agent)
	agent.Open(d.URL + "/developers/keys")
	agent.WaitText(".empty", "There is no key yet")
	agent.Click(".head a.primary")
	agent.Wait("#name")
	if browser.Eval[bool](agent, `!!document.querySelector("[name=kind], [name='scope.webhooks']")`) {
		t.Error("an agent is offered keys of the organization, or scopes that are not theirs")
	}
	agent.Type("#name", "Mine")
	agent.Click(".form .primary")
	agent.Wait(".secret code")
	agent.Click("main .row .primary")
	agent.WaitCount("#keys tbody tr", 1)
	b.Expect()
	agent.Expect()
}
