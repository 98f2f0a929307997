package developers_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// publish publishes an event of the demo organization and gives its id.
func publish(d *desk.Desk, eventType string, data map[string]any) string {
	if data == nil {
		data = map[string]any{}
	}
	id, _ := d.API(http.MethodPost, "/v1/events", map[string]any{"type": eventType, "data": data})["id"].(string)
	return id
}

func TestRolesSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	admin, agent := d.Client(t, desk.Admin), d.Client(t, desk.Agent)
	event := publish(d, "custom.tried", nil)
	for _, test := range []struct {
		path         string
		admin, agent int
	}{
		{"/developers", 200, 403},
		{"/developers?range=1h", 200, 403},
		{"/developers?range=7d", 200, 403},
		{"/developers/keys", 200, 200},
		{"/developers/keys?status=all", 200, 200},
		{"/developers/keys/new", 200, 200},
		{"/developers/events", 200, 200},
		{"/developers/events?types=contact.*&actor=system&since=2020-01-01T00:00&until=2030-01-01T00:00", 200, 200},
		{"/developers/events/publish", 200, 403},
		{"/developers/events/" + event, 200, 200},
		{"/developers/events/evt_00000000000000000000000000", 404, 404},
		{"/developers/events/nothing", 404, 404},
		{"/developers/catalogue", 200, 200},
		{"/developers/catalogue/contact.created", 200, 200},
		{"/developers/catalogue/contact.created?format=flat", 200, 200},
		{"/developers/catalogue/nothing", 404, 404},
		{"/developers/reference", 200, 200},
		{"/developers/reference/api/contacts", 200, 200},
		{"/developers/reference/events/contact.created", 200, 200},
		{"/developers/reference/nothing", 404, 404},
	} {
		for _, who := range []struct {
			client *http.Client
			want   int
		}{{admin, test.admin}, {agent, test.agent}} {
			if status, _ := d.Get(t, who.client, test.path); status != who.want {
				t.Errorf("%s answers %d, want %d", test.path, status, who.want)
			}
		}
	}
	for path, form := range map[string]url.Values{
		"/developers/events":                         {"type": {"custom.no"}},
		"/developers/events/" + event + "/redeliver": {"webhook": {string(parley.NewID[parley.WebhookID]())}},
	} {
		if status, _, _ := d.Post(t, agent, path, form); status != http.StatusForbidden {
			t.Errorf("an agent posts to %s: %d", path, status)
		}
	}
	if _, body := d.Get(t, agent, "/developers/events/"+event); strings.Contains(body, "What became of it") {
		t.Error("an agent is told of endpoints")
	}
}

var (
	secretInPage = regexp.MustCompile(`parley_[0-9A-Za-z]{38}`)
	curlInPage   = regexp.MustCompile(`curl -s &#39;([^ ]*)&#39;`)
)

// madeKey posts the form of a key, and gives the key and the address of its example.
func madeKey(t *testing.T, d *desk.Desk, c *http.Client, form url.Values) (key, example string) {
	t.Helper()
	status, _, body := d.Post(t, c, "/developers/keys", form)
	found := curlInPage.FindStringSubmatch(body)
	if status != http.StatusCreated || found == nil {
		t.Fatalf("making a key of %v: %d %s", form, status, body)
	}
	return secretInPage.FindString(body), strings.ReplaceAll(found[1], "&amp;", "&")
}

