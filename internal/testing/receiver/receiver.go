// Package receiver is a webhook receiver that misbehaves on request, for tests:
// it records every request in the order of arrival and answers as its script
// says, over real HTTP on loopback or, in a testing/synctest bubble, over pipes.
//
//	r := receiver.New(t)
//	r.Answer(503, "Retry-After", "120").Times(2).Then().Reset().Then().Answer(204)
//	… deliver to r.URL …
//	r.Wait(t, 4)
//
// It answers 204 until told otherwise. It ends with its test.
package receiver

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley/internal/testing/pipe"
)

const (
	patience        = 10 * time.Second
	virtualPatience = 10 * 24 * time.Hour // in a bubble days pass in an instant
)

// Receiver answers HTTP requests by its script and remembers them. It is safe
// for concurrent use.
type Receiver struct {
	// URL is where to send requests, without a path.
	URL string
	Script

	patience time.Duration
	closing  chan struct{} // releases what hangs
	dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	roots    *x509.CertPool
	door     door

	mu       sync.Mutex
	script   steps
	requests []Request
	arrived  chan struct{} // closed and replaced when a request arrives
	inFlight int
	most     int
	verifier *standardwebhooks.Webhook
	refused  int
}

// New starts a Receiver on a loopback port.
func New(t testing.TB) *Receiver {
	r := newReceiver()
	server := r.server()
	server.Start()
	r.serve(t, server)
	return r
}

// NewTLS starts a Receiver on a loopback port that speaks HTTP/2 and HTTP/1.1
// over TLS. Its certificate is for example.com and loopback addresses; RootCAs trusts it.
func NewTLS(t testing.TB) *Receiver {
	r := newReceiver()
	server := r.server()
	server.EnableHTTP2 = true
	server.StartTLS()
	r.roots = x509.NewCertPool()
	r.roots.AddCert(server.Certificate())
	r.serve(t, server)
	return r
}

func (r *Receiver) server() *httptest.Server {
	server := httptest.NewUnstartedServer(r)
	server.Config.ErrorLog = quiet()
	r.door.Listener = server.Listener
	server.Listener = &r.door
	return server
}

func (r *Receiver) serve(t testing.TB, server *httptest.Server) {
	r.URL = server.URL
	t.Cleanup(func() {
		close(r.closing)
		server.CloseClientConnections()
		server.Close()
	})
}

// InMemory starts a Receiver that is reached only by its DialContext, for tests
// within a testing/synctest bubble: t must be the bubble's. Its URL is http://.
func InMemory(t testing.TB) *Receiver { return InMemoryAt(t, "receiver.example.com") }

// InMemoryAt is InMemory for a test with several receivers: each has a host of its
// own, and Network connects to them by it.
func InMemoryAt(t testing.TB, host string) *Receiver {
	r := newReceiver()
	r.URL = "http://" + host
	r.patience = virtualPatience
	pipes := pipe.Listen()
	r.door.Listener = pipes
	r.dial = pipes.Dial

	server := &http.Server{Handler: r, ErrorLog: quiet()}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(&r.door); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("receiver: %v", err)
		}
	})
	t.Cleanup(func() {
		close(r.closing)
		if err := server.Close(); err != nil {
			t.Errorf("stop the receiver: %v", err)
		}
		serving.Wait()
	})
	return r
}

func newReceiver() *Receiver {
	r := &Receiver{
		patience: patience,
		closing:  make(chan struct{}),
		arrived:  make(chan struct{}),
	}
	r.Script = Script{receiver: r}
	return r
}

// DialContext connects to the Receiver, whatever the address says.
func (r *Receiver) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	if r.dial != nil {
		if r.door.isShut() {
			return nil, errRefused()
		}
		return r.dial(ctx, network, addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", r.host())
}

func (r *Receiver) host() string { return r.URL[strings.LastIndexByte(r.URL, '/')+1:] }

// Network gives a DialContext that connects to the receiver whose host is dialled,
// and finds no other host.
func Network(receivers ...*Receiver) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		for _, r := range receivers {
			if addr == r.host() || addr == r.host()+":80" {
				return r.DialContext(ctx, network, addr)
			}
		}
		return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
	}
}

// RootCAs trusts the certificate of a Receiver made by NewTLS; nil otherwise.
func (r *Receiver) RootCAs() *x509.CertPool { return r.roots }

// ServeHTTP records a request and answers it as the script says.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the sender went away: nothing arrived
	}
	act := r.record(req, body)
	defer r.leave()
	act(w, req)
}

func (r *Receiver) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inFlight--
}

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
