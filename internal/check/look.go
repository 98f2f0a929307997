package check

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"parley/internal/outbound"
)

// look is what came of an event, and what can be seen of the connection.
type look struct {
	outbound.Result
	tls    *tls.ConnectionState // nil over plain http
	reused bool                 // the connection was open before
	size   int                  // of the answer's body
	long   bool                 // it was cut off at the size
}

// look delivers an event over the connections of the standard library, which can
// be looked at. It takes redirects for answers.
func (e *exam) look(ctx context.Context, v event) look {
	begun := time.Now()
	var l look
	var reused atomic.Bool // connecting goes on elsewhere
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
	})
	request, err := http.NewRequestWithContext(traced, http.MethodPost, e.url, bytes.NewReader(v.body))
	if err != nil {
		panic("check: a URL that was checked: " + err.Error()) // cannot fail
	}
	request.Header = e.signed(v)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", e.userAgent)
	if err := l.read(e.client.RoundTripper().RoundTrip(request)); err != nil {
		l.fail(err)
	}
	l.reused, l.Duration = reused.Load(), time.Since(begun)
	return l
}

func (l *look) read(answer *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	l.Status, l.tls = answer.StatusCode, answer.TLS
	size, err := io.Copy(io.Discard, answer.Body)
	l.size = int(size)
	return err
}

// fail keeps why there is no whole answer. One that is too long counts as whole.
func (l *look) fail(err error) {
	var failure *outbound.Failure
	switch {
	case !errors.As(err, &failure):
		l.Failure = &outbound.Failure{Kind: outbound.Protocol, Message: err.Error(), Err: err}
	case failure.Kind == outbound.TooLarge && l.Status != 0:
		l.long = true
	default:
		l.Failure = failure
	}
}
