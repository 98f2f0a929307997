package outbound

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/textproto"
	"sync/atomic"
	"time"
)

// Request is one request to a target.
type Request struct {
	Target *Target
	Method string // POST if empty

	// Body must never change afterwards: a receiver may answer before it has read
	// it all, and the rest may still be on its way when Send has returned.
	Body        []byte
	ContentType string // application/json if empty and there is a Body

	// Header goes with this request only, over the target's own. It is not
	// checked: it comes from the program, not from a user.
	Header http.Header

	Timeout   time.Duration // of the whole exchange; the Client's if zero
	Signature *Signature    // nil: unsigned
}

// Signature asks for the three headers of the Standard Webhooks specification.
type Signature struct {
	ID        string // the webhook-id: the same for every attempt at one event
	Signer    *Signer
	Timestamp int64 // in Unix seconds; the moment of sending if zero
}

// Send makes one exchange and follows no redirect. Nothing is sent again that the
// receiver may have seen, unless the request itself says that it may be (GET, a
// header Idempotency-Key). Send returns within the time limit, which covers
// everything from DNS to the last byte of the answer, or soon after ctx is
// cancelled.
func (c *Client) Send(ctx context.Context, r *Request) Result {
	begun := time.Now()
	limit := r.Timeout
	if limit <= 0 {
		limit = c.timeout
	}
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, end.Sub(begun))
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	x := &exchange{Context: timed, target: r.Target, limit: limit}
	result := c.exchange(x, r, begun)
	if result.Failure != nil && errors.Is(ctx.Err(), context.Canceled) {
		result.Failure = x.cancelled()
	}
	result.Duration = time.Since(begun)
	return result
}

// exchange is one Send under way. It is the context of its own request, so that
// the connecting, which happens elsewhere, can tell it how far it got.
type exchange struct {
	context.Context
	target *Target
	limit  time.Duration

	connecting atomic.Bool

	body   bytes.Reader
	values [4]string // of the headers set for this request alone
}

type exchangeKey struct{}

// Value gives the exchange itself for its key.
func (x *exchange) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return x
	}
	return x.Context.Value(key)
}

func (c *Client) exchange(x *exchange, r *Request, begun time.Time) Result {
	answer, err := c.transport.RoundTrip(x.request(r, begun))
	if err != nil {
		return Result{Failure: x.explain(err)}
	}
	defer answer.Body.Close()
	return x.read(answer)
}

// request is built by hand: parsing the URL and the context's copy that
// http.NewRequest and WithContext make cost as much as the signature.
func (x *exchange) request(r *Request, now time.Time) *http.Request {
	req := http.Request{
		Method:        r.Method,
		URL:           r.Target.url,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        x.header(r, now),
		ContentLength: int64(len(r.Body)),
	}
	if req.Method == "" {
		req.Method = http.MethodPost
	}
	if len(r.Body) > 0 {
		x.body.Reset(r.Body)
		req.Body = io.NopCloser(&x.body)
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
	}
	return req.WithContext(x)
}

func (x *exchange) header(r *Request, now time.Time) http.Header {
	h := make(http.Header, len(r.Target.header)+len(r.Header)+len(x.values))
	maps.Copy(h, r.Target.header)
	for name, values := range r.Header {
		h[textproto.CanonicalMIMEHeaderKey(name)] = values
	}
	if contentType := r.ContentType; contentType != "" || len(r.Body) > 0 {
		if contentType == "" {
			contentType = "application/json"
		}
		x.set(h, 0, "Content-Type", contentType)
	}
	if s := r.Signature; s != nil {
		unix := s.Timestamp
		if unix == 0 {
			unix = now.Unix()
		}
		timestamp, signature := s.Signer.Sign(s.ID, unix, r.Body)
		x.set(h, 1, "Webhook-Id", s.ID)
		x.set(h, 2, "Webhook-Timestamp", timestamp)
		x.set(h, 3, "Webhook-Signature", signature)
	}
	return h
}

func (x *exchange) set(h http.Header, i int, name, value string) {
	x.values[i] = value
	h[name] = x.values[i : i+1 : i+1]
}
