package webhook_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/testing/receiver"
)

// verifiesWith tells whether one of a request's v1a signatures is a public key's.
func verifiesWith(t *testing.T, q receiver.Request, public string) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(public, "whpk_"))
	if err != nil || len(key) != ed25519.PublicKeySize {
		t.Fatalf("%q is no public key (%v)", public, err)
	}
	text := fmt.Appendf(nil, "%s.%s.%s", q.Header.Get("webhook-id"), q.Header.Get("webhook-timestamp"), q.Body)
	for signature := range strings.SplitSeq(q.Header.Get("webhook-signature"), " ") {
		encoded, ok := strings.CutPrefix(signature, "v1a,")
		b, err := base64.StdEncoding.DecodeString(encoded)
		if ok && err == nil && ed25519.Verify(key, text, b) {
			return true
		}
	}
	return false
}

func TestRequestsAreSignedAsTheEndpointAsks(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id, secret := h.subscribeSecret(r.URL)
		next := func() receiver.Request {
			t.Helper()
			r.Forget()
			h.publish("a")
			return r.Wait(t, 1)[0]
		}
		kinds := func(q receiver.Request, want string) {
			t.Helper()
			var got []string
			for signature := range strings.SplitSeq(q.Header.Get("webhook-signature"), " ") {
				kind, _, _ := strings.Cut(signature, ",")
				got = append(got, kind)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("the signatures are %v, want %s", got, want)
			}
		}
		kinds(next(), "v1")
		signing := func(how string) { h.change(id, func(w *parley.Webhook) { w.Signing = how }) }
		signing("both")
		first := *h.get(id).PublicKey
		q := next()
		kinds(q, "v1 v1a")
		if !verifies(t, q, secret) || !verifiesWith(t, q, first) {
			t.Error("both signatures do not verify")
		}
		signing("v1a")
		q = next()
		kinds(q, "v1a")
		if verifies(t, q, secret) || !verifiesWith(t, q, first) {
			t.Error("the signature does not verify")
		}
		rotated, newSecret, err := h.endpoints.Rotate(t.Context(), h.caller(), id, time.Hour)
		h.must(err)
		second := *rotated.PublicKey
		h.restart()
		q = next()
		kinds(q, "v1a v1a")
		if !verifiesWith(t, q, first) || !verifiesWith(t, q, second) {
			t.Error("during the overlap one key does not verify")
		}
		signing("both")
		q = next()
		kinds(q, "v1 v1 v1a v1a")
		if !verifies(t, q, secret) || !verifies(t, q, string(newSecret)) {
			t.Error("during the overlap one secret does not verify")
		}
		time.Sleep(time.Hour)
		q = next()
		kinds(q, "v1 v1a")
		if verifiesWith(t, q, first) || !verifiesWith(t, q, second) || verifies(t, q, secret) {
			t.Error("after the overlap the old ones still verify")
		}
	})
}
