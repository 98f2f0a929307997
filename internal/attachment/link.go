package attachment

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"parley"
)

// How long a link works: unless its maker says otherwise, and at most.
const (
	DefaultLinkAge = time.Hour
	MaxLinkAge     = 7 * 24 * time.Hour
)

// Link names an attachment to whoever has it and its signature, until it expires.
type Link struct {
	Organization parley.OrganizationID
	ID           parley.AttachmentID
	FileName     string
	Expires      int64 // Unix seconds
}

// Sign is the signature of a link.
func (a *Attachments) Sign(l Link) string {
	mac := hmac.New(sha256.New, a.LinkKey)
	fmt.Fprintf(mac, "%s\n%s\n%d\n%s", l.Organization, l.ID, l.Expires, l.FileName)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// FilesPath is where links that need no API key lead.
const FilesPath = "/files"

// Path is the address of a link on this server, with its signature.
func (a *Attachments) Path(l Link) string {
	query := url.Values{"expires": {strconv.FormatInt(l.Expires, 10)}, "signature": {a.Sign(l)}}
	return FilesPath + "/" + string(l.Organization) + "/" + string(l.ID) + "/" + url.PathEscape(l.FileName) + "?" + query.Encode()
}

// Check refuses a link whose signature is not ours, as one that leads nowhere, and one
// that has expired.
func (a *Attachments) Check(l Link, signature string) error {
	if !hmac.Equal([]byte(a.Sign(l)), []byte(signature)) {
		return parley.Errorf(parley.NotFound, "There is no file here: the link is not whole, or was altered. Use it exactly as it was given.")
	}
	if time.Now().Unix() >= l.Expires {
		return parley.Errorf(parley.Forbidden, "This link has expired. A new one is the url that GET /v1/attachments/%s answers with.", l.ID)
	}
	return nil
}
