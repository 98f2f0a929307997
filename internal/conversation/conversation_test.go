package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// house is an organization with the verbs of its conversations and contacts.
type house struct {
	*conversation.Conversations
	t        *testing.T
	db       *database.DB
	log      *eventlog.Log
	contacts *contact.Contacts
	by       parley.Caller
	inbox    parley.InboxID
}

func newHouse(t *testing.T, db *database.DB) house {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	founded, err := account.New(db, log).Found(t.Context(), account.Founding{
		Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	verbs := conversation.New(db, log)
	by := parley.Caller{Organization: founded.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(founded.Owner.ID)}}
	return house{verbs, t, db, log, contact.New(db, log, verbs), by, founded.Inbox.ID}
}

func inEach(t *testing.T, body func(t *testing.T, h house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { body(t, newHouse(t, db)) })
}

func must[T any](h house, v T, err error) T {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func (h house) contact() parley.Contact {
	h.t.Helper()
	c, err := h.contacts.Create(h.t.Context(), h.by, parley.Contact{Name: new("Ada")})
	return must(h, c, err)
}

func (h house) start(with parley.ContactID) parley.Conversation {
	h.t.Helper()
	c, err := h.Create(h.t.Context(), h.by, parley.Conversation{InboxID: h.inbox, ContactID: with}, nil)
	return must(h, c, err)
}

func (h house) snooze(id parley.ConversationID, d time.Duration) parley.Conversation {
	h.t.Helper()
	c, err := h.Update(h.t.Context(), h.by, id, noun.AnyVersion, func(c *parley.Conversation) error {
		c.Status, c.SnoozedUntil = parley.Snoozed, new(parley.Now().Add(d))
		return nil
	})
	return must(h, c, err)
}

// since are the types of the events after a place, and their actors' types.
func (h house) since(after int64) (events []string) {
	h.t.Helper()
	found, err := h.log.Read(context.Background(), h.by.Organization, after, 1000)
	for _, e := range must(h, found, err) {
		events = append(events, e.Type+" by "+e.Actor.Type)
	}
	return events
}

func (h house) head() int64 {
	h.t.Helper()
	head, err := h.log.Head(context.Background(), h.by.Organization)
	return must(h, head, err)
}

// A snoozed conversation opens by itself when its time has come, and only then.
func TestASnoozeEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t, dbtest.SQLite(t))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.RunSnoozes(ctx, slog.New(slog.NewTextHandler(t.Output(), nil))) }()

		ada := h.contact()
		short, long, woken := h.start(ada.ID), h.start(ada.ID), h.start(ada.ID)
		h.snooze(short.ID, time.Hour)
		h.snooze(long.ID, 2*time.Hour)
		h.snooze(woken.ID, time.Hour)
		_, err := h.Write(t.Context(), h.by, woken.ID, parley.Message{Direction: parley.Incoming, Content: parley.Content{Type: "text", Text: "Hello?"}})
		if err != nil {
			t.Fatal(err)
		}
		head := h.head()
		status := func(id parley.ConversationID) parley.Conversation {
			t.Helper()
			c, err := h.Get(t.Context(), h.by.Organization, id)
			return must(h, c, err)
		}
		time.Sleep(time.Hour - 10*time.Second)
		if events := h.since(head); len(events) > 0 {
			t.Errorf("before the time has come: %v", events)
		}
		time.Sleep(20 * time.Second)
		if c := status(short.ID); c.Status != parley.Open || c.SnoozedUntil != nil {
			t.Errorf("after its time the conversation is %s until %v", c.Status, c.SnoozedUntil)
		}
		if events, want := h.since(head), []string{"conversation.reopened by system"}; !slices.Equal(events, want) {
			t.Errorf("the events are %v, want %v", events, want)
		}
		if c := status(long.ID); c.Status != parley.Snoozed {
			t.Errorf("before its time the other one is %s", c.Status)
		}
		// What is deleted meanwhile is not missed.
		if err := h.Delete(t.Context(), h.by, long.ID); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("RunSnoozes: %v", err)
		}
	})
}

