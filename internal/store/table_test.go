package store_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// shelf is a database with two organizations.
type shelf struct {
	*database.DB
	org, other parley.OrganizationID
}

func newShelf(t *testing.T, db *database.DB) shelf {
	t.Helper()
	s := shelf{db, parley.NewID[parley.OrganizationID](), parley.NewID[parley.OrganizationID]()}
	for _, org := range []parley.OrganizationID{s.org, s.other} {
		s.write(t, org, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "insert into organizations (id, name, created_at, updated_at) values ($1, 'Example', 0, 0)", string(org))
			return err
		})
	}
	return s
}

func inEach(t *testing.T, body func(t *testing.T, s shelf)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { body(t, newShelf(t, db)) })
}

func (s shelf) write(t *testing.T, org parley.OrganizationID, fn func(context.Context, *database.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), org, fn); err != nil {
		t.Fatal(err)
	}
}

// insert stamps an object with a sequence and inserts it.
func insert[T any](t *testing.T, s shelf, table *store.Table[T], seq int64, obj T) T {
	t.Helper()
	s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
		table.Stamp(&obj, seq, parley.Time(1000+seq))
		table.Insert(ctx, tx, s.org, &obj)
		return nil
	})
	return obj
}

func aContact() parley.Contact {
	return parley.Contact{
		Name: new("Ada"), Email: new("ada@example.com"),
		CustomFields: parley.Values{"height": json.RawMessage("168")}, Variables: parley.Values{"plan": json.RawMessage(`"pro"`)},
	}
}

func TestARowIsReadAsItWasWritten(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		contact := insert(t, s, store.Contacts, 7, aContact())
		got, err := store.Contacts.Get(t.Context(), s.Read(), s.org, string(contact.ID))
		if err != nil || !reflect.DeepEqual(got, contact) {
			t.Errorf("got %+v (%v), want %+v", got, err, contact)
		}
		if got.CreatedAt != 1007 || got.UpdatedAt != 1007 || got.Sequence != 7 || got.Phone != nil {
			t.Errorf("the row is %+v", got)
		}
		empty := insert(t, s, store.Contacts, 8, parley.Contact{})
		if got, err := store.Contacts.Get(t.Context(), s.Read(), s.org, string(empty.ID)); err != nil || got.Variables == nil || got.CustomFields == nil {
			t.Errorf("maps of a new object are absent rather than empty: %+v (%v)", got, err)
		}
		endpoint := insert(t, s, store.Webhooks, 9, parley.Webhook{
			URL: "https://example.com/", EventTypes: []string{"*"}, Retry: parley.Retry{Preset: "custom", Delays: []int{1, 2}}, TimeoutSeconds: 3,
		})
		if got, err := store.Webhooks.Get(t.Context(), s.Read(), s.org, string(endpoint.ID)); err != nil || !reflect.DeepEqual(got, endpoint) {
			t.Errorf("got %+v (%v), want %+v", got, err, endpoint)
		}
	})
}

func TestARowBelongsToItsOrganization(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		contact := insert(t, s, store.Contacts, 1, aContact())
		id := string(contact.ID)
		for name, err := range map[string]error{
			"another organization's": second(store.Contacts.Get(t.Context(), s.Read(), s.other, id)),
			"one that is not there":  second(store.Contacts.Get(t.Context(), s.Read(), s.org, "con_x")),
		} {
			if parley.KindOf(err) != parley.NotFound {
				t.Errorf("%s: %v, want NotFound", name, err)
			}
		}
		s.write(t, s.other, func(ctx context.Context, tx *database.Tx) error {
			after := contact
			after.Name = new("Eve")
			store.Contacts.Update(ctx, tx, s.other, &contact, &after)
			store.Contacts.Delete(ctx, tx, s.other, id)
			return nil
		})
		got, err := store.Contacts.Get(t.Context(), s.Read(), s.org, id)
		if err != nil || *got.Name != "Ada" {
			t.Errorf("another organization changed the row: %+v (%v)", got, err)
		}
		if _, found, err := store.Contacts.Find(t.Context(), s.Read(), s.other, store.Where("name = ?", "Ada")); found || err != nil {
			t.Errorf("another organization finds it (%v)", err)
		}
		for want, org := range map[int]parley.OrganizationID{1: s.org, 0: s.other} {
			if n, err := store.Contacts.Count(t.Context(), s.Read(), org, store.Filter{}, 10); n != want || err != nil {
				t.Errorf("counted %d (%v), want %d", n, err, want)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// An update writes what has changed and leaves alone what has not, even if it is
// different by now.
func TestAnUpdateWritesOnlyWhatChanged(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		before := insert(t, s, store.CustomFields, 1, parley.CustomField{Key: "height", Name: "Height", Options: []string{"a"}, SystemID: 7})
		after := store.CustomFields.Clone(&before)
		after.Type, after.SystemID, after.Options[0] = "text", 0, "b"
		store.CustomFields.Touch(&after, 2, 2000)
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			if _, err := tx.Exec(ctx, "update custom_fields set name = 'Meanwhile' where org_id = $1", string(s.org)); err != nil {
				return err
			}
			store.CustomFields.Update(ctx, tx, s.org, &before, &after)
			return nil
		})
		got, err := store.CustomFields.Get(t.Context(), s.Read(), s.org, string(before.ID))
		after.Name = "Meanwhile"
		if err != nil || !reflect.DeepEqual(got, after) {
			t.Errorf("got %+v (%v), want %+v", got, err, after)
		}
	})
}

func TestChangedTellsWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	before := aContact()
	before.CreatedAt, before.Sequence = 1, 1
	after := store.Contacts.Clone(&before)
	store.Contacts.Touch(&after, 2, 2)
	if got := store.Contacts.Changed(&before, &after); got != nil {
		t.Errorf("bookkeeping counts as a change: %v", got)
	}
	after.Name, after.Phone = nil, new("+4420")
	after.Variables["plan"] = json.RawMessage(`"free"`)
	got, err := json.Marshal(store.Contacts.Changed(&before, &after))
	if want := `{"name":"Ada","phone":null,"variables":{"plan":"pro"}}`; string(got) != want || err != nil {
		t.Errorf("before, it was %s (%v), want %s", got, err, want)
	}
}

func TestACloneSharesNothing(t *testing.T) {
	t.Parallel()
	original := parley.Webhook{EventTypes: []string{"*"}, Headers: parley.Headers{"a": "1"}, StatusReason: new("because")}
	clone := store.Webhooks.Clone(&original)
	clone.EventTypes[0], clone.Headers["a"], *clone.StatusReason = "x", "2", "no"
	if original.EventTypes[0] != "*" || original.Headers["a"] != "1" || *original.StatusReason != "because" {
		t.Errorf("changing the clone changed the original: %+v", original)
	}
	if clone.InboxIDs != nil {
		t.Error("what was absent is there in the clone")
	}
}

func TestATableWithinAnother(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		note := insert(t, s, store.Notes, 1, parley.Note{ConversationID: "conv_a", Text: "Hello"})
		if _, err := store.Notes.Get(t.Context(), s.Read(), s.org, "conv_b", string(note.ID)); parley.KindOf(err) != parley.NotFound {
			t.Errorf("the note is found in another conversation: %v", err)
		}
		after := note
		after.Text = "Good bye"
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			store.Notes.Update(ctx, tx, s.org, &note, &after)
			return nil
		})
		if got, err := store.Notes.Get(t.Context(), s.Read(), s.org, "conv_a", string(note.ID)); err != nil || got != after {
			t.Errorf("got %+v (%v), want %+v", got, err, after)
		}
		s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
			store.Notes.Delete(ctx, tx, s.org, "conv_a", string(note.ID))
			return nil
		})
		if _, err := store.Notes.Get(t.Context(), s.Read(), s.org, "conv_a", string(note.ID)); parley.KindOf(err) != parley.NotFound {
			t.Errorf("the note is there after it was deleted: %v", err)
		}
	})
}

func TestCountStopsAtItsLimit(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		for i := range int64(5) {
			insert(t, s, store.Labels, i+1, parley.Label{Name: string(rune('a' + i))})
		}
		for limit, want := range map[int]int{1: 1, 3: 3, 10: 5} {
			if n, err := store.Labels.Count(t.Context(), s.Read(), s.org, store.Filter{}, limit); n != want || err != nil {
				t.Errorf("up to %d: %d (%v), want %d", limit, n, err, want)
			}
		}
		if n, err := store.Labels.Count(t.Context(), s.Read(), s.org, store.Where("name > ? and name < ?", "a", "d"), 10); n != 2 || err != nil {
			t.Errorf("with a filter: %d (%v), want 2", n, err)
		}
	})
}

func TestPages(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		var ids []string
		for i := range int64(7) {
			ids = append(ids, string(insert(t, s, store.Labels, 10-i, parley.Label{Name: string(rune('a' + i))}).ID))
		}
		walk := func(p store.Page, f store.Filter) (got []string) {
			for {
				labels, next, err := store.Labels.List(t.Context(), s.Read(), s.org, p, f)
				if err != nil || len(labels) > p.Limit {
					t.Fatalf("%d labels (%v)", len(labels), err)
				}
				for _, l := range labels {
					got = append(got, string(l.ID))
				}
				if p.Cursor = next; next == "" {
					return got
				}
			}
		}
		newestFirst := slices.Clone(ids)
		slices.Reverse(newestFirst)
		for _, limit := range []int{1, 2, 3, 6, 7, 8} {
			if got := walk(store.Page{Limit: limit}, store.Filter{}); !slices.Equal(got, newestFirst) {
				t.Errorf("in pages of %d: %v, want %v", limit, got, newestFirst)
			}
			// The first was given the highest sequence: in order of change it is the last.
			if got := walk(store.Page{Limit: limit, ChangedAfter: new(int64(0))}, store.Filter{}); !slices.Equal(got, newestFirst) {
				t.Errorf("in order of change, in pages of %d: %v, want %v", limit, got, newestFirst)
			}
			if got := walk(store.Page{Limit: limit, ChangedAfter: new(int64(8))}, store.Where("name <> ?", "a")); !slices.Equal(got, []string{ids[1]}) {
				t.Errorf("changed after 8, without a: %v, want %v", got, ids[1])
			}
		}
	})
}

