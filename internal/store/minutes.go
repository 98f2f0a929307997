package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Minute is what became of the attempts that ended at an endpoint in one minute, or at
// all endpoints of an organization together, as one process saw it.
type Minute struct {
	Org       parley.OrganizationID
	Webhook   parley.WebhookID // "": all
	At        parley.Time      // when it began
	Part      string           // of the process
	Delivered int64
	Retried   int64 // attempts that failed and are followed by another
	Failed    int64
	Skipped   int64 // nothing was sent
	Latencies Latencies
	Lag       int64 // events, the most that was seen; not of all together
}

// SaveMinute writes a minute, over what the same process wrote of it before: writing
// it again changes nothing. One of an endpoint that is not there any more is not
// written.
func SaveMinute(ctx context.Context, tx *database.Tx, m *Minute) {
	if m.Webhook == "" {
		saveTotal(ctx, tx, m)
		return
	}
	tx.Queue(ctx, `
		insert into webhook_minutes (org_id, webhook_id, minute, part, delivered, retried, failed, skipped, latencies, lag)
		select w.org_id, w.id, $3, $4, $5, $6, $7, $8, $9, $10
		from webhooks w
		where w.org_id = $1 and w.id = $2
		on conflict (org_id, webhook_id, minute, part) do update
		set delivered = excluded.delivered, retried = excluded.retried, failed = excluded.failed,
			skipped = excluded.skipped, latencies = excluded.latencies, lag = excluded.lag`,
		string(m.Org), string(m.Webhook), int64(m.At), m.Part,
		m.Delivered, m.Retried, m.Failed, m.Skipped, m.Latencies.String(), m.Lag)
}

func saveTotal(ctx context.Context, tx *database.Tx, m *Minute) {
	tx.Queue(ctx, `
		insert into delivery_minutes (org_id, minute, part, delivered, retried, failed, skipped, latencies)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (org_id, minute, part) do update
		set delivered = excluded.delivered, retried = excluded.retried, failed = excluded.failed,
			skipped = excluded.skipped, latencies = excluded.latencies`,
		string(m.Org), int64(m.At), m.Part, m.Delivered, m.Retried, m.Failed, m.Skipped, m.Latencies.String())
}

// EachMinute hands over the minutes of an endpoint that began in [since, until), in
// order of time; those of several processes come one by one. The minute is read into
// the same place each time.
func EachMinute(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, since, until parley.Time, do func(*Minute)) error {
	rows, err := q.Query(ctx, `
		select minute, part, delivered, retried, failed, skipped, latencies, lag
		from webhook_minutes
		where org_id = $1 and webhook_id = $2 and minute >= $3 and minute < $4
		order by minute, part`, string(org), string(webhook), int64(since), int64(until))
	if err != nil {
		return fmt.Errorf("read minutes: %w", err)
	}
	return eachMinute(rows, Minute{Org: org, Webhook: webhook}, do)
}

// EachTotal is EachMinute for all endpoints of an organization together, those that were
// deleted meanwhile included.
func EachTotal(ctx context.Context, q database.Querier, org parley.OrganizationID, since, until parley.Time, do func(*Minute)) error {
	rows, err := q.Query(ctx, `
		select minute, part, delivered, retried, failed, skipped, latencies, 0
		from delivery_minutes
		where org_id = $1 and minute >= $2 and minute < $3
		order by minute, part`, string(org), int64(since), int64(until))
	if err != nil {
		return fmt.Errorf("read minutes: %w", err)
	}
	return eachMinute(rows, Minute{Org: org}, do)
}

func eachMinute(rows *sql.Rows, of Minute, do func(*Minute)) error {
	defer rows.Close()
	var m Minute
	for rows.Next() {
		m = of
		var latencies string
		if err := rows.Scan(&m.At, &m.Part, &m.Delivered, &m.Retried, &m.Failed, &m.Skipped, &latencies, &m.Lag); err != nil {
			return fmt.Errorf("read minutes: %w", err)
		}
		if err := m.Latencies.parse(latencies); err != nil {
			return err
		}
		do(&m)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read minutes: %w", err)
	}
	return nil
}

// ForgetMinutes removes all minutes of an endpoint.
func ForgetMinutes(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID) error {
	_, err := tx.Exec(ctx, "delete from webhook_minutes where org_id = $1 and webhook_id = $2", string(org), string(webhook))
	if err != nil {
		return fmt.Errorf("delete minutes: %w", err)
	}
	return nil
}

// oldMinutes are some of an organization's minutes that began before a time. "cross
// join" has SQLite go from the endpoints to their minutes, not the other way.
const oldMinutes = `
			select m.org_id, m.webhook_id, m.minute, m.part
			from webhooks w
			cross join webhook_minutes m
			where w.org_id = $1 and m.org_id = w.org_id and m.webhook_id = w.id and m.minute < $2
			limit $3`

// DeleteMinutes removes minutes of an organization's endpoints that began before a
// time, at most limit, and tells how many: fewer than limit were all there are. It
// looks at the oldest of each endpoint only, however many newer ones there are.
func DeleteMinutes(ctx context.Context, tx Writer, org parley.OrganizationID, before parley.Time, limit int) (deleted int, err error) {
	result, err := tx.Exec(ctx, `
		delete from webhook_minutes
		where (org_id, webhook_id, minute, part) in (`+oldMinutes+`)`, string(org), int64(before), limit)
	if err != nil {
		return 0, fmt.Errorf("delete old minutes: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// DeleteTotals is DeleteMinutes for the minutes of all endpoints together.
func DeleteTotals(ctx context.Context, tx Writer, org parley.OrganizationID, before parley.Time, limit int) (deleted int, err error) {
	result, err := tx.Exec(ctx, `
		delete from delivery_minutes
		where org_id = $1 and (minute, part) in (
			select minute, part from delivery_minutes
			where org_id = $1 and minute < $2
			order by minute limit $3)`, string(org), int64(before), limit)
	if err != nil {
		return 0, fmt.Errorf("delete old minutes: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}
