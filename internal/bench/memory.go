package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
)

// measureIdle measures the memory of a server with the demo organization, of which
// nothing is asked.
func measureIdle(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.plantDemo(ctx); err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	idle, err := w.rest(ctx, "idle")
	if err != nil {
		return nil, err
	}
	if err := w.profileMemory(ctx, "idle"); err != nil {
		return nil, err
	}
	how := fmt.Sprintf("resident memory of a server started on the demo organization's data, after %v", 2*r.scale.settle) +
		known("it uses %.2f %% of a core", idle.cores, 100)
	return []Figure{perhaps("idle server, demo organization, memory", idle.resident, Mebibytes, how).atMost(60)}, nil
}

// measureEndpoints measures the memory that endpoints need of which nothing is asked.
func measureEndpoints(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.startWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.restart(ctx); err != nil {
		return nil, err
	}
	before, err := w.rest(ctx, "idle")
	if err != nil {
		return nil, err
	}
	if err := w.addIdleEndpoints(ctx, r.scale.idle); err != nil {
		return nil, err
	}
	if err := w.restart(ctx); err != nil {
		return nil, err
	}
	after, err := w.rest(ctx, "idle, with endpoints")
	if err != nil {
		return nil, err
	}
	if err := w.profileMemory(ctx, "endpoints"); err != nil {
		return nil, err
	}
	const whole, bound = 10_000, 20
	how := fmt.Sprintf("memory that is no pages of files, %v after a start with them, over that after a start without", 2*r.scale.settle) +
		known("without: %.1f MiB", before.own, 1)
	return []Figure{perhaps(thousands(int64(r.scale.idle))+" idle endpoints, memory", more(before.own, after.own), Mebibytes, how).
		atMost(bound * float64(r.scale.idle) / whole)}, nil
}

// addIdleEndpoints adds endpoints for which nothing is ever published.
func (w *world) addIdleEndpoints(ctx context.Context, count int) error {
	tell := w.run.progress.step(fmt.Sprintf("adding %s endpoints", thousands(int64(count))), int64(count))
	var next, added atomic.Int64
	return load{
		address: w.address(), connections: 16,
		next: func(_ int, buffer []byte) ([]byte, bool) {
			number := next.Add(1)
			if number > int64(count) {
				return buffer, false
			}
			body := `{"url":"http://127.0.0.1:9/idle/` + strconv.FormatInt(number, 10) + `","event_types":["custom.idle"]}`
			return appendRequest(buffer, "POST", "/v1/webhooks", w.key, []byte(body)), true
		},
		answered: func(int) { tell(added.Add(1)) },
	}.run(ctx)
}