// Rows that another table names come in the same pages, whether they are found along
// that table or not.
func TestPagesOfRowsThatAnotherTableNames(t *testing.T) {
	inEach(t, func(t *testing.T, s shelf) {
		var want []string
		for i := range int64(9) {
			l := insert(t, s, store.Labels, 10+i, parley.Label{Name: string(rune('a' + i)), Color: "red"})
			for j, name := range []string{"odd", "all"} {
				if j == 0 && i%2 == 0 {
					continue
				}
				s.write(t, s.org, func(ctx context.Context, tx *database.Tx) error {
					_, err := tx.Exec(ctx, "insert into conversation_labels (org_id, label, conversation_id) values ($1, $2, $3)", string(s.org), name, string(l.ID))
					return err
				})
			}
			if i%2 == 1 {
				want = append([]string{string(l.ID)}, want...)
			}
		}
		for name, before := range map[string]bool{"along it": false, "beside another clause": true} {
			var f store.Filter
			if before {
				f.And("color = ?", "red")
			}
			f.Among("conversation_labels", "conversation_id", "label = ?", "odd")
			f.Broad("color", "red")
			for _, p := range []store.Page{{Limit: 3}, {Limit: 3, ChangedAfter: new(int64(0))}} {
				var got []string
				for {
					labels, next, err := store.Labels.List(t.Context(), s.Read(), s.org, p, f)
					if err != nil {
						t.Fatal(err)
					}
					for _, l := range labels {
						got = append(got, string(l.ID))
					}
					if p.Cursor = next; next == "" {
						break
					}
				}
				if p.ChangedAfter != nil {
					slices.Reverse(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", name, got, want)
				}
			}
			if n, err := store.Labels.Count(t.Context(), s.Read(), s.org, f, 10); n != len(want) || err != nil {
				t.Errorf("%s: they are %d (%v), want %d", name, n, err, len(want))
			}
		}
	})
}

func TestAFilterNumbersItsPlaceholders(t *testing.T) {
	t.Parallel()
	f := store.Where("a = ?", 1)
	f.And("(b = ? or c = ?)", "x", "y")
	f.And("d is null")
	where, args := f.SQL("org_1")
	if want := " where org_id = $1 and a = $2 and (b = $3 or c = $4) and d is null"; where != want {
		t.Errorf("got %q, want %q", where, want)
	}
	if !slices.Equal(args, []any{"org_1", 1, "x", "y"}) {
		t.Errorf("the arguments are %v", args)
	}
}

func TestATableNeedsAnIDAndASequence(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a noun without an id has a table")
		}
	}()
	store.NewTable[struct {
		InboxID  string `json:"inbox_id"`
		Sequence int64  `json:"sequence"`
	}]("thing", "things")
}

func TestCursors(t *testing.T) {
	t.Parallel()
	list := store.ListName("labels", "org_1", false, store.Where("name = ?", "a"))
	cursor := store.EncodeCursor(list, "42 lbl_x")
	if place, err := store.DecodeCursor(list, cursor); place != "42 lbl_x" || err != nil {
		t.Errorf("%s leads to %q (%v)", cursor, place, err)
	}
	for name, other := range map[string]string{
		"another table":        store.ListName("notes", "org_1", false, store.Where("name = ?", "a")),
		"another organization": store.ListName("labels", "org_2", false, store.Where("name = ?", "a")),
		"another order":        store.ListName("labels", "org_1", true, store.Where("name = ?", "a")),
		"another filter":       store.ListName("labels", "org_1", false, store.Where("name = ?", "b")),
		"no filter":            store.ListName("labels", "org_1", false, store.Filter{}),
	} {
		if _, err := store.DecodeCursor(other, cursor); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%s takes the cursor: %v", name, err)
		}
	}
	for _, wrong := range []string{"", "x", "%", cursor[1:], cursor + "=", store.EncodeCursor(list, "'; drop table labels"), store.EncodeCursor(list, "\xff"), store.EncodeCursor(list, "")} {
		if place, err := store.DecodeCursor(list, wrong); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%q leads to %q (%v)", wrong, place, err)
		}
	}
	if _, err := store.DecodeSequence(list, cursor); parley.KindOf(err) != parley.Invalid {
		t.Errorf("a place that is no sequence is one: %v", err)
	}
	if seq, err := store.DecodeSequence(list, store.EncodeCursor(list, "42")); seq != 42 || err != nil {
		t.Errorf("42 is %d (%v)", seq, err)
	}
}
