package outbound

import (
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	sessionsKept   = 1024 // without a certificate
	sessionsShown  = 16   // with one, which few receivers see
	identitiesKept = 256
)

// certificate is a client's certificate whose key is known to be its own.
type certificate struct {
	tls.Certificate
	fingerprint fingerprint
}

// fingerprint tells certificates apart.
type fingerprint [sha256.Size]byte

// newCertificate checks that the key belongs to the certificate: whoever knows
// only the certificate must not come by the connections of its owner.
func newCertificate(from *tls.Certificate) (*certificate, error) {
	if len(from.Certificate) == 0 {
		return nil, errors.New("the client certificate is empty")
	}
	leaf, err := x509.ParseCertificate(from.Certificate[0])
	if err != nil {
		return nil, fmt.Errorf("read the client certificate: %w", err)
	}
	owner, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	key, signs := from.PrivateKey.(crypto.Signer)
	if !ok || !signs || !owner.Equal(key.Public()) {
		return nil, errors.New("the client certificate does not belong to its private key")
	}
	hash := sha256.New()
	for _, der := range from.Certificate {
		hash.Write(der)
	}
	return &certificate{*from, fingerprint(hash.Sum(nil))}, nil
}

// identity is how the client shows itself over TLS. Sessions are resumed only by
// whom they were made for, as a receiver takes the resumed for who it was.
type identity struct {
	config    *tls.Config
	transport *http.Transport // for receivers that speak HTTP/2
	used      time.Time
}

// newIdentity makes the identity that shows a certificate, or none.
func (c *Client) newIdentity(shown *certificate) *identity {
	id := &identity{config: &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    c.roots,
		NextProtos: []string{"h2", "http/1.1"},
	}}
	sessions := sessionsKept
	if shown != nil {
		sessions = sessionsShown
		id.config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &shown.Certificate, nil
		}
	}
	id.config.ClientSessionCache = tls.NewLRUClientSessionCache(sessions)
	id.transport = c.newTransport(id)
	return id
}

// identities are those that show a certificate, the ones used last.
type identities struct {
	mu     sync.Mutex
	byMark map[fingerprint]*identity
}

// identity gives the one that a target is reached with.
func (c *Client) identity(t *Target) *identity {
	if t.certificate == nil {
		return c.nobody
	}
	id, surplus := c.shown.get(t.certificate, c.newIdentity)
	if surplus != nil {
		surplus.transport.CloseIdleConnections()
	}
	return id
}

func (s *identities) get(shown *certificate, make func(*certificate) *identity) (id, surplus *identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = s.byMark[shown.fingerprint]
	if id == nil {
		if len(s.byMark) >= identitiesKept {
			surplus = s.forgetOne()
		}
		id = make(shown)
		if s.byMark == nil {
			s.byMark = map[fingerprint]*identity{}
		}
		s.byMark[shown.fingerprint] = id
	}
	id.used = time.Now()
	return id, surplus
}

func (s *identities) forgetOne() *identity {
	var mark fingerprint
	var unused *identity
	for m, id := range s.byMark {
		if unused == nil || id.used.Before(unused.used) {
			mark, unused = m, id
		}
	}
	delete(s.byMark, mark)
	return unused
}

func (s *identities) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.byMark {
		id.transport.CloseIdleConnections()
	}
	clear(s.byMark)
}
