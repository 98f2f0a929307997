package store

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Failures choose deliveries that failed for good. What is empty does not matter.
type Failures struct {
	Since, Until *parley.Time // of the last attempt: at or after one, before the other
	Types        []string     // of the event: types or patterns
	StatusCodes  []int        // of the last attempt's answer; 0: there was none
}

func (which Failures) filter(webhook parley.WebhookID) Filter {
	f := Where("a.webhook_id = ? and a.state = 'failed'", string(webhook))
	if which.Since != nil {
		f.And("a.at >= ?", int64(*which.Since))
	}
	if which.Until != nil {
		f.And("a.at < ?", int64(*which.Until))
	}
	var codes Filter
	for _, code := range which.StatusCodes {
		codes.And("coalesce(a.status_code, 0) = ?", code)
	}
	f.Either(codes)
	f.Either(OfTypes("e.type", which.Types))
	return f
}

// FailedDeliveries finds the failed deliveries of an endpoint whose event is still in
// the log, as sequences, the lowest first and at most limit.
func FailedDeliveries(ctx context.Context, q database.Querier, org parley.OrganizationID, webhook parley.WebhookID, which Failures, limit int) (seqs []int64, err error) {
	f := which.filter(webhook)
	where, args := f.sql("a.org_id", org)
	rows, err := q.Query(ctx, fmt.Sprintf(`
		select a.seq
		from attempts a
		join events e on e.org_id = a.org_id and e.seq = a.seq
		%s order by a.seq limit %d`, where, limit), args...)
	if err != nil {
		return nil, fmt.Errorf("find failed deliveries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, fmt.Errorf("find failed deliveries: %w", err)
		}
		seqs = append(seqs, seq)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("find failed deliveries: %w", err)
	}
	return seqs, nil
}

// retryAtOnce is how many deliveries one statement makes wait.
const retryAtOnce = 250

// RetryFailed has failed deliveries of an endpoint, in order of sequence, wait to be
// tried again until due, and tells how many: those that have not failed any more stay
// as they are.
func RetryFailed(ctx context.Context, tx Writer, org parley.OrganizationID, webhook parley.WebhookID, seqs []int64, due parley.Time, step int) (n int, err error) {
	// The range tells PostgreSQL, which may know nothing of the table yet, where to look.
	statement := `
		update attempts set state = 'retrying', next_at = $3, step = $4
		where org_id = $1 and webhook_id = $2 and state = 'failed' and seq between $5 and $6 and seq in ` + database.In(retryAtOnce, 7)
	for len(seqs) > 0 {
		last := min(retryAtOnce, len(seqs)) - 1
		args := []any{string(org), string(webhook), int64(due), step, seqs[0], seqs[last]}
		for i := range retryAtOnce { // one statement to prepare: the last is named as often as there is room
			args = append(args, seqs[min(i, last)])
		}
		done, err := tx.Exec(ctx, statement, args...)
		if err != nil {
			return n, fmt.Errorf("retry failed deliveries: %w", err)
		}
		changed, err := done.RowsAffected()
		if err != nil {
			return n, fmt.Errorf("retry failed deliveries: %w", err)
		}
		n += int(changed)
		seqs = seqs[last+1:]
	}
	return n, nil
}
