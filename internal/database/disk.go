package database

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// calm is how long nothing may have been refused before a disk that takes
	// something counts as one that has room: a small change may still fit where a
	// larger one does not.
	calm = time.Second
	// sayAgain is the time between two log lines about the same trouble.
	sayAgain = time.Minute
)

// disk knows whether the disk takes what is written to it.
type disk struct {
	log     *slog.Logger
	refuses atomic.Bool

	mu    sync.Mutex
	cause error // of the last refusal
	at    time.Time
	said  time.Time
}

// answered notes the result of a write.
func (d *disk) answered(err error) {
	if err == nil || !isFull(err) && !isDisk(err) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cause, d.at = err, time.Now()
	d.refuses.Store(true)
	if d.at.Sub(d.said) >= sayAgain {
		d.said = d.at
		d.log.Error("database.disk_refuses", "error", err, "said_again_in", sayAgain)
	}
}

// took notes that a change is on the disk.
func (d *disk) took() {
	if !d.refuses.Load() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cause == nil || time.Since(d.at) < calm {
		return
	}
	d.cause, d.said = nil, time.Time{}
	d.refuses.Store(false)
	d.log.Info("database.disk_takes_again")
}

func (d *disk) refusal() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cause
}

// Writable tells why the disk refuses changes, and nil if it does not as far as is
// known: it goes by the writes of the last time. If one was refused, it makes a
// change of its own, so that room is noticed though nobody else writes.
func (db *DB) Writable(ctx context.Context) error {
	if !db.disk.refuses.Load() {
		return nil
	}
	err := db.Record(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, db.engine.Touch())
		return err
	})
	if err != nil {
		return err
	}
	return db.disk.refusal()
}
