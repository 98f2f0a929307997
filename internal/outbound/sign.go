package outbound

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"strconv"
	"strings"
	"sync"
)

const (
	secretPrefix    = "whsec_"
	minSecretLength = 24
	maxSecretLength = 64
	newSecretLength = 32
)

// Secret signs requests: "whsec_" and the base64 of 24 to 64 random bytes, as the
// Standard Webhooks specification has it. It never belongs into a log.
type Secret string

// NewSecret makes a secret that nobody can guess.
func NewSecret() Secret {
	b := make([]byte, newSecretLength)
	rand.Read(b)
	return Secret(secretPrefix + base64.StdEncoding.EncodeToString(b))
}

// ParseSecret checks a secret that somebody else made. The error is a sentence
// for whoever entered it and does not repeat the secret.
func ParseSecret(s string) (Secret, error) {
	_, err := Secret(s).key()
	return Secret(s), err
}

func (s Secret) key() ([]byte, error) {
	encoded, ok := strings.CutPrefix(string(s), secretPrefix)
	if !ok {
		return nil, errors.New(`must start with "whsec_"`)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || strings.ContainsAny(encoded, "\r\n") {
		return nil, errors.New(`must be "whsec_" and standard base64`)
	}
	if len(key) < minSecretLength || len(key) > maxSecretLength {
		return nil, errors.New("must hold 24 to 64 bytes")
	}
	return key, nil
}

// Signer signs with one secret, or with several while one replaces another, and
// with private keys in the same way. It is safe for concurrent use; keep one for
// each endpoint, as it holds the prepared state of its secrets.
type Signer struct {
	keys    [][]byte
	private []ed25519.PrivateKey
	states  sync.Pool // of *signing
}

// NewSigner prepares secrets. A receiver that knows any one of them verifies
// what the Signer signs.
func NewSigner(secrets ...Secret) (*Signer, error) {
	return NewPrivateSigner(nil, secrets...)
}

// NewPrivateSigner prepares private keys and secrets. A receiver that knows any one
// of the secrets, or the public key of any one of the private keys, verifies what
// the Signer signs.
func NewPrivateSigner(private []PrivateKey, secrets ...Secret) (*Signer, error) {
	if len(private) == 0 && len(secrets) == 0 {
		return nil, errors.New("sign: there is no secret")
	}
	s := &Signer{keys: make([][]byte, len(secrets)), private: make([]ed25519.PrivateKey, len(private))}
	for i, p := range private {
		key, err := p.key()
		if err != nil {
			return nil, errors.New("sign: a private key " + err.Error())
		}
		s.private[i] = key
	}
	for i, secret := range secrets {
		key, err := secret.key()
		if err != nil {
			return nil, errors.New("sign: a secret " + err.Error())
		}
		s.keys[i] = key
	}
	s.states.New = func() any { return s.newSigning() }
	return s, nil
}

// Sign makes the values of the headers webhook-timestamp and webhook-signature
// for a body sent at a moment (in Unix seconds) with a webhook-id.
func (s *Signer) Sign(id string, unix int64, body []byte) (timestamp, signature string) {
	st := s.states.Get().(*signing)
	defer s.states.Put(st)
	return st.sign(id, unix, body)
}

// signing is what one signature in the making works with: a hash for each secret
// that has the key absorbed already, and room for the text.
type signing struct {
	private []ed25519.PrivateKey

	macs []hash.Hash
	text []byte // id.timestamp.
	sum  []byte
	all  []byte // id.timestamp.body, which ed25519 takes in one piece
	out  []byte // timestamp, signatures
}

func (s *Signer) newSigning() *signing {
	st := &signing{private: s.private, macs: make([]hash.Hash, len(s.keys))}
	for i, key := range s.keys {
		st.macs[i] = hmac.New(sha256.New, key)
	}
	return st
}

func (st *signing) sign(id string, unix int64, body []byte) (timestamp, signature string) {
	st.text = append(append(st.text[:0], id...), '.')
	st.text = append(strconv.AppendInt(st.text, unix, 10), '.')
	st.out = strconv.AppendInt(st.out[:0], unix, 10)
	n := len(st.out)
	for i, mac := range st.macs {
		if i > 0 {
			st.out = append(st.out, ' ')
		}
		mac.Reset()
		mac.Write(st.text)
		mac.Write(body)
		st.sum = mac.Sum(st.sum[:0])
		st.out = append(st.out, "v1,"...)
		st.out = base64.StdEncoding.AppendEncode(st.out, st.sum)
	}
	st.signPrivately(body, n)
	both := string(st.out) // one allocation for the two
	return both[:n], both[n:]
}
