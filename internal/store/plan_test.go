package store

import (
	"strings"
	"testing"

	"parley/internal/testing/dbtest"
)

// However many newer minutes an endpoint has, those to be deleted are found without
// reading them: or every round of deleting would read the whole table. PostgreSQL's
// plan is not asked for, as it depends on how many rows there are.
func TestOldMinutesAreFoundByTheirIndex(t *testing.T) {
	t.Parallel()
	rows, err := dbtest.SQLite(t).Read().Query(t.Context(), "explain query plan "+oldMinutes, "org_x", 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(plan) != 2 || !strings.Contains(plan[1], "(org_id=? AND webhook_id=? AND minute<?)") {
		t.Errorf("the plan is %q", plan)
	}
}
