package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// paced is a run of events that are published one by one at a steady pace.
type paced struct {
	first, end int // their numbers: up to but without end
	perSecond  int
}

// pacedConnections is how many requests can be under way, so that one that takes
// long delays no other.
const pacedConnections = 16

// timeline is when events were published, by their numbers, in the ledger's time.
type timeline struct{ asked, accepted []int64 }

func newTimeline(events int) timeline {
	return timeline{asked: make([]int64, events), accepted: make([]int64, events)}
}

// publishPaced publishes at a pace and notes when.
func (s *stage) publishPaced(ctx context.Context, p paced, line timeline) error {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		begun := time.Now()
		for n := p.first; n < p.end; n++ {
			due := begun.Add(time.Duration(n-p.first) * time.Second / time.Duration(p.perSecond))
			if sleep(ctx, time.Until(due)) != nil {
				return
			}
			select {
			case numbers <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	total := int64(p.end - p.first)
	tell := s.run.progress.step(fmt.Sprintf("publishing %s events, %d a second", thousands(total), p.perSecond), total)
	current := make([]int, pacedConnections)
	return load{
		address: s.address(), connections: pacedConnections,
		next: func(connection int, buffer []byte) ([]byte, bool) {
			n, ok := <-numbers
			if !ok {
				return buffer, false
			}
			current[connection] = n
			line.asked[n] = s.ledger.now()
			return appendRequest(buffer, "POST", "/v1/events", s.key, appendEvent(nil, n)), true
		},
		answered: func(connection int) {
			n := current[connection]
			line.accepted[n] = s.ledger.now()
			tell(int64(n - p.first))
		},
	}.run(ctx)
}

// latencies are how long events took to reach the first so many receivers, counted
// from given moments. What was delivered before such a moment took no time (it often
// is, before the answer that accepts it is read); what did not come took until now.
func (s *stage) latencies(p paced, since []int64, receivers int) (all []time.Duration) {
	now := s.ledger.now()
	for receiver := range receivers {
		for n := p.first; n < p.end; n++ {
			came := s.ledger.cameAt(receiver, n)
			if came == 0 {
				came = now
			}
			all = append(all, time.Duration(max(0, came-since[n])))
		}
	}
	return all
}

// measureLatency measures how long an event takes from being accepted to being
// received, while there is little to do.
func measureLatency(ctx context.Context, r *run) (_ []Figure, err error) {
	const perSecond = 50
	p := paced{first: 1, end: 1 + max(int(3*r.scale.duration.Seconds()*perSecond), perSecond/2), perSecond: perSecond}
	s, err := r.newStage(ctx, 1, p.end)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.warmUp(ctx); err != nil {
		return nil, err
	}
	line := newTimeline(p.end)
	stop, err := s.profile(ctx, "latency")
	if err != nil {
		return nil, err
	}
	if err := s.publishPaced(ctx, p, line); err != nil {
		return nil, err
	}
	if _, err := s.awaitArrival(ctx, int64(p.end)); err != nil {
		return nil, err
	}
	if err := stop(); err != nil {
		return nil, err
	}
	took, whole := s.latencies(p, line.accepted, 1), s.latencies(p, line.asked, 1)
	how := fmt.Sprintf("%d events at %d/s, from the answer to POST /v1/events to the event at the receiver (0 if it is there before the answer); from sending the request, so that storing is part of it: %s p50, %s p99",
		len(took), perSecond, milliseconds(percentile(whole, 50)), milliseconds(percentile(whole, 99)))
	return []Figure{
		figure("accepted to received at 50 events/s, p50", percentile(took, 50).Seconds(), Seconds, how).atMost(0.002),
		figure("accepted to received at 50 events/s, p99", percentile(took, 99).Seconds(), Seconds, how).atMost(0.010),
	}, nil
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f ms", 1000*d.Seconds()) }
