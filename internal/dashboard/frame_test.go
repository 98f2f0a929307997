package dashboard_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestTheKeysInABrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	reach(b, d.URL+"/tickets")
	b.Press("?")
	b.Wait("#keys[open]")
	here, everywhere := b.Text("#keys section:nth-of-type(1)"), b.Text("#keys section:nth-of-type(2)")
	for _, want := range []string{"On this page", "New ticket", "Search tickets"} {
		if !strings.Contains(here, want) {
			t.Errorf("there is no %q among the keys of the page: %q", want, here)
		}
	}
	for _, want := range []string{"Everywhere", "Ctrl-K", "Show these keys", "Go to Contacts", "g then c", "Go to Settings"} {
		if !strings.Contains(strings.ReplaceAll(everywhere, "\n", " "), want) {
			t.Errorf("there is no %q among the keys of the frame: %q", want, everywhere)
		}
	}
	if strings.Contains(everywhere, "Webhooks") {
		t.Errorf("an agent is told of %q", everywhere)
	}
	b.Press("n") // nothing: the list is open
	b.Press("Escape")
	b.Gone("#keys[open]")

	// Where somebody types, keys are letters.
	b.Type("[name=q]", "gcn?/")
	if got := b.Value("[name=q]"); got != "gcn?/" || !strings.HasSuffix(b.URL(), "/tickets") {
		t.Errorf("typed into a field, keys make %q at %s", got, b.URL())
	}
	browser.Eval[bool](b, "(document.activeElement.blur(), true)")

	// Two keys lead to a place; the second of two that lead nowhere does nothing by itself.
	b.Press("g", "n", "g", "g", "c")
	b.WaitURL("/contacts")
	b.Wait("html[data-stream=open]")
	for keys, path := range map[string]string{"g t": "/tickets", "g i": "/inbox", "g s": "/settings"} {
		b.Press(strings.Fields(keys)...)
		b.WaitURL(path)
		b.Wait("html[data-stream=open]")
	}
	reach(b, d.URL+"/tasks")
	b.Press("n")
	b.WaitURL("/tasks/new")
	b.Expect()
}

// ground is the colour that the page stands on.
func ground(b *browser.Browser) string {
	return browser.Eval[string](b, "getComputedStyle(document.body).backgroundColor")
}

func TestTheThemeInABrowser(t *testing.T) {
	t.Parallel()
	const light, dark = "rgb(255, 255, 255)", "rgb(15, 18, 23)"
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	expect := func(what, want string) {
		t.Helper()
		if got := ground(b); got != want {
			t.Errorf("%s: the ground is %s, want %s", what, got, want)
		}
	}
	// Without a choice it is what the system prefers, also when that changes.
	reach(b, d.URL+"/tasks")
	expect("in a light system", light)
	b.View(1280, 800, browser.Dark)
	expect("in a dark system", dark)
	b.Reload()
	expect("in a dark system from the start", dark)

	// A choice holds whatever the system prefers, and after a reload. There is one button,
	// which leads to the other theme and keeps the focus.
	for _, choice := range []struct {
		theme, ground, next string
		system              browser.Scheme
	}{
		{"light", light, "dark", browser.Dark}, {"dark", dark, "light", browser.Light}, {"light", light, "dark", browser.Dark},
	} {
		b.View(1280, 800, choice.system)
		reach(b, d.URL+"/tasks")
		browser.Eval[bool](b, fmt.Sprintf(`(document.querySelector(".side-foot [data-set-theme=%s]").focus(), true)`, choice.theme))
		b.Press("Enter")
		b.Wait("html[data-theme=" + choice.theme + "]")
		expect("chosen: "+choice.theme, choice.ground)
		if to := browser.Eval[string](b, "document.activeElement.dataset.setTheme ?? document.activeElement.tagName"); to != choice.next {
			t.Errorf("after %s was chosen the focus is on %s", choice.theme, to)
		}
		if n := browser.Eval[int](b, `[...document.querySelectorAll(".side-foot [data-set-theme]")].filter(e => e.offsetParent).length`); n != 1 {
			t.Errorf("%d buttons for themes are shown", n)
		}
		b.Reload()
		expect("chosen and loaded anew: "+choice.theme, choice.ground)
		reach(b, d.URL+"/contacts")
		expect("chosen, on another page: "+choice.theme, choice.ground)
	}
	b.Expect()
}

