package parley

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// EventType is a declared type of event whose data is a D. A type is declared
// once, below; from the declaration come its JSON Schema, its example, its page in
// the docs, its entry in OpenAPI's webhooks and the test event. An event of a type
// that is not declared cannot be made.
type EventType[D any] struct{ name string }

// Name is the type's name, such as "contact.created".
func (t EventType[D]) Name() string { return t.name }

// Draft is an event of this type, ready to be appended. The key is what must stay
// in order; inbox is "" for what belongs to no inbox.
func (t EventType[D]) Draft(key string, inbox InboxID, data D) Draft {
	return Draft{name: t.name, key: key, inbox: inbox, data: data}
}

// Draft is an event that has no place in the log yet. Only [EventType.Draft] and
// [CustomEvent] make one.
type Draft struct {
	name  string
	key   string
	inbox InboxID
	data  any
}

// Type, Key, Inbox and Data are what the event will carry.
func (d Draft) Type() string   { return d.name }
func (d Draft) Key() string    { return d.key }
func (d Draft) Inbox() InboxID { return d.inbox }
func (d Draft) Data() any      { return d.data }

// Declaration is what the catalogue knows of a type of event.
type Declaration struct {
	Name    string       // "contact.created"
	Doc     string       // one sentence
	Data    reflect.Type // the struct of its data
	Example any          // a value of that struct
}

// Noun is the part of the name before the dot.
func (d Declaration) Noun() string {
	noun, _, _ := strings.Cut(d.Name, ".")
	return noun
}

// ofInboxes are the nouns whose events belong to an inbox: to their own, or to that of
// the conversation that they are about, if there is one.
var ofInboxes = map[string]bool{
	"inbox": true, "conversation": true, "message": true, "note": true,
	"task": true, "ticket": true, "appointment": true, "attachment": true, "order": true, "payment": true,
}

// OfInbox tells whether events of this type can belong to an inbox.
func (d Declaration) OfInbox() bool { return ofInboxes[d.Noun()] }

var catalogue []Declaration

// Catalogue lists every declared type of event, by name.
func Catalogue() []Declaration {
	return slices.SortedFunc(slices.Values(catalogue), func(a, b Declaration) int { return strings.Compare(a.Name, b.Name) })
}

// Declared finds a type of event by its name.
func Declared(name string) (Declaration, bool) {
	for _, d := range catalogue {
		if d.Name == name {
			return d, true
		}
	}
	return Declaration{}, false
}

func declare[D any](name, doc string, example D) EventType[D] {
	catalogue = append(catalogue, Declaration{name, doc, reflect.TypeFor[D](), example})
	return EventType[D]{name}
}

var customName = regexp.MustCompile(`^custom\.[a-z0-9_]{1,64}$`)

// CustomEvent is an event of a client's own making: its name is "custom." and up
// to 64 of a-z, 0-9 and _; its data a JSON object.
func CustomEvent(name, key string, data json.RawMessage) (Draft, bool) {
	return Draft{name: name, key: key, data: data}, customName.MatchString(name)
}

// Previous holds the fields that a change altered, with the values they had.
type Previous map[string]any

