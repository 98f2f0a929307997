package outbound

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
)

// Target is a URL with the headers that go with every request to it, checked and
// prepared once. It does not change and may be shared. It is small: what only a
// request needs is made with the request.
type Target struct {
	url         *url.URL
	fields      []field // those of one name together
	certificate *certificate
}

// field is one header field.
type field struct{ name, value string }

// TargetOptions are what few targets have.
type TargetOptions struct {
	// Certificate is shown to receivers that ask for one. It and its key must not
	// change afterwards.
	Certificate *tls.Certificate
}

// Target prepares a URL and its custom headers. The URL is checked against the
// policy as it is now, which may be stricter than when it was saved.
func (c *Client) Target(rawURL string, header http.Header) (*Target, error) {
	return c.TargetWith(rawURL, header, TargetOptions{})
}

// TargetWith is Target with options. Targets share connections only if they show
// the same certificate, or none.
func (c *Client) TargetWith(rawURL string, header http.Header, o TargetOptions) (*Target, error) {
	u, err := c.policy.parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("the URL %w", err)
	}
	t := &Target{url: u}
	if t.fields, err = checkedFields(header); err != nil {
		return nil, err
	}
	if o.Certificate == nil {
		return t, nil
	}
	if u.Scheme != "https" {
		return nil, errors.New("a client certificate can only be shown over https://")
	}
	if t.certificate, err = newCertificate(o.Certificate); err != nil {
		return nil, err
	}
	return t, nil
}

// checkedFields gives the fields of a custom header. Of a name that is spelled in
// several ways one spelling counts.
func checkedFields(header http.Header) (fields []field, err error) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		fields = slices.DeleteFunc(fields, func(f field) bool { return f.name == canonical })
		for _, value := range header[name] {
			if err := CheckHeader(name, value); err != nil {
				return nil, fmt.Errorf("the header %q %w", name, err)
			}
			fields = append(fields, field{canonical, textproto.TrimString(value)})
		}
	}
	return fields, nil
}

// host is how the target is named in messages.
func (t *Target) host() string { return t.url.Host }

// place is where a connection leads and who is seen there: connections of one
// place are as good as one another.
type place struct {
	host   string // as the URL writes it, with or without a port
	secure bool
	shown  fingerprint // the certificate's; zero if there is none
}

func (t *Target) place() place {
	at := place{host: t.url.Host, secure: t.url.Scheme == "https"}
	if t.certificate != nil {
		at.shown = t.certificate.fingerprint
	}
	return at
}

// address is what to connect to.
func (t *Target) address() string {
	port := t.url.Port()
	switch {
	case port != "":
	case t.url.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(t.url.Hostname(), port)
}
