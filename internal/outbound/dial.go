package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
)

var (
	errRefusedAddress = errors.New("the policy does not permit this address")
	errSlowHandshake  = errors.New("TLS handshake timeout")
	errUnsendable     = errors.New("the request cannot be sent")
)

// open connects to an exchange's target. While it has no connection the exchange
// says so, so that a time-out can say what it was that took so long.
func (c *Client) open(x *exchange) (*conn, error) {
	ctx, cancel := context.WithDeadline(x.ctx, x.deadline)
	defer cancel()
	x.connecting = true
	wire, err := c.connect(ctx, "tcp", x.target.address())
	if err != nil {
		return nil, err
	}
	x.connecting = false
	k := newConn(wire)
	if at := x.target.place(); at.secure {
		secured, err := secure(ctx, wire, x.target.url.Hostname(), c.identity(x.target))
		if err != nil {
			return nil, err
		}
		k.Conn = secured
	}
	return k, nil
}

// connect makes every connection there is.
func (c *Client) connect(ctx context.Context, network, addr string) (net.Conn, error) {
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

// secure makes TLS of a connection, and closes it if that does not work out.
func secure(ctx context.Context, wire net.Conn, host string, as *identity) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, defaultTimeout, errSlowHandshake)
	defer cancel()
	config := as.config.Clone()
	config.ServerName = host
	secured := tls.Client(wire, config)
	err := secured.HandshakeContext(ctx)
	if err == nil {
		return secured, nil
	}
	wire.Close()
	if errors.Is(context.Cause(ctx), errSlowHandshake) {
		err = errSlowHandshake
	}
	return nil, err
}

// agreed tells whether a receiver chose HTTP/2.
func agreed(conn net.Conn) bool {
	secured, ok := conn.(*tls.Conn)
	return ok && secured.ConnectionState().NegotiatedProtocol == "h2"
}
