package demo_test

import (
	"encoding/json"
	"log/slog"
	"testing"

	"parley"
	"parley/internal/account"
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
	"parley/internal/work"
)

func TestDemoIsWhatTheAPIWouldTake(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		log := eventlog.New(db, slog.New(slog.DiscardHandler))
		conversations := conversation.New(db, log)
		v := demo.Verbs{
			Account: account.New(db, log), Contacts: contact.New(db, log, conversations), Conversations: conversations,
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
		if len(convs) != 5 || len(directions) != 2 || len(types) < 8 {
			t.Errorf("there are %d conversations with messages of %d directions and %d types", len(convs), len(directions), len(types))
		}
	})
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
