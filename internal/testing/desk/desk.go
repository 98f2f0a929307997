// Package desk gives tests of the dashboard a whole server with the demo organization,
// people who sign in to it, and a browser for each.
//
//	d := desk.New(t)
//	b := d.Browser(t, desk.Agent)
//	b.Open(d.URL + "/inbox")
//
// Transformations run in a sandbox, for which the test's binary needs a TestMain that
// calls [sandbox.Child].
package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/outbound"
	"parley/internal/server"
	"parley/internal/server/demo"
	"parley/internal/testing/browser"
)

// Password is everybody's.
const Password = "correct horse battery"

// Person is somebody of the demo organization, by email.
type Person string

// The people of the demo organization, one of each role.
const (
	Owner Person = "robin@example.com"
	Admin Person = demo.AdminEmail
	Agent Person = demo.AgentEmail
)

// Desk is a running server. Everything in it is the demo's.
type Desk struct {
	URL  string
	Made account.Founded // the demo organization
	Data string          // its folder

	t testing.TB
	s *server.Server
}

// Config is how a desk's server is set up, on data in a folder.
func Config(data string) server.Config {
	return server.Config{
		Addr: "127.0.0.1:0", Data: data, Dev: true, RateLimit: 0,
		Policy: outbound.Policy{AllowHTTP: true, AllowPrivate: true},
	}
}

// New runs a server with the demo organization until the test ends. A test in which
// the server logs an error fails.
func New(t testing.TB) *Desk {
	t.Helper()
	d := &Desk{t: t, Data: filepath.Join(t.TempDir(), "data")}
	d.s = Start(t, Config(d.Data))
	var err error
	if d.Made, err = d.s.PlantDemo(t.Context(), string(Owner), Password); err != nil {
		t.Fatalf("plant the demo: %v", err)
	}
	d.URL = d.s.URL()
	return d
}

// Another is another organization on the same server, with the same sample data.
func (d *Desk) Another(owner Person) *Desk {
	d.t.Helper()
	other := *d
	var err error
	if other.Made, err = d.s.PlantDemo(d.t.Context(), string(owner), Password); err != nil {
		d.t.Fatalf("plant another demo: %v", err)
	}
	return &other
}

// Start runs a server until the test ends.
func Start(t testing.TB, c server.Config) *server.Server {
	t.Helper()
	c.Logger = slog.New(slog.NewTextHandler(alarm{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	s, err := server.New(t.Context(), c)
	if err != nil {
		t.Fatalf("make the server: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the server: %v", err)
			}
		case <-time.After(time.Minute):
			t.Error("the server does not stop")
		}
	})
	return s
}

// alarm fails the test for what is logged as an error.
type alarm struct{ t testing.TB }

func (a alarm) Write(line []byte) (int, error) {
	a.t.Errorf("logged as an error: %s", line)
	return len(line), nil
}

// Client is an HTTP client that is signed in as somebody, and follows no redirects.
func (d *Desk) Client(t testing.TB, who Person) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := c.PostForm(d.URL+"/sign-in", url.Values{"email": {string(who)}, "password": {Password}})
	if err != nil {
		t.Fatalf("sign in: %v", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %s", who, resp.Status)
	}
	return c
}

// Get reads a page as somebody who is signed in.
func (d *Desk) Get(t testing.TB, c *http.Client, path string) (status int, body string) {
	t.Helper()
	resp, err := c.Get(d.URL + path)
	if err != nil {
		t.Fatalf("get %s: %v", path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("get %s: %v", path, err)
	}
	return resp.StatusCode, string(text)
}

// Post sends a form as a page of ours does, and gives the status, where the answer
// leads, and its body.
func (d *Desk) Post(t testing.TB, c *http.Client, path string, form url.Values) (status int, to, body string) {
	t.Helper()
	resp, err := c.PostForm(d.URL+path, form)
	if err != nil {
		t.Fatalf("post %s: %v", path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("post %s: %v", path, err)
	}
	return resp.StatusCode, resp.Header.Get("Location"), string(text)
}

// API calls the REST API with the demo's key; body nil sends none. The answer, which
// must be a success, is decoded into a map.
func (d *Desk) API(method, path string, body any) map[string]any {
	d.t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			d.t.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.URL+path, sent)
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+d.Made.Key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		d.t.Fatalf("%s %s: %s %v %s", method, path, resp.Status, err, text)
	}
	answer := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answer); err != nil {
			d.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return answer
}

// First is the first object of one of the API's lists: First("/v1/conversations").
func (d *Desk) First(path string) map[string]any {
	d.t.Helper()
	list, _ := d.API(http.MethodGet, path, nil)["data"].([]any)
	if len(list) == 0 {
		d.t.Fatalf("%s is empty", path)
	}
	first, _ := list[0].(map[string]any)
	return first
}

// Caller is somebody's, for verbs.
func (d *Desk) Caller() parley.Caller {
	return parley.Caller{Organization: d.Made.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(d.Made.Owner.ID)}}
}

// Browser opens a tab in which somebody is signed in.
func (d *Desk) Browser(t testing.TB, who Person) *browser.Browser {
	t.Helper()
	b := browser.New(t)
	at, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Client(t, who).Jar.Cookies(at) {
		b.Cookie(c.Name, c.Value, d.URL)
	}
	b.Cookie("zone", "UTC", d.URL)
	return b
}

// views are the windows in which every page is looked at.
var views = []struct {
	name          string
	width, height int
	scheme        browser.Scheme
}{
	{"desktop light", 1280, 800, browser.Light},
	{"desktop dark", 1280, 800, browser.Dark},
	{"phone light", 360, 720, browser.Light},
	{"phone dark", 360, 720, browser.Dark},
}

// Inspect looks at a page in both themes, on a desktop and on a phone: axe-core must
// find nothing, nothing may make the page scroll sideways, and nothing may go wrong.
// ready is an element that must be seen before.
func Inspect(t testing.TB, b *browser.Browser, address, ready string) {
	t.Helper()
	for _, v := range views {
		b.View(v.width, v.height, v.scheme)
		b.Open(address)
		b.Wait(ready)
		sound(t, b, address+", "+v.name)
	}
	b.View(1280, 800, browser.Light)
	b.Expect()
}

// sound fails the test for what axe-core finds in a page and what makes it scroll
// sideways; where says which page in which window.
func sound(t testing.TB, b *browser.Browser, where string) {
	t.Helper()
	for _, finding := range b.Axe() {
		t.Errorf("%s: axe: %s", where, finding)
	}
	for _, wide := range b.Overflows() {
		t.Errorf("%s: too wide: %s", where, wide)
	}
}

// Screens writes screenshots of a page for docs/screens, if the test run is asked for
// them by PARLEY_SCREENS=1; root is the module's folder.
func Screens(t testing.TB, b *browser.Browser, root, name string) {
	t.Helper()
	if !screens() {
		return
	}
	b.View(1280, 800, browser.Light)
	b.Shot(filepath.Join(root, "docs", "screens", name+".png"))
	b.View(1280, 800, browser.Dark)
	b.Shot(filepath.Join(root, "docs", "screens", name+"-dark.png"))
	b.View(1280, 800, browser.Light)
}

// Script is a text that does harm where a page takes it for markup: its title says so.
const Script = `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>`

// Harmless fails the test if a [Script] has run in the page.
func Harmless(t testing.TB, b *browser.Browser) {
	t.Helper()
	if title := browser.Eval[string](b, "document.title"); title == "broken in" {
		t.Errorf("a script in the data has run: the title is %q", title)
	}
}

func screens() bool { return os.Getenv("PARLEY_SCREENS") == "1" }
