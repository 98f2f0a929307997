package dashboard_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/database"
	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

var option = regexp.MustCompile(`<a role="option"[^>]* href="([^"]*)"`)

// found are the addresses that the palette leads somebody to who has typed this, and
// waits until all is looked through.
func found(t *testing.T, d *desk.Desk, c *http.Client, typed string) (addresses []string) {
	t.Helper()
	status, body := d.Get(t, c, "/palette?"+url.Values{"q": {typed}, "patient": {"yes"}}.Encode())
	if status != http.StatusOK {
		t.Fatalf("the palette answers %q with %d", typed, status)
	}
	for _, o := range option.FindAllStringSubmatch(body, -1) {
		addresses = append(addresses, o[1])
	}
	return addresses
}

// hook is an endpoint, and the id of an event that came after.
func hook(d *desk.Desk) (endpoint, event string) {
	endpoint = d.API(http.MethodPost, "/v1/webhooks", map[string]any{
		"url": "http://127.0.0.1:9/hook", "description": "Everything to the warehouse", "event_types": []string{"task.created"},
	})["id"].(string)
	d.API(http.MethodPost, "/v1/tasks", map[string]any{"title": "Count the crates"})
	return endpoint, d.First("/v1/events?order=desc&limit=1")["id"].(string)
}

func TestThePaletteFindsEveryNounThatHasAPage(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	hook(d)
	c := d.Client(t, desk.Owner)
	typed := map[string]string{
		"/contacts": "mira@", "/inbox": "loaves SHORT", "/tickets": "second oven", "/tasks": "crates", "/appointments": "a walk through",
		"/orders": "okafor", "/payments": "okafor", "/deals": "hotel aurora", "/articles": "order", "/developers/webhooks": "warehouse",
	}
	for _, r := range table() {
		if names.NounAt(r.path) == "" || r.method != http.MethodGet {
			continue
		}
		ofOne := func(address string) bool {
			return strings.HasPrefix(address, r.path+"/") && names.Path(address[len(r.path)+1:]) == address
		}
		if all := found(t, d, c, typed[r.path]); !slices.ContainsFunc(all, ofOne) {
			t.Errorf("%q leads to none of %s: %q", typed[r.path], r.path, all)
		}
		delete(typed, r.path)
	}
	if len(typed) > 0 {
		t.Errorf("there are no lists at %v", typed)
	}
	// An endpoint's name is nothing to an agent.
	if all := found(t, d, d.Client(t, desk.Agent), "warehouse"); len(all) > 0 {
		t.Errorf("an agent finds %q", all)
	}
	// Of one noun there are a few, and of a letter none.
	for i := range 6 {
		d.API(http.MethodPost, "/v1/tasks", map[string]any{"title": "Polish oven " + string(rune('a'+i))})
	}
	if all := found(t, d, c, "polish"); len(all) != 4 {
		t.Errorf("of six tasks there are %q", all)
	}
	if all := found(t, d, c, "m"); slices.ContainsFunc(all, func(address string) bool { return strings.Contains(address, "_") }) {
		t.Errorf("a letter leads to %q", all)
	}
}

func TestAnIDLeadsToItsPage(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	endpoint, event := hook(d)
	delivery := string(parley.NewDeliveryID(parley.WebhookID(endpoint), parley.EventID(event).Sequence()))
	owner, agent := d.Client(t, desk.Owner), d.Client(t, desk.Agent)
	contact, conversation := d.First("/v1/contacts")["id"].(string), d.First("/v1/conversations")["id"].(string)
	for _, test := range []struct {
		id, address string
		agents      bool
	}{
		{contact, "/contacts/" + contact, true},
		{" " + conversation + "\n", "/inbox/" + conversation, true},
		{event, "/developers/events/" + event, parley.Allowed(parley.Agent.Scopes(), "events:read")},
		{endpoint, "/developers/webhooks/" + endpoint, false},
		{delivery, "/developers/webhooks/" + endpoint + "/deliveries/" + delivery, false},
		{string(parley.NewID[parley.ContactID]()), "", true},
		{string(parley.NewID[parley.WebhookID]()), "", true},
		{string(parley.NewEventID(1)), "", true},
		{string(parley.NewEventID(1 << 40)), "", true},
		{string(parley.NewDeliveryID(parley.WebhookID(endpoint), 1<<40)), "", true},
		{string(parley.NewDeliveryID(parley.NewID[parley.WebhookID](), 1)), "", true},
		{"dlv_", "", true},
		{"evt_%", "", true},
	} {
		for _, c := range []*http.Client{owner, agent} {
			want := []string{test.address}
			if test.address == "" || c == agent && !test.agents {
				want = nil
			}
			all := found(t, d, c, test.id)
			if !slices.Equal(all, want) {
				t.Errorf("%q leads to %q, want %q", test.id, all, want)
			}
			for _, address := range all {
				if status, _ := d.Get(t, c, address); status != http.StatusOK {
					t.Errorf("%s is answered %d", address, status)
				}
			}
		}
	}
}