// zoned is a browser of a person in a time zone that nobody was told of yet.
func zoned(t *testing.T, d *desk.Desk, who desk.Person, zone string) *browser.Browser {
	t.Helper()
	b := browser.New(t)
	at, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Client(t, who).Jar.Cookies(at) {
		b.Cookie(c.Name, c.Value, d.URL)
	}
	b.Zone(zone)
	return b
}

// Dates are in the zone of whoever looks, from the first page on, and after a journey.
func TestDatesAreInTheViewersZone(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	starts := time.Date(2031, 1, 2, 23, 30, 0, 0, time.UTC)
	made := d.API(http.MethodPost, "/v1/appointments", map[string]any{
		"title": "Tasting", "starts_at": starts.Format(time.RFC3339), "ends_at": starts.Add(time.Hour).Format(time.RFC3339), "user_id": string(d.Made.Owner.ID),
		"contact_id": d.First("/v1/contacts")["id"],
	})["id"].(string)
	address := d.URL + "/appointments/" + made
	b := zoned(t, d, desk.Owner, "Asia/Tokyo")
	reach(b, address)
	b.WaitText(".facts", "3 Jan 2031, 08:30") // written anew by the script
	if known := browser.Eval[string](b, "document.documentElement.dataset.zone"); known != "" {
		t.Errorf("the server knows the zone %q before it was told", known)
	}
	reach(b, address)
	b.Wait("html[data-zone='Asia/Tokyo']")
	b.WaitText(".facts", "3 Jan 2031, 08:30")
	if exact := browser.Eval[string](b, `[...document.querySelectorAll(".facts time")].map(e => e.title).join()`); !strings.Contains(exact, "3 January 2031, 08:30:00.000 JST") {
		t.Errorf("to the millisecond it is %q", exact)
	}

	// Somewhere else, a form that is open has times of the zone that it was written in, and
	// is read so.
	b.Zone("America/New_York")
	reach(b, address+"/reschedule")
	if there := b.Value("#field-starts_at"); !strings.HasPrefix(there, "2031-01-03T08:30") {
		t.Errorf("the form has %q", there)
	}
	b.Click(".form-actions .primary")
	b.WaitURL(made)
	b.WaitText(".facts", "2 Jan 2031, 18:30")
	if got := d.API(http.MethodGet, "/v1/appointments/"+made, nil)["starts_at"].(string); !strings.HasPrefix(got, "2031-01-02T23:30:00") {
		t.Errorf("after a journey the form changes the time to %s", got)
	}
	reach(b, address)
	b.Wait("html[data-zone='America/New_York']")
	b.WaitText(".facts", "2 Jan 2031, 18:30")
	b.Expect()
}

// A toast tells what was done, to everybody, and goes.
func TestToastsInABrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	show := func() {
		reach(b, d.URL+"/dev/design")
		b.Press("t")
		b.Wait(".toast")
	}
	show()
	if region := browser.Eval[string](b, `(r => r.getAttribute("role") + " " + r.ariaLive)(document.querySelector(".toast").parentElement)`); region != "status polite" {
		t.Errorf("a toast is in a %s", region)
	}
	// It is added to a page that is there already: else nobody is told who cannot see it.
	if !browser.Eval[bool](b, `new Promise(added => {
		new MutationObserver((all) => { if (all.some(m => m.addedNodes.length)) added(true) }).observe(document.getElementById("toasts"), { childList: true })
		setTimeout(() => added(false), 5000)
	})`) {
		t.Error("the toast is not added")
	}
	b.Click(".toast button")
	b.Gone(".toast")

	// One goes by itself, but for while somebody reads it; one of what went wrong stays.
	show()
	browser.Eval[bool](b, `(() => {
		parley.toast("That went wrong.", true)
		parley.toast("Read me.")
		window.since = performance.now()
		document.querySelector(".toast:last-child").dispatchEvent(new PointerEvent("pointerenter"))
		return true
	})()`)
	b.WaitText(".toast.bad", "That went wrong.")
	b.WaitCount(".toast", 2)
	if took := browser.Eval[float64](b, "performance.now() - since"); took < 3000 {
		t.Errorf("the toast was there for %.0f ms", took)
	}
	browser.Eval[bool](b, `document.querySelector(".toast:last-child").dispatchEvent(new PointerEvent("pointerleave"))`)
	b.WaitCount(".toast", 1)
	b.Click(".toast.bad button")
	b.Gone(".toast")
	b.Expect()
}
