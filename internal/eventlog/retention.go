package eventlog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

const (
	// retainEvery is how often is looked for what is older than the log is kept.
	retainEvery = time.Hour
	// retainBatch is how many rows are deleted in one transaction.
	retainBatch = 1000
	// retainPause lets writes through between two of them.
	retainPause = 25 * time.Millisecond
	// statisticsLonger is how much longer the statistics of deliveries and API requests are kept.
	statisticsLonger = 30 * day
	day              = 24 * time.Hour
)

// RunRetention deletes what is older than the log is kept, until ctx ends: at the
// start and then every hour, events, the record of what became of them at endpoints,
// and, 30 days later, the statistics of deliveries and of API requests. An organization that does not say
// how many days its log is kept has the given number; 0 keeps everything.
//
// The newest event of an organization always stays. Of several processes on one
// database one deletes. It goes slowly, a batch at a time, so that writes are not
// held up; what remains when it is stopped goes the next time.
func (l *Log) RunRetention(ctx context.Context, days int) error {
	for ctx.Err() == nil {
		err := l.db.Exclusive(ctx, "retention", func(ctx context.Context) error {
			l.retainAgain(ctx, days)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) retainAgain(ctx context.Context, days int) {
	ticker := time.NewTicker(retainEvery)
	defer ticker.Stop()
	for {
		if err := l.retain(ctx, days); err != nil && ctx.Err() == nil {
			l.logger.Warn("eventlog.retention_failed", "error", err, "again_in", retainEvery)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// keeping is an organization and how long its log is kept.
type keeping struct {
	org parley.OrganizationID
	age time.Duration
}

func (l *Log) retain(ctx context.Context, days int) error {
	all, err := l.keepings(ctx, days)
	if err != nil {
		return err
	}
	var failed []error
	for _, k := range all {
		if ctx.Err() != nil {
			break
		}
		if err := l.retainOne(ctx, k); err != nil { // the others must not wait for it
			failed = append(failed, fmt.Errorf("%s: %w", k.org, err))
		}
	}
	return errors.Join(failed...)
}

// keepings are the organizations whose log is not kept for ever.
func (l *Log) keepings(ctx context.Context, days int) (all []keeping, err error) {
	rows, err := l.db.Read().Query(ctx, "select id, coalesce(retention_days, $1) from organizations", int64(days))
	if err != nil {
		return nil, fmt.Errorf("read how long logs are kept: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k keeping
		var days int64
		if err := rows.Scan(&k.org, &days); err != nil {
			return nil, fmt.Errorf("read how long logs are kept: %w", err)
		}
		if days > 0 {
			k.age = time.Duration(days) * day
			all = append(all, k)
		}
	}
	return all, rows.Err()
}

// retainOne deletes what an organization has for too long. Events go before the
// record of their deliveries, so that no delivery is forgotten while its event is
// still there.
func (l *Log) retainOne(ctx context.Context, k keeping) error {
	limit := time.Now().Add(-k.age)
	last, err := l.expired(ctx, k.org, limit)
	if err != nil {
		return err
	}
	events, err := l.deleteEvents(ctx, k.org, last)
	if err != nil {
		return err
	}
	attempts, err := l.deleteAttempts(ctx, k.org)
	if err != nil {
		return err
	}
	minutes, err := l.deleteStatistics(ctx, k.org, parley.At(limit.Add(-statisticsLonger)))
	if events+attempts+minutes > 0 {
		l.logger.Info("eventlog.retained", "org", k.org, "events", events, "attempts", attempts, "minutes", minutes)
	}
	return err
}

// expired is the place of the last event that need not be kept any more, 0 if all
// need.
func (l *Log) expired(ctx context.Context, org parley.OrganizationID, limit time.Time) (int64, error) {
	oldest, err := l.createdAt(ctx, org, 0)
	if err != nil || oldest == 0 || oldest >= parley.At(limit) {
		return 0, err
	}
	last, err := l.Before(ctx, org, limit)
	if err != nil {
		return 0, err
	}
	head, err := l.Head(ctx, org)
	return min(last, head-1), err
}

func (l *Log) deleteEvents(ctx context.Context, org parley.OrganizationID, last int64) (n int, err error) {
	if last == 0 {
		return 0, nil
	}
	defer l.tails.forget(org, last)
	return l.deleteAll(ctx, func(ctx context.Context, tx *database.Tx) (int, error) {
		first, err := oldest(ctx, tx, org)
		if err != nil || first > last {
			return 0, err
		}
		until := min(last, first+retainBatch-1)
		_, err = tx.Exec(ctx, "delete from events where org_id = $1 and seq between $2 and $3", string(org), first, until)
		if err != nil {
			return 0, fmt.Errorf("delete events: %w", err)
		}
		return int(until - first + 1), nil
	})
}

// deleteAttempts deletes the records of deliveries whose event is gone.
func (l *Log) deleteAttempts(ctx context.Context, org parley.OrganizationID) (n int, err error) {
	first, err := l.Oldest(ctx, org)
	if err != nil || first == 0 {
		return 0, err
	}
	webhooks, err := store.WebhooksWithAttempts(ctx, l.db.Read(), org, first)
	if err != nil {
		return 0, err
	}
	for _, w := range webhooks {
		deleted, err := l.deleteAll(ctx, func(ctx context.Context, tx *database.Tx) (int, error) {
			return store.DeleteAttemptsBefore(ctx, tx, org, w, first, retainBatch)
		})
		n += deleted
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// deleteStatistics deletes the minutes that began before a time.
func (l *Log) deleteStatistics(ctx context.Context, org parley.OrganizationID, before parley.Time) (n int, err error) {
	for _, remove := range []func(context.Context, store.Writer, parley.OrganizationID, parley.Time, int) (int, error){
		store.DeleteMinutes, store.DeleteTotals, store.DeleteRequestMinutes,
	} {
		deleted, err := l.deleteAll(ctx, func(ctx context.Context, tx *database.Tx) (int, error) {
			return remove(ctx, tx, org, before, retainBatch)
		})
		if n += deleted; err != nil {
			return n, err
		}
	}
	return n, nil
}

// deleteAll deletes batch after batch, with pauses, until one is not full.
func (l *Log) deleteAll(ctx context.Context, batch func(context.Context, *database.Tx) (int, error)) (all int, err error) {
	for {
		n := 0
		err := l.db.Record(ctx, func(ctx context.Context, tx *database.Tx) (err error) {
			n, err = batch(ctx, tx)
			return err
		})
		if err != nil {
			return all, err
		}
		if all += n; n < retainBatch {
			return all, nil
		}
		select {
		case <-time.After(retainPause):
		case <-ctx.Done():
			return all, ctx.Err()
		}
	}
}
