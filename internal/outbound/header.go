package outbound

import (
	"errors"
	"fmt"
	"net/textproto"
	"strings"
)

const (
	maxHeaderName  = 256
	maxHeaderValue = 4 << 10
)

// CheckHeader tells whether a custom header may be sent with every request of a
// target. The error is a sentence for whoever entered it, to be read after the
// header's place: `must not be "Host": Parley sets it`.
func CheckHeader(name, value string) error {
	if err := checkHeaderName(name); err != nil {
		return err
	}
	if len(value) > maxHeaderValue {
		return errors.New("must have a value of at most 4,096 bytes")
	}
	if strings.ContainsFunc(value, controlCharacter) {
		return errors.New("must have a value without line breaks and other control characters")
	}
	return nil
}

func checkHeaderName(name string) error {
	if name == "" || len(name) > maxHeaderName {
		return errors.New("must have a name of 1 to 256 characters")
	}
	if strings.ContainsFunc(name, notTokenCharacter) {
		return errors.New("must have a name of letters, digits and hyphens")
	}
	if reserved(textproto.CanonicalMIMEHeaderKey(name)) {
		return fmt.Errorf("must not be %q: Parley sets it", name)
	}
	return nil
}

// reserved are the headers that frame the message, describe the body, or belong
// to one connection or to the signature.
func reserved(canonical string) bool {
	switch canonical {
	case "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Te", "Trailer",
		"Connection", "Keep-Alive", "Upgrade", "Expect", "Http2-Settings":
		return true
	}
	return strings.HasPrefix(canonical, "Webhook-") || strings.HasPrefix(canonical, "Proxy-")
}

func controlCharacter(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func notTokenCharacter(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	return !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}
