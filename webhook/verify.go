package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of the Standard Webhooks specification.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp"
	headerSignature = "webhook-signature"
)

// Tolerance is how far from now the time of a request may be if nothing else is said.
// A recorded request is good for no longer than that.
const Tolerance = 5 * time.Minute

// maxSignatures is how many signatures of a request are looked at. Parley sends a few,
// while secrets are being changed; a stranger could send thousands for us to compute.
const maxSignatures = 16

// Why a request was refused. The errors of [Verifier.Verify] wrap one of these, and
// say more.
var (
	ErrHeaders   = errors.New("the headers of a signature are missing or cannot be read")
	ErrTimestamp = errors.New("the time of the request is too far from now")
	ErrSignature = errors.New("no signature is good")
)

// Verifier tells requests that Parley has signed from all others. It is safe for
// concurrent use.
type Verifier struct {
	secrets   [][]byte
	public    []ed25519.PublicKey
	tolerance time.Duration
}

// NewVerifier makes a Verifier of an endpoint's secrets (whsec_…, for signatures of
// version v1) and public keys (whpk_…, for v1a). One good signature by any of them is
// enough: give it the old and the new one while you change from one to the other.
func NewVerifier(keys ...string) (*Verifier, error) {
	if len(keys) == 0 {
		return nil, errors.New("webhook: there is no key to verify with: give the endpoint's secret, whsec_…, or its public key, whpk_…")
	}
	v := &Verifier{tolerance: Tolerance}
	for i, key := range keys {
		if err := v.add(key); err != nil {
			return nil, fmt.Errorf("webhook: key %d of %d %w", i+1, len(keys), err) // never the key itself
		}
	}
	return v, nil
}

// Within is a Verifier with the same keys and another tolerance, in both directions.
func (v *Verifier) Within(tolerance time.Duration) *Verifier {
	other := *v
	other.tolerance = tolerance
	return &other
}

func (v *Verifier) add(key string) error {
	prefix, encoded, _ := strings.Cut(key, "_")
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	switch {
	case key == "":
		return errors.New("is empty: is its environment variable set?")
	case prefix != "whsec" && prefix != "whpk":
		return errors.New("must start with whsec_ (a secret) or whpk_ (a public key)")
	case err != nil:
		return errors.New("must be base64 after its prefix")
	case prefix == "whpk" && len(raw) != ed25519.PublicKeySize:
		return errors.New("must hold 32 bytes, as every public key of ed25519 does")
	case prefix == "whsec" && (len(raw) < 24 || len(raw) > 64):
		return errors.New("must hold 24 to 64 bytes, as every secret of Standard Webhooks does")
	case prefix == "whpk":
		v.public = append(v.public, raw)
	default:
		v.secrets = append(v.secrets, raw)
	}
	return nil
}

// Verify returns nil if a request with this header and body was signed with one of the
// keys, not long ago. The body must be the bytes that came.
func (v *Verifier) Verify(header http.Header, body []byte) error {
	id, timestamp, signatures := header.Get(headerID), header.Get(headerTimestamp), header.Get(headerSignature)
	switch {
	case id == "":
		return fmt.Errorf("%w: there is no %s", ErrHeaders, headerID)
	case timestamp == "":
		return fmt.Errorf("%w: there is no %s", ErrHeaders, headerTimestamp)
	case signatures == "":
		return fmt.Errorf("%w: there is no %s", ErrHeaders, headerSignature)
	}
	if err := v.inTime(timestamp); err != nil {
		return err
	}
	return v.signed(id+"."+timestamp+".", body, signatures)
}

func (v *Verifier) inTime(timestamp string) error {
	const furthest = 1 << 40 // seconds, beyond which time does not reckon
	unix, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || unix < 0 || unix > furthest {
		return fmt.Errorf("%w: %s must be Unix seconds", ErrHeaders, headerTimestamp)
	}
	off := time.Since(time.Unix(unix, 0))
	switch {
	case off > v.tolerance:
		return fmt.Errorf("%w: it was signed %v ago; if Parley sent it just now, the clock here is wrong", ErrTimestamp, off.Round(time.Second))
	case -off > v.tolerance:
		return fmt.Errorf("%w: it was signed %v ahead of time; if Parley sent it just now, the clock here is wrong", ErrTimestamp, -off.Round(time.Second))
	}
	return nil
}

// signed looks for a good signature of the head and the body.
func (v *Verifier) signed(head string, body []byte, signatures string) error {
	var wanted [][]byte // for each secret the signature that it makes
	var text []byte     // what ed25519 takes in one piece
	looked, ours := 0, false
	for signature := range strings.FieldsSeq(signatures) {
		if looked++; looked > maxSignatures {
			break
		}
		version, encoded, _ := strings.Cut(signature, ",")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			continue
		}
		switch version {
		case "v1":
			ours = true
			if wanted == nil {
				wanted = v.macs(head, body)
			}
			if anyEqual(wanted, given) {
				return nil
			}
		case "v1a":
			ours = true
			if text == nil && len(v.public) > 0 {
				text = append([]byte(head), body...)
			}
			if v.anyVerifies(text, given) {
				return nil
			}
		}
	}
	if !ours {
		return fmt.Errorf("%w: none is of version v1 or v1a", ErrSignature)
	}
	return fmt.Errorf("%w: another key signed the request, or the body is no longer what was signed", ErrSignature)
}

func (v *Verifier) macs(head string, body []byte) [][]byte {
	sums := make([][]byte, len(v.secrets))
	for i, secret := range v.secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(head))
		mac.Write(body)
		sums[i] = mac.Sum(nil)
	}
	return sums
}

// anyEqual takes as long for a signature that is nearly right as for any other.
func anyEqual(wanted [][]byte, given []byte) bool {
	equal := false
	for _, sum := range wanted {
		equal = hmac.Equal(sum, given) || equal
	}
	return equal
}

func (v *Verifier) anyVerifies(text, given []byte) bool {
	for _, key := range v.public {
		if len(given) == ed25519.SignatureSize && ed25519.Verify(key, text, given) {
			return true
		}
	}
	return false
}
