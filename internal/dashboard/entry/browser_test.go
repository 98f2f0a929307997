package entry_test

import (
	"testing"

	"parley"
	"parley/internal/dashboard/openid"
	"parley/internal/server"
	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// The first hour of a server: it is set up, its owner looks at their profile and turns
// a second factor on, signs out and in again, and invites somebody, who comes in.
func TestTheWayInInABrowser(t *testing.T) {
	t.Parallel()
	d := empty(t, func(c *server.Config) { c.SignUp = true })
	b := browser.New(t)
	b.Cookie("zone", "UTC", d.URL)

	desk.Inspect(t, b, d.URL+"/set-up", "#password")
	b.Open(d.URL + "/")
	b.Type("#name", "Example Bakery")
	b.Type("#owner", "Grace")
	b.Type("#email", "grace@example.com")
	b.Type("#password", desk.Password)
	b.Click("button.primary")
	b.WaitText("h1", "Welcome to Example Bakery")
	b.WaitText(".code-block", "curl -H")
	inspectHere(t, b)

	reach(b, d.URL, "/profile")
	b.Click("[data-set-theme=dark]:not(.icon-only)")
	b.Wait("html[data-theme=dark]")
	b.Check("[data-keys-off]", false)
	reach(b, d.URL, "/organizations")
	reach(b, d.URL, "/profile")
	if browser.Eval[string](b, "document.documentElement.dataset.theme") != "dark" {
		t.Error("the theme is forgotten")
	}
	b.Press("?")
	if browser.Eval[bool](b, "document.getElementById('keys').open || document.querySelector('main [data-keys-off]').checked") {
		t.Error("single keys do something though they are off")
	}
	b.Check("[data-keys-off]", true)
	b.Click("[data-set-theme=system]")
	b.Wait("html[data-theme=system]")
	reach(b, d.URL, "/organizations")
	b.Press("?")
	b.Wait("#keys[open]")
	b.Press("Escape")

	reach(b, d.URL, "/profile")
	b.Click("#second-factor button")
	b.Wait(".qr")
	secret := b.Text(".secret code")
	desk.Inspect(t, b, d.URL+"/profile/second-factor", ".qr")
	b.Type("#code", code(t, secret, 0))
	b.Click("button.primary")
	b.WaitText("h1", "Your second factor is on")
	inspectHere(t, b)
	b.Click("a.primary")
	b.WaitText("#second-factor", "10 are left")
	desk.Inspect(t, b, d.URL+"/profile", "#sessions")
	desk.Screens(t, b, "../../..", "profile")

	b.Click("form[action='/sign-out'] button")
	b.WaitURL("/sign-in")
	desk.Inspect(t, b, d.URL+"/sign-in", "#password")
	desk.Screens(t, b, "../../..", "sign-in")
	b.Open(d.URL + "/sign-in?next=/organizations")
	b.Type("#email", "grace@example.com")
	b.Type("#password", desk.Password)
	b.Press("Enter")
	b.WaitText("h1", "Your code")
	inspectHere(t, b)
	b.Type("#code", code(t, secret, 1))
	b.Press("Enter")
	b.WaitURL("/organizations")
	desk.Inspect(t, b, d.URL+"/organizations", "ul.rows")

	// Somebody is invited, and opens the link in a browser of their own.
	a := verbs(t, d)
	memberships, err := a.Memberships(t.Context(), "grace@example.com")
	if err != nil || len(memberships) != 1 {
		t.Fatalf("%v %v", memberships, err)
	}
	by := parley.Caller{Organization: memberships[0].Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(memberships[0].User.ID)}}
	_, link, err := a.Invite(t.Context(), by, parley.User{Name: "Ada", Email: "ada@example.com", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	guest := browser.New(t)
	guest.Cookie("zone", "UTC", d.URL)
	desk.Inspect(t, guest, d.URL+"/invitation/"+link, "#password")
	guest.Type("#password", desk.Password)
	guest.Click("button.primary")
	guest.WaitText("#toasts", "Welcome to Example Bakery.")
	guest.Open(d.URL + "/profile")
	guest.WaitText(".facts", "agent of Example Bakery")
	_ = guest.Problems() // the start is another area's
}

// What was wrong is said where it was typed, and the rest of it stays.
func TestRefusedFormsInABrowser(t *testing.T) {
	t.Parallel()
	d := planted(t, func(c *server.Config) { c.SignUp = true })
	b := browser.New(t)
	b.Cookie("zone", "UTC", d.URL)
	b.Open(d.URL + "/sign-in")
	b.Type("#email", string(desk.Agent))
	b.Type("#password", "wrong")
	b.Press("Enter")
	b.WaitText("[role=alert]", "The email or the password is not right.")
	if email := b.Value("#email"); email != string(desk.Agent) {
		t.Errorf("what was typed is gone: the email is %q", email)
	}
	inspectHere(t, b)
	b.Click("a[href='/sign-up']")
	b.Type("#name", "Example Bakery")
	b.Type("#owner", "Grace")
	b.Type("#email", string(desk.Agent))
	b.Type("#password", desk.Password)
	b.Click("button.primary")
	b.WaitText("#email-error", "has a login here already")
	inspectHere(t, b)
	b.Expect("POST "+d.URL+"/sign-in answered 422", "POST "+d.URL+"/sign-up answered 422")
}

func TestSigningInWithAProviderInABrowser(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.is("agent-1", "", nil)
	d := planted(t, func(c *server.Config) {
		c.Provider = openid.Config{Issuer: i.URL, ClientID: "parley", ClientSecret: "hush", Name: "Example ID"}
	})
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/profile")
	b.Click("form[action='/profile/identities'] button")
	b.WaitText("[aria-labelledby=identities]", "agent-1")
	b.Click("form[action='/sign-out'] button")
	b.WaitURL("/sign-in")
	desk.Inspect(t, b, d.URL+"/sign-in?next=/organizations", "#password")
	b.Click("a[href^='/sign-in/provider']")
	b.WaitURL("/organizations")
	b.Expect()
}

// reach opens a page in its frame, and waits until its scripts are at work.
func reach(b *browser.Browser, site, path string) {
	b.Open(site + path)
	b.WaitURL(path)
	b.Wait("html[data-stream=open]")
}

// inspectHere looks at the page that is open, which cannot be asked for again.
func inspectHere(t *testing.T, b *browser.Browser) {
	t.Helper()
	for _, scheme := range []browser.Scheme{browser.Light, browser.Dark} {
		for _, width := range []int{1280, 360} {
			b.View(width, 800, scheme)
			for _, finding := range b.Axe() {
				t.Errorf("%s at %d px, %s: axe: %s", b.URL(), width, scheme, finding)
			}
			for _, wide := range b.Overflows() {
				t.Errorf("%s at %d px: too wide: %s", b.URL(), width, wide)
			}
		}
	}
	b.View(1280, 800, browser.Light)
}
