package store

import (
	"context"

	"parley"
	"parley/internal/database"
)

// KeptAttachments tells which of some ids are those of attachments, and whether the
// organization is known at all.
func KeptAttachments(ctx context.Context, q database.Querier, org parley.OrganizationID, ids []string) (kept map[string]bool, known bool, err error) {
	var count int
	if err := q.QueryRow(ctx, "select count(*) from organizations where id = $1", string(org)).Scan(&count); err != nil || count == 0 {
		return nil, false, err
	}
	args := []any{string(org)}
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := q.Query(ctx, "select id from attachments where org_id = $1 and id in "+database.In(len(ids), 2), args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	kept = map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, false, err
		}
		kept[id] = true
	}
	return kept, true, rows.Err()
}
