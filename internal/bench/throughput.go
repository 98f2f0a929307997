package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// mostBareConnections are the most that the bare loop has open: it gets slower with
// more.
const mostBareConnections = 256

// contest is Parley and the bare loop taking turns at delivering.
type contest struct {
	*stage
	perRound int // events
	parley   rate
	bare     rate
	most     int // connections
	rounds   int
}

// contestants starts a stage for a contest with so many events for each second of
// the load's duration.
func (r *run) contestants(ctx context.Context, endpoints, eventsPerSecond int) (*contest, error) {
	perRound := max(int(float64(eventsPerSecond)*r.scale.duration.Seconds())/r.scale.rounds, 100)
	s, err := r.newStage(ctx, endpoints, 1+perRound*r.scale.rounds)
	if err != nil {
		return nil, err
	}
	c := &contest{stage: s, perRound: perRound}
	if err := c.warmUp(ctx); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// delivering has Parley deliver the events with numbers from first up to end. What is
// to be done before, if anything, is not measured.
type delivering struct {
	before  func(ctx context.Context, first, end int) error
	measure func(ctx context.Context, first, end int) error
}

// compete has Parley deliver a round's events and then the bare loop send for a
// while, until all rounds are over.
func (c *contest) compete(ctx context.Context, name string, deliver delivering) error {
	each := max(c.run.scale.duration/time.Duration(c.run.scale.rounds), 200*time.Millisecond)
	for range c.run.scale.rounds {
		first := 1 + c.rounds*c.perRound
		if err := c.turn(ctx, name, deliver, first, first+c.perRound); err != nil {
			return err
		}
		sent, cpu, err := c.bareLoop(ctx, c.most, each)
		if err != nil {
			return err
		}
		c.bare.add(sent.Sent, sent.Took, cpu)
		c.rounds++
	}
	return nil
}

// turn is Parley's. What has come until everything has, or until it is too late,
// counts.
func (c *contest) turn(ctx context.Context, name string, deliver delivering, first, end int) error {
	came := c.ledger.count.Load()
	c.connections()
	if deliver.before != nil {
		if err := deliver.before(ctx, first, end); err != nil {
			return err
		}
	}
	stop, err := c.profile(ctx, name)
	if err != nil {
		return err
	}
	before, err := c.usage()
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := deliver.measure(ctx, first, end); err != nil {
		return err
	}
	over, err := c.awaitArrival(ctx, int64(end*len(c.receivers)))
	if err != nil {
		return err
	}
	if err := sleep(ctx, recordsTake); err != nil {
		return err
	}
	after, err := c.usage()
	c.parley.add(c.ledger.count.Load()-came, over.Sub(begun), after.cpu-before.cpu)
	c.most = min(max(c.most, c.connections()), mostBareConnections)
	return errors.Join(err, stop())
}

// recordsTake is how long the server may take to record the last deliveries, which
// is part of their cost.
const recordsTake = 200 * time.Millisecond

// how says how it was measured.
func (c *contest) how(what string) string {
	s := fmt.Sprintf("%s; %s deliveries of %d bytes in %s in turn with the bare loop, which has %d connections%s",
		what, thousands(c.parley.count), len(*c.ledger.sample.Load()), inRounds(c.rounds), c.most, cost("a delivery", c.parley, c.bare))
	if again := c.ledger.again.Load() - c.bare.count; again > 0 {
		s += fmt.Sprintf("; %d came twice", again)
	}
	if missing := int64(len(c.ledger.came)) - c.ledger.count.Load(); missing > 0 {
		s += fmt.Sprintf("; %s did not come in time", thousands(missing))
	}
	return s
}

func inRounds(n int) string {
	if n == 1 {
		return "one round"
	}
	return fmt.Sprintf("%d rounds", n)
}

// cost compares the CPU time of two processes for one of what they did.
func cost(one string, parley, bare rate) string {
	if parley.cpu == 0 || bare.cpu == 0 {
		return ""
	}
	each := func(r rate) float64 { return float64(r.cpu.Microseconds()) / float64(r.count) }
	return fmt.Sprintf("; CPU time for %s: Parley's %.0f µs, the other's %.0f µs", one, each(parley), each(bare))
}

func (c *contest) figure(name, what string, bound float64) Figure {
	return figure(name, c.parley.perSecond(), PerSecond, c.how(what)).against("bare loop", c.bare.perSecond()).atLeast(bound)
}

// measureBacklog measures how fast an endpoint is sent what was held for it.
func measureBacklog(ctx context.Context, r *run) (_ []Figure, err error) {
	c, err := r.contestants(ctx, 1, 25_000)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.compete(ctx, "backlog", delivering{before: c.holdBack, measure: c.resume}); err != nil {
		return nil, err
	}
	return []Figure{c.figure("deliveries of a backlog, one endpoint",
		"from resuming a paused endpoint, with the events stored, to the last delivery", 0.75)}, nil
}

// holdBack pauses the endpoint and stores events for it.
func (c *contest) holdBack(ctx context.Context, first, end int) error {
	if err := c.tellEndpoint(ctx, c.endpoints[0], "pause"); err != nil {
		return err
	}
	tell := c.run.progress.step(fmt.Sprintf("storing %s events", thousands(int64(end-first))), int64(end-first))
	return c.store(ctx, first, end, tell)
}

func (c *contest) resume(ctx context.Context, _, _ int) error {
	return c.tellEndpoint(ctx, c.endpoints[0], "resume")
}

// measureBatches measures events from the request that publishes them, with others,
// to their delivery.
func measureBatches(ctx context.Context, r *run) ([]Figure, error) {
	return r.measureEndToEnd(ctx, endToEnd{
		scenario: "batches", name: "end to end, batches of 100", batch: 100, connections: 8, eventsPerSecond: 20_000, bound: 0.6,
	})
}

// measureSingle measures events from the request that publishes each alone to their
// delivery.
func measureSingle(ctx context.Context, r *run) ([]Figure, error) {
	return r.measureEndToEnd(ctx, endToEnd{
		scenario: "single", name: "end to end, one event a request", batch: 1, connections: 64, eventsPerSecond: 8_000, bound: 0.35,
	})
}

// endToEnd is a way of publishing, and what is to be reached with it.
type endToEnd struct {
	scenario, name     string
	batch, connections int
	eventsPerSecond    int // roughly, to choose their number
	bound              float64
}

func (r *run) measureEndToEnd(ctx context.Context, e endToEnd) (_ []Figure, err error) {
	c, err := r.contestants(ctx, 1, e.eventsPerSecond)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.compete(ctx, e.scenario, c.publishing(e.batch, e.connections)); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("from the first POST /v1/events (%d to a request, %d connections) to the last delivery to one endpoint", e.batch, e.connections)
	return []Figure{c.figure(e.name, what, e.bound)}, nil
}

// publishing publishes a round's events.
func (c *contest) publishing(batch, connections int) delivering {
	return delivering{measure: func(ctx context.Context, first, end int) error {
		tell := c.run.progress.step(fmt.Sprintf("publishing %s events", thousands(int64(end-first))), int64(end-first))
		return c.publish(ctx, publication{first, end, batch, connections}, tell)
	}}
}

// fanOut is how many endpoints each event goes to.
const fanOut = 10

// measureFanOut measures deliveries of each event to ten endpoints, and what they
// cost.
func measureFanOut(ctx context.Context, r *run) (_ []Figure, err error) {
	c, err := r.contestants(ctx, fanOut, 2_500)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.compete(ctx, "fanout", c.publishing(100, 8)); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("from the first POST /v1/events (100 to a request, 8 connections) to the last delivery to %d endpoints", fanOut)
	var used *float64
	if c.parley.cpu > 0 && c.parley.count > 0 {
		used = new(c.parley.cpu.Seconds() * 1000 / float64(c.parley.count))
	}
	return []Figure{
		c.figure(fmt.Sprintf("fan-out 1 to %d, deliveries", fanOut), what, 0.75),
		perhaps("CPU time for 1,000 deliveries, fan-out", used, Seconds,
			"CPU time of the server alone, publishing and records included, over the deliveries of the fan-out").atMost(0.06),
	}, nil
}
