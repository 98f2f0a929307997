package store

import (
	"context"
	"fmt"

	"parley"
	"parley/internal/database"
)

// Heads tells how far the log of each organization has come.
func Heads(ctx context.Context, q database.Querier) (map[parley.OrganizationID]int64, error) {
	rows, err := q.Query(ctx, "select id, last_seq from organizations")
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	defer rows.Close()
	heads := map[parley.OrganizationID]int64{}
	for rows.Next() {
		var org parley.OrganizationID
		var head int64
		if err := rows.Scan(&org, &head); err != nil {
			return nil, fmt.Errorf("read heads: %w", err)
		}
		heads[org] = head
	}
	return heads, rows.Err()
}

// Erased tells up to which place events were rewritten, of each organization in whose
// log that happened.
func Erased(ctx context.Context, q database.Querier) (map[parley.OrganizationID]int64, error) {
	rows, err := q.Query(ctx, "select id, erased_seq from organizations where erased_seq > 0")
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	defer rows.Close()
	places := map[parley.OrganizationID]int64{}
	for rows.Next() {
		var org parley.OrganizationID
		var last int64
		if err := rows.Scan(&org, &last); err != nil {
			return nil, fmt.Errorf("read erasures: %w", err)
		}
		places[org] = last
	}
	return places, rows.Err()
}
