package api_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// Whoever pages through an inbox in order of activity gets each conversation once, in
// the order that all of them have, whatever the page's size and filter; and one that
// gets a message meanwhile neither pushes another out nor comes twice.
func TestConversationsInOrderOfActivity(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		agent := f.id("agent")
		ids := make([]string, 60)
		for i := range ids {
			ids[i] = h.Make("/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"$contact"}`)).Text("id")
		}
		for range 80 {
			id := ids[rand.IntN(len(ids))]
			switch rand.IntN(4) {
			case 0:
				h.Do("PATCH", "/v1/conversations/"+id, `{"status":"`+[]string{"open", "pending", "resolved"}[rand.IntN(3)]+`"}`).Want(200)
			case 1:
				h.Do("PATCH", "/v1/conversations/"+id, `{"assignee_id":"`+agent+`"}`).Want(200)
			default:
				h.Make("/v1/conversations/"+id+"/messages", `{"content":{"type":"text","text":"Hello"}}`)
			}
		}
		all := conversationsOf(t, h, "/v1/conversations")
		slices.SortFunc(all, func(a, b parley.Conversation) int { return strings.Compare(activity(b), activity(a)) })
		for filter, fits := range map[string]func(parley.Conversation) bool{
			"":                         func(parley.Conversation) bool { return true },
			"&status=open":             func(c parley.Conversation) bool { return c.Status == parley.Open },
			"&assignee_id=none":        func(c parley.Conversation) bool { return c.AssigneeID == nil },
			"&assignee_id=" + agent:    func(c parley.Conversation) bool { return c.AssigneeID != nil },
			"&q=hello":                 func(c parley.Conversation) bool { return c.LastMessageAt != nil },
			"&q=hello&status=open":     func(c parley.Conversation) bool { return c.LastMessageAt != nil && c.Status == parley.Open },
			f.says("&inbox_id=$inbox"): func(parley.Conversation) bool { return true },
		} {
			want := slices.DeleteFunc(slices.Clone(all), func(c parley.Conversation) bool { return !fits(c) })
			for _, limit := range []int{1, 7, 200} {
				path := fmt.Sprintf("/v1/conversations?sort=last_message_at&limit=%d%s", limit, filter)
				if got := conversationsOf(t, h, path); !slices.EqualFunc(got, want, func(a, b parley.Conversation) bool { return a.ID == b.ID }) {
					t.Errorf("%s has %d conversations in another order than the %d wanted", path, len(got), len(want))
				}
			}
		}

		first := h.Get("/v1/conversations?sort=last_message_at&limit=10")
		last := all[len(all)-1]
		h.Make("/v1/conversations/"+string(last.ID)+"/messages", `{"content":{"type":"text","text":"At last"}}`)
		rest := conversationsOf(t, h, "/v1/conversations?sort=last_message_at&limit=10&cursor="+next(first))
		want := all[10 : len(all)-1]
		if !slices.EqualFunc(rest, want, func(a, b parley.Conversation) bool { return a.ID == b.ID }) {
			t.Errorf("after the first page come %d conversations, want %d", len(rest), len(want))
		}
		h.Do("GET", "/v1/conversations?limit=10&cursor="+next(first), "").Want(422)
	})
}

// activity sorts as the latest activity of a conversation does.
func activity(c parley.Conversation) string {
	at := c.CreatedAt
	if c.LastMessageAt != nil {
		at = *c.LastMessageAt
	}
	return fmt.Sprintf("%015d %s", at, c.ID)
}

// conversationsOf reads a list from a path to its end.
func conversationsOf(t *testing.T, h *house.House, path string) (all []parley.Conversation) {
	t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	path, cursor, _ := strings.Cut(path, "&cursor=")
	for {
		at := path
		if cursor != "" {
			at += separator + "cursor=" + cursor
		}
		a := h.Do("GET", at, "").Want(200)
		var page struct{ Data []json.RawMessage }
		a.Decode(&page)
		for _, raw := range page.Data {
			var c parley.Conversation
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		if cursor = next(a); cursor == "" {
			return all
		}
	}
}

// What an inbox shows beside its headings is counted, and not beyond a hundred.
func TestConversationsAreCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		for i := range 120 {
			id := h.Make("/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"$contact"}`)).Text("id")
			if i < 5 {
				h.Do("PATCH", "/v1/conversations/"+id, f.says(`{"assignee_id":"$agent"}`)).Want(200)
			}
			if i < 2 {
				h.Do("PATCH", "/v1/conversations/"+id, `{"status":"resolved"}`).Want(200)
			}
		}
		other := h.AddOrganization(t)
		got, err := h.Conversations.Counts(t.Context(), h.Organization.ID, parley.UserID(f.id("agent")))
		if err != nil {
			t.Fatal(err)
		}
		if got.Mine != 3 || got.Unassigned != conversation.CountMost || got.Open != conversation.CountMost || got.ByStatus[parley.Resolved] != 2 || got.ByStatus[parley.Snoozed] != 0 {
			t.Errorf("the inbox counts %+v", got)
		}
		got, err = h.Conversations.Counts(t.Context(), other.Organization.ID, parley.UserID(f.id("agent")))
		if err != nil || got.Open != 0 || got.Mine != 0 {
			t.Errorf("another organization's inbox counts %+v, %v", got, err)
		}
	})
}
