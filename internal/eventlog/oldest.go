package eventlog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Oldest is the sequence of the oldest event that the organization's log keeps, 0 if
// it has none.
func (l *Log) Oldest(ctx context.Context, org parley.OrganizationID) (int64, error) {
	return oldest(ctx, l.db.Read(), org)
}

func oldest(ctx context.Context, q database.Querier, org parley.OrganizationID) (seq int64, err error) {
	err = q.QueryRow(ctx, "select seq from events where org_id = $1 order by seq limit 1", string(org)).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find the oldest event: %w", err)
	}
	return seq, nil
}

// Gap tells which events a reader that goes on after a place can no longer be given,
// because the log does not keep them any more; next is the first that it is given.
// A reader that begins with the log, after 0, misses nothing: it takes what there is.
func Gap(after, next int64) (first, last int64, missed bool) {
	return after + 1, next - 1, after > 0 && next > after+1
}

// Reaches is a Gone error if the log no longer keeps the event that follows a place.
func (l *Log) Reaches(ctx context.Context, org parley.OrganizationID, after int64) error {
	if after <= 0 {
		return nil
	}
	next, err := l.Oldest(ctx, org)
	if err != nil {
		return err
	}
	first, last, missed := Gap(after, next)
	if !missed {
		return nil
	}
	gone := parley.Errorf(parley.Gone, "The log no longer keeps the events from %d to %d. Go on after %d, knowing that these were missed, or take stock again by listing the objects themselves.", first, last, last)
	gone.FirstSequence = next
	return gone
}
