package outbound

import (
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
)

// Target is a URL with the headers that go with every request to it, checked and
// prepared once. It does not change and may be shared.
type Target struct {
	url    *url.URL
	header http.Header
}

// Target prepares a URL and its custom headers. The URL is checked against the
// policy as it is now, which may be stricter than when it was saved.
func (c *Client) Target(rawURL string, header http.Header) (*Target, error) {
	u, err := c.policy.parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("the URL %w", err)
	}
	t := &Target{url: u, header: http.Header{"User-Agent": {c.userAgent}}}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			if err := CheckHeader(name, value); err != nil {
				return nil, fmt.Errorf("the header %q %w", name, err)
			}
		}
		t.header[textproto.CanonicalMIMEHeaderKey(name)] = slices.Clone(header[name])
	}
	return t, nil
}

// host is how the target is named in messages.
func (t *Target) host() string { return t.url.Host }
