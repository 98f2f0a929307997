package eventlog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
)

// Follower reads one organization's log from a place that is stored for it. Kind
// and ID name it among the organization's followers.
type Follower struct {
	Kind  string
	ID    string
	Org   parley.OrganizationID
	Start int64 // where one begins that has no stored place yet

	// Handle acts on events, in order. What it does in tx is committed together
	// with the new place, or not at all; it must not talk to the network. An
	// error, or a crash, hands it the same events again.
	Handle func(ctx context.Context, tx *database.Tx, events []*parley.Event) error
}

// batch is how many events a follower is handed at most at once.
const batch = 100

// The time between two tries after a handler's error grows from retryFirst to retryMost.
const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 30 * time.Second
)

// Follow hands the follower every event until ctx ends. A handler's error is
// logged and tried again, with a pause that grows. Events that the log no longer keeps
// when their turn comes are passed over, and the log of the program says which.
func (l *Log) Follow(ctx context.Context, f Follower) error {
	cursor, err := l.Cursor(ctx, f)
	if err != nil {
		return err
	}
	pause := retryFirst
	for {
		events, err := l.Wait(ctx, f.Org, cursor, batch)
		if err == nil {
			l.reportMissed(f, cursor, events[0].Sequence)
			last := events[len(events)-1].Sequence
			err = l.db.Write(ctx, f.Org, func(ctx context.Context, tx *database.Tx) error {
				if err := f.Handle(ctx, tx, events); err != nil {
					return err
				}
				return SaveCursor(ctx, tx, f.Org, f.Kind, f.ID, last)
			})
			if err == nil {
				cursor, pause = last, retryFirst
				continue
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		l.logger.Warn("eventlog.follower_failed", "kind", f.Kind, "follower", f.ID, "org", f.Org, "seq", cursor+1, "again_in", pause, "error", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
		pause = min(2*pause, retryMost)
	}
}

// reportMissed says so if events that a follower was to be given next are no longer
// kept.
func (l *Log) reportMissed(f Follower, cursor, next int64) {
	if first, last, missed := Gap(cursor, next); missed {
		l.logger.Error("eventlog.events_missed", "kind", f.Kind, "follower", f.ID, "org", f.Org, "first", first, "last", last,
			"detail", "the log no longer keeps them: the follower had fallen too far behind")
	}
}

// Cursor is the stored place of a follower: everything up to it has been dealt
// with. One that has none yet is at its Start.
func (l *Log) Cursor(ctx context.Context, f Follower) (seq int64, err error) {
	err = l.db.Read().QueryRow(ctx, `
		select seq from cursors where org_id = $1 and kind = $2 and id = $3`,
		string(f.Org), f.Kind, f.ID).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return f.Start, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read cursor of %s %s: %w", f.Kind, f.ID, err)
	}
	return seq, nil
}

// Lag is how many events of the log lie beyond a follower's stored place.
func (l *Log) Lag(ctx context.Context, f Follower) (int64, error) {
	cursor, err := l.Cursor(ctx, f)
	if err != nil {
		return 0, err
	}
	head, err := l.Head(ctx, f.Org)
	return max(0, head-cursor), err
}

// SaveCursor stores a follower's place.
func SaveCursor(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind, id string, seq int64) error {
	_, err := tx.Exec(ctx, `
		insert into cursors (org_id, kind, id, seq, updated_at)
		values ($1, $2, $3, $4, $5)
		on conflict (org_id, kind, id) do update
		set seq = excluded.seq, updated_at = excluded.updated_at`,
		string(org), kind, id, seq, int64(parley.Now()))
	if err != nil {
		return fmt.Errorf("store cursor of %s %s: %w", kind, id, err)
	}
	return nil
}

// DeleteCursor forgets a follower's place.
func DeleteCursor(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind, id string) error {
	_, err := tx.Exec(ctx, "delete from cursors where org_id = $1 and kind = $2 and id = $3", string(org), kind, id)
	if err != nil {
		return fmt.Errorf("delete cursor of %s %s: %w", kind, id, err)
	}
	return nil
}
