package contact_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// office is an organization that has contacts.
type office struct {
	*contact.Contacts
	t             *testing.T
	db            *database.DB
	log           *eventlog.Log
	conversations *conversation.Conversations
	by            parley.Caller
	inbox         parley.InboxID
}

// inEach opens an office on each database.
func inEach(t *testing.T, body func(*testing.T, *office)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
		founded, err := account.New(db, log).Found(t.Context(), account.Founding{
			Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
		})
		if err != nil {
			t.Fatal(err)
		}
		o := &office{t: t, db: db, log: log, conversations: conversation.New(db, log), inbox: founded.Inbox.ID}
		o.Contacts = contact.New(db, log, o.conversations)
		o.by = parley.Caller{Organization: founded.Organization.ID, Actor: parley.System}
		body(t, o)
	})
}

func (o *office) contact(c parley.Contact) parley.Contact {
	o.t.Helper()
	made, err := o.Create(o.t.Context(), o.by, c)
	if err != nil {
		o.t.Fatal(err)
	}
	return made
}

// converse starts n conversations with a contact.
func (o *office) converse(with parley.ContactID, n int) {
	o.t.Helper()
	err := o.db.Write(o.t.Context(), o.by.Organization, func(ctx context.Context, tx *database.Tx) error {
		for range n {
			at, err := o.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			conv := parley.Conversation{Status: parley.Open, InboxID: o.inbox, ContactID: with, Subject: new("Bread")}
			store.Conversations.Stamp(&conv, at.Sequence, at.At)
			store.Conversations.Insert(ctx, tx, o.by.Organization, &conv)
			data := parley.ConversationCreatedEvent{Conversation: conv}
			if _, err := o.log.Append(ctx, tx, o.by, at, parley.ConversationCreated.Draft(string(conv.ID), o.inbox, data)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) head() int64 {
	o.t.Helper()
	head, err := o.log.Head(o.t.Context(), o.by.Organization)
	if err != nil {
		o.t.Fatal(err)
	}
	return head
}

// A table that refers to contacts must not be forgotten: what is in it would be lost
// with the contact that goes.
func TestAMergeMovesAllThatRefersToAContact(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	rows, err := db.Read().Query(t.Context(), `
		select t.name || '.' || c.name from sqlite_master t
		join pragma_table_info(t.name) c
		where t.type = 'table' and c.name like '%contact%'
		and t.name not in ('erasures', 'erasure_ids') -- whom nobody can merge with any more`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, column)
	}
	var moved []string
	for _, table := range contact.New(db, nil, conversation.New(db, nil)).Referring() {
		moved = append(moved, table+".contact_id")
	}
	slices.Sort(columns)
	slices.Sort(moved)
	if !slices.Equal(columns, moved) {
		t.Errorf("these columns refer to contacts: %v; a merge moves %v: see referring in merge.go", columns, moved)
	}
}

func values(pairs ...string) parley.Values {
	v := parley.Values{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		v[name] = json.RawMessage(value)
	}
	return v
}

func TestAMergeTakesOverWhatIsLacking(t *testing.T) {
	inEach(t, func(t *testing.T, o *office) {
		stays := o.contact(parley.Contact{Name: new("Ada"), Variables: values("plan=1", "mine=1")})
		goes := o.contact(parley.Contact{Name: new("A."), Email: new("ada@example.com"), ExternalID: new("c-1"), Variables: values("plan=2", "theirs=2")})
		o.converse(goes.ID, 2)
		head := o.head()
		after, err := o.Merge(t.Context(), o.by, stays.ID, goes.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(after.Variables)
		if err != nil || *after.Name != "Ada" || *after.Email != "ada@example.com" || *after.ExternalID != "c-1" || after.Phone != nil || string(got) != `{"mine":1,"plan":1,"theirs":2}` {
			t.Errorf("merged, the contact is %+v (%v)", after, err)
		}
		events, err := o.log.Read(t.Context(), o.by.Organization, head, 10)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, e := range events {
			told = append(told, e.Type+" "+e.Key[:4])
		}
		if want := []string{"conversation.updated conv", "conversation.updated conv", "contact.deleted con_", "contact.merged con_"}; !slices.Equal(told, want) {
			t.Fatalf("the events are %v", told)
		}
		var merged parley.ContactMergedEvent
		if err := json.Unmarshal(events[3].Data, &merged); err != nil {
			t.Fatal(err)
		}
		if merged.Contact.ID != stays.ID || merged.Merged.ID != goes.ID || merged.Merged.Sequence != goes.Sequence || len(merged.Previous) != 3 {
			t.Errorf("the merge is told as %s", events[3].Data)
		}
		if after.Sequence != events[3].Sequence {
			t.Errorf("the contact is at %d, its merge at %d", after.Sequence, events[3].Sequence)
		}
		changed, _, err := o.conversations.List(t.Context(), o.by.Organization, store.Page{Limit: 10, ChangedAfter: &head}, store.Where("contact_id = ?", string(stays.ID)))
		if err != nil || len(changed) != 2 {
			t.Errorf("%d conversations changed (%v)", len(changed), err)
		}
		if _, err := o.Get(t.Context(), o.by.Organization, string(goes.ID)); parley.KindOf(err) != parley.NotFound {
			t.Errorf("the contact that went: %v", err)
		}
	})
}

func TestMergesThatAreRefused(t *testing.T) {
	inEach(t, func(t *testing.T, o *office) {
		ada, bob := o.contact(parley.Contact{}), o.contact(parley.Contact{})
		many := parley.Values{}
		for i := range store.MaxFields {
			many[fmt.Sprintf("n%d", i)] = json.RawMessage("1")
		}
		rich := o.contact(parley.Contact{Variables: many})
		one := o.contact(parley.Contact{Variables: values("another=1")})
		absent := parley.NewID[parley.ContactID]()
		head := o.head()
		for name, test := range map[string]struct {
			into, other parley.ContactID
			want        parley.Kind
		}{
			"into itself":        {ada.ID, ada.ID, parley.Invalid},
			"into nobody":        {absent, ada.ID, parley.NotFound},
			"nobody":             {ada.ID, absent, parley.NotFound},
			"too many variables": {rich.ID, one.ID, parley.Conflict},
		} {
			if _, err := o.Merge(t.Context(), o.by, test.into, test.other); parley.KindOf(err) != test.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if o.head() != head {
			t.Error("what was refused made events")
		}
		if _, err := o.Merge(t.Context(), o.by, ada.ID, bob.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Merge(t.Context(), o.by, ada.ID, bob.ID); parley.KindOf(err) != parley.NotFound || !strings.Contains(err.Error(), "merged already") {
			t.Errorf("once more: %v", err)
		}
	})
}

// The largest merge that is taken has to be done within the limit of a request, and one
// that is larger is refused before anything is moved.
func TestALargeMerge(t *testing.T) {
	inEach(t, func(t *testing.T, o *office) {
		stays, goes, most := o.contact(parley.Contact{}), o.contact(parley.Contact{}), contact.MaxMoved
		o.converse(goes.ID, most+1)
		if _, err := o.Merge(t.Context(), o.by, stays.ID, goes.ID); parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), "10000") {
			t.Fatalf("over the limit: %v", err)
		}
		convs, _, err := o.conversations.List(t.Context(), o.by.Organization, store.Page{Limit: 1}, store.Where("contact_id = ?", string(goes.ID)))
		if err != nil || len(convs) != 1 {
			t.Fatal(err)
		}
		if err := o.conversations.Delete(t.Context(), o.by, convs[0].ID); err != nil {
			t.Fatal(err)
		}
		head, start := o.head(), time.Now()
		if _, err := o.Merge(t.Context(), o.by, stays.ID, goes.ID); err != nil {
			t.Fatal(err)
		}
		t.Logf("%d conversations were moved in %v", most, time.Since(start))
		if moved := o.head() - head; moved != int64(most)+2 {
			t.Errorf("%d events tell of it", moved)
		}
	})
}
