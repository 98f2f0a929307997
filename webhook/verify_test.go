package webhook_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/internal/outbound"
	"parley/webhook"
)

var aBody = []byte(`{"id":"evt_1","type":"webhook.test","data":{"text":"naïve ✓"}}`)

func TestOnlyWhatWasSignedJustNowVerifies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, verifyAll) // so that now is now for as long as it takes
}

func verifyAll(t *testing.T) {
	v := must(webhook.NewVerifier(string(secret)))(t)
	now := time.Now()
	set := func(name, value string) func(http.Header) { return func(h http.Header) { h.Set(name, value) } }
	for name, test := range map[string]struct {
		header http.Header
		change func(http.Header)
		body   []byte
		want   error
	}{
		"good":                      {signed(t, "evt_1", now, aBody), nil, aBody, nil},
		"nearly too old":            {signed(t, "evt_1", now.Add(-5*time.Minute), aBody), nil, aBody, nil},
		"nearly too far ahead":      {signed(t, "evt_1", now.Add(5*time.Minute), aBody), nil, aBody, nil},
		"an empty body":             {signed(t, "evt_1", now, nil), nil, nil, nil},
		"too old":                   {signed(t, "evt_1", now.Add(-5*time.Minute-time.Second), aBody), nil, aBody, webhook.ErrTimestamp},
		"too far ahead":             {signed(t, "evt_1", now.Add(5*time.Minute+time.Second), aBody), nil, aBody, webhook.ErrTimestamp},
		"another secret":            {signed(t, "evt_1", now, aBody, outbound.NewSecret()), nil, aBody, webhook.ErrSignature},
		"another body":              {signed(t, "evt_1", now, aBody), nil, append([]byte(" "), aBody...), webhook.ErrSignature},
		"another id":                {signed(t, "evt_1", now, aBody), set("webhook-id", "evt_2"), aBody, webhook.ErrSignature},
		"another time":              {signed(t, "evt_1", now.Add(-time.Hour), aBody), set("webhook-timestamp", signed(t, "", now, nil).Get("webhook-timestamp")), aBody, webhook.ErrSignature},
		"no id":                     {signed(t, "evt_1", now, aBody), set("webhook-id", ""), aBody, webhook.ErrHeaders},
		"no time":                   {signed(t, "evt_1", now, aBody), set("webhook-timestamp", ""), aBody, webhook.ErrHeaders},
		"no signature":              {signed(t, "evt_1", now, aBody), set("webhook-signature", ""), aBody, webhook.ErrHeaders},
		"a time that is none":       {signed(t, "evt_1", now, aBody), set("webhook-timestamp", "soon"), aBody, webhook.ErrHeaders},
		"a time beyond all":         {signed(t, "evt_1", now, aBody), set("webhook-timestamp", "9223372036854775807"), aBody, webhook.ErrHeaders},
		"a signature that is none":  {signed(t, "evt_1", now, aBody), set("webhook-signature", "v1,no base64"), aBody, webhook.ErrSignature},
		"an empty signature":        {signed(t, "evt_1", now, aBody), set("webhook-signature", "v1,"), aBody, webhook.ErrSignature},
		"another version":           {signed(t, "evt_1", now, aBody), set("webhook-signature", "v9"+signed(t, "evt_1", now, aBody).Get("webhook-signature")[2:]), aBody, webhook.ErrSignature},
		"the other kind of version": {signed(t, "evt_1", now, aBody), set("webhook-signature", "v1a"+signed(t, "evt_1", now, aBody).Get("webhook-signature")[2:]), aBody, webhook.ErrSignature},
	} {
		if test.change != nil {
			test.change(test.header)
		}
		if err := v.Verify(test.header, test.body); !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestWhatTheStandardLibrarySignsVerifies(t *testing.T) {
	t.Parallel()
	library := must(standardwebhooks.NewWebhook(string(secret)))(t)
	v := must(webhook.NewVerifier(string(secret)))(t)
	h := signed(t, "msg_1", time.Now(), aBody)
	h.Set("webhook-signature", must(library.Sign("msg_1", time.Now(), aBody))(t))
	if err := v.Verify(h, aBody); err != nil {
		t.Error(err)
	}
	if err := library.Verify(aBody, signed(t, "msg_1", time.Now(), aBody)); err != nil {
		t.Errorf("the tests' own signature does not verify: %v", err)
	}
}

func TestEitherSecretVerifiesDuringARotation(t *testing.T) {
	t.Parallel()
	older, newer, stranger := outbound.NewSecret(), outbound.NewSecret(), outbound.NewSecret()
	for name, test := range map[string]struct {
		known, signs []outbound.Secret
		good         bool
	}{
		"both sides have both":        {[]outbound.Secret{older, newer}, []outbound.Secret{newer, older}, true},
		"we have the old one":         {[]outbound.Secret{older}, []outbound.Secret{newer, older}, true},
		"we have the new one":         {[]outbound.Secret{newer}, []outbound.Secret{newer, older}, true},
		"Parley has the new one only": {[]outbound.Secret{older, newer}, []outbound.Secret{newer}, true},
		"strangers":                   {[]outbound.Secret{older, newer}, []outbound.Secret{stranger, outbound.NewSecret()}, false},
	} {
		var keys []string
		for _, k := range test.known {
			keys = append(keys, string(k))
		}
		v := must(webhook.NewVerifier(keys...))(t)
		if err := v.Verify(signed(t, "evt_1", time.Now(), aBody, test.signs...), aBody); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPublicKeysVerifyWhatTheirPrivateKeysSigned(t *testing.T) {
	t.Parallel()
	private, stranger := outbound.NewPrivateKey(), outbound.NewPrivateKey()
	public := must(private.Public())(t)
	v := must(webhook.NewVerifier(public))(t)
	at := time.Now()
	both := must(outbound.NewPrivateSigner([]outbound.PrivateKey{stranger, private}, outbound.NewSecret()))(t)
	if err := v.Verify(header(both, "evt_1", at, aBody), aBody); err != nil {
		t.Error(err)
	}
	other := must(outbound.NewPrivateSigner([]outbound.PrivateKey{stranger}))(t)
	if err := v.Verify(header(other, "evt_1", at, aBody), aBody); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("a stranger's: %v", err)
	}
	if err := v.Verify(header(both, "evt_1", at, aBody), aBody[1:]); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("another body: %v", err)
	}
	// A key that is known to all must not do for a secret.
	raw := strings.TrimPrefix(public, "whpk_")
	forged := signed(t, "evt_1", at, aBody, outbound.Secret("whsec_"+raw))
	if err := v.Verify(forged, aBody); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("signed with the public key: %v", err)
	}
	mixed := must(webhook.NewVerifier(public, string(secret)))(t)
	for name, h := range map[string]http.Header{"v1": signed(t, "evt_1", at, aBody), "v1a": header(both, "evt_1", at, aBody)} {
		if err := mixed.Verify(h, aBody); err != nil {
			t.Errorf("%s with both kinds of key: %v", name, err)
		}
	}
}

func TestOnlyAFewSignaturesAreLookedAt(t *testing.T) {
	t.Parallel()
	v := must(webhook.NewVerifier(string(secret)))(t)
	wrong := "v1," + base64.StdEncoding.EncodeToString(make([]byte, 32)) + " "
	h := signed(t, "evt_1", time.Now(), aBody)
	good := h.Get("webhook-signature")
	for before, want := range map[int]error{15: nil, 16: webhook.ErrSignature} {
		h.Set("webhook-signature", strings.Repeat(wrong, before)+good)
		if err := v.Verify(h, aBody); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("behind %d others: %v, want %v", before, err, want)
		}
	}
}

