package webhook

import (
	"context"
	"fmt"
	"log/slog"
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
	room    sync.Cond // of mu
	pending []record
	held    map[held]int // records not written yet
	wake    chan struct{}
}

// record is an attempt, and where its endpoint's cursor stood then. One without an
// attempt only moves the cursor.
type record struct {
	runner     *runner
	attempt    store.Attempt
	cursor     int64
	generation int
}

type held struct {
	runner *runner
	seq    int64
}

func newRecorder(db *database.DB, logger *slog.Logger) *recorder {
	rec := &recorder{db: db, logger: logger, held: map[held]int{}, wake: make(chan struct{}, 1)}
	rec.room.L = &rec.mu
	return rec
}

// add takes a record. The caller holds the runner's lock.
func (rec *recorder) add(r *runner, a store.Attempt, cursor int64) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.pending = append(rec.pending, record{r, a, cursor, r.generation})
	if a.Seq != 0 {
		rec.held[held{r, a.Seq}]++
	}
	if n := len(rec.pending); n == 1 || n == flushAt {
		select {
		case rec.wake <- struct{}{}:
		default:
		}
	}
}

// holds tells whether an attempt of a delivery has yet to be written.
func (rec *recorder) holds(r *runner, seq int64) bool {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return rec.held[held{r, seq}] > 0
}

// throttle waits while too many records are pending.
func (rec *recorder) throttle() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	for len(rec.pending) > maxPending {
		rec.room.Wait()
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
			for rec.backlog() > 0 {
				if err := rec.flush(context.WithoutCancel(ctx)); err != nil {
					rec.logger.Error("webhook.records_lost", "count", rec.backlog(), "error", err,
						"detail", "these deliveries were made, and will be made again after the next start")
					return
				}
			}
			return
		}
		rec.gather(ctx)
		for rec.backlog() > 0 && ctx.Err() == nil {
			if err := rec.flush(context.WithoutCancel(ctx)); err != nil {
				rec.logger.Warn("webhook.flush_failed", "error", err, "again_in", again)
				sleep(ctx, again)
				again = min(2*again, flushAgainMost)
				continue
			}
			again = flushAgainFirst
		}
	}
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
	for _, b := range batch {
		h := held{b.runner, b.attempt.Seq}
		if rec.held[h]--; rec.held[h] <= 0 {
			delete(rec.held, h)
		}
	}
	rec.pending = append([]record(nil), rec.pending[len(batch):]...)
	rec.room.Broadcast()
	return nil
}

func write(ctx context.Context, tx *database.Tx, batch []record) error {
	last := map[*runner]*record{}
	for i := range batch {
		b := &batch[i]
		if b.runner.gone.Load() {
			continue
		}
		if b.attempt.Seq != 0 {
			if err := store.InsertAttempt(ctx, tx, &b.attempt); err != nil {
				return err
			}
		}
		last[b.runner] = b
	}
	for r, b := range last {
		_, err := tx.Exec(ctx, `
			update cursors set seq = $4, updated_at = $5
			where org_id = $1 and kind = $2 and id = $3 and seq < $4`,
			string(r.name.Org), endpoint.Kind, string(r.name.ID), b.cursor, int64(parley.Now()))
		if err != nil {
			return fmt.Errorf("store cursor of %s: %w", r.name.ID, err)
		}
	}
	return nil
}

// sleep waits, and tells whether ctx has not ended meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
