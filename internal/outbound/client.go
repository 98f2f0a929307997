package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	defaultTimeout  = 10 * time.Second
	maxAnswerHeader = 64 << 10
	idlePerHost     = 256
	idleAltogether  = 4096 // each idle connection holds some 20 KiB
	idleTime        = 60 * time.Second
	sessionsKept    = 1024
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
	transport *http.Transport

	checked net.Dialer // refuses addresses that the policy does not permit
	trusted net.Dialer // for hosts that the operator named
	replace func(ctx context.Context, network, addr string) (net.Conn, error)
}

// New makes a Client. End it with Close.
func New(p Policy, o Options) *Client {
	c := &Client{policy: p, timeout: o.Timeout, userAgent: o.UserAgent, replace: o.DialContext}
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	if c.userAgent == "" {
		c.userAgent = "Parley"
	}
	c.trusted = net.Dialer{Timeout: defaultTimeout, Resolver: o.Resolver}
	c.checked = c.trusted
	c.checked.Control = c.refuse
	c.transport = newTransport(c.connect, o.RootCAs)
	return c
}

func newTransport(dial func(context.Context, string, string) (net.Conn, error), roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:       nil, // not even the environment's
		DialContext: dial,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            roots,
			ClientSessionCache: tls.NewLRUClientSessionCache(sessionsKept),
		},
		TLSHandshakeTimeout:    defaultTimeout,
		DisableCompression:     true, // answers are thrown away or shown in part; never unpack one
		MaxIdleConns:           idleAltogether,
		MaxIdleConnsPerHost:    idlePerHost,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: maxAnswerHeader,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingAfter},
	}
}

// Close ends idle connections, and connections in the making that no Send waits
// for any more. Call it when the last Send has returned.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// connect leaves a mark on the exchange that asked while the connection is made,
// so that a time-out can say what it was that took so long.
func (c *Client) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		x.connecting.Store(true)
		defer x.connecting.Store(false)
	}
	if c.replace != nil {
		return c.replace(ctx, network, addr)
	}
	return c.dial(ctx, network, addr)
}

// dial is told the name that it connects to, which the check of an address
// cannot see: so this is where the operator's named hosts are let through.
func (c *Client) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("connect to %q: %w", addr, err)
	}
	if c.policy.trusts(host) {
		return c.trusted.DialContext(ctx, network, addr)
	}
	return c.checked.DialContext(ctx, network, addr)
}

var errRefusedAddress = errors.New("the policy does not permit this address")

// refuse sees each address after DNS has answered and before anything is sent to
// it: what a name led to a moment ago does not matter.
func (c *Client) refuse(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %q", errRefusedAddress, address)
	}
	if network != "tcp4" && network != "tcp6" || !c.policy.permits(to.Addr()) {
		return fmt.Errorf("%w: %s", errRefusedAddress, to.Addr())
	}
	return nil
}
