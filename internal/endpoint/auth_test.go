package endpoint_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/noun"
	"parley/internal/testing/dbtest"
)

// issue makes a client certificate that ends at a time, and its key, both in PEM.
func issue(t testing.TB, ends time.Time) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Parley"}, NotBefore: ends.Add(-48 * time.Hour), NotAfter: ends,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return inPEM("CERTIFICATE", der), inPEM("PRIVATE KEY", encoded)
}

func inPEM(kind string, b []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
}

// wrong are the places that an error names, sorted.
func wrong(err error) []string {
	var e *parley.Error
	if !errors.As(err, &e) {
		return nil
	}
	var places []string
	for _, f := range e.Fields {
		places = append(places, strings.TrimPrefix(f.Location, "body."))
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func (h house) make(t testing.TB, change func(*parley.Webhook)) (parley.Webhook, error) {
	w := parley.Webhook{
		URL: "https://hooks.example.com/", EventTypes: []string{"*"}, Format: "standard", Ordering: "key",
		Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10,
	}
	change(&w)
	made, _, err := h.Create(t.Context(), h.by, w, endpoint.Start{})
	return made, err
}

func (h house) change(t testing.TB, id parley.WebhookID, change func(*parley.Webhook)) (parley.Webhook, error) {
	return h.Update(t.Context(), h.by, id, noun.AnyVersion, func(w *parley.Webhook) error {
		change(w)
		return nil
	})
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestAuthHasExactlyWhatItsTypeNeeds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	certificate, key := issue(t, time.Now().Add(time.Hour))
	old, oldKey := issue(t, time.Now().Add(-time.Hour))
	_, otherKey := issue(t, time.Now().Add(time.Hour))
	client := func(change func(*parley.Auth)) parley.Auth {
		a := parley.Auth{Type: "oauth2", TokenURL: "https://login.example.com/token", ClientID: "parley", ClientSecret: "hush"}
		change(&a)
		return a
	}
	for name, test := range map[string]struct {
		auth parley.Auth
		want []string
	}{
		"none":                    {parley.Auth{Type: "none"}, nil},
		"nothing":                 {parley.Auth{}, nil},
		"none, with a token":      {parley.Auth{Type: "none", Token: "x"}, []string{"auth.token"}},
		"basic":                   {parley.Auth{Type: "basic", Username: "ada", Password: "pass: wörd"}, nil},
		"basic, empty":            {parley.Auth{Type: "basic"}, []string{"auth.password", "auth.username"}},
		"basic, with a token":     {parley.Auth{Type: "basic", Username: "a", Password: "b", Token: "c"}, []string{"auth.token"}},
		"a colon in the username": {parley.Auth{Type: "basic", Username: "a:b", Password: "c"}, []string{"auth.username"}},
		"line breaks": {
			parley.Auth{Type: "basic", Username: "a\r\nX: y", Password: "a\nb"}, []string{"auth.password", "auth.username"},
		},
		"a secret that is only shown": {parley.Auth{Type: "basic", Username: "a", Password: "********"}, []string{"auth.password"}},
		"bearer":                      {parley.Auth{Type: "bearer", Token: "abc.def-_~+/="}, nil},
		"bearer, empty":               {parley.Auth{Type: "bearer"}, []string{"auth.token"}},
		"bearer, twice":               {parley.Auth{Type: "bearer", Token: "Bearer abc"}, []string{"auth.token"}},
		"bearer, line break":          {parley.Auth{Type: "bearer", Token: "abc\n"}, []string{"auth.token"}},
		"bearer, with scopes":         {parley.Auth{Type: "bearer", Token: "abc", Scopes: []string{"a"}}, []string{"auth.scopes"}},
		"oauth2":                      {client(func(a *parley.Auth) { a.Scopes = []string{"events:write", "b"} }), nil},
		"oauth2, empty":               {parley.Auth{Type: "oauth2"}, []string{"auth.client_id", "auth.client_secret", "auth.token_url"}},
		"a private token URL":         {client(func(a *parley.Auth) { a.TokenURL = "https://127.0.0.1/token" }), []string{"auth.token_url"}},
		"a plain token URL":           {client(func(a *parley.Auth) { a.TokenURL = "http://login.example.com/" }), []string{"auth.token_url"}},
		"scopes that are none":        {client(func(a *parley.Auth) { a.Scopes = []string{"a b", "", `"`} }), []string{"auth.scopes[0]", "auth.scopes[1]", "auth.scopes[2]"}},
		"too many scopes":             {client(func(a *parley.Auth) { a.Scopes = slices.Repeat([]string{"a"}, 51) }), []string{"auth.scopes"}},
		"mtls":                        {parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: key}, nil},
		"mtls, with a chain":          {parley.Auth{Type: "mtls", Certificate: "Subject: me\n" + certificate + "\n" + certificate, PrivateKey: key}, nil},
		"mtls, empty":                 {parley.Auth{Type: "mtls"}, []string{"auth.certificate", "auth.private_key"}},
		"another's key":               {parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: otherKey}, []string{"auth.private_key"}},
		"a certificate as key":        {parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: certificate}, []string{"auth.private_key"}},
		"a key as certificate":        {parley.Auth{Type: "mtls", Certificate: certificate + key, PrivateKey: key}, []string{"auth.certificate"}},
		"no PEM":                      {parley.Auth{Type: "mtls", Certificate: "MII", PrivateKey: key}, []string{"auth.certificate"}},
		"PEM of nothing":              {parley.Auth{Type: "mtls", Certificate: inPEM("CERTIFICATE", []byte("x")), PrivateKey: key}, []string{"auth.certificate"}},
		"expired":                     {parley.Auth{Type: "mtls", Certificate: old, PrivateKey: oldKey}, []string{"auth.certificate"}},
		"a long chain":                {parley.Auth{Type: "mtls", Certificate: strings.Repeat(certificate, 11), PrivateKey: key}, []string{"auth.certificate"}},
		"a key with a passphrase":     {parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: inPEM("ENCRYPTED PRIVATE KEY", []byte("x"))}, []string{"auth.private_key"}},
	} {
		_, err := h.make(t, func(w *parley.Webhook) { w.Auth = test.auth })
		if got := wrong(err); !slices.Equal(got, test.want) || err != nil && got == nil {
			t.Errorf("%s: wrong are %v, want %v (%v)", name, got, test.want, err)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

func TestWhatAuthDoesNotGoWith(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	certificate, key := issue(t, time.Now().Add(time.Hour))
	header := parley.Headers{"authorization": "Basic x"}
	_, err := h.make(t, func(w *parley.Webhook) {
		w.Auth, w.Headers = parley.Auth{Type: "bearer", Token: "x"}, header
	})
	if got := wrong(err); !slices.Equal(got, []string{"headers.authorization"}) {
		t.Errorf("an Authorization of one's own and a token: %v", err)
	}
	for _, auth := range []parley.Auth{{Type: "none"}, {Type: "mtls", Certificate: certificate, PrivateKey: key}} {
		if _, err := h.make(t, func(w *parley.Webhook) { w.Auth, w.Headers = auth, header }); err != nil {
			t.Errorf("an Authorization of one's own with %s: %v", auth.Type, err)
		}
	}
	_, err = h.make(t, func(w *parley.Webhook) {
		w.URL, w.Auth = "http://hooks.example.com/", parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: key}
	})
	if got := wrong(err); !slices.Equal(got, []string{"auth.type", "url"}) {
		t.Errorf("a certificate without TLS: %v", err)
	}
}

// plain are the secrets that endpoints of the tests below have.
var plain = parley.Auth{
	Type: "oauth2", TokenURL: "https://login.example.com/token", ClientID: "parley", ClientSecret: "hush-client", Scopes: []string{"a"},
}

func TestSecretsOfAuthAreKeptAndNotShown(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		certificate, key := issue(t, time.Now().Add(time.Hour))
		for secret, auth := range map[string]parley.Auth{
			"hush-password": {Type: "basic", Username: "ada", Password: "hush-password"},
			"hush-token":    {Type: "bearer", Token: "hush-token"},
			"hush-client":   plain,
			strings.Split(key, "\n")[1]: {
				Type: "mtls", Certificate: certificate, PrivateKey: key,
			},
		} {
			made := must(h.make(t, func(w *parley.Webhook) {
				w.Auth, w.Verification = auth, parley.Verification{Type: "token_echo", Token: "hush-echo"}
			}))(t)
			if got := h.load(t, made.ID).Webhook; got.Auth.Password != auth.Password || got.Auth.Token != auth.Token ||
				got.Auth.ClientSecret != auth.ClientSecret || got.Auth.PrivateKey != auth.PrivateKey || got.Verification.Token != "hush-echo" {
				t.Errorf("%s: the engine is given %+v", auth.Type, got.Auth)
			}
			h.keepsBackAndForth(t, made)
			shown := must(h.Get(t.Context(), h.by.Organization, made.ID))(t)
			// The secret sent again in clear is no change either.
			if same := must(h.change(t, made.ID, func(w *parley.Webhook) { w.Auth = auth }))(t); same.Sequence != shown.Sequence {
				t.Errorf("%s: the same secret is a change", auth.Type)
			}
			after := must(h.change(t, made.ID, func(w *parley.Webhook) { w.Auth = parley.Auth{Type: "none"} }))(t)
			if got := h.load(t, made.ID).Webhook.Auth; got.Type != "none" || got.Password+got.Token+got.ClientSecret+got.PrivateKey != "" || after.Auth.Type != "none" {
				t.Errorf("without auth it has %+v", got)
			}
			h.tellsNowhere(t, secret, "hush-echo")
		}
	})
}