// What the palette offers somebody they may open: nobody is led to a refusal.
func TestThePaletteLeadsOnlyWhereOneMayGo(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	count := map[desk.Person]int{}
	for _, who := range []desk.Person{desk.Owner, desk.Agent} {
		c := d.Client(t, who)
		for _, typed := range []string{"", "mira"} {
			for _, address := range found(t, d, c, typed) {
				count[who]++
				if status, _ := d.Get(t, c, address); status != http.StatusOK && status != http.StatusSeeOther {
					t.Errorf("%s is led to %s, which answers %d", who, address, status)
				}
			}
		}
	}
	if count[desk.Agent] < 20 || count[desk.Owner] < count[desk.Agent]+10 {
		t.Errorf("the palette has %v", count)
	}
}

// reach opens a page, and waits until its scripts are at work.
func reach(b *browser.Browser, address string) {
	b.Open(address)
	b.Wait("html[data-stream=open]")
}

// openPalette opens the palette by keys, and waits until it is filled.
func openPalette(t *testing.T, b *browser.Browser, keys string) {
	t.Helper()
	b.Press(keys)
	b.Wait("#palette[open]")
	b.WaitText("#palette-list", "Go to")
}

// choose types into the palette and takes what is found first.
func choose(b *browser.Browser, typed string) {
	b.Type("#palette input", typed)
	b.Press("Enter")
}

func TestThePaletteInABrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	d.API(http.MethodPost, "/v1/tickets", map[string]any{"subject": "Burnt " + desk.Script})
	b := d.Browser(t, desk.Admin)
	reach(b, d.URL+"/tickets")

	// The arrow keys go through what is found, round and round, and Enter goes there.
	openPalette(t, b, "/")
	if typed := b.Value("#palette input"); typed != "" {
		t.Errorf("the key that opens it was typed into it: %q", typed)
	}
	b.Type("#palette input", "two loaves")
	b.WaitText("#palette-list [aria-selected=true]", "Two loaves short")
	b.WaitText("#palette-list", "Mira Okafor")
	b.Clear("#palette input")
	b.Type("#palette input", "mira")
	b.WaitText("#palette-list [aria-selected=true]", "Sunday hours")
	active := `(() => { const active = document.getElementById(document.querySelector("#palette input").getAttribute("aria-activedescendant")); return active.getAttribute("aria-selected") === "true" ? active.innerText : "" })()`
	b.Press("ArrowDown")
	b.WaitText("#palette-list [aria-selected=true]", "Two loaves short")
	if got := browser.Eval[string](b, active); !strings.HasPrefix(got, "Two loaves short") {
		t.Errorf("what is read out is %q", got)
	}
	b.Press("ArrowUp", "ArrowUp")
	last := browser.Eval[bool](b, `[...document.querySelectorAll("#palette-list [role=option]")].at(-1).ariaSelected === "true"`)
	if !last {
		t.Error("up from the first is not the last")
	}
	b.Press("ArrowDown", "ArrowDown", "Enter")
	b.WaitURL(names.Path(d.First("/v1/conversations?q=loaves")["id"].(string)))

	// It opens while somebody types, closes with Escape whatever is in it, and the focus
	// is where it was.
	reach(b, d.URL+"/tickets")
	b.Type("[name=q]", "a/?gi")
	openPalette(t, b, "Control+k")
	b.Type("#palette input", "nothing of the kind")
	b.Wait(".palette-empty:not([hidden])")
	b.Press("Escape")
	b.Gone("#palette[open]")
	if got := browser.Eval[string](b, "document.activeElement.name + ' ' + document.activeElement.value"); got != "q a/?gi" {
		t.Errorf("the focus is in %q", got)
	}

	// Names are text.
	openPalette(t, b, "Control+k")
	b.Type("#palette input", "burnt")
	b.WaitText("#palette-list", "Burnt <img")
	desk.Harmless(t, b)
	b.Press("Escape")
	b.Gone("#palette[open]")

	// Who presses Enter before there is an answer gets what they typed, not what was shown.
	openPalette(t, b, "Control+k")
	browser.Eval[bool](b, `(() => {
		const input = document.querySelector("#palette input")
		input.value = "second oven"
		input.dispatchEvent(new InputEvent("input", { bubbles: true }))
		input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))
		return true
	})()`)
	b.WaitText("h1", "The second oven stays cold")

	// What the page can do, and what can be done everywhere.
	reach(b, d.URL+"/articles")
	openPalette(t, b, "/")
	b.WaitText("#palette-list [aria-label='On this page']", "New article")
	choose(b, "new article")
	b.WaitURL("/articles/new")
	b.Wait("html[data-stream=open]")
	openPalette(t, b, "Control+k")
	choose(b, "publish custom")
	b.WaitURL("/developers/events/publish")
	for typed, done := range map[string]string{
		"dark theme": "html[data-theme=dark]", "light theme": "html[data-theme=light]", "theme of the system": "html[data-theme=system]", "show the keys": "#keys[open]",
	} {
		reach(b, d.URL+"/developers/catalogue")
		openPalette(t, b, "/")
		choose(b, typed)
		b.Gone("#palette[open]")
		b.Wait(done)
	}
	reach(b, d.URL+"/developers/catalogue")
	openPalette(t, b, "/")
	choose(b, "choose an organization")
	b.WaitURL("/organizations")
	reach(b, d.URL+"/developers/catalogue")
	openPalette(t, b, "/")
	choose(b, "sign out")
	b.WaitURL("/sign-in")
	b.Expect()
}

