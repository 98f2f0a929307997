package payload_test

import "testing"

// The lines depend on those before them.
func TestEventsAreFlat(t *testing.T) {
	t.Parallel()
	h, s := newStage(t)
	widget := s.Make("/v1/inboxes", `{"name":"Shop window","channel":"widget"}`).Text("id")
	task := s.Make("/v1/tasks", `{"title":"Call Ada"}`).Text("id")
	contact := s.Make("/v1/contacts", `{"name":"Bob"}`).Text("id")
	for _, c := range []struct{ name, event, does string }{
		{"conversation.created", "conversation.created", `POST /v1/conversations {"inbox_id":"` + widget + `","contact_id":"$contact"}`},
		{"conversation.updated", "conversation.updated", `PATCH /v1/conversations/$conversation {"subject":"Order 7"}`},
		{"conversation.assigned", "conversation.assigned", `PATCH /v1/conversations/$conversation {"assignee_id":"$agent"}`},
		{"conversation.completed", "conversation.resolved", `PATCH /v1/conversations/$conversation {"status":"resolved"}`},
		{"conversation.reopened", "conversation.reopened", `PATCH /v1/conversations/$conversation {"status":"open"}`},
		{"conversation.variables_changed", "conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/my_plan {"value":"pro"}`},
		{"message.created", "message.created", `POST /v1/conversations/$conversation/messages {"content":{"type":"image","payload":{"link":"https://files.example.com/a.jpg","mime_type":"image/jpeg"}}}`},
		{"contact.created", "contact.created", `POST /v1/contacts {"name":"Carol","email":"carol@example.com","external_id":"customer-9","variables":{"my_plan":"pro"}}`},
		{"contact.updated", "contact.updated", `PATCH /v1/contacts/` + contact + ` {"external_id":"customer-8"}`},
		{"contact.deleted", "contact.deleted", `DELETE /v1/contacts/` + contact},
		{"task.created", "task.created", `POST /v1/tasks {"title":"Call back","due_at":"2100-01-01T09:00:00Z","assignee_id":"$agent","conversation_id":"$conversation"}`},
		{"task.updated", "task.updated", `PATCH /v1/tasks/` + task + ` {"assignee_id":"$owner"}`},
		{"task.completed", "task.completed", `POST /v1/tasks/` + task + `/complete`},
		{"task.deleted", "task.deleted", `DELETE /v1/tasks/` + task},
		{"order.requested", "order.requested", `POST /v1/orders {"contact_id":"$contact","items":[{"name":"Rye","quantity":2,"unit_amount":450}],"amount":900,"currency":"EUR"}`},
		{"custom", "custom.baked", `POST /v1/events {"type":"custom.baked","data":{"loaf_count":12}}`},
	} {
		golden(t, "flat/"+c.name, renders(t, "flat", s.event(c.event, c.does)))
	}
	program := stage{h.Client, t, s.ids}
	golden(t, "flat/message.by_program", renders(t, "flat", program.event("message.created", `POST /v1/conversations/$conversation/messages {"content":{"type":"text","text":"Hello"}}`)))
}
