package store

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Health is how an endpoint stands, and since when.
type Health struct {
	ID          parley.WebhookID
	URL         string
	Description string
	Status      parley.EndpointStatus
	Reason      *string
	Since       parley.Time
}

const healthRows = `
		select w.id, w.url, w.description, w.status, w.status_reason, coalesce(c.failing_since, c.status_since, w.created_at) as since
		from webhooks w
		join cursors c on c.org_id = w.org_id and c.kind = $2 and c.id = w.id
		where w.org_id = $1`

// Troubled reads which endpoints of an organization are failing, disabled or unverified,
// those first that have been so for the shortest time, at most limit.
func Troubled(ctx context.Context, q database.Querier, org parley.OrganizationID, kind string, limit int) ([]Health, error) {
	return healths(ctx, q, healthRows+`
			and w.status in ('failing', 'disabled', 'unverified')
		order by since desc, w.id limit $3`, string(org), kind, limit)
}

// Behind reads which endpoints have yet to get past an event, those first that have the
// longest way to go by their stored place, at most limit.
func Behind(ctx context.Context, q database.Querier, org parley.OrganizationID, kind string, head int64, limit int) ([]Health, error) {
	return healths(ctx, q, healthRows+`
			and c.seq < $4
		order by c.seq, w.id limit $3`, string(org), kind, limit, head)
}

// HealthsOf reads how endpoints stand, of which there must be at least one, in no order.
func HealthsOf(ctx context.Context, q database.Querier, org parley.OrganizationID, kind string, ids ...parley.WebhookID) ([]Health, error) {
	args := []any{string(org), kind}
	for _, id := range ids {
		args = append(args, string(id))
	}
	return healths(ctx, q, healthRows+" and w.id in "+database.In(len(ids), 3), args...)
}

func healths(ctx context.Context, q database.Querier, query string, args ...any) (all []Health, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read how endpoints stand: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h Health
		if err := rows.Scan(&h.ID, &h.URL, &h.Description, &h.Status, &h.Reason, &h.Since); err != nil {
			return nil, fmt.Errorf("read how endpoints stand: %w", err)
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

// CountByStatus counts an organization's endpoints by how they stand.
func CountByStatus(ctx context.Context, q database.Querier, org parley.OrganizationID) (map[parley.EndpointStatus]int, error) {
	rows, err := q.Query(ctx, "select status, count(*) from webhooks where org_id = $1 group by status", string(org))
	if err != nil {
		return nil, fmt.Errorf("count endpoints: %w", err)
	}
	defer rows.Close()
	counts := map[parley.EndpointStatus]int{}
	for rows.Next() {
		var status parley.EndpointStatus
		var n int
		if err := rows.Scan(&status, &n); err != nil {
			return nil, fmt.Errorf("count endpoints: %w", err)
		}
		counts[status] = n
	}
	return counts, rows.Err()
}
