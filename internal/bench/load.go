package bench

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
)

// load sends requests to a server over a number of connections, each as fast as it
// is answered.
type load struct {
	address     string // host:port
	connections int

	// next makes the next request of a connection in its buffer; ok is false when
	// the connection has no more to send.
	next func(connection int, buffer []byte) (request []byte, ok bool)
	// answered, if it is set, is told of each answer, which is a success.
	answered func(connection int)
}

// run sends until there is no more to send. It fails with the first connection that
// breaks and the first answer that is no success.
func (l load) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for i := range l.connections {
		running.Go(func() {
			if err := l.converse(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}

func (l load) converse(ctx context.Context, connection int) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.address)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	w := newWire(conn)
	var buffer []byte
	for ctx.Err() == nil {
		var ok bool
		if buffer, ok = l.next(connection, buffer[:0]); !ok {
			return nil
		}
		if err := w.exchange(buffer); err != nil {
			return fmt.Errorf("load: %w", err)
		}
		if l.answered != nil {
			l.answered(connection)
		}
	}
	return nil
}

// exchange sends a request and reads the answer, which must be a success.
func (w *wire) exchange(request []byte) error {
	if _, err := w.Write(request); err != nil {
		return err
	}
	h, err := w.readHead()
	if err != nil {
		return err
	}
	if h.status >= 200 && h.status <= 299 {
		return w.skipBody(h)
	}
	body, err := w.readBody(h)
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(request), "\r\n")
	return fmt.Errorf("%s was answered %d: %s", line, h.status, body[:min(len(body), 500)])
}

// appendRequest writes a request to a buffer; a nil body is none.
func appendRequest(buffer []byte, method, path, key string, body []byte) []byte {
	buffer = append(buffer, method...)
	buffer = append(buffer, ' ')
	buffer = append(buffer, path...)
	buffer = append(buffer, " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "...)
	buffer = append(buffer, key...)
	if body != nil {
		buffer = append(buffer, "\r\nContent-Type: application/json\r\nContent-Length: "...)
		buffer = strconv.AppendInt(buffer, int64(len(body)), 10)
	}
	buffer = append(buffer, "\r\n\r\n"...)
	return append(buffer, body...)
}
