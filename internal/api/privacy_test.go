package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/payload"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// exported is what an export of a contact has.
type exported struct {
	Contact       parley.Contact
	Conversations []struct {
		parley.Conversation
		Messages    []parley.Message
		Notes       []parley.Note
		Attachments []struct {
			parley.Attachment
			Link string
		}
	}
	Tasks        []parley.Task
	Tickets      []parley.Ticket
	Appointments []parley.Appointment
	Orders       []parley.Order
	Payments     []parley.Payment
	Deals        []parley.Deal
	Events       []struct{ Type string }
}

// Whoever asks what is kept about them is given all of it, and nothing of anybody else.
func TestAContactIsExported(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		f.with("message", "reply", "note", "attachment", "task", "ticket", "appointment", "order", "payment", "deal", "stranger", "second")
		for range 450 { // more than are read at once
			f.Make(f.says("/v1/conversations/$second/messages"), `{"content":{"type":"text","text":"Again"}}`)
		}
		h.Make("/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"$stranger","subject":"Secret","message":{"content":{"type":"text","text":"Psst"}}}`))
		answer := h.Get(f.says("/v1/contacts/$contact/export")).Lacks("Psst").Lacks("Secret").Lacks(f.id("stranger"))
		var e exported
		answer.Decode(&e)
		if e.Contact.ID != parley.ContactID(f.id("contact")) || len(e.Conversations) != 2 {
			t.Fatalf("the export is of %s and has %d conversations", e.Contact.ID, len(e.Conversations))
		}
		second, first := e.Conversations[0], e.Conversations[1]
		if len(second.Messages) != 450 || len(first.Messages) != 2 || len(first.Notes) != 1 {
			t.Errorf("the conversations have %d and %d messages and %d notes", len(second.Messages), len(first.Messages), len(first.Notes))
		}
		if len(first.Attachments) != 1 || first.Attachments[0].Link != h.URL+"/v1/attachments/"+f.id("attachment")+"/content" {
			t.Errorf("the attachments are %+v", first.Attachments)
		}
		if n := [6]int{len(e.Tasks), len(e.Tickets), len(e.Appointments), len(e.Orders), len(e.Payments), len(e.Deals)}; n != [6]int{1, 1, 1, 1, 1, 1} {
			t.Errorf("of tasks, tickets, appointments, orders, payments and deals there are %v", n)
		}
		types := map[string]int{}
		for _, event := range e.Events {
			types[event.Type]++
		}
		if types["contact.created"] != 1 || types["message.created"] != 452 || types["attachment.created"] != 1 || types["user.created"] != 0 {
			t.Errorf("the export has events %v", types)
		}
		if !json.Valid(answer.Body) {
			t.Error("the export is no JSON")
		}
		h.Key("contacts:write", "conversations:write").Do("GET", f.says("/v1/contacts/$contact/export"), "").Want(403)
		h.AddOrganization(t).Do("GET", f.says("/v1/contacts/$contact/export"), "").Want(404)
	})
}

