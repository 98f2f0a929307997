package outbound

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	bufferSize = 4 << 10
	bufferKept = 20 << 10 // a buffer that grew larger is not used again
)

// exchange is one Send under way. It is used for one after the other, with its
// buffers.
type exchange struct {
	ctx      context.Context
	target   *Target
	method   string
	body     []byte
	limit    time.Duration
	deadline time.Time

	connecting bool // has not come further

	fields []field
	out    []byte // the request's head
	in     *bufio.Reader
	long   []byte // a line that is longer than in's buffer
	budget int    // bytes that the answer's head may still have
	strict bool   // the line read last ended with CR and LF
	answer answer
	begun  bool // something came of the answer
}

func newExchange() *exchange { return &exchange{in: bufio.NewReaderSize(nil, bufferSize)} }

// prepare begins an exchange. The limit is the request's, the client's or what
// the context leaves of it.
func (x *exchange) prepare(ctx context.Context, r *Request, limit time.Duration, now time.Time) {
	if r.Timeout > 0 {
		limit = r.Timeout
	}
	x.deadline = now.Add(limit)
	if end, ok := ctx.Deadline(); ok && end.Before(x.deadline) {
		x.deadline, limit = end, end.Sub(now)
	}
	x.ctx, x.target, x.body, x.limit = ctx, r.Target, r.Body, max(limit, 0)
	x.connecting = false
	x.method = r.Method
	if x.method == "" {
		x.method = http.MethodPost
	}
}

// clear lets go of everything but the buffers.
func (x *exchange) clear() {
	clear(x.fields[:cap(x.fields)])
	x.in.Reset(nil)
	if cap(x.out) > bufferKept {
		x.out = nil
	}
	if cap(x.long) > bufferKept {
		x.long = nil
	}
	*x = exchange{fields: x.fields[:0], out: x.out[:0], long: x.long[:0], in: x.in}
}

// over makes the exchange over a connection. It tells whether to make it again
// over a new one: see [Client.Send] for when that may be.
func (c *Client) over(k *conn, x *exchange) (result Result, again bool) {
	sent, err := x.ask(k)
	if err == nil {
		err = x.readHead()
	}
	if err != nil {
		c.pool.discard(k)
		n, _ := sent.ended()
		return Result{Failure: x.explain(err)}, k.reused && x.mayRepeat(n, err)
	}
	var body io.Reader = http.NoBody
	if !x.answer.done {
		body = &x.answer
	}
	result = x.read(x.answer.status, x.answer.header, x.answer.location, body)
	if _, err := sent.stopped(k); err != nil || !x.answer.done || x.answer.closes || x.in.Buffered() > 0 {
		c.pool.discard(k)
		return result, false
	}
	k.end()
	k.patience = x.answer.patience
	c.pool.keep(k)
	return result, false
}

// ask writes the request. What a connection may not take at once is written
// while the answer is read: a receiver may answer before it has read it all.
func (x *exchange) ask(k *conn) (sent sending, err error) {
	x.in.Reset(k)
	x.begun = false
	if err = k.begin(x.ctx, x.deadline); err != nil {
		return sent, err
	}
	if len(x.out)+len(x.body) > k.room {
		return x.askAside(k), nil
	}
	head := len(x.out)
	x.out = append(x.out, x.body...)
	n, err := k.Write(x.out)
	x.out = x.out[:head]
	sent.n = int64(n)
	return sent, err
}

func (x *exchange) askAside(k *conn) sending {
	sent := sending{aside: make(chan sending, 1)}
	parts := net.Buffers{x.out, x.body}
	go func() {
		n, err := parts.WriteTo(k.Conn)
		sent.aside <- sending{n: n, err: err}
	}()
	return sent
}

// sending is a request that is written, or is being written aside.
type sending struct {
	n     int64
	err   error
	aside chan sending // nil if it is written
}

// stopped waits for the end of the writing, which is not given any more time.
func (s sending) stopped(k *conn) (n int64, err error) {
	if s.aside != nil {
		if err := k.SetWriteDeadline(longAgo()); err != nil {
			k.abort()
		}
	}
	return s.ended()
}

// ended waits for the end of the writing.
func (s sending) ended() (n int64, err error) {
	if s.aside != nil {
		s = <-s.aside
	}
	return s.n, s.err
}

// mayRepeat tells whether an exchange that failed over a connection used before
// may be made again: the receiver has closed the connection while it was idle and
// has seen nothing of the request, or may see it twice.
func (x *exchange) mayRepeat(written int64, err error) bool {
	if x.begun || x.expired() || errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	return written == 0 || x.repeatable()
}

// repeatable tells whether the request says of itself that it may come twice.
func (x *exchange) repeatable() bool {
	switch x.method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	for _, f := range x.fields {
		if f.name == "Idempotency-Key" || f.name == "X-Idempotency-Key" {
			return true
		}
	}
	return false
}

// expired tells whether there is no time left, or the caller has given up.
func (x *exchange) expired() bool {
	return x.ctx.Err() != nil || !time.Now().Before(x.deadline)
}
