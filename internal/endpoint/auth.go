package endpoint

import (
	"errors"
	"net/textproto"
	"reflect"
	"strconv"
	"strings"

	"parley"
)

// member is a part of an endpoint's auth: which type it belongs to, and what is
// wrong with a value of its own accord.
type member struct {
	name   string
	of     string // the type
	secret bool
	text   func(*parley.Auth) *string
	check  func(e *Endpoints, value string) error
}

// members are all but the scopes, which are a list and may be left out.
func members() []member {
	return []member{
		{"username", "basic", false, func(a *parley.Auth) *string { return &a.Username }, checkUsername},
		{"password", "basic", true, func(a *parley.Auth) *string { return &a.Password }, checkPrintable},
		{"token", "bearer", true, func(a *parley.Auth) *string { return &a.Token }, checkBearer},
		{"token_url", "oauth2", false, func(a *parley.Auth) *string { return &a.TokenURL }, checkTokenURL},
		{"client_id", "oauth2", false, func(a *parley.Auth) *string { return &a.ClientID }, checkPrintable},
		{"client_secret", "oauth2", true, func(a *parley.Auth) *string { return &a.ClientSecret }, checkPrintable},
		{"certificate", "mtls", false, func(a *parley.Auth) *string { return &a.Certificate }, nil},
		{"private_key", "mtls", true, func(a *parley.Auth) *string { return &a.PrivateKey }, nil},
	}
}

// publicAuth is an endpoint's auth as it may be shown.
func publicAuth(a parley.Auth) parley.Auth {
	for _, m := range members() {
		if v := m.text(&a); m.secret && *v != "" {
			*v = hidden
		}
	}
	return a
}

// keepAuth keeps the secrets that were sent back as they were shown, or that are as
// they were before: sealing them again would look like a change. Those that would go
// to another host now are not kept: see elsewhere.
func (e *Endpoints) keepAuth(org parley.OrganizationID, before parley.Webhook, after *parley.Webhook) {
	if after.Auth.Type != before.Auth.Type {
		return
	}
	moved := elsewhere(before.URL, after.URL)
	if after.Auth.Type == "oauth2" {
		moved = elsewhere(before.Auth.TokenURL, after.Auth.TokenURL) // its secret goes there
	}
	for _, m := range members() {
		kept, value := *m.text(&before.Auth), m.text(&after.Auth)
		switch {
		case !m.secret:
		case !moved:
			e.keep(authPlace(org, m.name), kept, value)
		case *value == kept && kept != "":
			*value = hidden
		}
	}
}

// keep has a secret stay as it is kept if it was sent back as it was shown, or in
// clear as it was before.
func (e *Endpoints) keep(place, kept string, value *string) {
	if kept == "" || *value == "" || *value == kept {
		return
	}
	plain, err := e.vault.Open(place, kept)
	if *value == hidden || err == nil && plain == *value {
		*value = kept
	}
}

// checkAuth tells what is wrong with an endpoint's auth, member by member, and seals
// the secrets that are new. Auth that is as it was before is not looked at again: a
// certificate that has expired since does not stand in the way of other changes.
func (e *Endpoints) checkAuth(org parley.OrganizationID, before, after *parley.Webhook, refuse func(location, message string)) {
	refuseOthers(after, refuse)
	if before != nil && reflect.DeepEqual(before.Auth, after.Auth) {
		return
	}
	fine := true
	wrong := func(name, message string) {
		fine = false
		refuse("body.auth."+name, message)
	}
	auth := &after.Auth
	var old parley.Auth
	if before != nil {
		old = before.Auth
	}
	for _, m := range members() {
		e.checkMember(auth, old, m, wrong)
	}
	checkScopes(*auth, wrong)
	if auth.Type == "mtls" && fine {
		e.checkPair(org, auth, old, wrong)
	}
	if !fine {
		return
	}
	for _, m := range members() {
		if v := m.text(auth); m.secret && *v != "" && *v != *m.text(&old) {
			*v = e.vault.Seal(authPlace(org, m.name), *v)
		}
	}
}

func (e *Endpoints) checkMember(auth *parley.Auth, old parley.Auth, m member, wrong func(name, message string)) {
	value := *m.text(auth)
	switch {
	case m.of != auth.Type:
		if value != "" {
			wrong(m.name, "goes with type "+m.of+" only: leave it out, or give the type too, as auth is replaced whole")
		}
	case value == "":
		wrong(m.name, "must be given with type "+m.of)
	case value == *m.text(&old):
	case m.secret && value == hidden:
		wrong(m.name, "must be given in full: "+hidden+" stands for the value that is kept, which serves no other type and goes to no other host")
	case m.check != nil:
		if err := m.check(e, value); err != nil {
			wrong(m.name, err.Error())
		}
	}
}

// refuseOthers refuses what does not go together with the auth.
func refuseOthers(w *parley.Webhook, refuse func(location, message string)) {
	switch w.Auth.Type {
	case "none":
		return
	case "mtls":
		if !strings.HasPrefix(strings.ToLower(w.URL), "https:") {
			refuse("body.auth.type", "must not be mtls with a URL that is not https://, which has no use for a certificate")
		}
		return
	}
	for name := range w.Headers {
		if textproto.CanonicalMIMEHeaderKey(name) == "Authorization" {
			refuse("body.headers."+name, "must not be given together with auth of type "+w.Auth.Type+", which sets it: leave out one of the two")
		}
	}
}

const (
	maxScopes = 50
	maxScope  = 200
)

func checkScopes(a parley.Auth, wrong func(name, message string)) {
	switch {
	case len(a.Scopes) > 0 && a.Type != "oauth2":
		wrong("scopes", "go with type oauth2 only: leave them out")
		return
	case len(a.Scopes) > maxScopes:
		wrong("scopes", "must be at most "+strconv.Itoa(maxScopes))
		return
	}
	for i, scope := range a.Scopes {
		if scope == "" || len(scope) > maxScope || strings.ContainsFunc(scope, func(r rune) bool { return !visible(r) || r == '"' || r == '\\' }) {
			wrong("scopes["+strconv.Itoa(i)+"]", "must be 1 to 200 visible ASCII characters without spaces, quotes and backslashes")
		}
	}
}

func checkUsername(e *Endpoints, value string) error {
	if strings.Contains(value, ":") {
		return errors.New("must not have a colon: that is where the password begins")
	}
	return checkPrintable(e, value)
}

func checkPrintable(_ *Endpoints, value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return errors.New("must not have line breaks or other control characters")
	}
	return nil
}

func checkBearer(_ *Endpoints, value string) error {
	if strings.ContainsFunc(value, func(r rune) bool { return !visible(r) }) {
		return errors.New("must be the token alone, of visible ASCII characters without spaces and line breaks")
	}
	return nil
}

func checkTokenURL(e *Endpoints, value string) error { return e.policy.Check(value) }

func visible(r rune) bool { return '!' <= r && r <= '~' }

// openAuth gives the auth as it is used.
func (e *Endpoints) openAuth(org parley.OrganizationID, kept parley.Auth) (parley.Auth, error) {
	for _, m := range members() {
		if v := m.text(&kept); m.secret && *v != "" {
			plain, err := e.vault.Open(authPlace(org, m.name), *v)
			if err != nil {
				return kept, errors.New("read auth." + m.name + ": " + err.Error())
			}
			*v = plain
		}
	}
	return kept, nil
}

// authPlace is where a secret of that name belongs. No header is called like that.
func authPlace(org parley.OrganizationID, name string) string { return string(org) + " auth " + name }
