package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley"
)

// failingLimit is how long an endpoint that is down may take to count as failing.
const failingLimit = time.Minute

// measureHeld measures how soon an endpoint that was down has everything that was
// held for it.
func measureHeld(ctx context.Context, r *run) (_ []Figure, err error) {
	s, err := r.newStage(ctx, 1, r.scale.held)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	endpoint := s.receivers[0]
	endpoint.behave(refuses)
	tell := r.progress.step("publishing events to an endpoint that is down", int64(r.scale.held))
	if err := s.store(ctx, 0, r.scale.held, tell); err != nil {
		return nil, err
	}
	if err := s.awaitStatus(ctx, s.endpoints[0], parley.EndpointFailing, failingLimit); err != nil {
		return nil, err
	}
	stop, err := s.profile(ctx, "held")
	if err != nil {
		return nil, err
	}
	endpoint.behave(answers)
	up := time.Now()
	over, err := s.awaitArrival(ctx, int64(r.scale.held))
	if err != nil {
		return nil, err
	}
	if missing := int64(r.scale.held) - s.ledger.count.Load(); missing > 0 {
		return nil, fmt.Errorf("%s events did not come within %v after the recovery", thousands(missing), r.arrivalLimit())
	}
	first := s.ledger.firstCame()
	interval := time.Duration(first - endpoint.refused.Load())
	how := fmt.Sprintf("%s events, the receiver is up again right after a failed attempt; the next, a probe, came %.2f s after it, and all was delivered %.2f s after the probe; the bound is that interval and 1 s",
		thousands(int64(r.scale.held)), interval.Seconds(), (time.Duration(s.ledger.lastCame()) - time.Duration(first)).Seconds())
	return []Figure{
		figure("held for an endpoint that was down: all delivered", over.Sub(up).Seconds(), Seconds, how).atMost((interval + time.Second).Seconds()),
	}, stop()
}
