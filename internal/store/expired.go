package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"parley"
	"parley/internal/database"
)

// WebhooksWithAttempts names the endpoints of which there are attempts at events
// before a sequence.
func WebhooksWithAttempts(ctx context.Context, q database.Querier, org parley.OrganizationID, before int64) (ids []parley.WebhookID, err error) {
	rows, err := q.Query(ctx, `
		select w.id from webhooks w
		where w.org_id = $1 and (
			select a.seq from attempts a
			where a.org_id = w.org_id and a.webhook_id = w.id and a.seq < $2
			limit 1) is not null
		order by w.id`, string(org), before)
	if err != nil {
		return nil, fmt.Errorf("find endpoints with old attempts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id parley.WebhookID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("find endpoints with old attempts: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// DeleteAttemptsBefore removes the attempts of an endpoint at events before a
// sequence, the oldest first, at most limit, and tells how many.
func DeleteAttemptsBefore(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID, before int64, limit int) (int, error) {
	seq, number := before, -1 // the last to go: of before nothing, if there are no more than limit
	err := tx.QueryRow(ctx, `
		select seq, number from attempts
		where org_id = $1 and webhook_id = $2 and seq < $3
		order by seq, number limit 1 offset $4`, string(org), string(webhook), before, limit-1).Scan(&seq, &number)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find old attempts: %w", err)
	}
	done, err := tx.Exec(ctx, `
		delete from attempts
		where org_id = $1 and webhook_id = $2 and seq <= $3 and (seq < $3 or number <= $4)`,
		string(org), string(webhook), seq, number)
	if err != nil {
		return 0, fmt.Errorf("delete old attempts: %w", err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
