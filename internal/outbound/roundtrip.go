package outbound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// RoundTripper lets a library that wants an [http.Client] reach out as the Client
// does: where the policy permits, within the Client's time-out, which covers the
// whole answer, and up to 64 KiB of it. It shows no certificate. Its errors are
// *[Failure]s, or say what is wrong with the URL.
func (c *Client) RoundTripper() http.RoundTripper { return guarded{c} }

// guarded is the Client as an http.RoundTripper.
type guarded struct{ client *Client }

// RoundTrip implements http.RoundTripper.
func (g guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	c := g.client
	u, err := c.policy.parse(r.URL.String())
	if err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, fmt.Errorf("the URL %w", err)
	}
	x := &exchange{ctx: r.Context(), target: &Target{url: u}, limit: c.timeout, deadline: time.Now().Add(c.timeout)}
	timed, cancel := context.WithDeadline(x.ctx, x.deadline)
	p := &passage{Context: timed, place: x.target.place()}
	r = r.Clone(p)
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", c.userAgent)
	}
	answer, err := c.nobody.transport.RoundTrip(r)
	if err != nil {
		cancel()
		x.connecting = p.connecting.Load()
		return nil, x.explain(err)
	}
	answer.Body = &limitedBody{body: answer.Body, x: x, left: maxAnswerRead, cancel: cancel}
	return answer, nil
}

// limitedBody is an answer's body within the limits of time and bytes.
type limitedBody struct {
	body   io.ReadCloser
	x      *exchange
	left   int
	cancel context.CancelFunc
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (n int, err error) {
	n, err = b.body.Read(p[:min(len(p), b.left+1)])
	if n > b.left {
		return b.left, &Failure{TooLarge, b.x.target.host() + " answered with more than 64 KiB: send less.", nil}
	}
	b.left -= n
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	return n, b.x.explain(err)
}

// Close implements io.Closer.
func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.body.Close()
}
