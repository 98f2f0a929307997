package eventlog

import (
	"context"
	"encoding/json"
	"fmt"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// An erasure is the one thing that alters events: their data loses what it told of a
// person, and all else stays. It goes like this: the rows are rewritten, piece by piece
// ([Log.Rewrite]); then the place up to which that happened is noted ([Log.Erase]).
// Every process learns of that place within [PollEvery], drops what it keeps of the log
// up to there, and keeps nothing of it ever after. Until then it may give the events as
// they were.

// Rewrite gives events other data, in a transaction. Whoever does so calls Erase when
// all is done.
func (l *Log) Rewrite(ctx context.Context, tx *database.Tx, org parley.OrganizationID, data map[int64]json.RawMessage) {
	for seq, d := range data {
		tx.Queue(ctx, "update events set data = $3 where org_id = $1 and seq = $2", string(org), seq, string(d))
	}
}

// Erase notes that events up to a place were rewritten.
func (l *Log) Erase(ctx context.Context, tx *database.Tx, org parley.OrganizationID, last int64) error {
	_, err := tx.Exec(ctx, "update organizations set erased_seq = $2 where id = $1 and erased_seq < $2", string(org), last)
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	tx.AfterCommit(func() { l.tails.erase(org, last) })
	return nil
}

// Erased is the place up to which events were rewritten, as far as this process knows:
// whoever has kept one of them for a while reads it again.
func (l *Log) Erased(org parley.OrganizationID) int64 {
	t := l.tails.of(org)
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.erased
}

// pollErased learns of the erasures that other processes made.
func (l *Log) pollErased(ctx context.Context) {
	places, err := store.Erased(ctx, l.db.Read())
	if err != nil {
		if ctx.Err() == nil {
			l.logger.Warn("eventlog.poll_failed", "error", err, "again_in", PollEvery)
		}
		return
	}
	for org, last := range places {
		l.tails.erase(org, last)
	}
}

// erase drops the events up to a place, and has none of them kept again.
func (ts *tails) erase(org parley.OrganizationID, last int64) {
	t := ts.of(org)
	t.mu.Lock()
	news := last > t.erased
	t.erased = max(t.erased, last)
	t.mu.Unlock()
	if news {
		ts.forget(org, last)
	}
}
