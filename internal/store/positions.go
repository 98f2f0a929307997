package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Position is where an endpoint stands in its organization's log.
type Position struct {
	Cursor int64          // everything up to it is dealt with
	Pass   int64          // how often the cursor was moved back
	Rewind *parley.Rewind // the one under way by the stored cursor; nil: none

	HoldUntil    parley.Time // nothing is sent before, as the receiver asked for it; 0: it did not
	FailingSince parley.Time // of one that is failing; 0: it is not
}

// Positions reads where endpoints stand, of which there must be at least one: kind
// is what followers of theirs are called. One that has no place is left out.
func Positions(ctx context.Context, q database.Querier, org parley.OrganizationID, kind string, ids ...parley.WebhookID) (_ map[parley.WebhookID]Position, err error) {
	args := []any{string(org), kind}
	for _, id := range ids {
		args = append(args, string(id))
	}
	rows, err := q.Query(ctx, `
		select c.id, c.seq, c.pass, r.from_seq, r.until_seq, r.pace, r.started_at, c.hold_until, c.failing_since
		from cursors c
		left join rewinds r on r.org_id = c.org_id and r.webhook_id = c.id and r.until_seq > c.seq
		where c.org_id = $1 and c.kind = $2 and c.id in `+database.In(len(ids), 3), args...)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	defer rows.Close()
	positions := make(map[parley.WebhookID]Position, len(ids))
	for rows.Next() {
		var id parley.WebhookID
		var p Position
		var from, until, pace, started, hold, failing sql.NullInt64
		if err := rows.Scan(&id, &p.Cursor, &p.Pass, &from, &until, &pace, &started, &hold, &failing); err != nil {
			return nil, fmt.Errorf("read positions: %w", err)
		}
		p.HoldUntil, p.FailingSince = parley.Time(hold.Int64), parley.Time(failing.Int64)
		if from.Valid {
			p.Rewind = &parley.Rewind{From: from.Int64, Until: until.Int64, Pace: pointer(int(pace.Int64)), StartedAt: parley.Time(started.Int64)}
		}
		positions[id] = p
	}
	return positions, rows.Err()
}

// Rewind moves an endpoint's cursor back to before an event, and has it sent again
// what follows.
func Rewind(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind string, id parley.WebhookID, r parley.Rewind) error {
	_, err := tx.Exec(ctx, `
		update cursors set seq = $4, pass = pass + 1, updated_at = $5
		where org_id = $1 and kind = $2 and id = $3`,
		string(org), kind, string(id), r.From-1, int64(r.StartedAt))
	if err != nil {
		return fmt.Errorf("move cursor of %s back: %w", id, err)
	}
	var pace any
	if r.Pace != nil {
		pace = *r.Pace
	}
	_, err = tx.Exec(ctx, `
		insert into rewinds (org_id, webhook_id, from_seq, until_seq, pace, started_at)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (org_id, webhook_id) do update
		set from_seq = excluded.from_seq, until_seq = excluded.until_seq, pace = excluded.pace, started_at = excluded.started_at`,
		string(org), string(id), r.From, r.Until, pace, int64(r.StartedAt))
	if err != nil {
		return fmt.Errorf("store rewind of %s: %w", id, err)
	}
	return nil
}

// Hold has nothing sent to an endpoint before a time; 0 ends that.
func Hold(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind string, id parley.WebhookID, until parley.Time) {
	tx.Queue(ctx, "update cursors set hold_until = $4 where org_id = $1 and kind = $2 and id = $3",
		string(org), kind, string(id), orNull(int64(until)))
}

// Failing notes since when an endpoint has been failing; 0: it is not.
func Failing(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind string, id parley.WebhookID, since parley.Time) {
	tx.Queue(ctx, "update cursors set failing_since = $4 where org_id = $1 and kind = $2 and id = $3",
		string(org), kind, string(id), orNull(int64(since)))
}

// StatusSince notes since when an endpoint has had its status.
func StatusSince(ctx context.Context, tx *database.Tx, org parley.OrganizationID, kind string, id parley.WebhookID, at parley.Time) {
	tx.Queue(ctx, "update cursors set status_since = $4 where org_id = $1 and kind = $2 and id = $3",
		string(org), kind, string(id), int64(at))
}

// ForgetRewind forgets the last rewind of an endpoint.
func ForgetRewind(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.WebhookID) error {
	_, err := tx.Exec(ctx, "delete from rewinds where org_id = $1 and webhook_id = $2", string(org), string(id))
	if err != nil {
		return fmt.Errorf("forget rewind of %s: %w", id, err)
	}
	return nil
}
