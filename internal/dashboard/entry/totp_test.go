package entry_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// code is what the app shows, so many steps of half a minute from now.
func code(t *testing.T, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}