// A snooze that cannot be ended holds up no other.
func TestOneSnoozeHoldsUpNoOther(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		ada := h.contact()
		broken, good := h.start(ada.ID), h.start(ada.ID)
		h.snooze(broken.ID, time.Hour)
		h.snooze(good.ID, time.Hour)
		err := h.db.Write(t.Context(), h.by.Organization, func(ctx context.Context, tx *database.Tx) error {
			if _, err := tx.Exec(ctx, "update conversations set snoozed_until = 1, seq = seq + 10"); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "update conversations set snoozed_until = 0, labels = 'no JSON' where id = $1", string(broken.ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.WakeDue(t.Context()); err == nil {
			t.Error("nobody hears of the one that cannot be ended")
		}
		if c, err := h.Get(t.Context(), h.by.Organization, good.ID); err != nil || c.Status != parley.Open {
			t.Errorf("the other one is %s (%v)", c.Status, err)
		}
	})
}

// A conversation takes everything with it.
func TestADeletedConversationLeavesNothing(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		ada := h.contact()
		for range 2 {
			c := h.start(ada.ID)
			ctx := t.Context()
			_, err := h.Write(ctx, h.by, c.ID, parley.Message{Direction: parley.Outgoing, Content: parley.Content{Type: "text", Text: "Hi"}})
			must(h, 0, err)
			_, err = h.Remark(ctx, h.by, c.ID, parley.Note{Text: "Note"})
			must(h, 0, err)
			_, err = h.AddLabel(ctx, h.by, c.ID, parley.Label{Name: "vip"})
			must(h, 0, err)
		}
		head := h.head()
		if err := h.contacts.Delete(t.Context(), h.by, string(ada.ID)); err != nil {
			t.Fatal(err)
		}
		if got, want := h.since(head), []string{"conversation.deleted by user", "conversation.deleted by user", "contact.deleted by user"}; !slices.Equal(got, want) {
			t.Errorf("the events are %v, want %v", got, want)
		}
		for _, table := range []string{"contacts", "conversations", "messages", "notes", "conversation_labels"} {
			var n int
			if err := h.db.Read().QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil || n != 0 {
				t.Errorf("%s has %d rows (%v)", table, n, err)
			}
		}
		if n, err := store.Labels.Count(t.Context(), h.db.Read(), h.by.Organization, store.Filter{}, 10); n != 1 || err != nil {
			t.Errorf("there are %d labels (%v): a label stays without its conversations", n, err)
		}
	})
}

// A label's new name, and its end, reach every conversation and no other label.
func TestALabelChangesOnEveryConversation(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		ctx, org := t.Context(), h.by.Organization
		ada := h.contact()
		var convs []parley.Conversation
		var vip parley.Label
		for range 3 {
			c := h.start(ada.ID)
			for _, name := range []string{"vip", "late"} {
				l, err := h.AddLabel(ctx, h.by, c.ID, parley.Label{Name: name})
				if must(h, l, err).Name == "vip" {
					vip = l
				}
			}
			convs = append(convs, c)
		}
		bystander := h.start(ada.ID)
		labels := func(want ...string) {
			t.Helper()
			for _, c := range convs {
				got, err := h.Get(ctx, org, c.ID)
				if !slices.Equal(must(h, got, err).Labels, want) {
					t.Errorf("the labels are %v, want %v", got.Labels, want)
				}
				for _, name := range want {
					found, _, err := h.List(ctx, org, store.Page{Limit: 10}, labeled(name))
					if len(must(h, found, err)) != len(convs) {
						t.Errorf("%d conversations are found by %s, want %d", len(found), name, len(convs))
					}
				}
			}
		}
		_, err := h.Labels.Update(ctx, h.by, string(vip.ID), noun.AnyVersion, func(l *parley.Label) error { l.Name = "dear"; return nil })
		must(h, 0, err)
		labels("dear", "late")
		if err := h.Labels.Delete(ctx, h.by, string(vip.ID)); err != nil {
			t.Fatal(err)
		}
		labels("late")
		if found, _, err := h.List(ctx, org, store.Page{Limit: 10}, labeled("dear")); len(found) > 0 || err != nil {
			t.Errorf("%d conversations are found by a label that is gone (%v)", len(found), err)
		}
		if c, err := h.Get(ctx, org, bystander.ID); err != nil || c.Sequence != bystander.Sequence {
			t.Errorf("a conversation without the label has changed (%v)", err)
		}
	})
}

