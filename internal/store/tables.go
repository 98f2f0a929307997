package store

import "parley"

// Tables are the tables of the nouns, one each.
var (
	Organizations = NewTable[parley.Organization]("organization", "organizations")
	Users         = NewTable[parley.User]("user", "users")
	APIKeys       = NewTable[parley.APIKey]("API key", "api_keys")
	Inboxes       = NewTable[parley.Inbox]("inbox", "inboxes")
	Contacts      = NewTable[parley.Contact]("contact", "contacts")
	Conversations = NewTable[parley.Conversation]("conversation", "conversations")
	Messages      = NewTable[parley.Message]("message", "messages").Within("conversation_id")
	Notes         = NewTable[parley.Note]("note", "notes").Within("conversation_id")
	Labels        = NewTable[parley.Label]("label", "labels")
	CustomFields  = NewTable[parley.CustomField]("custom field", "custom_fields")
	Webhooks      = NewTable[parley.Webhook]("webhook endpoint", "webhooks")
)
