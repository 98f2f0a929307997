// Package vault seals the secrets that Parley has to keep and give back in clear,
// such as what webhooks are signed with, so that whoever reads the database or a
// backup of it cannot. (What only has to be recognised, such as API keys and
// passwords, is hashed instead.)
package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// sealed begins every sealed text, and says how it is sealed: AES-256-GCM with a
// random nonce.
const sealed = "sealed:v1:"

// Vault seals and opens with one key. It may be used by several goroutines.
type Vault struct {
	aead        cipher.AEAD
	fingerprint string
	key         []byte
}

// New makes a vault of a key of [KeySize] bytes.
func New(key []byte) (*Vault, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("a secret key has %d bytes, not %d", KeySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("use the secret key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the secret key: %w", err)
	}
	sum := sha256.Sum256(append([]byte("parley vault fingerprint\n"), key...))
	return &Vault{aead, hex.EncodeToString(sum[:8]), bytes.Clone(key)}, nil
}

// Ephemeral makes a vault of a random key that nobody keeps: what it seals can be
// opened only while it is there, which is enough for a test.
func Ephemeral() *Vault {
	key := make([]byte, KeySize)
	rand.Read(key)
	v, err := New(key)
	if err != nil {
		panic(err) // a key of the right size is always good
	}
	return v
}

// ParseKey reads a key in base64, as it stands in settings and key files.
func ParseKey(text string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != KeySize {
		return nil, fmt.Errorf("a secret key must be %d random bytes in base64: make one with «openssl rand -base64 %d»", KeySize, KeySize)
	}
	return key, nil
}

// File reads the key in a file, and makes the file, with a new key and readable by
// nobody else, if there is none. Two processes that start at once get the same key.
func File(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("make the key file %s: %w", path, err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file %s: %w", path, err)
	}
	key, err := ParseKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("the key file %s: %w", path, err)
	}
	return key, nil
}

// create writes a new key beside the file and then links it into place: a file that
// is there, even one made this moment by another process, is never replaced, and
// never seen half-written.
func create(path string) error {
	key := make([]byte, KeySize)
	rand.Read(key)
	temp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n"); err != nil {
		return err
	}
	if err := errors.Join(temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Fingerprint tells one key from another without telling anything of the key.
func (v *Vault) Fingerprint() string { return v.fingerprint }

// Derive gives a key of its own, of [KeySize] bytes, for another purpose than sealing:
// always the same one, from which neither this key nor that of another purpose can be
// told.
func (v *Vault) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, v.key, nil, "parley "+purpose, KeySize)
	if err != nil {
		panic(err) // so short a key can always be made
	}
	return key
}

// Seal encrypts a text for a place, such as the id of what it belongs to: it can be
// opened only as that of the same place, so a sealed text cannot be moved.
func (v *Vault) Seal(place, text string) string {
	return sealed + base64.StdEncoding.EncodeToString(v.aead.Seal(nil, nil, []byte(text), []byte(place)))
}

// Open gives the text that was sealed for a place. It fails if the key or the place
// is another, or the sealed text was altered.
func (v *Vault) Open(place, text string) (string, error) {
	encoded, ok := strings.CutPrefix(text, sealed)
	if !ok {
		return "", errors.New("open a secret: it is not a sealed text of a kind that this version knows")
	}
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", fmt.Errorf("open a secret: %w", err)
	}
	plain, err := v.aead.Open(nil, nil, b, []byte(place))
	if err != nil {
		return "", errors.New("open a secret: it was sealed with another key, for another place, or has been altered")
	}
	return string(plain), nil
}
