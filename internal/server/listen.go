package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
)

// listen opens the address. Its errors name what is wrong with the address and
// what to do about it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if err == nil {
		return listener, nil
	}
	_, port, splitErr := net.SplitHostPort(addr)
	switch {
	case splitErr != nil:
		return nil, fmt.Errorf("listen on %q: it is not an address like :8080 or 127.0.0.1:8080", addr)
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s: port %s is in use: choose another with --addr", addr, port)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("listen on %s: port %s needs more rights than this user has: choose one from 1024 up with --addr", addr, port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return nil, fmt.Errorf("listen on %s: this machine does not have that address: choose another with --addr", addr)
	}
	var network *net.OpError
	if errors.As(err, &network) {
		err = network.Err // the rest repeats the address
	}
	return nil, fmt.Errorf("listen on %s: %w", addr, err)
}