func call(t *testing.T, method, address, key string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func TestTheExampleOfAKeyWorksWhateverItsScopes(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	admin := d.Client(t, desk.Admin)
	for _, resource := range parley.Resources() {
		if resource == "privacy" { // it is a matter of single contacts: there is nothing to list
			continue
		}
		key, example := madeKey(t, d, admin, url.Values{"name": {resource}, "kind": {"organization"}, "preset": {"some"}, "scope." + resource: {"read"}, "expires": {"7"}})
		if status := call(t, http.MethodGet, example, key); status != http.StatusOK {
			t.Errorf("a key for %s: %s answers %d", resource, example, status)
		}
	}
}

func TestAgentsHaveKeysOfTheirOwnOnly(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	admin, agent := d.Client(t, desk.Admin), d.Client(t, desk.Agent)
	of := func(list map[string]any, name string) (id, user string) {
		for _, k := range list["data"].([]any) {
			if k := k.(map[string]any); k["name"] == name {
				user, _ = k["user_id"].(string)
				return k["id"].(string), user
			}
		}
		t.Fatalf("there is no key %s", name)
		return "", ""
	}
	_, _ = madeKey(t, d, admin, url.Values{"name": {"Of the admin"}, "kind": {"personal"}, "preset": {"all"}, "expires": {"never"}})
	key, _ := madeKey(t, d, agent, url.Values{"name": {"Mine"}, "kind": {"organization"}, "preset": {"all"}, "expires": {"never"}})
	keys := d.API(http.MethodGet, "/v1/api_keys", nil)
	mine, user := of(keys, "Mine")
	if user == "" {
		t.Error("an agent made a key of the organization")
	}
	for path, want := range map[string]int{"/v1/contacts": 200, "/v1/api_keys": 403, "/v1/webhooks": 403} {
		if status := call(t, http.MethodGet, d.URL+path, key); status != want {
			t.Errorf("an agent's key at %s: %d, want %d", path, status, want)
		}
	}
	for scope, form := range map[string]url.Values{
		"webhooks:read":  {"name": {"x"}, "preset": {"some"}, "scope.webhooks": {"read"}, "expires": {"7"}},
		"users:write":    {"name": {"x"}, "preset": {"some"}, "scope.users": {"write"}, "expires": {"7"}},
		"none":           {"name": {"x"}, "preset": {"some"}, "expires": {"7"}},
		"no name":        {"preset": {"read"}, "expires": {"7"}},
		"a day that was": {"name": {"x"}, "preset": {"read"}, "expires": {"date"}, "expires_on": {"2020-01-01"}},
		"no day":         {"name": {"x"}, "preset": {"read"}, "expires": {"date"}},
	} {
		if status, _, body := d.Post(t, agent, "/developers/keys", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "field-error") {
			t.Errorf("an agent asks for a key with %s: %d", scope, status)
		}
	}
	if _, body := d.Get(t, agent, "/developers/keys?status=all"); !strings.Contains(body, "Mine") || strings.Contains(body, "Of the admin") {
		t.Error("an agent does not see their own keys, or others'")
	}
	theirs, _ := of(keys, "Of the admin")
	if status, _, _ := d.Post(t, agent, "/developers/keys/"+theirs+"/revoke", nil); status != http.StatusNotFound {
		t.Errorf("an agent revokes another's key: %d", status)
	}
	if status, _, _ := d.Post(t, agent, "/developers/keys/"+mine+"/revoke", nil); status != http.StatusSeeOther {
		t.Errorf("an agent revokes their own key: %d", status)
	}
	if status := call(t, http.MethodGet, d.URL+"/v1/contacts", key); status != http.StatusUnauthorized {
		t.Errorf("a revoked key is answered %d", status)
	}
	if _, body := d.Get(t, agent, "/developers/keys?status=revoked"); !strings.Contains(body, "Mine") {
		t.Error("the revoked key is not listed")
	}
}

func TestOtherOrganizationsSeeNothing(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(d.Data, "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	accounts := account.New(db, eventlog.New(db, slog.New(slog.DiscardHandler)))
	_, err = accounts.Found(t.Context(), account.Founding{Name: "Another", Email: "lin@example.com", Owner: "Lin", Password: desk.Password, Scopes: []parley.Scope{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	event := publish(d, "custom.secret", nil)
	key := d.First("/v1/api_keys")["id"].(string)
	lin := d.Client(t, "lin@example.com")
	if status, _ := d.Get(t, lin, "/developers/events/"+event); status != http.StatusNotFound {
		t.Errorf("another's event: %d", status)
	}
	if status, _, _ := d.Post(t, lin, "/developers/events/"+event+"/redeliver", url.Values{"webhook": {string(parley.NewID[parley.WebhookID]())}}); status != http.StatusNotFound {
		t.Errorf("another's event is redelivered: %d", status)
	}
	if status, _, _ := d.Post(t, lin, "/developers/keys/"+key+"/revoke", nil); status != http.StatusNotFound {
		t.Errorf("another's key is revoked: %d", status)
	}
	for _, path := range []string{"/developers", "/developers/events", "/developers/keys?status=all"} {
		if _, body := d.Get(t, lin, path); strings.Contains(body, "custom.secret") || strings.Contains(body, key) {
			t.Errorf("%s shows another's", path)
		}
	}
	if _, body := d.Get(t, lin, "/developers"); !strings.Contains(body, "A first webhook in a minute") {
		t.Error("a new organization is not told where to begin")
	}
}

func TestTheCatalogueHasEveryType(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	_, list := d.Get(t, c, "/developers/catalogue")
	for _, e := range parley.Catalogue() {
		if !strings.Contains(list, `href="/developers/catalogue/`+e.Name+`"`) {
			t.Errorf("%s is not in the catalogue", e.Name)
		}
		if status, body := d.Get(t, c, "/developers/catalogue/"+e.Name); status != http.StatusOK || !strings.Contains(body, "<code>data.") {
			t.Errorf("the page of %s: %d", e.Name, status)
		}
	}
}

func TestTheReferenceLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	links := regexp.MustCompile(`href="(/(?:docs|developers/reference)[^"#]*)`)
	seen := map[string]bool{"/developers/reference": true}
	for queue := []string{"/developers/reference"}; len(queue) > 0; queue = queue[1:] {
		status, body := d.Get(t, c, queue[0])
		if status != http.StatusOK {
			t.Errorf("%s answers %d", queue[0], status)
		}
		for _, to := range links.FindAllStringSubmatch(body, -1) {
			if strings.HasPrefix(to[1], "/docs") {
				t.Fatalf("%s leads to %s, out of the dashboard", queue[0], to[1])
			}
			if !seen[to[1]] && !strings.Contains(to[1], "/events/") { // which are all alike
				seen[to[1]] = true
				queue = append(queue, to[1])
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("the reference has %d pages", len(seen))
	}
}

func TestDevelopersInABrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)

	b.Open(d.URL + "/developers/events")
	b.Wait("#events tbody tr")
	event := publish(d, "custom.harm", map[string]any{"text": desk.Script})
	b.WaitText("#events tbody", "custom.harm")
	b.Click("[data-pause]")
	publish(d, "custom.later", nil)
	b.Open(d.URL + "/developers/events?types=custom.harm")
	b.WaitCount("#events tbody tr", 1)
	b.Click("#events tbody a")
	b.WaitURL("/developers/events/" + event)
	b.WaitText(".json", "<img src=x")
	desk.Harmless(t, b)

	b.Open(d.URL + "/developers/events/publish")
	b.Clear("#data")
	b.Type("#data", "no JSON")
	b.Click(".form .primary")
	b.WaitText(".field-error", "must be a JSON object")
	b.Clear("#data")
	b.Type("#data", `{"from":"here"}`)
	b.Click(".form .primary")
	b.WaitText(".toast", "The event is in the log")
	b.WaitText(".json", "here")

	b.Open(d.URL + "/developers/keys/new")
	b.Type("#name", "Browser")
	b.Click(`[name=preset][value=some]`)
	b.Click(`[name="scope.contacts"][value=read]`)
	b.Click(".form .primary")
	b.Wait(".secret code")
	key := b.Text(".secret code")
	for path, want := range map[string]int{"/v1/contacts": 200, "/v1/conversations": 403} {
		if status := call(t, http.MethodGet, d.URL+path, key); status != want {
			t.Errorf("%s with the key: %d, want %d", path, status, want)
		}
	}
	b.Open(d.URL + "/developers/keys")
	b.WaitText("#keys", "Browser")
	b.Click(`[aria-label="Revoke Browser"]`)
	b.Click("#confirm [value=yes]")
	b.WaitText(".toast", "The key was revoked")
	if status := call(t, http.MethodGet, d.URL+"/v1/contacts", key); status != http.StatusUnauthorized {
		t.Errorf("the revoked key is answered %d", status)
	}

	b.Open(d.URL + "/developers/catalogue")
	b.Type("[data-narrow]", "label")
	if browser.Eval[bool](b, `document.querySelector('[href="/developers/catalogue/payment.created"]').checkVisibility()`) {
		t.Error("the catalogue is not narrowed to what was typed")
	}
	b.Click(`[href="/developers/catalogue/label.created"]`)
	b.WaitURL("/developers/catalogue/label.created")
	b.Open(d.URL + "/developers/catalogue/label.created?format=flat")
	b.WaitText(".tabs [aria-current]", "flat")
	b.Expect("answered 422")
}

func TestDevelopersPagesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Admin)
	event := publish(d, "custom.looked_at", map[string]any{"invoice": 1042, "items": []string{"bread", "cake"}})
	for _, page := range []struct{ path, ready, name string }{
		{"/developers", "#standing", "developers"},
		{"/developers/keys", "#keys", ""},
		{"/developers/keys?q=nothing-like-that", ".empty", ""},
		{"/developers/keys?status=revoked", ".empty", ""},
		{"/developers/keys/new", ".key-form", ""},
		{"/developers/events", "#events tbody", "events"},
		{"/developers/events?types=custom.never", "#events .empty", ""},
		{"/developers/events?types=nothing-like-that", "#events .notice", ""},
		{"/developers/events/" + event, ".json", "event"},
		{"/developers/events/publish", ".form", ""},
		{"/developers/catalogue", "#catalogue", ""},
		{"/developers/catalogue/conversation.created", ".json", ""},
		{"/developers/catalogue/message.created?format=flat", ".json", ""},
		{"/developers/reference", ".reference h1", ""},
		{"/developers/reference/api/labels", ".reference h1", ""},
	} {
		desk.Inspect(t, b, d.URL+page.path, page.ready)
		if page.name != "" {
			desk.Screens(t, b, "../../..", page.name)
		}
	}
}
