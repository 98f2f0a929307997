package developers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

// elsewhere founds a second organization on the desk's server.
func elsewhere(t *testing.T, d *desk.Desk) *desk.Desk {
	t.Helper()
	made, _, err := server.Found(t.Context(), desk.Config(d.Data), account.Founding{
		Name: "Elsewhere", Email: "else@example.com", Owner: "Else", Password: desk.Password, Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	there := *d
	there.Made = made
	return &there
}

// sorted are texts in their order.
func sorted(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

func TestKeysArePagedAndSearched(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	row := regexp.MustCompile(`action="/developers/keys/([a-z]+_[0-9a-z]{26})/revoke"`)
	admin, agent := d.Client(t, desk.Admin), d.Client(t, desk.Agent)
	make := func(d *desk.Desk, n int) (id, prefix string) {
		made := d.API(http.MethodPost, "/v1/api_keys", map[string]any{"name": fmt.Sprintf("Row %03d", n), "kind": "organization", "scopes": []string{"contacts:read"}})
		return made["id"].(string), made["prefix"].(string)
	}
	want := []string{d.First("/v1/api_keys")["id"].(string)}
	var seventh, itsPrefix string
	for n := range 61 {
		id, prefix := make(d, n)
		if want = append(want, id); n == 7 {
			seventh, itsPrefix = id, prefix
		}
	}
	make(there, 7)
	found, pages := d.Pages(t, admin, "/developers/keys", row)
	if pages != 2 || !slices.Equal(sorted(found), sorted(want)) {
		t.Errorf("%d pages have %d keys, there are %d", pages, len(found), len(want))
	}
	for _, text := range []string{"ROW 007", itsPrefix, seventh} {
		if found, _ := d.Pages(t, admin, "/developers/keys?q="+url.QueryEscape(text), row); !slices.Equal(found, []string{seventh}) {
			t.Errorf("searching for %q finds %q", text, found)
		}
	}
	if found, pages := d.Pages(t, admin, "/developers/keys?q=row&status=all", row); pages != 2 || len(found) != 61 {
		t.Errorf("a search of all has %d keys on %d pages", len(found), pages)
	}
	for path, says := range map[string]string{
		"/developers/keys?q=nothing-like-that":                "No key is like that",
		"/developers/keys?q=nothing-like-that&status=revoked": `href="/developers/keys?status=revoked"`,
		"/developers/keys?status=expired":                     "No key has expired",
	} {
		if _, body := d.Get(t, admin, path); !strings.Contains(body, says) {
			t.Errorf("%s does not say %q", path, says)
		}
	}
	if found, _ := d.Pages(t, agent, "/developers/keys?status=all", row); len(found) != 0 {
		t.Errorf("an agent sees the keys %q of others", found)
	}
	_, _ = madeKey(t, d, agent, url.Values{"name": {"Row of mine"}, "preset": {"all"}, "expires": {"never"}})
	if found, _ := d.Pages(t, agent, "/developers/keys?q=row", row); len(found) != 1 {
		t.Errorf("an agent who searches finds %q", found)
	}
}

func TestEventsArePaged(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	there := elsewhere(t, d)
	row := regexp.MustCompile(`<tr id="(evt_[0-9a-z]{26})"`)
	var want []string
	for range 105 {
		want = append(want, publish(d, "custom.row", nil))
	}
	publish(there, "custom.row", nil)
	agent := d.Client(t, desk.Agent)
	found, pages := d.Pages(t, agent, "/developers/events?types=custom.row", row)
	slices.Reverse(want)
	if pages < 3 || !slices.Equal(found, want) {
		t.Errorf("%d pages have %d events, or not the newest first; there are %d", pages, len(found), len(want))
	}
	all, _ := d.Pages(t, agent, "/developers/events", row)
	seen := map[string]bool{}
	for _, id := range all {
		if seen[id] {
			t.Errorf("%s is shown twice", id)
		}
		seen[id] = true
	}
	if last := int(d.First("/v1/events?types=custom.row&order=desc")["sequence"].(float64)); len(all) != last {
		t.Errorf("all pages have %d events, the log has %d", len(all), last)
	}
	const gone = "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"
	if _, body := d.Get(t, agent, "/developers/events?actor="+gone); !strings.Contains(body, `value="`+gone+`" selected`) {
		t.Error("somebody who has left is filtered by, and the filter says anybody")
	}
	if _, body := d.Get(t, agent, "/developers/events?types=custom.never"); !strings.Contains(body, "No event matches") {
		t.Error("where nothing matches the page does not say so")
	}
}
