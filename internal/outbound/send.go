package outbound

import (
	"context"
	"net/http"
	"time"
)

// Request is one request to a target.
type Request struct {
	Target *Target
	Method string // POST if empty

	// Body must never change afterwards: a receiver may answer before it has read
	// it all, and the rest may still be on its way when Send has returned.
	Body        []byte
	ContentType string // application/json if empty and there is a Body

	// Header goes with this request only, over the target's own. What frames the
	// message is left out of it; nothing is sent if a value could end its line.
	Header http.Header

	Timeout   time.Duration // of the whole exchange; the Client's if zero
	Signature *Signature    // nil: unsigned
}

// Signature asks for the three headers of the Standard Webhooks specification.
type Signature struct {
	ID        string // the webhook-id: the same for every attempt at one event
	Signer    *Signer
	Timestamp int64 // in Unix seconds; the moment of sending if zero
}

// Send makes one exchange and follows no redirect. Nothing is sent again that the
// receiver may have seen, unless the request itself says that it may be (GET, a
// header Idempotency-Key); the package's comment has the whole rule. Send returns
// within the time limit, which covers everything from DNS to the last byte of the
// answer, or soon after ctx is cancelled.
func (c *Client) Send(ctx context.Context, r *Request) Result {
	begun := time.Now()
	x, ok := c.exchanges.Get().(*exchange)
	if !ok {
		x = newExchange()
	}
	x.prepare(ctx, r, c.timeout, begun)
	result := c.exchange(x, r, begun)
	x.clear()
	c.exchanges.Put(x)
	result.Duration = time.Since(begun)
	return result
}

func (c *Client) exchange(x *exchange, r *Request, begun time.Time) Result {
	if err := x.collect(c.userAgent, r, begun); err != nil {
		return Result{Failure: x.explain(err)}
	}
	if err := x.ctx.Err(); err != nil {
		return Result{Failure: x.explain(err)}
	}
	at := x.target.place()
	if at.secure && c.two.know(at) {
		return c.overTwo(x, nil)
	}
	x.compose(r)
	if k := c.idle(at); k != nil {
		if result, again := c.over(k, x); !again {
			return result
		}
	}
	k, err := c.open(x)
	switch {
	case err != nil:
		return Result{Failure: x.explain(err)}
	case agreed(k.Conn):
		c.two.learn(at)
		return c.overTwo(x, k)
	}
	c.pool.enter(k, at)
	result, _ := c.over(k, x)
	return result
}

// idle gives a connection that was used before and lives.
func (c *Client) idle(at place) *conn {
	for {
		k := c.pool.take(at)
		if k == nil || k.alive() {
			return k
		}
		c.pool.discard(k)
	}
}
