package account

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

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

// checkPassword refuses a password that is too short to be one, or long enough to
// be an attack.
func checkPassword(password string) error {
	if len(password) < 8 || len(password) > 200 {
		return parley.InvalidField("password", "must have 8 to 200 characters")
	}
	return nil
}

// hashPassword gives the argon2id hash of a password, in PHC format.
func hashPassword(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, hashTime, hashMemory, 1, hashLength)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashTime, b64.EncodeToString(salt), b64.EncodeToString(sum))
}
