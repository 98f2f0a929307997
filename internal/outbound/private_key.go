package outbound

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
)

const (
	privatePrefix = "whsk_"
	publicPrefix  = "whpk_"

	// maxKept is how much room for texts a Signer keeps from one use to the next.
	maxKept = 64 << 10
)

// PrivateKey signs requests so that whoever knows the public key can verify them and
// nobody else can sign: "whsk_" and the base64 of an ed25519 seed. It never belongs
// into a log.
type PrivateKey string

// NewPrivateKey makes a key that nobody can guess.
func NewPrivateKey() PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	return PrivateKey(privatePrefix + base64.StdEncoding.EncodeToString(seed))
}

// Public is the key to verify with, as the Standard Webhooks specification has it:
// "whpk_" and the base64 of 32 bytes.
func (p PrivateKey) Public() (string, error) {
	key, err := p.key()
	if err != nil {
		return "", err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	return publicPrefix + base64.StdEncoding.EncodeToString(public), nil
}

func (p PrivateKey) key() (ed25519.PrivateKey, error) {
	encoded, ok := strings.CutPrefix(string(p), privatePrefix)
	seed, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New(`must be "whsk_" and 32 bytes in base64`)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// signPrivately adds the signatures of the private keys to those that stand behind
// the first n bytes.
func (st *signing) signPrivately(body []byte, n int) {
	if len(st.private) == 0 {
		return
	}
	st.all = append(append(st.all[:0], st.text...), body...)
	for _, key := range st.private {
		if len(st.out) > n {
			st.out = append(st.out, ' ')
		}
		st.out = append(st.out, "v1a,"...)
		st.out = base64.StdEncoding.AppendEncode(st.out, ed25519.Sign(key, st.all))
	}
	if cap(st.all) > maxKept {
		st.all = nil
	}
}