// keepsBackAndForth sends an endpoint back as it was shown, with another description.
func (h house) keepsBackAndForth(t *testing.T, shown parley.Webhook) {
	t.Helper()
	before := h.load(t, shown.ID).Webhook
	after := must(h.change(t, shown.ID, func(w *parley.Webhook) {
		w.Description, w.Auth, w.Verification = "Another", shown.Auth, shown.Verification
	}))(t)
	loaded := h.load(t, shown.ID).Webhook
	if loaded.Auth.ClientSecret != before.Auth.ClientSecret || loaded.Auth.PrivateKey != before.Auth.PrivateKey ||
		loaded.Auth.Password != before.Auth.Password || loaded.Auth.Token != before.Auth.Token || loaded.Verification != before.Verification {
		t.Errorf("sent back as it was shown, %+v became %+v", before.Auth, loaded.Auth)
	}
	if after.Status != shown.Status || after.Description != "Another" {
		t.Errorf("it is %s", after.Status)
	}
}

// tellsNowhere looks for secrets in the events and in the row of every endpoint.
func (h house) tellsNowhere(t *testing.T, secrets ...string) {
	t.Helper()
	events, err := h.log.Read(t.Context(), h.by.Organization, 0, 1000)
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events (%v)", len(events), err)
	}
	var auth, verification, keys string
	for _, e := range events {
		auth += string(e.JSON())
	}
	rows, err := h.db.Read().Query(t.Context(), "select auth, verification, secrets from webhooks")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, v, k string
		if err := rows.Scan(&a, &v, &k); err != nil {
			t.Fatal(err)
		}
		auth, verification, keys = auth+a, verification+v, keys+k
	}
	for _, secret := range secrets {
		if strings.Contains(auth+verification+keys, secret) {
			t.Errorf("%q stands in an event or in the database", secret)
		}
	}
}

func TestASecretIsKeptForItsTypeOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	made := must(h.make(t, func(w *parley.Webhook) { w.Auth = plain }))(t)
	_, err := h.change(t, made.ID, func(w *parley.Webhook) {
		w.Auth = parley.Auth{Type: "bearer", Token: "********"}
	})
	if got := wrong(err); !slices.Equal(got, []string{"auth.token"}) {
		t.Errorf("a token that is not there is kept: %v", err)
	}
	must(h.change(t, made.ID, func(w *parley.Webhook) { w.Auth.ClientSecret = "hush-new" }))(t)
	if got := h.load(t, made.ID).Webhook.Auth.ClientSecret; got != "hush-new" {
		t.Errorf("the secret is %q", got)
	}
}

// A certificate that has expired since it was given does not stand in the way of
// other changes.
func TestWhatWasGoodOnceIsNotCheckedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	certificate, key := issue(t, time.Now().Add(time.Hour))
	made := must(h.make(t, func(w *parley.Webhook) {
		w.Auth = parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: key}
	}))(t)
	renewed, renewedKey := issue(t, time.Now().Add(24*time.Hour))
	must(h.change(t, made.ID, func(w *parley.Webhook) { w.Description = "Other" }))(t)
	_, err := h.change(t, made.ID, func(w *parley.Webhook) { w.Auth.Certificate = renewed })
	if got := wrong(err); !slices.Equal(got, []string{"auth.private_key"}) {
		t.Errorf("another certificate with the key that is kept: %v", err)
	}
	must(h.change(t, made.ID, func(w *parley.Webhook) {
		w.Auth = parley.Auth{Type: "mtls", Certificate: renewed, PrivateKey: renewedKey}
	}))(t)
}
