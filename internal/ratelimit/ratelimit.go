// Package ratelimit lets each caller do so much and no more: a token bucket per
// name, kept in this process, for a bounded number of names. Several processes can
// share their buckets: see [Shared].
package ratelimit

import (
	"context"
	"math"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// maxNames bounds the buckets in memory; the one longest unused goes first, which
// only ever gives its owner a full bucket again.
const maxNames = 100_000

// Limit is how much one name may do: Quota requests per Window, all at once or
// spread out. A Quota of 0 is no limit.
type Limit struct {
	Quota  int
	Window time.Duration
}

// perSecond is how fast a bucket fills.
func (l Limit) perSecond() float64 { return float64(l.Quota) / l.Window.Seconds() }

// Limiter holds the buckets of one limit.
type Limiter struct {
	limit   Limit
	buckets *otter.Cache[string, *rate.Limiter]
	shared  *shared // nil: this process has the buckets alone
}

// New makes a limiter whose buckets are this process's own.
func New(limit Limit) *Limiter {
	return &Limiter{limit: limit, buckets: otter.Must(&otter.Options[string, *rate.Limiter]{MaximumSize: maxNames})}
}

// Limit is the limiter's limit.
func (l *Limiter) Limit() Limit { return l.limit }

// State is how a bucket stands after a request.
type State struct {
	Allowed   bool
	Remaining int           // requests that would be allowed now
	Reset     time.Duration // until the bucket is full again
	Retry     time.Duration // if refused: until the next is allowed
}

// Take takes one token from the bucket of a name, if there is one. Where buckets are
// shared it may wait a moment, for as long as ctx allows.
func (l *Limiter) Take(ctx context.Context, name string, now time.Time) State {
	if l.shared != nil {
		return l.shared.take(ctx, name, now)
	}
	bucket, _ := l.buckets.ComputeIfAbsent(name, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Limit(l.limit.perSecond()), l.limit.Quota), false
	})
	allowed := bucket.AllowN(now, 1)
	return l.limit.state(allowed, bucket.TokensAt(now))
}

// state tells how a bucket with so many tokens stands.
func (l Limit) state(allowed bool, tokens float64) State {
	s := State{
		Allowed: allowed, Remaining: int(max(0, math.Floor(tokens))),
		Reset: seconds((float64(l.Quota) - tokens) / l.perSecond()),
	}
	if !allowed {
		s.Retry = seconds((1 - tokens) / l.perSecond())
	}
	return s
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
