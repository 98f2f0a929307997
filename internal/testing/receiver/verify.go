package receiver

import (
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Verify checks every request from now on as a customer would: with the Standard
// Webhooks project's own library and one secret. Requests are answered as the
// script says all the same; see Refused.
func (r *Receiver) Verify(t testing.TB, secret string) {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatalf("verify with a secret: %v", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.verifier = verifier
}

// Refused counts the requests whose signature did not verify.
func (r *Receiver) Refused() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused
}
