package dashboard_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/dashboard"
	"parley/internal/database"
	"parley/internal/testing/desk"
)

// route is a line of the dashboard's table, with a path that it answers.
type route struct {
	method, path string
	scope        parley.Scope
	open         bool
}

// table is all of the dashboard's routes.
func table() (all []route) {
	inBraces := regexp.MustCompile(`\{[^}]*\}`)
	for _, r := range dashboard.Table() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		path = inBraces.ReplaceAllString(strings.ReplaceAll(path, "{$}", ""), "anything")
		all = append(all, route{method, path, r.Scope, r.Open})
	}
	return all
}

// send sends an empty form, or asks for a page, and does not read the answer.
func send(t *testing.T, d *desk.Desk, c *http.Client, r route, headers ...string) answer {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, d.URL+r.path, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if r.method != http.MethodGet {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, r.path, err)
	}
	resp.Body.Close()
	return answer{resp.StatusCode, resp.Status, resp.Header}
}

// answer is what was answered, without its body.
type answer struct {
	code   int
	status string
	header http.Header
}

func nobody(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// rows counts what the database holds: the rows of each table.
func rows(t *testing.T, d *desk.Desk) map[string]int {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(d.Data, "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts := map[string]int{}
	for _, name := range []string{"events", "sessions", "logins", "memberships", "invitations", "organizations", "second_factors", "external_identities", "api_keys"} {
		var n int
		if err := db.Read().QueryRow(t.Context(), "select count(*) from "+name).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[name] = n
	}
	return counts
}

// A page of another site can send forms here, with the visitor's cookies where the
// browser adds them: it changes nothing, whatever it asks for.
func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Owner)
	before := rows(t, d)
	foreign := [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example.com"},
		{"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site", "Origin", d.URL},
	}
	posts := 0
	for _, r := range table() {
		if r.method == http.MethodGet {
			continue
		}
		posts++
		for _, headers := range foreign {
			if resp := send(t, d, c, r, headers...); resp.code != http.StatusForbidden || resp.header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s from %v is answered %s", r.method, r.path, headers, resp.status)
			}
		}
	}
	if posts < 15 {
		t.Errorf("only %d routes change anything", posts)
	}
	after := rows(t, d)
	for name, n := range before {
		if after[name] != n {
			t.Errorf("there were %d rows in %s, and there are %d", n, name, after[name])
		}
	}
	if status, _ := d.Get(t, c, "/profile"); status != http.StatusOK {
		t.Errorf("the visitor is signed out: %d", status)
	}
}

// openTo are the routes that strangers may use: a new one has to be meant.
var openTo = []string{
	"/set-up", "/sign-up", "/sign-in", "/sign-in/code", "/sign-in/provider", "/sign-in/provider/back", "/sign-out", "/invitation/anything",
	"/organizations", "/organizations/enter",
}

func TestStrangersAreSentToSignIn(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	for _, r := range table() {
		if r.open {
			if !slices.Contains(openTo, r.path) {
				t.Errorf("%s %s is open to everybody", r.method, r.path)
			}
			continue
		}
		resp := send(t, d, nobody(t), r)
		if to := resp.header.Get("Location"); resp.code != http.StatusSeeOther && resp.code != http.StatusUnauthorized ||
			resp.code == http.StatusSeeOther && !strings.HasPrefix(to, "/sign-in?") {
			t.Errorf("%s %s answers a stranger %s %s", r.method, r.path, resp.status, to)
		}
	}
}

// What an agent's role does not allow is refused, on every route.
func TestAgentsDoOnlyWhatTheirRoleAllows(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	for _, r := range table() {
		if r.scope == "" || parley.Allowed(parley.Agent.Scopes(), r.scope) {
			continue
		}
		if resp := send(t, d, c, r); resp.code != http.StatusForbidden {
			t.Errorf("%s %s, for %s, answers an agent %s", r.method, r.path, r.scope, resp.status)
		}
	}
}
