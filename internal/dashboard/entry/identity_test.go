package entry_test

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley"
	"parley/internal/dashboard/openid"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

// withIssuer is a server whose people may sign in with an issuer.
func withIssuer(t *testing.T) (*desk.Desk, *issuer) {
	t.Helper()
	i := newIssuer(t)
	return planted(t, func(c *server.Config) {
		c.Provider = openid.Config{Issuer: i.URL, ClientID: "parley", ClientSecret: "hush", Name: "Example ID"}
	}), i
}

// atIssuer goes where a browser was sent, and gives the path that it is sent back to.
func atIssuer(t *testing.T, d *desk.Desk, c *http.Client, address string) string {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, ok := strings.CutPrefix(resp.Header.Get("Location"), d.URL)
	if resp.StatusCode != http.StatusFound || !ok {
		t.Fatalf("the issuer answers %s %s", resp.Status, resp.Header.Get("Location"))
	}
	return back
}

// through signs in with the issuer, and gives the last answer.
func through(t *testing.T, d *desk.Desk, c *http.Client, next string) (status int, to string) {
	t.Helper()
	return ask(t, d, c, atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider?next="+url.QueryEscape(next))))
}

func ask(t *testing.T, d *desk.Desk, c *http.Client, path string) (status int, to string) {
	t.Helper()
	resp, err := c.Get(d.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header.Get("Location")
}

// linked links what the issuer shows to somebody's login.
func linked(t *testing.T, d *desk.Desk, c *http.Client) (status int, to string) {
	t.Helper()
	status, _, body := d.Post(t, c, "/profile/identities", nil)
	if status != http.StatusOK {
		t.Fatalf("linking begins with %d %s", status, body)
	}
	address := html.UnescapeString(find(t, `<meta http-equiv="refresh" content="0; url=([^"]+)"`, body))
	status, to = ask(t, d, c, atIssuer(t, d, c, address))
	return status, to
}

func TestSigningInWithAnIdentityProvider(t *testing.T) {
	t.Parallel()
	d, i := withIssuer(t)
	if !strings.Contains(page(t, d, stranger(t), "/sign-in?next=/profile"), `href="/sign-in/provider?next=%2Fprofile">Sign in with Example ID`) {
		t.Error("the page does not offer it")
	}

	t.Run("an email says nothing", func(t *testing.T) {
		i.is("mallory", string(desk.Owner), true)
		c := stranger(t)
		if status, _ := through(t, d, c, "/profile"); status != http.StatusUnprocessableEntity {
			t.Errorf("it is answered %d", status)
		}
		if who := signedIn(t, d, c); who != "" {
			t.Errorf("%s is signed in", who)
		}
	})

	t.Run("once linked it signs in", func(t *testing.T) {
		i.is("agent-1", "elsewhere@example.com", false)
		c := d.Client(t, desk.Agent)
		if status, to := linked(t, d, c); status != http.StatusSeeOther || to != "/profile" {
			t.Fatalf("linking is answered %d %s", status, to)
		}
		if body := page(t, d, c, "/profile"); !strings.Contains(body, i.URL) || !strings.Contains(body, "agent-1") || !strings.Contains(body, "you can sign in with Example ID") {
			t.Errorf("the profile is %s", body)
		}
		fresh := stranger(t)
		if status, to := through(t, d, fresh, "/profile?a=b"); status != http.StatusSeeOther || to != "/profile?a=b" {
			t.Errorf("signing in is answered %d %s", status, to)
		}
		if who := signedIn(t, d, fresh); who != string(desk.Agent) {
			t.Errorf("%q is signed in", who)
		}
		if _, to := through(t, d, stranger(t), "//evil.example.com"); to != "/" {
			t.Errorf("next leads away, to %q", to)
		}
		// It is another login's now.
		if status, _ := linked(t, d, d.Client(t, desk.Admin)); status != http.StatusConflict {
			t.Errorf("linking it again is answered %d", status)
		}
		done(t, d, c, "/profile/identities/unlink")
		if status, _ := through(t, d, stranger(t), "/"); status != http.StatusUnprocessableEntity {
			t.Errorf("unlinked, it is answered %d", status)
		}
	})

	t.Run("it asks for the second factor", func(t *testing.T) {
		i.is("owner-1", "", nil)
		c := d.Client(t, desk.Owner)
		linked(t, d, c)
		done(t, d, c, "/profile/second-factor")
		secret := find(t, `<code>([A-Z2-7]+)</code>`, page(t, d, c, "/profile/second-factor"))
		d.Post(t, c, "/profile/second-factor/confirm", form("code", code(t, secret, 0)))
		fresh := stranger(t)
		if _, to := through(t, d, fresh, "/profile"); to != "/sign-in/code?next=%2Fprofile" || signedIn(t, d, fresh) != "" {
			t.Errorf("it leads to %s", to)
		}
		done(t, d, fresh, "/sign-in/code", "code", code(t, secret, 1))
		if signedIn(t, d, fresh) != string(desk.Owner) {
			t.Error("the code does not sign in")
		}
	})

	t.Run("what is not right is refused", func(t *testing.T) {
		i.is("admin-1", "", nil)
		linked(t, d, d.Client(t, desk.Admin))
		refuse := func(name string, c *http.Client, path string) {
			t.Helper()
			if status, to := ask(t, d, c, path); status != http.StatusUnprocessableEntity || signedIn(t, d, c) != "" {
				t.Errorf("%s: %d %s", name, status, to)
			}
		}
		c := stranger(t)
		back := atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider"))
		refuse("another browser's answer", stranger(t), back)
		if status, _ := ask(t, d, c, back); status != http.StatusSeeOther {
			t.Fatalf("the right one is answered %d", status)
		}
		done(t, d, c, "/sign-out")
		refuse("the same answer again", c, back)

		refuse("another state", c, strings.Replace(atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider")), "state=", "state=x", 1))
		refuse("a refusal", c, "/sign-in/provider/back?error=access_denied&state="+stateOf(t, leads(t, d, c, "/sign-in/provider")))
		refuse("another issuer", c, atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider"))+"&iss=https%3A%2F%2Fevil.example.com")
		refuse("nothing", stranger(t), "/sign-in/provider/back")

		for name, claims := range map[string]map[string]any{
			"another audience": {"sub": "admin-1", "aud": "somebody else"}, "another nonce": {"sub": "admin-1", "nonce": "old"},
			"an old token": {"sub": "admin-1", "exp": 1}, "a strange issuer": {"sub": "admin-1", "iss": "https://evil.example.com"},
		} {
			i.set(func(i *issuer) { i.claims = claims })
			c := stranger(t)
			refuse(name, c, atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider")))
		}
		i.is("admin-1", "", nil)
		other := newKey(t)
		i.set(func(i *issuer) { i.signer = other })
		refuse("another key", c, atIssuer(t, d, c, leads(t, d, c, "/sign-in/provider")))
		i.set(func(i *issuer) { i.signer = nil })
	})
}

func stateOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("state")
}

func TestAnInvitationIsAcceptedWithAnIdentity(t *testing.T) {
	t.Parallel()
	d, i := withIssuer(t)
	a := verbs(t, d)
	_, secret, err := a.Invite(t.Context(), d.Caller(), parley.User{Name: "Ada", Email: "ada@new.example.com", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	path := "/invitation/" + secret
	accepting := "Accept with Example ID"

	for name, verified := range map[string]any{"nobody has verified it": false, "nobody says so": nil, "in other words": "no"} {
		i.is("ada", "ada@new.example.com", verified)
		c := stranger(t)
		if _, to := through(t, d, c, path); to != path || strings.Contains(page(t, d, c, path), accepting) {
			t.Errorf("%s: the email is believed", name)
		}
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 8 to 200 characters", path, "name", "Ada")
	}
	i.is("eve", "eve@example.com", true)
	eve := stranger(t)
	through(t, d, eve, path)
	refused(t, d, eve, http.StatusUnprocessableEntity, "must have 8 to 200 characters", path, "name", "Eve")

	i.is("ada", "Ada@new.example.com", true)
	c := stranger(t)
	through(t, d, c, path)
	for range 2 { // looking does not use it up
		if !strings.Contains(page(t, d, c, path), accepting) {
			t.Fatal("the identity cannot accept")
		}
	}
	done(t, d, c, path, "name", "Ada")
	body := page(t, d, c, "/profile")
	if signedIn(t, d, c) != "ada@new.example.com" || !strings.Contains(body, "has no password yet") {
		t.Errorf("the profile is %s", body)
	}
	if status, _, _ := d.Post(t, c, "/profile/identities/unlink", nil); status != http.StatusConflict {
		t.Errorf("the only way in can be taken away: %d", status)
	}
	fresh := stranger(t)
	if through(t, d, fresh, "/profile"); signedIn(t, d, fresh) != "ada@new.example.com" {
		t.Error("the identity does not sign in")
	}
	refused(t, d, stranger(t), http.StatusUnprocessableEntity, "is not right", "/sign-in", "email", "ada@new.example.com", "password", "")
	done(t, d, c, "/profile/password", "password", desk.Password)
	d.Client(t, "ada@new.example.com")
}

func TestAProviderThatIsDownKeepsNobodyFromTheirPassword(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.set(func(i *issuer) { i.down = true })
	d := planted(t, func(c *server.Config) {
		c.Provider = openid.Config{Issuer: i.URL, ClientID: "parley", ClientSecret: "hush", Name: "Example ID"}
	})
	status, body := d.Get(t, stranger(t), "/sign-in/provider")
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "Example ID does not answer as it should") || !strings.Contains(body, `name="password"`) {
		t.Errorf("it is answered %d %s", status, body)
	}
	d.Client(t, desk.Agent)
}

func TestWithoutAProviderThereIsNone(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	for _, path := range []string{"/sign-in/provider", "/sign-in/provider/back?code=x&state="} {
		if status, _ := d.Get(t, stranger(t), path); status != http.StatusNotFound {
			t.Errorf("%s is answered %d", path, status)
		}
	}
	if strings.Contains(page(t, d, stranger(t), "/sign-in"), "/sign-in/provider") {
		t.Error("signing in offers one")
	}
	if status, _, _ := d.Post(t, d.Client(t, desk.Agent), "/profile/identities", nil); status != http.StatusNotFound {
		t.Errorf("linking is answered %d", status)
	}
}
