package outbound

import (
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/internal/testing/receiver"
)

func verifier(t testing.TB, s Secret) *standardwebhooks.Webhook {
	t.Helper()
	return must(standardwebhooks.NewWebhook(string(s)))(t)
}

func TestTheStandardLibraryVerifiesASignature(t *testing.T) {
	t.Parallel()
	secret, stranger := NewSecret(), NewSecret()
	signer := must(NewSigner(secret))(t)
	body := []byte(`{"id":"evt_1","type":"webhook.test"}`)
	for i := range 3 { // the state is used again
		header := signed(signer, "evt_1", time.Now(), body)
		if err := verifier(t, secret).Verify(body, header); err != nil {
			t.Errorf("use %d: %v", i, err)
		}
		if err := verifier(t, stranger).Verify(body, header); err == nil {
			t.Error("another secret verifies")
		}
		if err := verifier(t, secret).Verify(append([]byte(" "), body...), header); err == nil {
			t.Error("an altered body verifies")
		}
		header.Set("webhook-id", "evt_2")
		if err := verifier(t, secret).Verify(body, header); err == nil {
			t.Error("an altered id verifies")
		}
	}
	old := signed(signer, "evt_1", time.Now().Add(-6*time.Minute), body)
	if err := verifier(t, secret).Verify(body, old); err == nil {
		t.Error("an old timestamp verifies")
	}
	if err := verifier(t, secret).VerifyIgnoringTimestamp(body, old); err != nil {
		t.Errorf("the old signature itself: %v", err)
	}
}

func signed(s *Signer, id string, at time.Time, body []byte) http.Header {
	timestamp, signature := s.Sign(id, at.Unix(), body)
	h := http.Header{}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", timestamp)
	h.Set("webhook-signature", signature)
	return h
}

func TestTheSignatureIsTheStandardLibrarysOwn(t *testing.T) {
	t.Parallel()
	secret := NewSecret()
	at := time.Unix(1_800_000_000, 0)
	for _, size := range []int{0, 1, 63, 64, 65, 600, 256 << 10} {
		body := []byte(strings.Repeat("x", size))
		want := must(verifier(t, secret).Sign("evt_1", at, body))(t)
		if _, got := must(NewSigner(secret))(t).Sign("evt_1", at.Unix(), body); got != want {
			t.Errorf("%d bytes: %s, want %s", size, got, want)
		}
	}
}

func TestDuringARotationEachSecretVerifies(t *testing.T) {
	t.Parallel()
	older, newer := NewSecret(), NewSecret()
	r := receiver.New(t)
	c := dev(t)
	request := &Request{
		Target:    must(c.Target(r.URL, nil))(t),
		Body:      []byte(`{"type":"webhook.test"}`),
		Signature: &Signature{ID: "evt_7", Signer: must(NewSigner(newer, older))(t)},
	}
	for _, secret := range []Secret{older, newer} {
		r.Verify(t, string(secret))
		if got := c.Send(t.Context(), request); !got.OK() {
			t.Fatal(got.Failure)
		}
	}
	if r.Refused() != 0 {
		t.Errorf("%d of 2 were refused: %+v", r.Refused(), r.Requests())
	}
	r.Verify(t, string(NewSecret()))
	c.Send(t.Context(), request)
	if r.Refused() != 1 {
		t.Error("another secret verifies")
	}
	request.Signature.Timestamp = time.Now().Add(-time.Hour).Unix()
	r.Verify(t, string(newer))
	c.Send(t.Context(), request)
	if r.Refused() != 2 {
		t.Error("an old timestamp verifies")
	}
	q := r.Requests()[0]
	if q.ID != "evt_7" || len(strings.Fields(q.Header.Get("webhook-signature"))) != 2 {
		t.Errorf("arrived with %v", q.Header)
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	if a, b := NewSecret(), NewSecret(); a == b {
		t.Error("two secrets are the same")
	}
	if _, err := ParseSecret(string(NewSecret())); err != nil {
		t.Errorf("a new secret: %v", err)
	}
	for secret, ok := range map[string]bool{
		"whsec_" + strings.Repeat("AAAA", 8):           true, // 24 bytes
		"whsec_" + strings.Repeat("AAAA", 21) + "AA==": true, // 64 bytes
		"whsec_" + strings.Repeat("AAAA", 7):           false,
		"whsec_" + strings.Repeat("AAAA", 22):          false,
		"whsec_" + strings.Repeat("AAA_", 8):           false,
		"whsec_" + strings.Repeat("AAAA", 8) + "\n":    false,
		"whsec_" + strings.Repeat("AAAA", 8) + "A":     false,
		strings.Repeat("AAAA", 8):                      false,
		"whsk_" + strings.Repeat("AAAA", 8):            false,
		"":                                             false,
	} {
		_, err := ParseSecret(secret)
		if (err == nil) != ok {
			t.Errorf("ParseSecret(%q): %v, want ok %v", secret, err, ok)
		}
		if err != nil && len(secret) > 6 && strings.Contains(err.Error(), secret[6:]) {
			t.Errorf("the error repeats the secret: %v", err)
		}
	}
	if _, err := NewSigner(); err == nil {
		t.Error("a signer without a secret")
	}
	if _, err := NewSigner("whsec_short"); err == nil {
		t.Error("a signer with a bad secret")
	}
}
