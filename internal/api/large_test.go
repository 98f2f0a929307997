package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// many is how much of something there is, for lists of hundreds of pages.
const many = 100_000 / shrink

// inBulk does something many times, so much of it at once that few transactions are
// enough.
func inBulk(t *testing.T, times int, do func(ctx context.Context, i int) error) {
	t.Helper()
	var next atomic.Int64
	var doing sync.WaitGroup
	for range 256 {
		doing.Go(func() {
			for i := next.Add(1) - 1; i < int64(times); i = next.Add(1) - 1 {
				if err := do(t.Context(), int(i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	doing.Wait()
}

// walk reads a list page by page, from a path to which the cursor is added, and gives
// the raw objects of each page to a function.
func walk(c *house.Client, path string, page func([]json.RawMessage)) {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	for cursor := ""; ; {
		a := c.Get(path + separator + "limit=200" + cursor)
		var read struct{ Data []json.RawMessage }
		a.Decode(&read)
		page(read.Data)
		if cursor = next(a); cursor == "" {
			return
		}
		cursor = "&cursor=" + cursor
	}
}

// besides has others do something so many times in all, at the pace at which steps are
// taken: a few times with each. Wait returns once all is done.
type besides struct {
	turns   chan int
	each    int
	given   int
	writing sync.WaitGroup
}

func beside(steps, times int, do func(turn int)) *besides {
	b := &besides{turns: make(chan int, times), each: (times + steps - 1) / steps}
	for range 8 {
		b.writing.Go(func() {
			for turn := range b.turns {
				do(turn)
			}
		})
	}
	return b
}

func (b *besides) step() {
	for range b.each {
		if b.given < cap(b.turns) {
			b.turns <- b.given
			b.given++
		}
	}
}

func (b *besides) wait() {
	for b.given < cap(b.turns) {
		b.step()
	}
	close(b.turns)
	b.writing.Wait()
}

// Whoever pages through 100,000 messages while 1,000 more are written, of one
// conversation or of all by the log, gets each exactly once.
func TestPagingThroughManyMessagesWhileMoreAreWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		conversation := parley.ConversationID(f.id("conversation"))
		there := make([]string, many)
		inBulk(t, many, func(ctx context.Context, i int) error {
			m, err := h.Conversations.Write(ctx, h.Caller(), conversation, parley.Message{Direction: parley.Outgoing, Content: parley.TextContent(fmt.Sprint("Message ", i))})
			there[i] = string(m.ID)
			return err
		})
		messages := f.says("/v1/conversations/$conversation/messages")
		for list, written := range map[string]string{
			messages:                           messages,
			"/v1/events?types=message.created": f.says("/v1/conversations/$second/messages"),
		} {
			others := beside(many/200, many/100, func(int) { h.Make(written, `{"content":{"type":"text","text":"More"}}`) })
			seen := make(map[string]int, many)
			walk(h.Client, list, func(page []json.RawMessage) {
				for _, raw := range page {
					seen[messageID(t, raw)]++
				}
				others.step()
			})
			others.wait()
			for _, id := range there {
				if seen[id] != 1 {
					t.Fatalf("%s: of %d messages, %s came %d times", list, len(there), id, seen[id])
				}
			}
			for id, times := range seen {
				if times != 1 {
					t.Fatalf("%s: %s came %d times", list, id, times)
				}
			}
			t.Logf("%s: %d messages, of %d that were there", list, len(seen), many)
		}
	})
}

// messageID is the id of a message or of the message of an event.
func messageID(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var one struct {
		ID   string
		Data struct{ Message struct{ ID string } }
	}
	if err := json.Unmarshal(raw, &one); err != nil {
		t.Fatal(err)
	}
	if one.Data.Message.ID != "" {
		return one.Data.Message.ID
	}
	return one.ID
}

// mirror is a copy of all contacts, kept up to date as the documentation says: with
// changed_after for what was made or changed, and with the log for what was deleted.
type mirror struct {
	client   *house.Client
	contacts map[string]string // as JSON, by id
	changed  int64             // the place of the last change that it knows
	deleted  int64             // the place of the last event of a deletion that it knows
}

func (m *mirror) update(t *testing.T, page func()) {
	walk(m.client, fmt.Sprintf("/v1/contacts?changed_after=%d", m.changed), func(contacts []json.RawMessage) {
		for _, raw := range contacts {
			var c parley.Contact
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			m.contacts[string(c.ID)], m.changed = string(raw), c.Sequence
		}
		page()
	})
	walk(m.client, fmt.Sprintf("/v1/events?types=contact.deleted&after=%d", m.deleted), func(events []json.RawMessage) {
		for _, raw := range events {
			var e struct {
				Sequence int64
				Data     struct{ Contact struct{ ID string } }
			}
			if err := json.Unmarshal(raw, &e); err != nil {
				t.Fatal(err)
			}
			delete(m.contacts, e.Data.Contact.ID)
			m.deleted = e.Sequence
		}
	})
}

// A copy of 100,000 contacts that is made with changed_after while they are made,
// changed and deleted is, once nothing changes any more, what it is a copy of, to the
// last field.
func TestChangedAfterMirrorsManyContactsUnderLoad(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		ids := make([]parley.ContactID, many)
		inBulk(t, many, func(ctx context.Context, i int) error {
			name := fmt.Sprint("Contact ", i)
			c, err := h.Contacts.Create(ctx, h.Caller(), parley.Contact{Name: &name})
			ids[i] = c.ID
			return err
		})
		m := &mirror{client: h.Client, contacts: map[string]string{}}
		others := beside(many/200, many/10, func(turn int) { disturb(h, ids, turn) })
		m.update(t, others.step)
		m.update(t, others.step)
		others.wait()
		m.update(t, func() {})

		there := 0
		walk(h.Client, "/v1/contacts", func(contacts []json.RawMessage) {
			for _, raw := range contacts {
				var c parley.Contact
				if err := json.Unmarshal(raw, &c); err != nil {
					t.Fatal(err)
				}
				if copied := m.contacts[string(c.ID)]; copied != string(raw) {
					t.Fatalf("the contact is\n%s, its copy\n%s", raw, copied)
				}
				there++
			}
		})
		if there != len(m.contacts) {
			t.Errorf("there are %d contacts, and %d copies", there, len(m.contacts))
		}
		if created := many + many/10/3; there >= created || there < many*9/10 {
			t.Errorf("of %d contacts, there are %d: that was no load", created, there)
		}
	})
}

// disturb makes, changes or deletes a contact. Deletions are of every tenth contact,
// each once, and changes of all others.
func disturb(h *house.House, ids []parley.ContactID, turn int) {
	switch turn % 3 {
	case 0:
		h.Make("/v1/contacts", `{"name":"New","variables":{"turn":`+fmt.Sprint(turn)+`}}`)
	case 1:
		h.Do("DELETE", "/v1/contacts/"+string(ids[turn/3*10%len(ids)]), "").Want(204)
	case 2:
		i := rand.IntN(len(ids))
		if i%10 == 0 {
			i++
		}
		h.Do("PATCH", "/v1/contacts/"+string(ids[i]), fmt.Sprintf(`{"name":"Changed %d","email":"c%d@example.com"}`, turn, turn)).Want(200)
	}
}
