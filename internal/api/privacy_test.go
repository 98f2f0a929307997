package api_test

import (
	"encoding/json"
	"testing"

	"parley"
	"parley/internal/database"
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
