package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// rename changes a contact as a verb does.
func rename(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id, name string, seq int64) error {
	before, err := store.Contacts.Get(ctx, tx, org, id)
	if err != nil {
		return err
	}
	after := store.Contacts.Clone(&before)
	after.Name = &name
	after.Variables["plan"] = json.RawMessage(`"` + name + `"`)
	store.Contacts.Touch(&after, seq, parley.Time(1000+seq))
	store.Contacts.Update(ctx, tx, org, &before, &after)
	return nil
}

// names reads the contacts in every way there is; each must tell the same.
func names(t *testing.T, s shelf) string {
	t.Helper()
	listed, _, err := store.Contacts.List(t.Context(), s.Read(), s.org, store.Page{Limit: 10}, store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range listed {
		got, err := store.Contacts.Get(t.Context(), s.Read(), s.org, string(c.ID))
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("got %+v (%v), listed %+v", got, err, c)
		}
		want, err := json.Marshal(c)
		if b := store.Contacts.AppendJSON(nil, s.Read(), s.org, &c); err != nil || string(b) != string(want) {
			t.Errorf("encoded as %s, want %s", b, want)
		}
		names = append(names, *c.Name+"="+string(c.Variables["plan"]))
	}
	return strings.Join(names, " ")
}

func TestWhatIsKeptIsNeverOld(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		first := insert(t, s, store.Contacts, 1, aContact())
		insert(t, s, store.Contacts, 2, aContact())
		is := func(when, want string) {
			t.Helper()
			for range 2 { // from the database, and as it is kept
				if got := names(t, s); got != want {
					t.Errorf("%s: %s, want %s", when, got, want)
				}
			}
		}
		is("at first", `Ada="pro" Ada="pro"`)
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			return rename(ctx, tx, s.org, string(first.ID), "Eve", 3)
		})
		is("after a change", `Ada="pro" Eve="Eve"`)

		failed := errors.New("no")
		err := s.Write(t.Context(), s.org, func(ctx context.Context, tx *database.Tx) error {
			if err := rename(ctx, tx, s.org, string(first.ID), "Undone", 4); err != nil {
				return err
			}
			if c, err := store.Contacts.Get(ctx, tx, s.org, string(first.ID)); err != nil || *c.Name != "Undone" {
				t.Errorf("a transaction does not see its own change: %+v (%v)", c, err)
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		is("after a change that was undone", `Ada="pro" Eve="Eve"`)

		// Another process does not tell this one.
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "update contacts set name = 'Zoe', seq = 4 where org_id = $1 and id = $2", string(s.org), string(first.ID))
			return err
		})
		is("after a change elsewhere", `Ada="pro" Zoe="Eve"`)

		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			store.Contacts.Delete(ctx, tx, s.org, string(first.ID))
			return nil
		})
		is("after one was deleted", `Ada="pro"`)
		if _, err := store.Contacts.Get(t.Context(), s.Read(), s.org, string(first.ID)); parley.KindOf(err) != parley.NotFound {
			t.Errorf("the one deleted is found: %v", err)
		}
		for range 2 {
			if _, err := store.Contacts.Get(t.Context(), s.Read(), s.other, string(first.ID)); parley.KindOf(err) != parley.NotFound {
				t.Errorf("another organization finds it: %v", err)
			}
		}
	})
}

// What a transaction reads is its own to change.
func TestATransactionChangesNothingThatIsKept(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		contact := insert(t, s, store.Contacts, 1, aContact())
		names(t, s)
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			for range 2 {
				c, err := store.Contacts.Get(ctx, tx, s.org, string(contact.ID))
				if err != nil {
					return err
				}
				*c.Name, c.Variables["plan"] = "Mallory", json.RawMessage(`"none"`)
			}
			return nil
		})
		if got, want := names(t, s), `Ada="pro"`; got != want {
			t.Errorf("it is %s, want %s", got, want)
		}
	})
}
