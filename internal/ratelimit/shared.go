package ratelimit

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// Common is where processes keep the buckets that they share.
type Common interface {
	// Settle returns and takes tokens of buckets, which fill as the limit says, and
	// tells how many processes there are, this one included. It is all or nothing.
	Settle(ctx context.Context, limit Limit, asks []Ask) (nodes int, grants []Grant, err error)

	// Leave has this process counted no more.
	Leave(ctx context.Context) error
}

// Ask is what a process wants of a bucket.
type Ask struct {
	Name string
	Give int // tokens that it returns; less than 0: that it has used beyond what it was given
	Want int // tokens that it would like to have
}

// Grant is what it gets.
type Grant struct {
	Got  int
	Left float64 // what is in the bucket then
}

// How often a process settles, at most and at least while a bucket is used, and how
// often it tells that it is there.
const (
	settleSoonest = 10 * time.Millisecond
	settleEvery   = 100 * time.Millisecond
	beatEvery     = 2 * time.Second
)

// patience is how long a request waits for tokens until common is taken to be away, and
// settleLimit how long a process does.
const (
	patience    = time.Second
	settleLimit = 2 * time.Second
)

// maxAsks bounds how many buckets are settled at once.
const maxAsks = 500

// What all processes together may have in hand, and may lend before they ask, as parts
// of the quota: by so much the sum can be beyond the limit.
const (
	inHand = 0.05
	lent   = 0.02
)

// shared is the buckets that this process shares with others. The tokens of a bucket
// are in common; each process has a few in hand, from which requests are served without
// asking anybody, and returns what it does not use. A request waits only if its bucket
// is used up here and perhaps not there.
//
// While common does not answer, each process gives out its share of the limit, and
// settles that later.
type shared struct {
	limit   Limit
	common  Common
	logger  *slog.Logger
	buckets *otter.Cache[string, *bucket]
	kick    chan struct{}
	nodes   atomic.Int64
	outages atomic.Int64 // how often common went away
	away    atomic.Bool

	mu     sync.Mutex
	active []*bucket // those that have tokens in hand, or were used
}

// bucket is what this process has of one.
type bucket struct {
	name string

	mu      sync.Mutex
	stock   int // tokens in hand; less than 0: used beyond that
	spent   int // since it was settled
	most    int // that it tries to have in hand
	left    float64
	leftAt  time.Time // when so many were left in common; zero: not known yet
	dry     time.Time // before, common has no more
	active  bool
	waiting int
	settled chan struct{} // closed when it is settled; nil while nobody waits

	// While common is away.
	outage  int64 // of which share is
	share   float64
	shareAt time.Time
}

// Shared makes a limiter whose buckets this process shares with all others that have
// the same common ones: what they allow together is within a tenth of the limit, however
// requests are spread over them. [Limiter.Run] must run.
func Shared(limit Limit, common Common, logger *slog.Logger) *Limiter {
	s := &shared{
		limit: limit, common: common, logger: logger, kick: make(chan struct{}, 1),
		buckets: otter.Must(&otter.Options[string, *bucket]{MaximumSize: maxNames}),
	}
	s.nodes.Store(1)
	return &Limiter{limit: limit, shared: s}
}

func (s *shared) take(ctx context.Context, name string, now time.Time) State {
	b, ok := s.buckets.GetIfPresent(name)
	if !ok {
		b, _ = s.buckets.ComputeIfAbsent(name, func() (*bucket, bool) { return &bucket{name: name}, false })
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.active {
		b.active = true
		s.activate(b)
	}
	for waited := false; ; waited = true {
		switch {
		case s.away.Load():
			return s.takeShare(b, now)
		case b.stock > 0 || b.stock > -s.credit() && s.tokens(b, now) >= 1:
			b.stock--
			b.spent++
			if b.most > 0 && b.stock <= b.most/2 {
				s.hurry()
			}
			return s.limit.state(true, s.tokens(b, now))
		case waited || now.Before(b.dry):
			st := s.limit.state(false, min(s.tokens(b, now), 0))
			st.Retry = max(st.Retry, b.dry.Sub(now))
			return st
		case !s.await(ctx, b):
			s.lost(context.DeadlineExceeded)
		}
	}
}

// await waits until a bucket is settled, unless that takes too long.
func (s *shared) await(ctx context.Context, b *bucket) bool {
	if b.settled == nil {
		b.settled = make(chan struct{})
	}
	settled := b.settled
	b.waiting++
	b.mu.Unlock()
	s.hurry()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	done := true
	select {
	case <-settled:
	case <-ctx.Done():
	case <-timer.C:
		done = false
	}
	b.mu.Lock()
	b.waiting--
	return done
}

// takeShare takes a token of what this process gives out while it is on its own.
func (s *shared) takeShare(b *bucket, now time.Time) State {
	nodes := float64(s.nodes.Load())
	most := float64(s.limit.Quota) / nodes
	if outage := s.outages.Load(); b.outage != outage {
		b.outage, b.share, b.shareAt = outage, most, now
		if !b.leftAt.IsZero() {
			b.share = min(most, s.tokens(b, now)/nodes)
		}
	}
	if elapsed := now.Sub(b.shareAt); elapsed > 0 {
		b.share, b.shareAt = min(most, b.share+elapsed.Seconds()*s.limit.perSecond()/nodes), now
	}
	if b.share < 1 {
		st := s.limit.state(false, b.share)
		st.Retry = seconds((1 - b.share) * nodes / s.limit.perSecond())
		return st
	}
	b.share--
	b.stock--
	b.spent++
	return s.limit.state(true, b.share)
}

// tokens is about how many a bucket has, here and in common.
func (s *shared) tokens(b *bucket, now time.Time) float64 {
	left := float64(s.limit.Quota)
	if !b.leftAt.IsZero() {
		left = b.left + max(0, now.Sub(b.leftAt).Seconds())*s.limit.perSecond()
	}
	return min(float64(s.limit.Quota), max(0, left+float64(b.stock)))
}

// credit is how many tokens this process lends before it asks.
func (s *shared) credit() int {
	return int(lent * float64(s.limit.Quota) / float64(s.nodes.Load()))
}

// hurry has buckets settled soon.
func (s *shared) hurry() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *shared) activate(b *bucket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = append(s.active, b)
}

// lost notes that common does not answer.
func (s *shared) lost(err error) {
	if s.away.CompareAndSwap(false, true) {
		s.outages.Add(1)
		s.logger.Warn("ratelimit.alone", "error", err, "nodes", s.nodes.Load())
	}
}
