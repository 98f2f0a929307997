package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// hangingEndpoints are the endpoints of which the last hangs, hangingPace is how many
// events a second each is sent.
const (
	hangingEndpoints = 10
	hangingPace      = 100
)

// measureHanging measures what an endpoint that never answers costs the others. It
// hangs in some phases and answers in others.
func measureHanging(ctx context.Context, r *run) (_ []Figure, err error) {
	phases := []behaviour{answers, hangs}
	if r.scale.rounds > 1 {
		phases = []behaviour{answers, hangs, hangs, answers} // so that a drift of the machine's concerns both
	}
	each := max(int(1.5*r.scale.duration.Seconds()*hangingPace), hangingPace/2)
	cold := each / 3 // events before the first phase: connections open and windows grow
	s, err := r.newStage(ctx, hangingEndpoints-1, 1+cold+each*len(phases))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.warmUp(ctx); err != nil {
		return nil, err
	}
	line := newTimeline(s.ledger.events)
	if err := s.hangingPhase(ctx, answers, paced{first: 1, end: 1 + cold, perSecond: hangingPace}, line); err != nil {
		return nil, err
	}
	took, whole := map[behaviour][]time.Duration{}, map[behaviour][]time.Duration{}
	for i, b := range phases {
		first := 1 + cold + i*each
		p := paced{first: first, end: first + each, perSecond: hangingPace}
		if err := s.hangingPhase(ctx, b, p, line); err != nil {
			return nil, err
		}
		took[b] = append(took[b], s.latencies(p, line.accepted, len(s.receivers))...)
		whole[b] = append(whole[b], s.latencies(p, line.asked, len(s.receivers))...)
	}
	return []Figure{hangingFigure(len(phases), took, whole)}, nil
}

// hangingFigure compares the nine's latencies while the tenth hangs with those while
// it answers: took is since the event was accepted, whole since it was sent.
func hangingFigure(phases int, took, whole map[behaviour][]time.Duration) Figure {
	p99 := func(of map[behaviour][]time.Duration, b behaviour) time.Duration { return percentile(of[b], 99) }
	how := fmt.Sprintf("from the answer to POST /v1/events to the event at the receiver; each event goes to all %d endpoints, %d phases in turn, the tenth answers in half of them and hangs in half, %s deliveries to the nine in each half; from sending the request: %s, without %s",
		hangingEndpoints, phases, thousands(int64(len(took[hangs]))), milliseconds(p99(whole, hangs)), milliseconds(p99(whole, answers)))
	return figure(fmt.Sprintf("%d endpoints, %d events/s, one hangs: p99 of the others", hangingEndpoints, hangingPace), p99(took, hangs).Seconds(), Seconds, how).
		against("without", p99(took, answers).Seconds()).atMost(1.2)
}

// hangingPhase adds a tenth endpoint that behaves in a way, publishes until the nine
// have everything, and removes the tenth.
func (s *stage) hangingPhase(ctx context.Context, b behaviour, p paced, line timeline) error {
	tenth, err := newReceiver(newLedger(1, 0), 0) // what comes there does not count
	if err != nil {
		return err
	}
	defer tenth.close()
	tenth.behave(b)
	id, err := s.addEndpoint(ctx, tenth.url, nil)
	if err != nil {
		return err
	}
	if err := s.publishPaced(ctx, p, line); err != nil {
		return err
	}
	if _, err := s.awaitArrival(ctx, int64(p.end*len(s.receivers))); err != nil {
		return err
	}
	return s.api.do(ctx, http.MethodDelete, "/v1/webhooks/"+id, nil, nil)
}
