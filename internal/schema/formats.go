package schema

import (
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // so that a zone is as valid where the machine has no list of them

	"parley"
)

// The formats that are used by name.
const (
	formatURI      = "uri"
	formatDateTime = "date-time"
)

// webLinkPattern tells readers of the schema what the format uri means here.
const webLinkPattern = "^https?://"

// format is a rule for texts that JSON Schema knows by a name.
type format struct {
	expected string // "must be " it
	valid    func(string) bool
}

// formats are the formats that are checked. The format of a field must be one of
// them: what the documents promise is kept.
var formats = map[string]format{
	formatDateTime: {"a date and time like 2026-11-20T10:30:00Z", validDateTime},
	"date":         {"a date like 2026-11-20", validDate},
	formatURI:      {"an http or https link", parley.IsWebLink},
	"email":        {"an email address", validEmail},
	"hostname":     {"a host name", hostname.MatchString},
	"ip":           {"an IP address", validIP},
	"timezone":     {"a time zone like Europe/Paris", validTimezone},
	"password":     {"a text", func(string) bool { return true }}, // a hint for forms
}

// validDateTime asks the type that it will be read into, which is more generous
// than RFC 3339 where the standard library is.
func validDateTime(s string) bool {
	const shortest = len("2026-11-20T10:30:00Z")
	if len(s) < shortest || s[10] != 'T' || s[13] != ':' || strings.Contains(s, ",") {
		return false
	}
	return new(parley.Time).UnmarshalText([]byte(s)) == nil
}

func validDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// validEmail takes the bare address only, without a name around it.
func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

var hostname = regexp.MustCompile(`^(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?))*$`)

func validIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func validTimezone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "" && s != "Local"
}
