package webhooks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/desk"
)

const agentsMayNot = http.StatusForbidden

// Everything about webhooks is for admins and owners.
func TestAgentsSeeNothingOfWebhooks(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	id, _ := endpoint(d, "https://hooks.example.com/a", "*")
	at := home + "/" + id
	delivery := at + "/deliveries/" + "dlv_1_" + id[4:]
	agent, admin := d.Client(t, desk.Agent), d.Client(t, desk.Admin)
	for _, path := range []string{
		home, home + "/new", at, at + "/standing", at + "/activity", at + "/edit", at + "/rewind", at + "/signature",
		delivery, delivery + "/fate", delivery + "/attempts/1",
	} {
		if status, _ := d.Get(t, agent, path); status != agentsMayNot {
			t.Errorf("GET %s as an agent: %d", path, status)
		}
		if status, _ := d.Get(t, admin, path); status != http.StatusOK && !strings.HasPrefix(path, delivery) {
			t.Errorf("GET %s as an admin: %d", path, status)
		}
	}
	for _, path := range []string{
		home, home + "/try", at, at + "/pause", at + "/resume", at + "/rotate", at + "/test", at + "/verify", at + "/redeliver", at + "/delete",
		at + "/rewind", at + "/rewind/cancel", at + "/signature", delivery + "/redeliver",
	} {
		if status, _, _ := d.Post(t, agent, path, url.Values{}); status != agentsMayNot {
			t.Errorf("POST %s as an agent: %d", path, status)
		}
	}
	if status, _ := d.Get(t, admin, at); status != http.StatusOK {
		t.Errorf("the endpoint is gone: %d", status)
	}
}

func TestEndpointsOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	const id = "whk_01kaf0v3b8m2x6q9d4s7h1t5wn"
	at := home + "/" + id
	for _, path := range []string{at, at + "/standing", at + "/activity", at + "/edit", at + "/rewind", at + "/signature", at + "/deliveries/dlv_x", home + "/nonsense"} {
		if status, _ := d.Get(t, owner, path); status != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, status)
		}
	}
	for _, verb := range []string{"", "/pause", "/resume", "/test", "/verify", "/redeliver", "/delete", "/rewind", "/rewind/cancel", "/signature"} {
		if status, _, _ := d.Post(t, owner, at+verb, url.Values{}); status != http.StatusNotFound {
			t.Errorf("POST %s: %d", at+verb, status)
		}
	}
	if status, _, _ := d.Post(t, owner, at+"/rotate", url.Values{"overlap": {"1"}}); status != http.StatusNotFound {
		t.Errorf("rotate: %d", status)
	}
	first, _ := endpoint(d, "https://hooks.example.com/a", "*")
	second, _ := endpoint(d, "https://hooks.example.com/b", "*")
	started := d.API("POST", "/v1/webhooks/"+second+"/test", nil)
	if status, _ := d.Get(t, owner, home+"/"+first+"/deliveries/"+started["delivery_id"].(string)); status != http.StatusNotFound {
		t.Errorf("a delivery to another endpoint: %d", status)
	}
}

