package api

import (
	"context"
	"net/http"
	"time"

	"parley"
)

// How long a request may wait for the database, which may hang, or have very much to
// read through. Some requests that change something have a limit of their own, which
// is shorter and says more.
const (
	readLimit  = 10 * time.Second
	writeLimit = 15 * time.Second
)

// patience is how long a request may take. When it ends, what the request waits for
// is cancelled, and the answer is 503.
type patience struct {
	limit  time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

func limited(r *http.Request) (context.Context, *patience) {
	ctx, cancel := context.WithCancelCause(r.Context())
	p := &patience{limit: writeLimit, cancel: cancel}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		p.limit = readLimit
	}
	p.timer = time.AfterFunc(p.limit, p.exhausted)
	return ctx, p
}

func (p *patience) exhausted() {
	err := parley.Errorf(parley.Unavailable, "The database did not give an answer within %d seconds. Try again shortly; if it is always this request, ask for less at once.", int(p.limit.Seconds()))
	err.RetryAfter = time.Second
	p.cancel(err)
}

// begin starts anew.
func (p *patience) begin() { p.timer.Reset(p.limit) }

// lift lets the request take as long as it likes.
func (p *patience) lift() { p.timer.Stop() }

// end ends the request, which has been answered.
func (p *patience) end() {
	p.timer.Stop()
	p.cancel(nil)
}
