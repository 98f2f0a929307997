package outbound

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	maxAnswerRead = 64 << 10
	maxAnswerKept = 4 << 10
	maxRetryAfter = 24 * time.Hour
)

// Result is what came of one Send.
type Result struct {
	Status     int           // 0 if no answer began
	Body       []byte        // the first 4 KiB
	Header     http.Header   // Content-Type, Retry-After, Server and X-Request-Id, as far as they came
	RetryAfter time.Duration // as the receiver asked, at most 24 h; 0 if it did not
	Duration   time.Duration
	Failure    *Failure // nil if an answer came whole, whatever its status
}

// OK tells whether the receiver took the request: a whole answer with a 2xx
// status. An answer longer than 64 KiB counts as whole; its rest is not read.
func (r Result) OK() bool {
	return r.Failure == nil && r.Status >= 200 && r.Status <= 299
}

// read takes in an answer whose head has come.
func (x *exchange) read(status int, header http.Header, location string, body io.Reader) Result {
	result := Result{Status: status, Header: header}
	if value := header.Get("Retry-After"); value != "" {
		result.RetryAfter = retryAfter(value, time.Now())
	}
	if status == http.StatusSwitchingProtocols {
		result.Failure = x.switched()
		return result
	}
	var err error
	result.Body, err = readBody(body)
	switch {
	case status >= 300 && status <= 399:
		result.Failure = x.redirected(status, location)
	case err != nil:
		result.Failure = x.explain(err)
	}
	return result
}

// telling keeps the headers that help to understand an answer. It keeps them in
// the map that came, as a new one for each answer would cost more than it saves.
func telling(h http.Header) http.Header {
	for name := range h {
		switch name {
		case "Content-Type", "Retry-After", "Server", "X-Request-Id":
		default:
			delete(h, name)
		}
	}
	return h
}

// buffers are what answers are read into: the part to keep and more.
var buffers = sync.Pool{New: func() any { return new([2 * maxAnswerKept]byte) }}

// readBody reads until the answer ends or has gone on for 64 KiB. What is left
// of a longer one is dropped with its connection.
func readBody(body io.Reader) (kept []byte, err error) {
	if body == http.NoBody {
		return nil, nil
	}
	buf := buffers.Get().(*[2 * maxAnswerKept]byte)
	defer buffers.Put(buf)

	n, err := readUntilFull(body, buf[:maxAnswerKept])
	kept = bytes.Clone(buf[:n])
	for total := n; err == nil && total <= maxAnswerRead; total += n {
		n, err = body.Read(buf[:])
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return kept, err
}

func readUntilFull(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var more int
		more, err = r.Read(b[n:])
		n += more
	}
	return n, err
}

// retryAfter reads seconds or an HTTP date, counted from now. What cannot be read
// or has passed is 0.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}
