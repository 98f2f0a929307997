package store

import "parley"

// Tables are the tables of the nouns, one each.
var (
	Organizations   = NewTable[parley.Organization]("organization", "organizations")
	Users           = NewTable[parley.User]("user", "users")
	Teams           = NewTable[parley.Team]("team", "teams")
	APIKeys         = NewTable[parley.APIKey]("API key", "api_keys")
	Inboxes         = NewTable[parley.Inbox]("inbox", "inboxes").Kept()
	Contacts        = NewTable[parley.Contact]("contact", "contacts").Kept()
	Conversations   = NewTable[parley.Conversation]("conversation", "conversations").Kept().Latest("coalesce(last_message_at, created_at)", lastActivity)
	Messages        = NewTable[parley.Message]("message", "messages").Within("conversation_id").Kept()
	Notes           = NewTable[parley.Note]("note", "notes").Within("conversation_id")
	Labels          = NewTable[parley.Label]("label", "labels")
	CannedResponses = NewTable[parley.CannedResponse]("canned response", "canned_responses")
	CustomFields    = NewTable[parley.CustomField]("custom field", "custom_fields")
	Tasks           = NewTable[parley.Task]("task", "tasks")
	Tickets         = NewTable[parley.Ticket]("ticket", "tickets")
	Appointments    = NewTable[parley.Appointment]("appointment", "appointments")
	Orders          = NewTable[parley.Order]("order", "orders")
	Payments        = NewTable[parley.Payment]("payment", "payments")
	Pipelines       = NewTable[parley.Pipeline]("pipeline", "pipelines")
	Deals           = NewTable[parley.Deal]("deal", "deals")
	Portals         = NewTable[parley.Portal]("portal", "portals")
	Categories      = NewTable[parley.Category]("category", "categories")
	Articles        = NewTable[parley.Article]("article", "articles")
	Attachments     = NewTable[parley.Attachment]("attachment", "attachments")
	Webhooks        = NewTable[parley.Webhook]("webhook endpoint", "webhooks")
)

// lastActivity is when the last message of a conversation was written, or when it began.
func lastActivity(c *parley.Conversation) int64 {
	if c.LastMessageAt != nil {
		return int64(*c.LastMessageAt)
	}
	return int64(c.CreatedAt)
}

// TableOf is the table of a noun, nil if T is none that has one.
func TableOf[T any]() *Table[T] {
	for _, table := range []any{Organizations, Users, Teams, APIKeys, Inboxes, Contacts, Conversations, Messages, Notes, Labels, CannedResponses, CustomFields, Tasks, Tickets, Appointments, Orders, Payments, Pipelines, Deals, Portals, Categories, Articles, Attachments, Webhooks} {
		if t, ok := table.(*Table[T]); ok {
			return t
		}
	}
	return nil
}