func TestTheToleranceCanBeChosen(t *testing.T) {
	t.Parallel()
	v := must(webhook.NewVerifier(string(secret)))(t)
	old := signed(t, "evt_1", time.Now().Add(-time.Hour), aBody)
	if err := v.Within(2*time.Hour).Verify(old, aBody); err != nil {
		t.Error(err)
	}
	if err := v.Verify(old, aBody); !errors.Is(err, webhook.ErrTimestamp) {
		t.Errorf("the other has changed: %v", err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	if _, err := webhook.NewVerifier(); err == nil {
		t.Error("a Verifier without keys")
	}
	for key, want := range map[string]string{
		"":                                      "is empty",
		"whsec_" + "AAAA":                       "24 to 64 bytes",
		"whsec_" + strings.Repeat("A", 100):     "24 to 64 bytes",
		"whsec_" + strings.Repeat("_", 32):      "base64",
		"whpk_" + strings.Repeat("A", 32):       "32 bytes",
		"whsk_" + strings.Repeat("A", 43) + "=": "must start with",
		strings.Repeat("A", 32):                 "must start with",
	} {
		_, err := webhook.NewVerifier(string(secret), key)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "key 2 of 2") {
			t.Errorf("%q: %v, want %q", key, err, want)
		}
		if err != nil && len(key) > 6 && strings.Contains(err.Error(), key[6:]) {
			t.Errorf("the error repeats the key: %v", err)
		}
	}
}
