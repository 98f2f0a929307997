package outbound

import (
	"context"
	"crypto/x509"
	"net"
	"sync"
	"time"
)

const (
	defaultTimeout  = 10 * time.Second
	maxAnswerHeader = 64 << 10
	idlePerHost     = 1024 // as many as may be in use for one
	idleAltogether  = 4096 // each holds a socket and little else; over TLS some 20 KiB
	idleTime        = 60 * time.Second
	reapPause       = time.Second      // so that connections are closed together
	pingAfter       = 15 * time.Second // an HTTP/2 connection that died silently is found out
)

// Options adjust a Client; the zero value is right for the program itself.
type Options struct {
	UserAgent string        // instead of "Parley"
	Timeout   time.Duration // of a request that names none; instead of 10 s
	RootCAs   *x509.CertPool
	Resolver  *net.Resolver

	// DialContext replaces every connection, for tests only: what it connects
	// to is not checked. In a testing/synctest bubble it hands out pipes.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Client sends requests where its policy permits. It is safe for concurrent use;
// one serves the whole process, so that connections are shared.
type Client struct {
	policy    Policy
	timeout   time.Duration
	userAgent string
	roots     *x509.CertPool

	checked net.Dialer // refuses addresses that the policy does not permit
	trusted net.Dialer // for hosts that the operator named
	replace func(ctx context.Context, network, addr string) (net.Conn, error)

	pool      pool
	exchanges sync.Pool // of *exchange
	two       speakers
	nobody    *identity // without a certificate
	shown     identities
}

// New makes a Client. End it with Close.
func New(p Policy, o Options) *Client {
	c := &Client{policy: p, timeout: o.Timeout, userAgent: o.UserAgent, roots: o.RootCAs, replace: o.DialContext}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.userAgent == "" {
		c.userAgent = "Parley"
	}
	c.trusted = net.Dialer{Timeout: defaultTimeout, Resolver: o.Resolver}
	c.checked = c.trusted
	c.checked.Control = c.refuse
	c.nobody = c.newIdentity(nil)
	return c
}

// Close ends idle connections, and connections in the making that no Send waits
// for any more. Call it when the last Send has returned.
func (c *Client) Close() {
	c.pool.close()
	c.nobody.transport.CloseIdleConnections()
	c.shown.close()
}
