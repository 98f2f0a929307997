package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"strconv"
)

// wire reads HTTP/1.1 messages from a connection: as much of it as the programs
// here speak with each other.
type wire struct {
	net.Conn
	in *bufio.Reader
}

func newWire(conn net.Conn) *wire { return &wire{conn, bufio.NewReaderSize(conn, 4<<10)} }

// head is what must be known of a message's head to go on.
type head struct {
	status  int // of an answer
	length  int
	chunked bool
}

// readHead reads up to the empty line that ends a head.
func (w *wire) readHead() (h head, err error) {
	for first := true; ; first = false {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first:
			h.status = statusOf(line)
		case len(line) == 0:
			return h, nil
		default:
			err = h.take(line)
		}
		if err != nil {
			return h, err
		}
	}
}

// statusOf is the status in an answer's first line, 0 if it is a request's.
func statusOf(line []byte) int {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !ok || len(rest) < 3 {
		return 0
	}
	status, _ := strconv.Atoi(string(rest[:3]))
	return status
}

// take notes a line of a head.
func (h *head) take(line []byte) (err error) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	switch {
	case len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")):
		if h.length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || h.length < 0 {
			return fmt.Errorf("the length %q of a message is no number", value)
		}
	case len(name) == len("Transfer-Encoding") && bytes.EqualFold(name, []byte("Transfer-Encoding")):
		h.chunked = true
	}
	return nil
}

// readBody reads the body that follows a head. It is valid until the next read.
func (w *wire) readBody(h head) ([]byte, error) {
	switch {
	case h.chunked:
		body, err := io.ReadAll(httputil.NewChunkedReader(w.in))
		if err == nil {
			_, err = w.in.ReadSlice('\n') // the empty line after the last chunk
		}
		return body, err
	case h.length > w.in.Size():
		body := make([]byte, h.length)
		_, err := io.ReadFull(w.in, body)
		return body, err
	default:
		body, err := w.in.Peek(h.length)
		if err == nil {
			_, err = w.in.Discard(h.length)
		}
		return body, err
	}
}

// skipBody reads over a body that nobody wants to see.
func (w *wire) skipBody(h head) error {
	if h.chunked {
		_, err := w.readBody(h)
		return err
	}
	_, err := w.in.Discard(h.length)
	return err
}
