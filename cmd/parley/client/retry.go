package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	pauseFirst = 250 * time.Millisecond
	pauseMost  = 10 * time.Second
)

// Retry repeats what fails and may succeed, with pauses that grow, and are as long as
// the server asks for at least.
type Retry struct {
	// Broken is told why something failed, and when it is tried again.
	Broken func(cause error, again time.Duration)

	pause time.Duration
}

// Do calls do until it succeeds. It gives the error of ctx if that ends before, or an
// answer that would be the same again.
func (r Retry) Do(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		if err := r.wait(ctx, err); err != nil {
			return err
		}
	}
}

// wait lets the pause after an error go by, or gives the error if it is final.
func (r *Retry) wait(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if final(err) {
		return err
	}
	if r.pause == 0 {
		r.pause = pauseFirst
	}
	again := max(r.pause, retryAfter(err))
	if r.Broken != nil {
		r.Broken(err, again)
	}
	r.pause = min(2*r.pause, pauseMost) - rand.N(r.pause/4)
	select {
	case <-time.After(again):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// restart makes the next pause the shortest again.
func (r *Retry) restart() { r.pause = 0 }

func retryAfter(err error) time.Duration {
	var p *Problem
	if errors.As(err, &p) {
		return p.RetryAfter
	}
	return 0
}
