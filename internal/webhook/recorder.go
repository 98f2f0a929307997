package webhook

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/store"
)

const (
	// flushEvery is how long a record waits for others at most.
	flushEvery = 20 * time.Millisecond
	// flushAt is how many records do not wait for others.
	flushAt = 500
	// flushMost is how many records go into one transaction.
	flushMost = 2000
	// maxPending is how many records may wait; then deliveries do.
	maxPending = 10_000

	flushAgainFirst = 100 * time.Millisecond
	flushAgainMost  = 5 * time.Second
)

// recorder writes the records of attempts, and the cursors that go with them, in
// batches. A cursor is never written before the records of what it has passed.
type recorder struct {
	db     *database.DB
	logger *slog.Logger

	mu      sync.Mutex
	pending []record
	drained chan struct{} // closed when there is room again; nil if there is
	wake    chan struct{}
}

// record is an attempt, and where its endpoint's cursor stood then. One without an
// attempt only moves the cursor, or, of an endpoint that is gone, deletes what was
// recorded after it was deleted.
type record struct {
	runner  *runner
	attempt store.Attempt
	cursor  int64
	pass    int64
	hold    parley.Time // until when the receiver asked for patience; 0: it did not just now
}

func newRecorder(db *database.DB, logger *slog.Logger) *recorder {
	return &recorder{db: db, logger: logger, wake: make(chan struct{}, 1)}
}

// add takes a record. The caller holds the runner's lock.
func (rec *recorder) add(r *runner, a store.Attempt, cursor int64) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.pending = append(rec.pending, record{runner: r, attempt: a, cursor: cursor, pass: r.pass.Load(), hold: r.asked})
	r.asked = 0
	n := len(rec.pending)
	if n >= maxPending && rec.drained == nil {
		rec.drained = make(chan struct{})
	}
	if n == 1 || n == flushAt {
		select {
		case rec.wake <- struct{}{}:
		default:
		}
	}
}

// of gives the deliveries of a runner whose last attempt has yet to be written, and
// whether they are to be tried again.
func (rec *recorder) of(r *runner) map[int64]bool {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	found := map[int64]bool{}
	for i := range rec.pending {
		if a := &rec.pending[i].attempt; rec.pending[i].runner == r && a.Seq != 0 {
			found[a.Seq] = a.State == parley.Retrying
		}
	}
	return found
}

// has tells whether there are records of a runner that have yet to be written.
func (rec *recorder) has(r *runner) bool {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return slices.ContainsFunc(rec.pending, func(p record) bool { return p.runner == r })
}

// room waits while too many records are pending, and tells whether there is room
// before the engine stops.
func (rec *recorder) room(stopped <-chan struct{}) bool {
	rec.mu.Lock()
	drained := rec.drained
	rec.mu.Unlock()
	if drained == nil {
		return true
	}
	select {
	case <-drained:
		return true
	case <-stopped:
		return false
	}
}

func (rec *recorder) backlog() int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return len(rec.pending)
}

// run writes until ctx ends, then what is left.
func (rec *recorder) run(ctx context.Context) {
	again := flushAgainFirst
	for {
		select {
		case <-rec.wake:
		case <-ctx.Done():
			rec.last(ctx)
			return
		}
		rec.gather(ctx)
		for rec.backlog() > 0 && ctx.Err() == nil {
			if err := rec.flush(context.WithoutCancel(ctx)); err != nil {
				rec.logger.Warn("webhook.flush_failed", "error", err, "again_in", again)
				sleep(ctx.Done(), again)
				again = min(2*again, flushAgainMost)
				continue
			}
			again = flushAgainFirst
		}
	}
}

// last writes what is left. What cannot be written stays.
func (rec *recorder) last(ctx context.Context) {
	for rec.backlog() > 0 {
		if err := rec.flush(context.WithoutCancel(ctx)); err != nil {
			rec.logger.Warn("webhook.records_left", "count", rec.backlog(), "error", err)
			return
		}
	}
}

// catchUp writes what an engine before this one has left, but for endpoints that are
// gone. It comes before everything else.
func (rec *recorder) catchUp(ctx context.Context, endpoints *endpoint.Endpoints) error {
	if rec.backlog() == 0 {
		return nil
	}
	versions, err := endpoints.Versions(ctx)
	if err != nil {
		return err
	}
	rec.pending = slices.DeleteFunc(rec.pending, func(r record) bool {
		_, there := versions[r.runner.name]
		return !there
	})
	for rec.backlog() > 0 {
		if err := rec.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// gather waits a moment for more records, unless there are many.
func (rec *recorder) gather(ctx context.Context) {
	timer := time.NewTimer(flushEvery)
	defer timer.Stop()
	for rec.backlog() < flushAt {
		select {
		case <-rec.wake:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (rec *recorder) flush(ctx context.Context) error {
	rec.mu.Lock()
	batch := rec.pending[:min(len(rec.pending), flushMost)]
	rec.mu.Unlock()
	if err := rec.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, batch) }); err != nil {
		return err
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.pending = append([]record(nil), rec.pending[len(batch):]...)
	if len(rec.pending) < maxPending && rec.drained != nil {
		close(rec.drained)
		rec.drained = nil
	}
	return nil
}

func write(ctx context.Context, tx *database.Tx, batch []record) error {
	last := map[*runner]*record{}
	for i := range batch {
		b := &batch[i]
		switch gone := b.runner.gone.Load(); {
		case gone && b.attempt.Seq == 0:
			if err := store.DeleteAttempts(ctx, tx, b.runner.name.Org, b.runner.name.ID); err != nil {
				return err
			}
		case gone:
		case b.attempt.Seq != 0:
			store.InsertAttempt(ctx, tx, &b.attempt)
		}
		if b.hold != 0 {
			store.Hold(ctx, tx, b.runner.name.Org, endpoint.Kind, b.runner.name.ID, b.hold)
		}
		last[b.runner] = b
	}
	for r, b := range last {
		tx.Queue(ctx, `
			update cursors set seq = $4, updated_at = $5
			where org_id = $1 and kind = $2 and id = $3 and seq < $4 and pass = $6`,
			string(r.name.Org), endpoint.Kind, string(r.name.ID), b.cursor, int64(parley.Now()), b.pass)
	}
	return nil
}

// sleep waits, and tells whether it was not ended meanwhile.
func sleep(ended <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ended:
		return false
	}
}
