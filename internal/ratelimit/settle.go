package ratelimit

import (
	"context"
	"time"
)

// Run settles with the other processes that share the buckets, until ctx ends. A limiter
// whose buckets are its own has nothing to settle.
func (l *Limiter) Run(ctx context.Context) error {
	if l.shared == nil || l.limit.Quota == 0 {
		<-ctx.Done()
		return nil
	}
	return l.shared.run(ctx)
}

func (s *shared) run(ctx context.Context) error {
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	var told time.Time // that this process is there
	for ctx.Err() == nil {
		if all := s.settlings(); len(all) > 0 || time.Since(told) >= beatEvery {
			told = time.Now()
			s.settle(ctx, all)
		}
		select {
		case <-time.After(settleSoonest):
		case <-ctx.Done():
		}
		select {
		case <-tick.C:
		case <-s.kick:
		case <-ctx.Done():
		}
	}
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	if err := s.common.Leave(leaving); err != nil {
		s.logger.Warn("ratelimit.leave_failed", "error", err)
	}
	return nil
}

// settling is a bucket that is being settled.
type settling struct {
	*bucket
	ask  Ask
	debt int // tokens that were used beyond those in hand
}

// settlings are the buckets that have something to settle. What is returned is taken
// from them already; a bucket that has nothing more to settle rests.
func (s *shared) settlings() (all []settling) {
	s.mu.Lock()
	buckets := s.active
	s.active = nil
	s.mu.Unlock()
	later := buckets[min(len(buckets), maxAsks):]
	for _, b := range buckets[:len(buckets)-len(later)] {
		b.mu.Lock()
		if b.active = b.spent > 0 || b.stock != 0 || b.waiting > 0; b.active {
			all = append(all, s.ask(b))
		}
		b.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = append(s.active, later...)
	for _, b := range all {
		s.active = append(s.active, b.bucket)
	}
	return all
}

// ask says what is to be settled of a bucket: it is to have in hand what is needed until
// the next time, and no more.
func (s *shared) ask(b *bucket) settling {
	share := float64(s.limit.Quota) / float64(s.nodes.Load())
	b.most = 0
	if b.spent > 0 || b.waiting > 0 {
		b.most = min(2*b.spent+1, int(inHand*share))
	}
	b.spent = 0
	a := settling{bucket: b, debt: max(0, -b.stock)}
	a.ask = Ask{Name: b.name, Want: max(0, b.most-max(b.stock, 0)) + b.waiting}
	switch {
	case b.stock > b.most:
		a.ask.Give = b.stock - b.most
		b.stock = b.most
	case b.stock < 0: // after a long time alone a part is forgiven: nobody is to wait for it
		a.ask.Give = max(b.stock, -int(share)-1)
	}
	return a
}

// settle settles buckets, and has those who wait go on.
func (s *shared) settle(ctx context.Context, all []settling) {
	asks := make([]Ask, len(all))
	for i, b := range all {
		asks[i] = b.ask
	}
	limited, cancel := context.WithTimeout(ctx, settleLimit)
	nodes, grants, err := s.common.Settle(limited, s.limit, asks)
	cancel()
	switch {
	case err == nil:
		s.nodes.Store(int64(max(1, nodes)))
		if s.away.CompareAndSwap(true, false) {
			s.logger.Info("ratelimit.together", "nodes", nodes)
		}
	case ctx.Err() == nil:
		s.lost(err)
	}
	now := time.Now()
	for i, b := range all {
		b.mu.Lock()
		if err != nil {
			b.stock += max(0, b.ask.Give)
		} else {
			b.granted(grants[i], now)
		}
		if b.settled != nil {
			close(b.settled)
			b.settled = nil
		}
		b.mu.Unlock()
	}
}

// granted adds what a bucket got.
func (b settling) granted(g Grant, now time.Time) {
	b.stock += b.debt + g.Got
	b.left, b.leftAt = g.Left, now
	if g.Got < b.ask.Want {
		b.dry = now.Add(settleEvery)
	}
}
