package outbound

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

const speakersKept = 4096

// speakers are the places that chose HTTP/2 when they were connected to last.
type speakers struct {
	mu sync.Mutex
	at map[place]struct{}
}

func (s *speakers) know(at place) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.at[at]
	return ok
}

// learn remembers a place, and forgets any other if there are too many: it will
// be found out again.
func (s *speakers) learn(at place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = make(map[place]struct{})
	}
	for other := range s.at {
		if len(s.at) < speakersKept {
			break
		}
		delete(s.at, other)
	}
	s.at[at] = struct{}{}
}

func (s *speakers) forget(at place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.at, at)
}

// newTransport makes what speaks HTTP/2. It speaks HTTP/1.1 too: to a receiver
// that has changed its mind, and for [Client.RoundTripper].
func (c *Client) newTransport(id *identity) *http.Transport {
	return &http.Transport{
		Proxy:       nil, // not even the environment's
		DialContext: c.connectFor,
		DialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return c.secureFor(ctx, network, addr, id)
		},
		DisableCompression:     true, // answers are thrown away or shown in part; never unpack one
		MaxIdleConns:           idleAltogether,
		MaxIdleConnsPerHost:    idlePerHost,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: maxAnswerHeader,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingAfter},
	}
}

// passage is the context of a request that a Transport makes, so that the
// connecting, which happens elsewhere and may go on after the request has ended,
// can tell it how far it got.
type passage struct {
	context.Context
	connecting atomic.Bool
	first      atomic.Pointer[conn] // made already, for whoever takes it
	place      place
}

type passageKey struct{}

// Value gives the passage itself for its key.
func (p *passage) Value(key any) any {
	if _, ok := key.(passageKey); ok {
		return p
	}
	return p.Context.Value(key)
}

func (c *Client) connectFor(ctx context.Context, network, addr string) (net.Conn, error) {
	if p, ok := ctx.Value(passageKey{}).(*passage); ok {
		p.connecting.Store(true)
		defer p.connecting.Store(false)
	}
	return c.connect(ctx, network, addr)
}

func (c *Client) secureFor(ctx context.Context, network, addr string, id *identity) (net.Conn, error) {
	p, ok := ctx.Value(passageKey{}).(*passage)
	if ok {
		if k := p.first.Swap(nil); k != nil {
			return k.Conn, nil
		}
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	wire, err := c.connectFor(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	secured, err := secure(ctx, wire, host, id)
	if err != nil {
		return nil, err
	}
	if ok && !agreed(secured) {
		c.two.forget(p.place)
	}
	return secured, nil
}

// overTwo makes an exchange with a receiver that speaks HTTP/2, over a connection
// that was made just now or any.
func (c *Client) overTwo(x *exchange, first *conn) Result {
	timed, cancel := context.WithDeadline(x.ctx, x.deadline)
	defer cancel()
	p := &passage{Context: timed, place: x.target.place()}
	p.first.Store(first)
	answer, err := c.identity(x.target).transport.RoundTrip(x.request(p))
	if k := p.first.Swap(nil); k != nil {
		k.close()
	}
	if err != nil {
		x.connecting = p.connecting.Load()
		return Result{Failure: x.explain(err)}
	}
	defer answer.Body.Close()
	location := answer.Header.Get("Location")
	return x.read(answer.StatusCode, telling(answer.Header), location, answer.Body)
}

// request shares nothing with the exchange: the Transport may still read it when
// the exchange is over.
func (x *exchange) request(p *passage) *http.Request {
	req := http.Request{
		Method:        x.method,
		URL:           x.target.url,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        make(http.Header, len(x.fields)),
		ContentLength: int64(len(x.body)),
	}
	for _, f := range x.fields {
		req.Header[f.name] = append(req.Header[f.name], f.value)
	}
	if body := x.body; len(body) > 0 {
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	return req.WithContext(p)
}
