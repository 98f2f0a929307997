package check_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"

	"parley/internal/outbound"
)

// serve runs a receiver that is reached over pipes, so that in a bubble its time is
// virtual. It gives what a check needs to connect to it.
func serve(t *testing.T, receiver http.Handler) outbound.Options {
	t.Helper()
	p := pipes{make(chan net.Conn), make(chan struct{}), nil}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	server := &http.Server{Handler: receiver, ErrorLog: log.New(io.Discard, "", 0)}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(p); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil { // waits for what is being hung up on
			t.Errorf("stop the receiver: %v", err)
		}
		serving.Wait()
	})
	return outbound.Options{DialContext: p.dial}
}

// pipes is a listener whose connections never leave the process.
type pipes struct {
	waiting chan net.Conn
	closed  chan struct{}
	close   func()
}

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.waiting <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.waiting:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error {
	p.close()
	return nil
}

func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
