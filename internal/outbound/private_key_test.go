package outbound

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// opens gives the public key that a text stands for.
func opens(t testing.TB, public string) ed25519.PublicKey {
	t.Helper()
	encoded, ok := strings.CutPrefix(public, "whpk_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) != ed25519.PublicKeySize {
		t.Fatalf("%q is no public key (%v)", public, err)
	}
	return key
}

func TestAPublicKeyVerifiesASignature(t *testing.T) {
	t.Parallel()
	older, newer, stranger := NewPrivateKey(), NewPrivateKey(), NewPrivateKey()
	secret := NewSecret()
	signer := must(NewPrivateSigner([]PrivateKey{newer, older}, secret))(t)
	now := time.Now()
	for _, size := range []int{0, 100, 256 << 10, 100} { // the state is used again
		body := []byte(strings.Repeat("x", size))
		header := signed(signer, "evt_1", now, body)
		signatures := strings.Split(header.Get("webhook-signature"), " ")
		if len(signatures) != 3 || !strings.HasPrefix(signatures[0], "v1,") {
			t.Fatalf("the signatures are %q", signatures)
		}
		if err := verifier(t, secret).Verify(body, header); err != nil {
			t.Errorf("%d bytes, the secret: %v", size, err)
		}
		text := fmt.Appendf(nil, "evt_1.%d.%s", now.Unix(), body)
		for i, key := range []PrivateKey{newer, older} {
			encoded, ok := strings.CutPrefix(signatures[i+1], "v1a,")
			signature, err := base64.StdEncoding.DecodeString(encoded)
			if !ok || err != nil || !ed25519.Verify(opens(t, must(key.Public())(t)), text, signature) {
				t.Errorf("%d bytes, key %d: %q does not verify (%v)", size, i, signatures[i+1], err)
			}
			if ed25519.Verify(opens(t, must(stranger.Public())(t)), text, signature) {
				t.Error("a stranger's key verifies")
			}
		}
	}
}

func TestAPrivateKeyAloneSigns(t *testing.T) {
	t.Parallel()
	signer := must(NewPrivateSigner([]PrivateKey{NewPrivateKey()}))(t)
	if _, signature := signer.Sign("evt_1", 1, nil); !strings.HasPrefix(signature, "v1a,") || strings.Contains(signature, " ") {
		t.Errorf("the signature is %q", signature)
	}
	if _, err := NewPrivateSigner(nil); err == nil {
		t.Error("a signer needs nothing to sign with")
	}
}

func TestAPrivateKeyIsReadStrictly(t *testing.T) {
	t.Parallel()
	good := string(NewPrivateKey())
	for _, bad := range []string{"", "whsk_", good[1:], good + "AAAA", strings.TrimPrefix(good, "whsk_"), "whsk_" + strings.Repeat("A", 43)} {
		if _, err := PrivateKey(bad).Public(); err == nil || strings.Contains(err.Error(), good) {
			t.Errorf("%q is a key (%v)", bad, err)
		}
		if _, err := NewPrivateSigner([]PrivateKey{PrivateKey(bad)}); err == nil {
			t.Errorf("%q signs", bad)
		}
	}
	if one, two := NewPrivateKey(), NewPrivateKey(); one == two {
		t.Error("two keys are the same")
	}
}
