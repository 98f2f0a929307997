package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// stage is a world and the receivers of its endpoints.
type stage struct {
	*world
	ledger    *ledger
	receivers []*receiver
	endpoints []string // their ids
}

// newStage starts a world with endpoints, each of which has a receiver, for so many
// events in all.
func (r *run) newStage(ctx context.Context, endpoints, events int) (*stage, error) {
	w, err := r.startWorld(ctx)
	if err != nil {
		return nil, err
	}
	s := &stage{world: w, ledger: newLedger(endpoints, events)}
	for number := range endpoints {
		if err := s.addReceiver(ctx, number); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

func (s *stage) addReceiver(ctx context.Context, number int) error {
	r, err := newReceiver(s.ledger, number)
	if err != nil {
		return err
	}
	s.receivers = append(s.receivers, r)
	id, err := s.addEndpoint(ctx, r.url, nil)
	s.endpoints = append(s.endpoints, id)
	return err
}

// close ends the world first, while the receivers still answer.
func (s *stage) close() error {
	err := s.world.close()
	for _, r := range s.receivers {
		r.close()
	}
	return err
}

// arrivalLimit is how long to wait for deliveries that should take no longer than a
// load's duration. What has come by then is what counts.
func (r *run) arrivalLimit() time.Duration { return 10*r.scale.duration + 20*time.Second }

// awaitArrival waits until so many deliveries have come since the stage began, and
// tells when the last of them came.
func (s *stage) awaitArrival(ctx context.Context, total int64) (time.Time, error) {
	missing := total - s.ledger.count.Load()
	tell := s.run.progress.step(fmt.Sprintf("waiting for %s deliveries", thousands(missing)), missing)
	return s.ledger.wait(ctx, s.ledger.expect(total), s.run.arrivalLimit(), tell)
}

// warmUp publishes one event and waits until it has come everywhere: then every
// connection is open, and there is a body for the bare loop to send.
func (s *stage) warmUp(ctx context.Context) error {
	if err := s.publish(ctx, publication{first: 0, end: 1, batch: 1, connections: 1}, func(int64) {}); err != nil {
		return err
	}
	if _, err := s.awaitArrival(ctx, int64(len(s.receivers))); err != nil {
		return err
	}
	if s.ledger.sample.Load() == nil {
		return fmt.Errorf("nothing is delivered within %v", s.run.arrivalLimit())
	}
	return nil
}

// connections is how many connections the receivers had open at once since they
// were last asked.
func (s *stage) connections() (n int) {
	for _, r := range s.receivers {
		n += r.mostConnections()
	}
	return n
}

// bareLoop has the bare loop send to the stage's receivers, and tells what CPU time
// it used.
func (s *stage) bareLoop(ctx context.Context, connections int, d time.Duration) (answer loopAnswer, cpu time.Duration, err error) {
	order := loopOrder{Connections: connections, Body: *s.ledger.sample.Load(), Duration: d}
	for _, r := range s.receivers {
		order.URLs = append(order.URLs, r.url)
	}
	c, err := startChild(s.dir, roleLoop)
	if err != nil {
		return answer, 0, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	done := make(chan error, 1)
	go func() { done <- c.tell(ctx, order, &answer) }()
	waiting := s.run.progress.pause(ctx, "the bare loop", d)
	if err := errors.Join(<-done, waiting); err != nil {
		return answer, 0, err
	}
	used, err := usageOf(c.cmd.Process.Pid)
	return answer, used.cpu, err
}
