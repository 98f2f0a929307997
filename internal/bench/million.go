package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"parley"
)

// largeLog gives a stopped world with many events in its log, the same each time it
// is asked.
func (r *run) largeLog(ctx context.Context) (*world, error) {
	if r.million != nil {
		return r.million, nil
	}
	w, err := r.startWorld(ctx)
	if err != nil {
		return nil, err
	}
	tell := r.progress.step(fmt.Sprintf("storing %s events", thousands(int64(r.scale.waiting))), int64(r.scale.waiting))
	if err := errors.Join(w.store(ctx, 0, r.scale.waiting, tell), w.stop()); err != nil {
		return nil, errors.Join(err, w.close())
	}
	r.million = w
	return w, nil
}

// What counts as nothing: more than this differs between two rests of one server
// that nothing is asked of.
const (
	noCPU    = 0.005 // of a core
	noMemory = 4     // MiB
)

// measureWaiting measures what a server spends on many events that wait for an
// endpoint that is down.
func measureWaiting(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.largeLog(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	before, err := w.rest(ctx, "at rest")
	if err != nil {
		return nil, err
	}
	id, err := w.addDeadEndpoint(ctx)
	if err != nil {
		return nil, err
	}
	after, err := w.rest(ctx, "at rest with a dead endpoint")
	if err != nil {
		return nil, err
	}
	if err := w.profileMemory(ctx, "waiting"); err != nil {
		return nil, err
	}
	var endpoint struct{ Lag int }
	if err := w.api.do(ctx, http.MethodGet, "/v1/webhooks/"+id, nil, &endpoint); err != nil {
		return nil, err
	}
	if endpoint.Lag < r.scale.waiting*99/100 { // some have been tried, and wait among the retries
		return nil, fmt.Errorf("only %d events wait", endpoint.Lag)
	}
	how := fmt.Sprintf("%s events wait for an endpoint that refuses connections and is failing; %v of rest and %v of measuring, without it and with it",
		thousands(int64(endpoint.Lag)), r.scale.settle, r.scale.settle)
	return []Figure{
		perhaps("events waiting for a dead endpoint, extra CPU", more(before.cores, after.cores), Cores, how+known("without: %.2f %% of a core", before.cores, 100)).atMost(noCPU),
		perhaps("events waiting for a dead endpoint, extra memory", more(before.own, after.own), Mebibytes, how+known("memory that is no pages of files; without: %.1f MiB", before.own, 1)).atMost(noMemory),
	}, w.api.do(ctx, http.MethodDelete, "/v1/webhooks/"+id, nil, nil)
}

// addDeadEndpoint adds an endpoint where nobody listens, for which all events of the
// log wait, and waits until it is failing.
func (w *world) addDeadEndpoint(ctx context.Context) (id string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := listener.Addr().String()
	listener.Close()
	if id, err = w.addEndpoint(ctx, "http://"+address+"/", map[string]any{"start": 1}); err != nil {
		return "", err
	}
	return id, w.awaitStatus(ctx, id, parley.EndpointFailing, failingLimit)
}

// rest lets the server come to rest and then measures it for as long.
func (w *world) rest(ctx context.Context, what string) (atRest, error) {
	if err := w.run.progress.pause(ctx, "coming to rest", w.run.scale.settle); err != nil {
		return atRest{}, err
	}
	before, err := w.usage()
	if err != nil {
		return atRest{}, err
	}
	if err := w.run.progress.pause(ctx, what, w.run.scale.settle); err != nil {
		return atRest{}, err
	}
	after, err := w.usage()
	return restOf(before, after, w.run.scale.settle), err
}

// known says a value, if it is known.
func known(format string, value *float64, times float64) string {
	if value == nil {
		return ""
	}
	return "; " + fmt.Sprintf(format, *value*times)
}

// measureStart measures how long a server with a large log takes to serve.
func measureStart(ctx context.Context, r *run) ([]Figure, error) {
	w, err := r.largeLog(ctx)
	if err != nil {
		return nil, err
	}
	const starts = 3
	var took []time.Duration
	for range starts {
		begun := time.Now()
		if err := w.start(ctx); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
		if err := w.stop(); err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	how := fmt.Sprintf("from starting the process to the answer to GET /v1/organization with a key, %s events in the log; the middle of %d starts",
		thousands(int64(r.scale.waiting)), starts)
	return []Figure{figure("start to serving, large log", took[starts/2].Seconds(), Seconds, how).atMost(1)}, nil
}
