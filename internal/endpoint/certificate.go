package endpoint

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley"
)

// maxChain is how many certificates a chain may have.
const maxChain = 10

// checkPair checks a client certificate and its key, and leaves nothing in the
// certificate that is not one.
func (e *Endpoints) checkPair(org parley.OrganizationID, auth *parley.Auth, old parley.Auth, wrong func(name, message string)) {
	key := auth.PrivateKey
	if key == old.PrivateKey {
		opened, err := e.vault.Open(authPlace(org, "private_key"), key)
		if err != nil {
			wrong("private_key", "must be given again: the one that is kept cannot be read")
			return
		}
		key = opened
	}
	chain, err := readChain(auth.Certificate)
	if err != nil {
		wrong("certificate", err.Error())
		return
	}
	if err := checkKey(key); err != nil {
		wrong("private_key", err.Error())
		return
	}
	if _, err := tls.X509KeyPair(chain, []byte(key)); err != nil {
		wrong("private_key", "must be the key of the first certificate, which it is not")
		return
	}
	auth.Certificate = string(chain)
}

// readChain reads certificates in PEM, the client's own first, and gives them without
// what may stand between them.
func readChain(text string) ([]byte, error) {
	var chain bytes.Buffer
	n := 0
	for rest := []byte(text); ; n++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("must hold certificates only, and has a %s: a key belongs into private_key", strings.ToLower(block.Type))
		}
		if n == maxChain {
			return nil, fmt.Errorf("must have at most %d certificates", maxChain)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("must be certificates in PEM, and number %d cannot be read", n+1)
		}
		if time.Now().After(c.NotAfter) {
			return nil, fmt.Errorf("must be valid, and number %d expired at %s", n+1, c.NotAfter.UTC().Format(time.RFC3339))
		}
		if err := pem.Encode(&chain, &pem.Block{Type: block.Type, Bytes: block.Bytes}); err != nil {
			return nil, err
		}
	}
	if n == 0 {
		return nil, errors.New("must be a certificate in PEM, from -----BEGIN CERTIFICATE----- on")
	}
	return chain.Bytes(), nil
}

func checkKey(text string) error {
	block, _ := pem.Decode([]byte(text))
	switch {
	case block == nil || !strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return errors.New("must be a private key in PEM, from -----BEGIN PRIVATE KEY----- on")
	case strings.HasPrefix(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "":
		return errors.New("must not be protected with a passphrase: it is kept encrypted here")
	}
	return nil
}
