package api

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// planned is a Querier that keeps SQLite's plans of what it is asked.
type planned struct {
	database.Querier
	t     *testing.T
	plans []string
}

func (p *planned) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := p.Querier.Query(ctx, "explain query plan "+query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	p.plans = append(p.plans, strings.Join(plan, "; "))
	return p.Querier.Query(ctx, query, args...) //nolint:sqlclosecheck // whoever asked closes them
}

// A page of conversations is found by an index that has it in order, and by that of
// the filter which lets the fewest through: so it costs the same out of a thousand
// conversations and out of a million. PostgreSQL's plan is not asked for, as it
// depends on how many rows there are.
func TestFilteredConversationsAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	const byID, byLabel, reached = "SEARCH conversations USING INDEX sqlite_autoindex_conversations_1 (org_id=? AND id<?)",
		"SEARCH o USING COVERING INDEX sqlite_autoindex_conversation_labels_1 (org_id=? AND label=? AND conversation_id<?)",
		"SEARCH conversations USING INDEX sqlite_autoindex_conversations_1 (org_id=? AND id=?)"
	const latest = "last_message_at"
	by := func(index, column string) string {
		return "SEARCH conversations USING INDEX conversations_by_" + index + " (org_id=? AND " + column + "=? AND id<?)"
	}
	for want, lists := range map[string][]conversationList{
		byID:                        {{}, {AssigneeID: "none"}},
		by("status", "status"):      {{Status: "open"}, {Status: "resolved"}, {Status: "open", InboxID: "i"}, {Status: "open", AssigneeID: "none"}},
		by("inbox", "inbox_id"):     {{InboxID: "i"}, {Status: "resolved", InboxID: "i"}},
		by("contact", "contact_id"): {{ContactID: "c"}, {Status: "open", InboxID: "i", ContactID: "c", AssigneeID: "a"}, {Status: "resolved", ContactID: "c"}},
		by("assignee", "assignee_id"): {
			{AssigneeID: "a"}, {Status: "open", AssigneeID: "a"}, {Status: "resolved", InboxID: "i", AssigneeID: "a"},
		},
		"SEARCH conversations USING INDEX conversations_by_activity (org_id=? AND status=? AND <expr><?)": {
			{Sort: latest, Status: "open"},
		},
		"SEARCH conversations USING INDEX conversations_by_assignee_activity (org_id=? AND <expr>=? AND status=? AND <expr><?)": {
			{Sort: latest, AssigneeID: "none"}, {Sort: latest, AssigneeID: "a", Status: "open"},
		},
		byLabel + "; " + reached: {{Label: "l"}, {Label: "l", Status: "open"}, {Label: "l", Status: "resolved", InboxID: "i", AssigneeID: "a"}},
	} {
		for _, l := range lists {
			l.Limit = 50
			list, place := store.ListName("conversations", "org_x", false, l.filter()), "conv_x"
			if l.Sort == latest {
				list, place = store.ListName(list, "latest"), "1 conv_x"
			}
			l.Cursor = store.EncodeCursor(list, place)
			p := &planned{Querier: db.Read(), t: t}
			if _, _, err := store.Conversations.List(t.Context(), p, "org_x", l.page(), l.filter()); err != nil {
				t.Fatal(err)
			}
			for _, plan := range p.plans {
				if plan != want {
					t.Errorf("%+v is found by\n%s\nwant\n%s", l, plan, want)
				}
			}
		}
	}
}
