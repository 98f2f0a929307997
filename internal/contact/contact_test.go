package contact_test

import (
	"encoding/json"
	"log/slog"
	"slices"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/testing/dbtest"
)

func TestVariablesOfAContact(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
		founded, err := account.New(db, log).Found(t.Context(), account.Founding{
			Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
		})
		if err != nil {
			t.Fatal(err)
		}
		contacts := contact.New(db, log, conversation.New(db, log))
		by := parley.Caller{Organization: founded.Organization.ID, Actor: parley.System}
		ada, err := contacts.Create(t.Context(), by, parley.Contact{Name: new("Ada")})
		if err != nil {
			t.Fatal(err)
		}
		head, err := log.Head(t.Context(), by.Organization)
		if err != nil {
			t.Fatal(err)
		}
		set := func(name, value string) {
			t.Helper()
			var raw json.RawMessage
			if value != "" {
				raw = json.RawMessage(value)
			}
			if ada, err = contacts.SetVariable(t.Context(), by, ada.ID, name, raw); err != nil {
				t.Fatal(err)
			}
		}
		set("plan", `"pro"`)
		set("plan", `"pro"`) // no change
		set("count", `1.50`)
		set("plan", "")
		set("plan", "") // it is not there
		if got := string(ada.Variables["count"]); got != "1.50" || len(ada.Variables) != 1 {
			t.Errorf("the variables are %v", ada.Variables)
		}
		events, err := log.Read(t.Context(), by.Organization, head, 10)
		var previous []string
		for _, e := range events {
			var data struct {
				Previous struct{ Variables json.RawMessage }
			}
			if err := json.Unmarshal(e.Data, &data); err != nil {
				t.Fatal(err)
			}
			previous = append(previous, e.Type+" "+string(data.Previous.Variables))
		}
		want := []string{"contact.updated {}", `contact.updated {"plan":"pro"}`, `contact.updated {"count":1.50,"plan":"pro"}`}
		if err != nil || !slices.Equal(previous, want) {
			t.Errorf("the events are %v (%v), want %v", previous, err, want)
		}
		stored, err := contacts.Get(t.Context(), by.Organization, string(ada.ID))
		if err != nil || string(stored.Variables["count"]) != "1.50" || stored.Sequence != ada.Sequence {
			t.Errorf("stored is %+v (%v)", stored, err)
		}
		for name, value := range map[string]string{"a b": "1", "list": "[]", "null": "null"} {
			if _, err := contacts.SetVariable(t.Context(), by, ada.ID, name, json.RawMessage(value)); parley.KindOf(err) != parley.Invalid {
				t.Errorf("%s = %s: %v, want Invalid", name, value, err)
			}
		}
		if _, err := contacts.SetVariable(t.Context(), by, parley.NewID[parley.ContactID](), "a", json.RawMessage("1")); parley.KindOf(err) != parley.NotFound {
			t.Errorf("of a contact that is not there: %v, want NotFound", err)
		}
		if _, err := contacts.Update(t.Context(), by, string(ada.ID), noun.AnyVersion, func(c *parley.Contact) error { c.Variables["a b"] = json.RawMessage("1"); return nil }); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a wrong name in an update: %v, want Invalid", err)
		}
	})
}