// The catalogue. A type once shipped keeps its meaning.
var (
	ConversationCreated          = declare("conversation.created", "A conversation was started.", sampleConversationCreated())
	ConversationUpdated          = declare("conversation.updated", "A conversation's subject, contact or custom data was changed.", sampleConversation("open", Previous{"subject": "Order"}))
	ConversationAssigned         = declare("conversation.assigned", "A conversation was given to an agent or a team, or taken from one.", sampleConversationAssigned())
	ConversationResolved         = declare("conversation.resolved", "A conversation was marked as resolved.", sampleConversation("resolved", Previous{"status": "open"}))
	ConversationReopened         = declare("conversation.reopened", "A conversation that was resolved, pending or snoozed is open again.", sampleConversation("open", Previous{"status": "resolved"}))
	ConversationSnoozed          = declare("conversation.snoozed", "A conversation was put aside until a time.", sampleConversation("snoozed", Previous{"status": "open", "snoozed_until": nil}))
	ConversationLabelAdded       = declare("conversation.label_added", "A label was put on a conversation.", sampleConversationLabel())
	ConversationLabelRemoved     = declare("conversation.label_removed", "A label was taken off a conversation.", sampleConversationLabel())
	ConversationVariablesChanged = declare("conversation.variables_changed", "Variables of a conversation were set or removed; previous holds the old value of each, null if it is new.", sampleConversation("open", Previous{"variables": Previous{"plan": nil}}))
	ConversationDeleted          = declare("conversation.deleted", "A conversation was deleted, with its messages and notes.", sampleConversation("resolved", nil))

	MessageCreated = declare("message.created", "A message was sent by an agent, a bot or a client, or came in from the contact.", sampleMessage(nil))
	MessageUpdated = declare("message.updated", "A message's content was changed.", sampleMessage(Previous{"content": Content{Type: "text", Text: "It shipped today."}}))
	MessageDeleted = declare("message.deleted", "A message was deleted.", sampleMessage(nil))

	NoteCreated = declare("note.created", "A private note was added to a conversation.", sampleNote())
	NoteDeleted = declare("note.deleted", "A private note was deleted.", sampleNote())

	ContactCreated = declare("contact.created", "A contact was created.", ContactEvent{Contact: aContact})
	ContactUpdated = declare("contact.updated", "A contact's details, custom fields or variables were changed.", ContactEvent{Contact: aContact, Previous: Previous{"name": "Ada"}})
	ContactMerged  = declare("contact.merged", "A contact was merged into another one, which has its conversations and all else now. The contact.deleted of the one that went comes right before.", sampleMerge())
	ContactDeleted = declare("contact.deleted", "A contact was deleted, or is part of another one now: merged_into names that.", ContactEvent{Contact: aContact})

	ContactErased = declare("contact.erased", "A contact was erased: it is deleted, and earlier events tell nothing of it any more but its id.", ContactErasedEvent{ErasedContact{aContact.ID, 9}})

	InboxCreated = declare("inbox.created", "An inbox was created.", InboxEvent{Inbox: anInbox})
	InboxUpdated = declare("inbox.updated", "An inbox was changed.", InboxEvent{anInbox, Previous{"name": "Web"}})
	InboxDeleted = declare("inbox.deleted", "An inbox was deleted.", InboxEvent{Inbox: anInbox})

	LabelCreated = declare("label.created", "A label was created.", LabelEvent{Label: aLabel})
	LabelUpdated = declare("label.updated", "A label was changed.", LabelEvent{aLabel, Previous{"color": "#64748b"}})
	LabelDeleted = declare("label.deleted", "A label was deleted, and taken off every conversation first.", LabelEvent{Label: aLabel})

	CannedResponseCreated = declare("canned_response.created", "A canned response was created.", CannedResponseEvent{CannedResponse: aCannedResponse})
	CannedResponseUpdated = declare("canned_response.updated", "A canned response was changed.", CannedResponseEvent{aCannedResponse, Previous{"name": "Hours"}})
	CannedResponseDeleted = declare("canned_response.deleted", "A canned response was deleted.", CannedResponseEvent{CannedResponse: aCannedResponse})

	CustomFieldCreated = declare("custom_field.created", "A custom field was defined.", CustomFieldEvent{CustomField: aCustomField})
	CustomFieldUpdated = declare("custom_field.updated", "A custom field's definition was changed.", CustomFieldEvent{aCustomField, Previous{"name": "Size"}})
	CustomFieldDeleted = declare("custom_field.deleted", "A custom field's definition was deleted.", CustomFieldEvent{CustomField: aCustomField})

	OrganizationUpdated = declare("organization.updated", "The organization's own details were changed.", OrganizationEvent{anOrganization, Previous{"name": "Example"}})

	UserCreated = declare("user.created", "An agent was added to the organization.", UserEvent{User: aUser})
	UserUpdated = declare("user.updated", "An agent's name, email or role was changed.", UserEvent{aUser, Previous{"role": "admin"}})
	UserDeleted = declare("user.deleted", "An agent was removed from the organization.", UserEvent{User: aUser})

	TeamCreated = declare("team.created", "A team was set up.", TeamEvent{Team: aTeam})
	TeamUpdated = declare("team.updated", "A team's name, description or members were changed.", TeamEvent{aTeam, Previous{"member_ids": []UserID{}}})
	TeamDeleted = declare("team.deleted", "A team was deleted; nothing was assigned to it any more.", TeamEvent{Team: aTeam})

	APIKeyCreated = declare("api_key.created", "An API key was made.", APIKeyEvent{APIKey: anAPIKey})
	APIKeyRevoked = declare("api_key.revoked", "An API key was revoked and no longer works.", APIKeyEvent{anAPIKey, Previous{"revoked_at": nil}})

	WebhookCreated         = declare("webhook.created", "A webhook endpoint was added.", WebhookEvent{Webhook: aWebhook})
	WebhookUpdated         = declare("webhook.updated", "A webhook endpoint was changed, paused or resumed.", WebhookEvent{aWebhook, Previous{"description": "Old"}})
	WebhookDeleted         = declare("webhook.deleted", "A webhook endpoint was deleted.", WebhookEvent{Webhook: aWebhook})
	WebhookVerified        = declare("webhook.verified", "A webhook endpoint answered its verification token.", sampleWebhookVerified())
	WebhookSecretRotated   = declare("webhook.secret_rotated", "A webhook endpoint has a new secret.", WebhookEvent{Webhook: aWebhook})
	WebhookRewound         = declare("webhook.rewound", "A webhook endpoint is sent again what it was sent before.", sampleWebhookRewind(50, 100))
	WebhookRewindCancelled = declare("webhook.rewind_cancelled", "A rewind was cancelled: the endpoint goes on from where it stood before.", sampleWebhookRewind(20, 80))
	WebhookTested          = declare("webhook.test", "A test, sent to one endpoint only, whatever it subscribes to.", WebhookTestEvent{Webhook: aWebhook, Message: "This is a test. Your endpoint works."})
	WebhookFailing         = declare("webhook.failing", "An endpoint keeps failing: its events are held and it is probed.", sampleWebhookHealth("failing", "active"))
	WebhookRecovered       = declare("webhook.recovered", "A failing endpoint answered: what was held is being delivered.", sampleWebhookHealth("active", "failing"))
	WebhookEventsMissed    = declare("webhook.events_missed", "The log no longer keeps events that an endpoint had yet to be sent.", WebhookMissedEvent{aWebhook, 51, 100, sampleMissed})
	WebhookDisabled        = declare("webhook.disabled", "An endpoint failed for days or answered 410: nothing is sent until it is resumed.", sampleWebhookHealth("disabled", "failing"))
)

// MarshalJSON shows the fields that changed; none is an empty object, so that a
// receiver may look into it without asking first.
func (p Previous) MarshalJSON() ([]byte, error) {
	if p == nil {
		return []byte("{}"), nil
	}
	return JSON(map[string]any(p))
}