// What is erased is found nowhere any more, and all else is as it was: places, ids, types,
// times and actors of events, and what belongs to others.
func TestAContactIsErased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		f.with("message", "reply", "note", "attachment", "task", "ticket", "appointment", "order", "stranger", "second")
		other := h.Make("/v1/contacts", `{"name":"Augusta","email":"augusta@example.com","phone":"+44 20 7946 0999"}`).Text("id")
		h.Make("/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"`+other+`","subject":"Augusta asks","message":{"content":{"type":"text","text":"I am Augusta"}}}`))
		h.Do("POST", f.says("/v1/contacts/$contact/merge"), `{"contact_id":"`+other+`"}`).Want(200)
		h.Do("PATCH", f.says("/v1/contacts/$contact"), `{"name":"Adelaide","variables":{"city":"Turin"}}`).Want(200)
		h.Make("/v1/events", f.says(`{"type":"custom.seen","data":{"who":"$contact","name":"Adelaide"}}`))
		for range 260 { // more than one step deletes, and looks at
			h.Make(f.says("/v1/conversations/$second/messages"), `{"content":{"type":"text","text":"Adelaide again"}}`)
		}
		h.Make("/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"$stranger","subject":"Rye","message":{"content":{"type":"text","text":"From Bob"}}}`))
		outside := h.AddOrganization(t)
		outside.Make("/v1/contacts", `{"name":"Adelaide"}`)
		before := h.Events(0)
		attachment, err := h.Attachments.Get(t.Context(), h.Organization.ID, parley.AttachmentID(f.id("attachment")))
		if err != nil {
			t.Fatal(err)
		}

		path := f.says("/v1/contacts/$contact")
		h.Key("contacts:write", "privacy:read").Do("POST", path+"/erase", "").Want(403)
		outside.Do("POST", path+"/erase", "").Want(404)
		h.Do("GET", path+"/erasure", "").Want(404)
		h.Do("POST", path+"/erase", "").Want(202).Includes(`{"status":"running","events_left":null}`)
		if err := h.Contacts.EraseDue(t.Context(), h.Attachments); err != nil {
			t.Fatal(err)
		}
		h.Do("GET", path+"/erasure", "").Want(200).Includes(`{"status":"finished","events_left":0}`)
		h.Do("POST", path+"/erase", "").Want(202).Includes(`{"status":"finished"}`)
		h.Do("GET", path, "").Want(404)
		h.Do("GET", f.says("/v1/conversations/$second"), "").Want(404)
		if err := h.Attachments.Open(t.Context(), h.Organization.ID, attachment).Ready(); err == nil {
			t.Error("the bytes of an attachment are still there")
		}

		after := h.Events(0)
		last := after[len(after)-1]
		if last.Type != "contact.erased" || string(last.Data) != f.says(fmt.Sprintf(`{"contact":{"id":"$contact","sequence":%d}}`, last.Sequence)) {
			t.Errorf("the last event is %s", last.JSON())
		}
		for i, e := range before {
			now := after[i]
			if now.ID != e.ID || now.Sequence != e.Sequence || now.Type != e.Type || now.Actor != e.Actor || now.CreatedAt != e.CreatedAt || now.Inbox != e.Inbox {
				t.Errorf("%s was\n%s", now.JSON(), e.JSON())
			}
			for _, format := range payload.Formats() {
				if _, err := format.Body("whk_01kaf0v3b2e1gs8k6w3p0d5hvy", now); err != nil {
					t.Errorf("%s in format %s: %v", now.Type, format.Name, err)
				}
			}
		}
		for _, told := range []string{"Ada", "Adelaide", "Augusta", "ada@", "customer-1", "7946", "Turin", "Bread", "Hello", "Good morning", "Likes rye", "order.json"} {
			for _, e := range after {
				if strings.Contains(string(e.Data), told) {
					t.Errorf("%q is told by %s", told, e.JSON())
				}
			}
			for table, kept := range rows(t, h, h.Client) {
				if strings.Contains(kept, told) {
					t.Errorf("%q is kept in %s", told, table)
				}
			}
		}
		for _, told := range []string{"Bob", "From Bob", "Rye", "Call back", "Stale bread"} {
			if !slices.ContainsFunc(after, func(e *parley.Event) bool { return strings.Contains(string(e.Data), told) }) {
				t.Errorf("%q is not told any more", told)
			}
		}
		h.Do("GET", f.says("/v1/tasks/$task"), "").Want(200).Includes(`{"title":"Call back","contact_id":null}`)
		if outside.Head() < 1 || !strings.Contains(string(outside.Events(0)[len(outside.Events(0))-1].Data), "Adelaide") {
			t.Error("another organization's events were altered")
		}
	})
}

// Events of every type that tell of a contact can be written in every format once they
// were erased, and no answer of an endpoint to them is kept.
func TestAnswersAboutAnErasedContactGo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		f.with("webhook", "message")
		events := h.Events(0)
		about, stranger := events[len(events)-1].Sequence, h.Head()
		h.Make("/v1/contacts", `{"name":"Bob"}`)
		stranger++
		hook := parley.WebhookID(f.id("webhook"))
		err := db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
			for _, seq := range []int64{about, stranger} {
				store.InsertAttempt(ctx, tx, &store.Attempt{
					Org: h.Organization.ID, Webhook: hook, Seq: seq, Number: 1, First: true, State: parley.Failed, At: parley.Now(),
					StatusCode: 500, Error: "Ada was refused", Body: "Hello Ada",
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Do("POST", f.says("/v1/contacts/$contact/erase"), "").Want(202)
		if err := h.Contacts.EraseDue(t.Context(), h.Attachments); err != nil {
			t.Fatal(err)
		}
		for seq, kept := range map[int64]bool{about: false, stranger: true} {
			attempts, err := store.AttemptsOf(t.Context(), db.Read(), h.Organization.ID, hook, seq)
			if err != nil {
				t.Fatal(err)
			}
			if len(attempts) != 1 || (attempts[0].Body != "") != kept || attempts[0].Error == "" || strings.Contains(attempts[0].Error, "Ada") == !kept {
				t.Errorf("of event %d, %+v is kept", seq, attempts)
			}
		}
	})
}