func TestAConversationHasSoManyLabels(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	c := h.start(h.contact().ID)
	for i := range 100 {
		_, err := h.AddLabel(t.Context(), h.by, c.ID, parley.Label{Name: fmt.Sprint(i)})
		must(h, 0, err)
	}
	head := h.head()
	if _, err := h.AddLabel(t.Context(), h.by, c.ID, parley.Label{Name: "one more"}); parley.KindOf(err) != parley.Conflict {
		t.Errorf("one more: %v, want Conflict", err)
	}
	if _, err := h.AddLabel(t.Context(), h.by, c.ID, parley.Label{Name: "7"}); err != nil {
		t.Errorf("one that it has: %v", err)
	}
	if events := h.since(head); len(events) > 0 {
		t.Errorf("the events are %v", events)
	}
}

func TestAConversationHasSoManyVariables(t *testing.T) {
	t.Parallel()
	h := newHouse(t, dbtest.SQLite(t))
	c, ada := h.start(h.contact().ID), h.contact()
	for i := range 201 {
		name, value := fmt.Sprintf("n%d", i), []byte("1")
		_, err1 := h.SetVariable(t.Context(), h.by, c.ID, name, value)
		_, err2 := h.contacts.SetVariable(t.Context(), h.by, ada.ID, name, value)
		if i < 200 {
			must(h, 0, err1)
			must(h, 0, err2)
		} else if parley.KindOf(err1) != parley.Invalid || parley.KindOf(err2) != parley.Invalid {
			t.Errorf("variable 201: %v and %v, want Invalid", err1, err2)
		}
	}
}

// A first message that is refused leaves no conversation behind, and no gap in the
// log, whoever else writes at the same moment.
func TestAConversationThatFailsLeavesNothing(t *testing.T) {
	inEach(t, func(t *testing.T, h house) {
		ada := h.contact()
		widget, err := account.New(h.db, h.log).Inboxes.Create(t.Context(), h.by, parley.Inbox{Name: "Chat", Channel: "widget"})
		must(h, 0, err)
		head := h.head()
		const writers, each = 6, 20
		done := make(chan error, writers*each)
		for w := range writers {
			go func() {
				for range each {
					var err error
					if w%2 == 0 {
						_, err = h.Create(context.Background(), h.by, parley.Conversation{InboxID: widget.ID, ContactID: ada.ID},
							&parley.Message{Direction: parley.Incoming, Content: parley.Content{Type: "text", Text: "Hi"}})
						if parley.KindOf(err) == parley.Invalid {
							err = nil
						}
					} else {
						_, err = h.Create(context.Background(), h.by, parley.Conversation{InboxID: h.inbox, ContactID: ada.ID}, nil)
					}
					done <- err
				}
			}()
		}
		for range writers * each {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if got, want := h.head(), head+writers/2*each; got != want {
			t.Errorf("the log ends at %d, want %d", got, want)
		}
		if events := h.since(head); len(events) != writers/2*each {
			t.Errorf("there are %d events, want %d", len(events), writers/2*each)
		}
	})
}

func labeled(name string) (f store.Filter) {
	conversation.Labeled(&f, name)
	return f
}
