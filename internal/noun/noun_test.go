package noun_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// labels declares labels as a noun that refuses the name "no" and cannot be deleted
// while it is called "stays".
func labels(db *database.DB, log *eventlog.Log) *noun.Noun[parley.Label, parley.LabelEvent] {
	return &noun.Noun[parley.Label, parley.LabelEvent]{
		DB: db, Log: log, Table: store.Labels,
		Created: parley.LabelCreated, Updated: parley.LabelUpdated, Deleted: parley.LabelDeleted,
		Data: func(l parley.Label, p parley.Previous) parley.LabelEvent {
			return parley.LabelEvent{Label: l, Previous: p}
		},
		Inbox: func(l *parley.Label) parley.InboxID { return parley.InboxID("inb_" + l.Name) },
		Check: func(_ context.Context, _ *database.Tx, _ parley.Caller, before, after *parley.Label) error {
			if after.Name == "no" {
				return parley.InvalidField("body.name", "must not be no")
			}
			if before == nil {
				after.Description = "completed"
			}
			return nil
		},
		Deleting: func(_ context.Context, _ *database.Tx, _ parley.Caller, l *parley.Label) error {
			if l.Name == "stays" {
				return parley.Errorf(parley.Conflict, "It stays.")
			}
			return nil
		},
	}
}

func inEach(t *testing.T, body func(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
		org := parley.NewID[parley.OrganizationID]()
		err := db.Write(t.Context(), org, func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.Exec(ctx, "insert into organizations (id, name, created_at, updated_at) values ($1, 'Example', 0, 0)", string(org))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		body(t, labels(db, log), parley.Caller{Organization: org, Actor: parley.System})
	})
}

func last(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], org parley.OrganizationID) *parley.Event {
	t.Helper()
	events, err := n.Log.Query(t.Context(), org, store.Filter{}, true, 1)
	if err != nil || len(events) != 1 {
		t.Fatalf("the log has no last event: %v", err)
	}
	return events[0]
}

func TestAnObjectsLife(t *testing.T) {
	inEach(t, func(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller) {
		ctx, given := t.Context(), parley.Label{ID: "lbl_mine", Name: "vip", Sequence: 99}
		made, err := n.Create(ctx, by, given)
		if err != nil || made.ID == given.ID || made.Sequence != 1 || made.Description != "completed" || given.Description != "" {
			t.Fatalf("made %+v of %+v (%v)", made, given, err)
		}
		if e := last(t, n, by.Organization); e.Type != "label.created" || e.Key != string(made.ID) || e.Inbox != "inb_vip" || e.CreatedAt != made.CreatedAt {
			t.Errorf("the event is %+v", e)
		}
		changed, err := n.Update(ctx, by, string(made.ID), made.Sequence, func(l *parley.Label) error { l.Name = "dear"; return nil })
		if err != nil || changed.Sequence != 2 || changed.CreatedAt != made.CreatedAt || last(t, n, by.Organization).Type != "label.updated" {
			t.Errorf("changed to %+v (%v)", changed, err)
		}
		same, err := n.Update(ctx, by, string(made.ID), noun.AnyVersion, func(l *parley.Label) error { l.Name = "dear"; return nil })
		if err != nil || same != changed {
			t.Errorf("a change that changes nothing gives %+v (%v)", same, err)
		}
		if err := n.Delete(ctx, by, string(made.ID)); err != nil || last(t, n, by.Organization).Type != "label.deleted" {
			t.Errorf("delete: %v", err)
		}
		if last(t, n, by.Organization).Sequence != 3 {
			t.Error("there are more events than changes")
		}
	})
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	inEach(t, func(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller) {
		ctx := t.Context()
		made, err := n.Create(ctx, by, parley.Label{Name: "stays"})
		if err != nil {
			t.Fatal(err)
		}
		id, mine := string(made.ID), errors.New("mine")
		rename := func(name string) func(*parley.Label) error {
			return func(l *parley.Label) error { l.Name = name; return nil }
		}
		_, refused := n.Create(ctx, by, parley.Label{Name: "no"})
		_, checked := n.Update(ctx, by, id, noun.AnyVersion, rename("no"))
		_, stale := n.Update(ctx, by, id, made.Sequence+1, rename("yes"))
		_, failed := n.Update(ctx, by, id, noun.AnyVersion, func(l *parley.Label) error { l.Name = "half"; return mine })
		_, absent := n.Update(ctx, by, "lbl_none", noun.AnyVersion, rename("yes"))
		_, foreign := n.Get(ctx, "org_other", id)
		for name, test := range map[string]struct {
			err  error
			want parley.Kind
		}{
			"create": {refused, parley.Invalid}, "check": {checked, parley.Invalid}, "version": {stale, parley.Stale},
			"absent": {absent, parley.NotFound}, "foreign": {foreign, parley.NotFound},
			"delete": {n.Delete(ctx, by, id), parley.Conflict}, "delete absent": {n.Delete(ctx, by, "lbl_none"), parley.NotFound},
		} {
			if parley.KindOf(test.err) != test.want {
				t.Errorf("%s: %v", name, test.err)
			}
		}
		if !errors.Is(failed, mine) {
			t.Errorf("a change that fails: %v", failed)
		}
		if got, err := n.Get(ctx, by.Organization, id); err != nil || got != made {
			t.Errorf("the object is %+v (%v), want %+v", got, err, made)
		}
		if e := last(t, n, by.Organization); e.Sequence != 1 {
			t.Errorf("the log ends with %s", e.JSON())
		}
	})
}

// Of those who change the version that they have read, one wins.
func TestOneOfManyWinsARace(t *testing.T) {
	inEach(t, func(t *testing.T, n *noun.Noun[parley.Label, parley.LabelEvent], by parley.Caller) {
		made, err := n.Create(t.Context(), by, parley.Label{Name: "vip"})
		if err != nil {
			t.Fatal(err)
		}
		const racers = 8
		won := make(chan bool, racers)
		var all sync.WaitGroup
		for i := range racers {
			all.Go(func() {
				_, err := n.Update(context.Background(), by, string(made.ID), made.Sequence, func(l *parley.Label) error { l.Color = string(rune('a' + i)); return nil })
				if err != nil && parley.KindOf(err) != parley.Stale {
					t.Error(err)
				}
				won <- err == nil
			})
		}
		all.Wait()
		close(won)
		winners := 0
		for w := range won {
			if w {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("%d of %d won", winners, racers)
		}
	})
}
