// Package ratelimit lets each caller do so much and no more: a token bucket per
// name, kept in this process, for a bounded number of names.
package ratelimit

import (
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

// Limiter holds the buckets of one limit.
type Limiter struct {
	limit   Limit
	buckets *otter.Cache[string, *rate.Limiter]
}

// New makes a limiter.
func New(limit Limit) *Limiter {
	return &Limiter{limit, otter.Must(&otter.Options[string, *rate.Limiter]{MaximumSize: maxNames})}
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

// Take takes one token from the bucket of a name, if there is one.
func (l *Limiter) Take(name string, now time.Time) State {
	perSecond := float64(l.limit.Quota) / l.limit.Window.Seconds()
	bucket, _ := l.buckets.ComputeIfAbsent(name, func() (*rate.Limiter, bool) {
		return rate.NewLimiter(rate.Limit(perSecond), l.limit.Quota), false
	})
	allowed := bucket.AllowN(now, 1)
	tokens := bucket.TokensAt(now)
	s := State{
		Allowed: allowed, Remaining: int(max(0, math.Floor(tokens))),
		Reset: seconds((float64(l.limit.Quota) - tokens) / perSecond),
	}
	if !allowed {
		s.Retry = seconds((1 - tokens) / perSecond)
	}
	return s
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
