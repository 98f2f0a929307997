package outbound

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
)

const maxTrailer = 4 << 10

// settle finds out how the body ends.
func (a *answer) settle(method string) {
	switch {
	case method == http.MethodHead, a.status < 200, a.status == http.StatusNoContent, a.status == http.StatusNotModified:
		a.chunked, a.length = false, 0
	case a.chunked:
		// Both at once is how answers are smuggled: the connection ends with this one.
		a.closes = a.closes || a.length >= 0
		a.chunks = httputil.NewChunkedReader(a.x.in)
	case a.length < 0:
		a.closes = true
	}
	a.done = !a.chunked && a.length == 0
	a.closes = a.closes || a.status == http.StatusSwitchingProtocols
}

// Read reads the body.
func (a *answer) Read(p []byte) (n int, err error) {
	switch {
	case a.done:
		return 0, io.EOF
	case a.chunked:
		return a.readChunks(p)
	case a.length < 0:
		return a.x.in.Read(p)
	}
	if int64(len(p)) > a.length {
		p = p[:a.length]
	}
	n, err = a.x.in.Read(p)
	a.length -= int64(n)
	if a.length == 0 {
		a.done = true
		return n, io.EOF
	}
	return n, early(err)
}

func (a *answer) readChunks(p []byte) (n int, err error) {
	n, err = a.chunks.Read(p)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if err := a.x.skipTrailer(); err != nil {
		return n, err
	}
	a.done = true
	return n, io.EOF
}

// skipTrailer reads the fields that may follow the last chunk. In the framing of
// chunks every line ends in one way only.
func (x *exchange) skipTrailer() error {
	x.budget = min(x.budget, maxTrailer)
	for {
		line, err := x.line()
		if err != nil {
			return err
		}
		if len(line) == 0 && x.strict {
			return nil
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); !ok || !x.strict || !token(name) || !printable(value) {
			return malformed(line)
		}
	}
}
