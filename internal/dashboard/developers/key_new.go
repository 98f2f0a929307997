package developers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// keyForm is the form for a new key, with what was typed and what is wrong with it.
type keyForm struct {
	Values url.Values
	Errors map[string]string
	Error  string
	Any    bool           // keys of the organization too
	Held   []parley.Scope // what the person may do
	Zone   *time.Location
}

// lifetimes are the presets of when a key expires.
var lifetimes = []struct {
	Value, Text string
	Days        int
}{{"7", "In 7 days", 7}, {"30", "In 30 days", 30}, {"90", "In 90 days", 90}, {"365", "In a year", 365}, {"never", "Never", 0}, {"date", "On a day", 0}}

func newKeyForm(r *page.Request) keyForm {
	f := keyForm{Any: r.Allows(writeKeys), Held: r.User.Role.Scopes(), Zone: r.Zone()}
	f.Values = url.Values{"kind": {"personal"}, "preset": {"read"}, "expires": {"90"}}
	if f.Any {
		f.Values.Set("kind", "organization")
	}
	return f
}

func (f keyForm) is(name, value string) bool { return f.Values.Get(name) == value }

// may tells whether the person may give the key a scope.
func (f keyForm) may(resource, action string) bool {
	return parley.Allowed(f.Held, parley.Scope(resource+":"+action))
}

// resources are those of which the person may do anything.
func (f keyForm) resources() []string {
	return slices.DeleteFunc(parley.Resources(), func(resource string) bool { return !f.may(resource, "read") })
}

// scopes are those that were chosen.
func (f keyForm) scopes() (scopes []parley.Scope) {
	whole := parley.Allowed(f.Held, "*")
	switch preset := f.Values.Get("preset"); {
	case preset == "all" && whole:
		return []parley.Scope{"*"}
	case preset == "read" && whole:
		return []parley.Scope{"*:read"}
	case preset == "all":
		return f.Held
	case preset == "read":
		for _, resource := range f.resources() {
			scopes = append(scopes, parley.Scope(resource+":read"))
		}
		return scopes
	}
	for _, resource := range parley.Resources() {
		if action := f.Values.Get("scope." + resource); action != "" {
			scopes = append(scopes, parley.Scope(resource+":"+action))
		}
	}
	return scopes
}

// expiry is when the key stops working, nil: never.
func (f keyForm) expiry() (*parley.Time, error) {
	chosen := f.Values.Get("expires")
	for _, l := range lifetimes {
		if l.Value == chosen && l.Days > 0 {
			at := parley.Now().Add(time.Duration(l.Days) * 24 * time.Hour)
			return &at, nil
		}
	}
	if chosen != "date" {
		return nil, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, f.Values.Get("expires_on"), f.Zone)
	if err != nil {
		return nil, parley.InvalidField("body.expires_at", "must be a day")
	}
	at := parley.At(day)
	return &at, nil
}

func (f keyForm) key() (k parley.APIKey, err error) {
	k = parley.APIKey{Name: strings.TrimSpace(f.Values.Get("name")), Kind: "personal", Scopes: f.scopes()}
	if f.Any && f.Values.Get("kind") == "organization" {
		k.Kind = "organization"
	}
	switch n := len([]rune(k.Name)); {
	case n == 0 || n > 200:
		return k, parley.InvalidField("body.name", "must have 1 to 200 characters")
	case len(k.Scopes) == 0:
		return k, parley.InvalidField("body.scopes", "must not be empty: choose what the key may do")
	}
	k.ExpiresAt, err = f.expiry()
	return k, err
}

func showNewKey(r *page.Request) error {
	return r.Page(page.Show{Title: "Create an API key", Current: keys, Width: ui.Narrow}, newKeyPage(newKeyForm(r)))
}

func createKey(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	f := newKeyForm(r)
	f.Values = r.PostForm
	k, err := f.key()
	if err != nil {
		return f.refuse(r, err)
	}
	var secret string
	if k.Kind == "organization" {
		secret, k, err = r.Site.Account.CreateKey(r.Context(), r.Caller(), f.Held, k)
	} else {
		secret, k, err = r.Site.Account.CreateOwnKey(r.Context(), r.Caller(), k)
	}
	if err != nil {
		return f.refuse(r, err)
	}
	return r.Page(page.Show{Title: "Your new key", Current: keys, Width: ui.Narrow, Status: http.StatusCreated}, keyMadePage(k, secret, example(r.Base(), secret, k.Scopes)))
}

func (f keyForm) refuse(r *page.Request, err error) error {
	f.Errors, f.Error = form.Errors(err)
	if len(f.Errors) == 0 && f.Error == "" {
		return err
	}
	return r.Page(page.Show{Title: "Create an API key", Current: keys, Width: ui.Narrow, Status: http.StatusUnprocessableEntity}, newKeyPage(f))
}

// example is a command that works with a key, whatever its scopes.
func example(base, secret string, scopes []parley.Scope) string {
	return "curl -s '" + base + examplePath(scopes) + "' \\\n  -H 'Authorization: Bearer " + secret + "'"
}

// examplePath is an address that may be read with the scopes.
func examplePath(scopes []parley.Scope) string {
	for _, resource := range append([]string{"contacts", "conversations", "events"}, parley.Resources()...) {
		if !parley.Allowed(scopes, parley.Scope(resource+":read")) {
			continue
		}
		switch resource {
		case "organization":
			return "/v1/organization"
		case "privacy": // there is nothing to list: what the key belongs to, anybody's may ask
			continue
		}
		return "/v1/" + resource + "?limit=5"
	}
	return "/v1/organization"
}
