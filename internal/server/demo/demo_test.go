package demo_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/attachment"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/sales"
	"parley/internal/schema"
	"parley/internal/server/demo"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/files"
	"parley/internal/work"
)

func TestDemoIsWhatTheAPIWouldTake(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		log := eventlog.New(db, slog.New(slog.DiscardHandler))
		conversations := conversation.New(db, log)
		v := demo.Verbs{
			Account: account.New(db, log), Contacts: contact.New(db, log, conversations), Conversations: conversations, URL: "http://127.0.0.1:8080",
			Attachments: attachment.New(attachment.Config{
				DB: db, Log: log, Files: files.Folder(t, t.TempDir()), LinkKey: make([]byte, 32), Logger: slog.New(slog.DiscardHandler),
			}),
			Help: help.New(db, log), Sales: sales.New(db, log), Work: work.New(db, log),
		}
		defer v.Account.Wait()

		made, err := demo.Plant(ctx, v, "robin@example.com", "a password of some length")
		if err != nil {
			t.Fatalf("plant: %v", err)
		}
		org := made.Organization.ID
		who, err := v.Account.Authenticate(ctx, made.Key)
		if err != nil || who.Caller.Organization != org || !who.Allows("api_keys:write") {
			t.Errorf("the key opens %v with %v: %v", who.Caller.Organization, who.Scopes, err)
		}
		if err := v.Account.CheckPassword(ctx, "robin@example.com", "a password of some length"); err != nil {
			t.Errorf("the owner does not get in: %v", err)
		}
		if all, err := v.Account.Memberships(ctx, "robin@example.com"); err != nil || len(all) != 1 || all[0].User.ID != made.Owner.ID {
			t.Errorf("the owner may enter %v (%v)", all, err)
		}
		if made.Inbox.Channel != "api" {
			t.Errorf("the inbox is of channel %q, want api", made.Inbox.Channel)
		}
		convs, _, err := conversations.List(ctx, org, store.Page{Limit: 200}, store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		directions := map[parley.Direction]bool{}
		types := map[string]bool{}
		for _, c := range convs {
			messages, _, err := conversations.Messages(ctx, org, c.ID, store.Page{Limit: 200})
			if err != nil {
				t.Fatal(err)
			}
			if len(messages) < 2 {
				t.Errorf("%q has %d messages, which is not lively", *c.Subject, len(messages))
			}
			for _, m := range messages {
				directions[m.Direction], types[m.Content.Type] = true, true
				readable(t, m)
			}
		}
		kept, _, err := v.Attachments.List(ctx, org, store.Page{Limit: 200}, store.Filter{})
		if err != nil || len(kept) != 2 || kept[0].ContentType != "audio/wav" || kept[1].ContentType != "image/png" {
			t.Errorf("the files are %+v (%v)", kept, err)
		}
		if len(convs) != 6 || len(directions) != 2 || len(types) < 17 {
			t.Errorf("there are %d conversations with messages of %d directions and %d types", len(convs), len(directions), len(types))
		}
		for noun, have := range map[string]int{
			"contacts": count(t, db, org, store.Contacts), "teams": count(t, db, org, store.Teams), "labels": count(t, db, org, store.Labels),
			"custom fields": count(t, db, org, store.CustomFields), "canned responses": count(t, db, org, store.CannedResponses),
			"tasks": count(t, db, org, store.Tasks), "tickets": count(t, db, org, store.Tickets), "appointments": count(t, db, org, store.Appointments),
			"orders": count(t, db, org, store.Orders), "payments": count(t, db, org, store.Payments), "deals": count(t, db, org, store.Deals),
			"articles": count(t, db, org, store.Articles),
		} {
			if have == 0 {
				t.Errorf("there are no %s", noun)
			}
		}
	})
}

// count is how many objects of a noun there are.
func count[T any](t *testing.T, db *database.DB, org parley.OrganizationID, table *store.Table[T]) int {
	t.Helper()
	all, _, err := table.List(t.Context(), db.Read(), org, store.Page{Limit: 200}, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// readable checks that a message would have been taken from a client.
func readable(t *testing.T, m parley.Message) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"direction": m.Direction, "content": m.Content})
	if err != nil {
		t.Fatal(err)
	}
	var read parley.Message
	schema.Defaults(&read)
	if err := schema.ReadCreate(body, &read); err != nil {
		t.Errorf("%s: %v", body, err)
	}
}
