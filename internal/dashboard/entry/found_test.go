package entry_test

import (
	"html"
	"net/http"
	"strings"
	"sync"
	"testing"

	"parley/internal/server"
	"parley/internal/testing/desk"
)

var bakery = []string{"name", "Example Bakery", "owner", "Grace", "email", "grace@bakery.example.com", "password", desk.Password}

// but is a form with another value in it.
func but(pairs []string, name, value string) []string {
	changed := append([]string(nil), pairs...)
	for i := 0; i+1 < len(changed); i += 2 {
		if changed[i] == name {
			changed[i+1] = value
		}
	}
	return changed
}

func TestAServerIsSetUpOnce(t *testing.T) {
	t.Parallel()
	d := empty(t, nil)
	c := stranger(t)
	for _, path := range []string{"/", "/sign-in", "/sign-up", "/sign-in/code", "/profile", "/organizations", "/palette", "/invitation/x"} {
		if to := leads(t, d, c, path); to != "/set-up" {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	if status, body := d.Get(t, c, "/nothing"); status != http.StatusNotFound || !strings.Contains(body, "There is nothing at /nothing") {
		t.Errorf("what is unknown is answered %d %s", status, body)
	}
	if body := page(t, d, c, "/set-up"); !strings.Contains(body, "API keys are made under Developers") {
		t.Errorf("the page does not tell of API keys: %s", body)
	}
	for name, test := range map[string]struct{ field, value, why string }{
		"no name":          {"name", " ", "must have 1 to 200 characters"},
		"no owner":         {"owner", "", "must have 1 to 200 characters"},
		"no email":         {"email", "grace", "must be an email address"},
		"a named email":    {"email", "Grace <grace@example.com>", "must be an email address"},
		"a short password": {"password", "1234567", "must have 8 to 200 characters"},
	} {
		status, _, body := d.Post(t, c, "/set-up", form(but(bakery, test.field, test.value)...))
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, `id="`+test.field+`-error">`+test.why) {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if strings.Contains(body, desk.Password) {
			t.Errorf("%s: the page tells the password", name)
		}
	}

	// Of several who set it up at once one does.
	browsers := []*http.Client{stranger(t), stranger(t), stranger(t)}
	var mu sync.Mutex
	var first *http.Client
	var welcome string
	var all sync.WaitGroup
	for i, c := range browsers {
		all.Go(func() {
			status, to, body := d.Post(t, c, "/set-up", form(but(bakery, "email", []string{"a@example.com", "b@example.com", "c@example.com"}[i])...))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case status == http.StatusOK && first == nil:
				first, welcome = c, body
			case status == http.StatusConflict && strings.Contains(body, "has been set up already"), status == http.StatusSeeOther && to == "/":
			default:
				t.Errorf("it is answered %d %s", status, body)
			}
		})
	}
	all.Wait()
	if first == nil {
		t.Fatal("nobody has set it up")
	}
	key := find(t, `<code>(parley_[^<]+)</code>`, welcome)
	if !strings.Contains(html.UnescapeString(welcome), "curl -H 'Authorization: Bearer "+key) {
		t.Errorf("the page does not say how to use the key: %s", welcome)
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+"/v1/inboxes", nil)
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the key opens nothing: %s", resp.Status)
	}
	if body := page(t, d, first, "/profile"); !strings.Contains(body, "owner of Example Bakery") {
		t.Errorf("the owner is not signed in: %s", body)
	}
	for _, c := range []*http.Client{first, stranger(t)} {
		if to := leads(t, d, c, "/set-up"); to != "/" {
			t.Errorf("afterwards /set-up leads to %s", to)
		}
		if to := done(t, d, c, "/set-up", bakery...); to != "/" {
			t.Errorf("afterwards setting up leads to %s", to)
		}
	}
	if to := leads(t, d, stranger(t), "/profile"); to != "/sign-in?next=%2Fprofile" {
		t.Errorf("afterwards strangers are led to %s", to)
	}
}

func TestStrangersSignUpWhereTheyMay(t *testing.T) {
	t.Parallel()
	closed := desk.New(t)
	refused(t, closed, stranger(t), http.StatusNotFound, "Nobody can sign up here", "/sign-up", bakery...)
	if status, _ := closed.Get(t, stranger(t), "/sign-up"); status != http.StatusNotFound {
		t.Errorf("the page is there: %d", status)
	}
	if strings.Contains(page(t, closed, stranger(t), "/sign-in"), "/sign-up") {
		t.Error("signing in offers to sign up")
	}

	d := planted(t, func(c *server.Config) { c.SignUp = true })
	if !strings.Contains(page(t, d, stranger(t), "/sign-in"), "/sign-up") {
		t.Error("signing in does not offer to sign up")
	}
	page(t, d, stranger(t), "/sign-up")

	// The email of somebody who has a login is theirs.
	thief := stranger(t)
	refused(t, d, thief, http.StatusUnprocessableEntity, "has a login here already", "/sign-up", but(bakery, "email", string(desk.Owner))...)
	refused(t, d, thief, http.StatusUnprocessableEntity, "has a login here already", "/sign-up", but(bakery, "email", "ROBIN@Example.com")...)
	if who := signedIn(t, d, thief); who != "" {
		t.Errorf("%s is signed in", who)
	}

	c := stranger(t)
	if status, _, body := d.Post(t, c, "/sign-up", form(bakery...)); status != http.StatusOK || !strings.Contains(body, "Welcome to Example Bakery") {
		t.Fatalf("signing up is answered %d %s", status, body)
	}
	if who := signedIn(t, d, c); who != "grace@bakery.example.com" {
		t.Errorf("%q is signed in", who)
	}
	if to := leads(t, d, c, "/sign-up"); to != "/organizations" {
		t.Errorf("who is signed in is led to %s", to)
	}
	if body := page(t, d, c, "/profile"); strings.Contains(body, d.Made.Organization.Name) {
		t.Error("it tells of other organizations")
	}

	// Another one, with the same login.
	refused(t, d, c, http.StatusUnprocessableEntity, "must have 1 to 200 characters", "/organizations", "name", "")
	if status, _, body := d.Post(t, c, "/organizations", form("name", "Night Shift "+desk.Script)); status != http.StatusOK || strings.Contains(body, "<img src=x") {
		t.Errorf("another organization is answered %d %s", status, body)
	}
	if body := page(t, d, c, "/profile"); !strings.Contains(body, "owner of Night Shift") {
		t.Errorf("one is not in it: %s", body)
	}
	list := page(t, d, c, "/organizations")
	if strings.Contains(list, "<img src=x") {
		t.Error("the name's markup is in the page")
	}
	other := find(t, `name="organization" value="(org_[^"]+)"`, list)
	if to := done(t, d, c, "/organizations/enter", "organization", other); to != "/" {
		t.Errorf("entering leads to %s", to)
	}
	if body := page(t, d, c, "/profile"); !strings.Contains(body, "owner of Example Bakery") {
		t.Errorf("one has not changed over: %s", body)
	}
	refused(t, d, c, http.StatusNotFound, "There is no organization", "/organizations/enter", "organization", string(d.Made.Organization.ID))
	if to := leads(t, d, stranger(t), "/organizations"); to != "/sign-in?next=%2Forganizations" {
		t.Errorf("a stranger is led to %s", to)
	}
}
