// Package pipe is a network inside a test: connections never leave the process, so
// that time may pass in a testing/synctest bubble while nobody sends anything.
package pipe

import (
	"context"
	"net"
	"sync"
)

// Listener is a [net.Listener] that Dial connects to.
type Listener struct {
	waiting chan net.Conn
	closed  chan struct{}
	close   func()
}

// Listen makes a Listener.
func Listen() *Listener {
	p := &Listener{waiting: make(chan net.Conn), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

// Dial connects to the listener, whatever the address. It waits until the connection
// is accepted, ctx ends or the listener is closed.
func (p *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.waiting <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: net.ErrClosed}
	}
}

// Accept implements net.Listener.
func (p *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *Listener) Close() error {
	p.close()
	return nil
}

// Addr implements net.Listener.
func (p *Listener) Addr() net.Addr { return address{} }

type address struct{}

func (address) Network() string { return "pipe" }
func (address) String() string  { return "pipe" }
