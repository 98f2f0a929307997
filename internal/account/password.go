package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"parley"
)

// The cost of a password's hash: OWASP's second choice for argon2id, 19 MiB and
// two passes, some 20 ms.
const (
	hashMemory = 19 * 1024
	hashTime   = 2
	hashLength = 32
)

// maxHashing bounds how many passwords are hashed at once, and with that the memory
// and the processors that signing in may take.
const maxHashing = 4

// checkPassword refuses a password that is too short to be one, or long enough to
// be an attack.
func checkPassword(password string) error {
	if len(password) < 8 || len(password) > 200 {
		return parley.InvalidField("password", "must have 8 to 200 characters")
	}
	return nil
}

// hasher hashes passwords, a few at once.
type hasher struct {
	turns  chan struct{}
	derive func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte
}

func newHasher() *hasher {
	return &hasher{turns: make(chan struct{}, maxHashing), derive: argon2.IDKey}
}

// sum is the argon2id hash of a password with the costs and the salt of h. It waits
// for its turn as long as ctx lasts.
func (hr *hasher) sum(ctx context.Context, h passwordHash, password string) ([]byte, error) {
	select {
	case hr.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	defer func() { <-hr.turns }()
	return hr.derive([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.sum))), nil
}

// hash gives the argon2id hash of a new password, in PHC format.
func (hr *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	h := newHash()
	sum, err := hr.sum(ctx, h, password)
	h.sum = sum
	return h.String(), err
}

// matches tells whether a password is the one of a hash.
func (hr *hasher) matches(ctx context.Context, h passwordHash, password string) (bool, error) {
	sum, err := hr.sum(ctx, h, password)
	return err == nil && subtle.ConstantTimeCompare(sum, h.sum) == 1, err
}

// passwordHash is an argon2id hash and all that it was made with but the password.
type passwordHash struct {
	memory, time uint32
	threads      uint8
	salt, sum    []byte
}

// newHash has the costs of today, a random salt, and no sum yet: no password is its.
func newHash() passwordHash {
	h := passwordHash{memory: hashMemory, time: hashTime, threads: 1, salt: make([]byte, 16), sum: make([]byte, hashLength)}
	rand.Read(h.salt)
	return h
}

// String writes a hash in PHC format.
func (h passwordHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.sum))
}

// parseHash reads a hash that String has written, with costs that a server can bear.
func parseHash(text string) (h passwordHash, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 {
		return h, errors.New("the hash of a password is not in PHC format")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return h, fmt.Errorf("read the costs of a password's hash: %w", err)
	}
	b64 := base64.RawStdEncoding
	if h.salt, err = b64.DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("read the salt of a password's hash: %w", err)
	}
	if h.sum, err = b64.DecodeString(parts[5]); err != nil {
		return h, fmt.Errorf("read the sum of a password's hash: %w", err)
	}
	if h.String() != text {
		return h, errors.New("the hash of a password is not argon2id of a version that is known here")
	}
	bearable := h.memory >= 8 && h.memory <= 1<<20 && h.time >= 1 && h.time <= 64 && h.threads >= 1 &&
		len(h.salt) >= 8 && len(h.salt) <= 64 && len(h.sum) >= 16 && len(h.sum) <= 64
	if !bearable {
		return h, errors.New("the hash of a password has costs or lengths out of all measure")
	}
	return h, nil
}
