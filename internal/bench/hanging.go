package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// hangingEndpoints are the endpoints of which the last hangs.
const hangingEndpoints = 10

// measureHanging measures what an endpoint that never answers costs the others. It
// hangs in some phases and answers in others.
func measureHanging(ctx context.Context, r *run) (_ []Figure, err error) {
	const perSecond = 100
	phases := []behaviour{answers, hangs}
	if r.scale.rounds > 1 {
		phases = []behaviour{answers, hangs, hangs, answers} // so that a drift of the machine's concerns both
	}
	each := max(int(1.5*r.scale.duration.Seconds()*perSecond), perSecond/2)
	s, err := r.newStage(ctx, hangingEndpoints-1, 1+each*len(phases))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.warmUp(ctx); err != nil {
		return nil, err
	}
	line := newTimeline(s.ledger.events)
	took := map[behaviour][]time.Duration{}
	for i, b := range phases {
		p := paced{first: 1 + i*each, end: 1 + (i+1)*each, perSecond: perSecond}
		measured, err := s.hangingPhase(ctx, b, p, line)
		if err != nil {
			return nil, err
		}
		took[b] = append(took[b], measured...)
	}
	with, without := percentile(took[hangs], 99), percentile(took[answers], 99)
	how := fmt.Sprintf("from sending POST /v1/events to the event at the receiver; each event goes to all %d endpoints, %d phases in turn, the tenth answers in half of them and hangs in half, %s deliveries to the nine in each half; p50: %s, without %s",
		hangingEndpoints, len(phases), thousands(int64(len(took[hangs]))), milliseconds(percentile(took[hangs], 50)), milliseconds(percentile(took[answers], 50)))
	return []Figure{
		figure(fmt.Sprintf("%d endpoints, %d events/s, one hangs: p99 of the others", hangingEndpoints, perSecond), with.Seconds(), Seconds, how).
			against("without", without.Seconds()).atMost(1.2),
	}, nil
}

// hangingPhase adds a tenth endpoint that behaves in a way, publishes, gives the
// latencies of the nine, and removes the tenth.
func (s *stage) hangingPhase(ctx context.Context, b behaviour, p paced, line timeline) (took []time.Duration, err error) {
	tenth, err := newReceiver(newLedger(1, 0), 0) // what comes there does not count
	if err != nil {
		return nil, err
	}
	defer tenth.close()
	tenth.behave(b)
	id, err := s.addEndpoint(ctx, tenth.url, nil)
	if err != nil {
		return nil, err
	}
	if err := s.publishPaced(ctx, p, line); err != nil {
		return nil, err
	}
	if _, err := s.awaitArrival(ctx, int64(p.end*len(s.receivers))); err != nil {
		return nil, err
	}
	return s.latencies(p, line.asked, len(s.receivers)), s.api.do(ctx, http.MethodDelete, "/v1/webhooks/"+id, nil, nil)
}
