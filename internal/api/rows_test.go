package api_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// tables are all that an organization has, with the column that names it.
var tables = map[string]string{
	"organizations": "id", "events": "org_id", "cursors": "org_id", "users": "org_id", "api_keys": "org_id",
	"inboxes": "org_id", "contacts": "org_id", "conversations": "org_id", "conversation_labels": "org_id",
	"teams": "org_id", "canned_responses": "org_id", "erasures": "org_id", "erasure_ids": "org_id", "appointments": "org_id", "portals": "org_id", "categories": "org_id", "articles": "org_id", "article_words": "org_id",
	"messages": "org_id", "notes": "org_id", "tasks": "org_id", "tickets": "org_id", "labels": "org_id", "custom_fields": "org_id", "webhooks": "org_id",
	"orders": "org_id", "payments": "org_id", "pipelines": "org_id", "deals": "org_id", "attachments": "org_id", "attempts": "org_id", "idempotency_keys": "org_id",
}

// rows are all rows of an organization, but for when keys were last used.
func rows(t testing.TB, h *house.House, c *house.Client) map[string]string {
	t.Helper()
	all := map[string]string{}
	for table, column := range tables {
		all[table] = strings.Join(rowsOf(t, h.DB, table, column, string(c.Organization.ID)), "\n")
	}
	return all
}

func rowsOf(t testing.TB, db *database.DB, table, column, org string) []string {
	t.Helper()
	rows, err := db.Read().Query(t.Context(), fmt.Sprintf("select * from %s where %s = $1 order by 1, 2, 3", table, column), org)
	return dbtest.Texts(t, rows, err, "last_used_at")
}