func TestWhatIsWrongStandsBesideTheField(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	good := func(pairs ...string) url.Values {
		v := url.Values{
			"url": {"https://hooks.example.com/a"}, "event_types": {"contact.*"}, "signing": {"v1"}, "auth.type": {"none"}, "verification.type": {"none"},
			"ordering": {"key"}, "retry.preset": {"standard"}, "timeout_seconds": {"10"}, "start": {"now"}, "format": {"standard"},
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, test := range []struct {
		name string
		form url.Values
		says []string
	}{
		{"a URL", good("url", "ftp://hooks.example.com"), []string{`value="ftp://hooks.example.com"`, "field-url-error"}},
		{"a type", good("event_types", "contact.sung"), []string{"contact.sung"}},
		{"a filter", good("filter", "typ == 'a'"), []string{"field-filter-error", "ine 1, column 1", "typ == &#39;a&#39;"}},
		{"a transformation", good("transformation", "function transform("), []string{"field-transformation-error"}},
		{"a password", good("auth.type", "basic", "auth.username", "ada"), []string{"field-auth-password-error", `value="ada"`}},
		{"delays", good("retry.preset", "custom"), []string{"field-retry-delays-error"}},
		{"a token", good("verification.type", "token_echo"), []string{"field-verification-token-error"}},
		{"a timeout", good("timeout_seconds", "99"), []string{"field-timeout_seconds-error"}},
		{"a start", good("start", "sequence", "sequence", "soon"), []string{"must be a sequence"}},
		{"a header", func() url.Values {
			v := good("headers[0].name", "Content-Length", "headers[0].value", "1")
			v.Set("headers", "")
			return v
		}(), []string{"field-headers-error"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, _, body := d.Post(t, owner, home, test.form)
			if status != http.StatusUnprocessableEntity {
				t.Fatalf("answered %d", status)
			}
			for _, text := range test.says {
				if !strings.Contains(body, text) {
					t.Errorf("the page has no %s", text)
				}
			}
		})
	}
	if list := d.API("GET", "/v1/webhooks", nil)["data"].([]any); len(list) != 0 {
		t.Errorf("%d endpoints were made", len(list))
	}
}

// What belongs to a choice that was not made is not sent, and what is secret is kept
// without being shown.
func TestSecretsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	form := url.Values{
		"url": {"https://hooks.example.com/a"}, "event_types": {"", "contact.*", "contact.created", ""}, "signing": {"v1"}, "auth.type": {"bearer"}, "auth.token": {"t0ken"},
		"auth.username": {"left over"}, "verification.type": {"none"}, "ordering": {"key"}, "retry.preset": {"short"}, "retry.delays": {"5"}, "timeout_seconds": {"10"},
		"start": {"now"}, "format": {"flat"}, "headers": {""}, "headers[0].name": {"X-Team"}, "headers[0].value": {"s3cret"}, "description": {desk.Script},
	}
	status, _, body := d.Post(t, owner, home, form)
	if status != http.StatusCreated || !strings.Contains(body, "whsec_") {
		t.Fatalf("answered %d: %s", status, body)
	}
	id := d.First("/v1/webhooks")["id"].(string)
	for _, path := range []string{"", "/edit"} {
		_, page := d.Get(t, owner, home+"/"+id+path)
		for _, secret := range []string{"t0ken", "s3cret", "whsec_", "<script>document.title"} {
			if strings.Contains(page, secret) {
				t.Errorf("the page %q shows %s", path, secret)
			}
		}
		if !strings.Contains(page, "X-Team") {
			t.Errorf("the page %q does not name the header", path)
		}
	}
	form.Set("auth.token", "********")
	form["headers[0].value"], form["headers[0].was"], form["event_types"] = []string{""}, []string{"X-Team"}, []string{"contact.created"}
	if status, to, page := d.Post(t, owner, home+"/"+id, form); status != http.StatusSeeOther || to != home+"/"+id {
		t.Fatalf("answered %d to %s: %s", status, to, page)
	}
	after := d.API("GET", "/v1/webhooks/"+id, nil)
	if types := after["event_types"].([]any); len(types) != 1 || types[0] != "contact.created" {
		t.Errorf("it subscribes to %v", types)
	}
	if headers := after["headers"].(map[string]any); headers["X-Team"] != "********" {
		t.Errorf("its headers are %v", headers)
	}
	if after["auth"].(map[string]any)["type"] != "bearer" || after["format"] != "flat" {
		t.Errorf("it is %v", after)
	}
}

// htmx asks every few seconds, and is told only of what has changed.
func TestPartsAreSentWhenTheyChange(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	id, _ := endpoint(d, "https://hooks.example.com/a", "custom.*")
	d.API("POST", "/v1/webhooks/"+id+"/pause", nil)
	ask := func(path string) (status int, next string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Hx-Request", "true")
		resp, err := owner.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var b strings.Builder
		if err := resp.Header.Write(&b); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, b.String()
	}
	_, page := d.Get(t, owner, home+"/"+id)
	_, part, found := strings.Cut(page, `id="standing"`)
	_, part, _ = strings.Cut(part, `hx-get="`)
	part, _, _ = strings.Cut(part, `"`)
	if !found || !strings.Contains(part, "/standing?v=") {
		t.Fatalf("the part is at %q", part)
	}
	if status, _ := ask(part); status != http.StatusNoContent {
		t.Errorf("unchanged: %d", status)
	}
	bake(d, 1)
	if status, _ := ask(part); status != http.StatusOK {
		t.Errorf("changed: %d", status)
	}
}

func TestListsAreFiltered(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	owner := d.Client(t, desk.Owner)
	endpoint(d, "https://hooks.example.com/shop_1", "*", "description", "The shop")
	paused, _ := endpoint(d, "https://hooks.example.com/till", "*", "description", "The till")
	d.API("POST", "/v1/webhooks/"+paused+"/pause", nil)
	for query, want := range map[string][2]string{
		"?q=SHOP": {"The shop", "The till"}, "?q=shop_1": {"The shop", "The till"}, "?status=paused": {"The till", "The shop"}, "?q=%25": {"No endpoint is like that", "The shop"},
	} {
		_, page := d.Get(t, owner, home+query)
		if !strings.Contains(page, want[0]) || strings.Contains(page, want[1]) {
			t.Errorf("%s shows something else", query)
		}
	}
	for query, want := range map[string]int{"?status=failed&type=contact.*&since=2026-01-01&until=2026-12-31&range=7d": 200, "?since=soon": 422, "?cursor=nonsense": 422} {
		if status, _ := d.Get(t, owner, home+"/"+paused+query); status != want {
			t.Errorf("%s: %d", query, status)
		}
	}
}