func TestThePaletteFitsAndIsAccessible(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	reach(b, d.URL+"/tickets")
	openPalette(t, b, "/")
	inspectHere(t, b, "the palette")
	b.Type("#palette input", "mira")
	b.WaitText("#palette-list", "Sunday hours")
	inspectHere(t, b, "the palette with objects")
	b.Type("#palette input", " is not there")
	b.Wait(".palette-empty:not([hidden])")
	inspectHere(t, b, "the empty palette")
	b.Press("Escape")
	b.Gone("#palette[open]")
	b.Press("?")
	b.Wait("#keys[open]")
	inspectHere(t, b, "the keys")
	b.Expect()
}

// inspectHere looks at what is open: in both themes, on a desktop and on a phone.
func inspectHere(t *testing.T, b *browser.Browser, what string) {
	t.Helper()
	for _, scheme := range []browser.Scheme{browser.Light, browser.Dark} {
		for _, width := range []int{1280, 360} {
			b.View(width, 720, scheme)
			for _, finding := range append(b.Axe(), b.Overflows()...) {
				t.Errorf("%s at %d px, %s: %s", what, width, scheme, finding)
			}
			inside := browser.Eval[bool](b, `(() => { const d = document.querySelector("dialog[open]"), box = d.getBoundingClientRect(); return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight && d.scrollWidth <= d.clientWidth })()`)
			if !inside {
				t.Errorf("%s at %d px, %s, does not fit into the window", what, width, scheme)
			}
		}
	}
	b.View(1280, 800, browser.Light)
}

// withTickets is a database in which something is the matter with tickets.
type withTickets struct {
	database.Querier
	matter func(context.Context) error
}

func (q withTickets) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if strings.Contains(query, "from tickets") {
		return nil, q.matter(ctx)
	}
	return q.Querier.Query(ctx, query, args...)
}

func TestASearchGivesWhatItFoundInTime(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(d.Data, "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	search := func(wait time.Duration, matter func(context.Context) error) (map[string][]names.Found, error) {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		defer cancel()
		return names.SearchMany(ctx, withTickets{db.Read(), matter}, d.Made.Organization.ID, []string{"ticket", "contact", "task"}, "mira", 4)
	}
	all, err := search(time.Second, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if err != nil || len(all["ticket"]) > 0 || len(all["contact"]) == 0 || len(all["task"]) == 0 {
		t.Errorf("while tickets take long there are %v, %v", all, err)
	}
	broken := errors.New("broken")
	if all, err = search(time.Minute, func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("while tickets are broken there are %v, %v", all, err)
	}
}
