package entry_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

// stranger is a browser that is not signed in, and follows no redirects.
func stranger(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// empty is a server without any organization.
func empty(t *testing.T, change func(*server.Config)) *desk.Desk {
	t.Helper()
	c := desk.Config(filepath.Join(t.TempDir(), "data"))
	if change != nil {
		change(&c)
	}
	return &desk.Desk{URL: desk.Start(t, c).URL(), Data: c.Data}
}

// planted is a server with the demo, set up otherwise than usual.
func planted(t *testing.T, change func(*server.Config)) *desk.Desk {
	t.Helper()
	c := desk.Config(filepath.Join(t.TempDir(), "data"))
	change(&c)
	s := desk.Start(t, c)
	made, err := s.PlantDemo(t.Context(), string(desk.Owner), desk.Password)
	if err != nil {
		t.Fatal(err)
	}
	return &desk.Desk{URL: s.URL(), Data: c.Data, Made: made}
}

// page reads a page that must be there.
func page(t *testing.T, d *desk.Desk, c *http.Client, path string) string {
	t.Helper()
	status, body := d.Get(t, c, path)
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, status, body)
	}
	return body
}

// leads asks for a page that must lead on, and says where.
func leads(t *testing.T, d *desk.Desk, c *http.Client, path string) string {
	t.Helper()
	resp, err := c.Get(d.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Errorf("GET %s: %s, which leads nowhere", path, resp.Status)
	}
	return resp.Header.Get("Location")
}

// done sends a form that must be accepted, and says where it leads.
func done(t *testing.T, d *desk.Desk, c *http.Client, path string, pairs ...string) string {
	t.Helper()
	status, to, body := d.Post(t, c, path, form(pairs...))
	if status != http.StatusSeeOther {
		t.Fatalf("POST %s %v: %d %s", path, pairs, status, body)
	}
	return to
}

// refused sends a form that must be refused with a status and a page that says why.
func refused(t *testing.T, d *desk.Desk, c *http.Client, status int, why, path string, pairs ...string) {
	t.Helper()
	got, _, body := d.Post(t, c, path, form(pairs...))
	if got != status || !strings.Contains(body, why) {
		t.Errorf("POST %s %v: %d, want %d with %q: %s", path, pairs, got, status, why, body)
	}
}

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

// signedIn tells who a browser is signed in as, "" if nobody.
func signedIn(t *testing.T, d *desk.Desk, c *http.Client) string {
	t.Helper()
	status, body := d.Get(t, c, "/profile")
	if status == http.StatusSeeOther {
		return ""
	}
	found := regexp.MustCompile(`<dt>Email</dt><dd>([^<]*)</dd>`).FindStringSubmatch(body)
	if status != http.StatusOK || found == nil {
		t.Fatalf("the profile: %d %s", status, body)
	}
	return found[1]
}

// find is the first group of what a pattern finds in a page.
func find(t *testing.T, pattern, body string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("the page has no %s: %s", pattern, body)
	}
	return found[1]
}

// verbs are those of accounts, in the database of a running server.
func verbs(t *testing.T, d *desk.Desk) *account.Account {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(t.Output(), nil))
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(d.Data, "parley.db"), Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	a := account.New(db, eventlog.New(db, logger))
	t.Cleanup(func() {
		a.Wait()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
