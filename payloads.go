package parley

import "encoding/json"

// The data of events: the object as it is after the change under its own name,
// what a receiver nearly always needs beside it, and what the change altered.
type (
	// ContactEvent is the data of contact.*, but for merged.
	ContactEvent struct {
		Contact    Contact    `json:"contact"`
		MergedInto *ContactID `json:"merged_into" doc:"With contact.deleted: the contact that it was merged into; null: it is no more"`
		Previous   Previous   `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// ContactMergedEvent is the data of contact.merged.
	ContactMergedEvent struct {
		Contact  Contact  `json:"contact" doc:"The contact that stays"`
		Merged   Contact  `json:"merged" doc:"The contact that was merged into it, as it was"`
		Previous Previous `json:"previous" doc:"The fields of the contact that stays that were taken over, with their old values"`
	}
	// ContactErasedEvent is the data of contact.erased.
	ContactErasedEvent struct {
		Contact ErasedContact `json:"contact"`
	}
	// ErasedContact is all that is left of a contact.
	ErasedContact struct {
		ID       ContactID `json:"id"`
		Sequence int64     `json:"sequence" doc:"The place in the log of the last change of this object"`
	}
	// ConversationCreatedEvent is the data of conversation.created. It holds the whole
	// contact: often this is the first that a receiver hears of them.
	ConversationCreatedEvent struct {
		Conversation Conversation `json:"conversation"`
		Contact      Contact      `json:"contact"`
		Inbox        InboxShort   `json:"inbox"`
		Assignee     *UserShort   `json:"assignee" doc:"The agent who looks after it; null: nobody yet"`
		First        bool         `json:"first" doc:"Whether the contact had no conversation before"`
		By           *UserShort   `json:"by" doc:"The agent who started it; null: it was no agent"`
		Previous     Previous     `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// ConversationEvent is the data of conversation.*, but for those that have their own.
	ConversationEvent struct {
		Conversation Conversation `json:"conversation"`
		Contact      ContactShort `json:"contact"`
		Inbox        InboxShort   `json:"inbox"`
		By           *UserShort   `json:"by" doc:"The agent who made the change; null: it was no agent"`
		Previous     Previous     `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// ConversationAssignedEvent is the data of conversation.assigned.
	ConversationAssignedEvent struct {
		Conversation Conversation `json:"conversation"`
		Contact      ContactShort `json:"contact"`
		Inbox        InboxShort   `json:"inbox"`
		Assignee     *UserShort   `json:"assignee" doc:"The agent who looks after it now; null: nobody"`
		By           *UserShort   `json:"by" doc:"The agent who made the change; null: it was no agent"`
		Previous     Previous     `json:"previous" doc:"The fields that changed, with their old values: assignee_id, and assignee as above"`
	}
	// ConversationLabelEvent is the data of conversation.label_added and label_removed.
	ConversationLabelEvent struct {
		Conversation Conversation `json:"conversation"`
		Contact      ContactShort `json:"contact"`
		Inbox        InboxShort   `json:"inbox"`
		Label        string       `json:"label" doc:"The label that was put on or taken off"`
		LabelID      LabelID      `json:"label_id" doc:"Its id"`
		By           *UserShort   `json:"by" doc:"The agent who made the change; null: it was no agent"`
		Previous     Previous     `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// MessageEvent is the data of message.*.
	MessageEvent struct {
		Message      Message           `json:"message"`
		Conversation ConversationShort `json:"conversation"`
		Contact      ContactShort      `json:"contact"`
		By           *UserShort        `json:"by" doc:"The agent who wrote, changed or deleted it; null: it was no agent"`
		Previous     Previous          `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// NoteEvent is the data of note.*.
	NoteEvent struct {
		Note         Note              `json:"note"`
		Conversation ConversationShort `json:"conversation"`
		Contact      ContactShort      `json:"contact"`
		By           *UserShort        `json:"by" doc:"The agent who wrote or deleted it; null: it was no agent"`
		Previous     Previous          `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// InboxEvent is the data of inbox.*.
	InboxEvent struct {
		Inbox    Inbox    `json:"inbox"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// LabelEvent is the data of label.*.
	LabelEvent struct {
		Label    Label    `json:"label"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// CannedResponseEvent is the data of canned_response.*.
	CannedResponseEvent struct {
		CannedResponse CannedResponse `json:"canned_response"`
		Previous       Previous       `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// CustomFieldEvent is the data of custom_field.*.
	CustomFieldEvent struct {
		CustomField CustomField `json:"custom_field"`
		Previous    Previous    `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// OrganizationEvent is the data of organization.*.
	OrganizationEvent struct {
		Organization Organization `json:"organization"`
		Previous     Previous     `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// UserEvent is the data of user.*.
	UserEvent struct {
		User     User     `json:"user"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// TeamEvent is the data of team.*.
	TeamEvent struct {
		Team     Team     `json:"team"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// APIKeyEvent is the data of api_key.*; it never holds the key itself.
	APIKeyEvent struct {
		APIKey   APIKey   `json:"api_key"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// WebhookEvent is the data of webhook.created, updated, verified, secret_rotated
	// and deleted; it never holds secrets or the values of headers.
	WebhookEvent struct {
		Webhook  Webhook  `json:"webhook"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// WebhookTestEvent is the data of webhook.test.
	WebhookTestEvent struct {
		Webhook Webhook `json:"webhook"`
		Message string  `json:"message" doc:"A greeting"`
		Sample  *string `json:"sample" doc:"The type of event that was asked for: the endpoint is sent the example of that type instead of this event, under this event's id; null: it is sent this event"`
	}
	// WebhookRewindEvent is the data of webhook.rewound and rewind_cancelled.
	WebhookRewindEvent struct {
		Webhook  Webhook  `json:"webhook"`
		Rewind   Rewind   `json:"rewind"`
		Previous Previous `json:"previous"`
	}
	// WebhookMissedEvent is the data of webhook.events_missed.
	WebhookMissedEvent struct {
		Webhook Webhook `json:"webhook"`
		First   int64   `json:"first" doc:"The sequence of the first event that was missed"`
		Last    int64   `json:"last" doc:"The sequence of the last"`
		Reason  string  `json:"reason" doc:"What led to it, in a sentence"`
	}
	// WebhookHealthEvent is the data of webhook.failing, recovered and disabled.
	WebhookHealthEvent struct {
		Webhook  Webhook  `json:"webhook"`
		Reason   string   `json:"reason" doc:"What led to it, in a sentence"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
)

// ContactShort is the contact of a conversation, in the data of its events.
type ContactShort struct {
	ID         ContactID `json:"id"`
	Name       *string   `json:"name"`
	Email      *string   `json:"email"`
	Phone      *string   `json:"phone"`
	ExternalID *string   `json:"external_id"`
}

// Short is what an event of the contact's conversations tells of the contact.
func (c Contact) Short() ContactShort {
	return ContactShort{c.ID, c.Name, c.Email, c.Phone, c.ExternalID}
}

// UserShort is an agent in the data of events.
type UserShort struct {
	ID    UserID `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  Role   `json:"role" enum:"owner,admin,agent"`
}

// Short is what events tell of an agent beside another object.
func (u User) Short() UserShort { return UserShort{u.ID, u.Name, u.Email, u.Role} }

// InboxShort is the inbox of a conversation, in the data of its events.
type InboxShort struct {
	ID      InboxID `json:"id"`
	Name    string  `json:"name"`
	Channel string  `json:"channel" enum:"widget,api"`
}

// Short is what an event of the inbox's conversations tells of the inbox.
func (i Inbox) Short() InboxShort { return InboxShort{i.ID, i.Name, i.Channel} }

// ConversationShort is the conversation of a message or note, in its events' data.
type ConversationShort struct {
	ID         ConversationID `json:"id"`
	Status     Status         `json:"status" enum:"open,pending,snoozed,resolved"`
	InboxID    InboxID        `json:"inbox_id"`
	ContactID  ContactID      `json:"contact_id"`
	AssigneeID *UserID        `json:"assignee_id"`
	Subject    *string        `json:"subject"`
	Labels     []string       `json:"labels"`
}

// Short is what an event of the conversation's messages tells of the conversation.
func (c Conversation) Short() ConversationShort {
	return ConversationShort{c.ID, c.Status, c.InboxID, c.ContactID, c.AssigneeID, c.Subject, c.Labels}
}

// The sample objects of the examples: one small story about a bakery.
var (
	sampleTime = Time(1795170600123)

	anOrganization = Organization{
		ID: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Name: "Example Bakery",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 1,
	}
	aUser = User{
		ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy", Name: "Grace", Email: "grace@example.com", Role: Owner,
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 2,
	}
	aTeam = Team{
		ID: "team_01kaf0v3b3fx7c1m5t9d4k8w2r", Name: "Night shift", Description: ptr("Answers from 10 pm to 6 am."), MemberIDs: []UserID{aUser.ID},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 18,
	}
	anAPIKey = APIKey{
		ID: "key_01kaf0v3b4ffk9a7rj2c6q8x5n", Name: "CRM sync", Kind: "organization",
		Scopes: []Scope{"contacts:write", "conversations:read"}, Prefix: "parley_8kVq",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 3,
	}
	anInbox = Inbox{
		ID: "inb_01kaf0v3b5exy4m1s7d9g3w2kt", Name: "Website", Channel: "widget",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 4,
	}
	aContact = Contact{
		ID: "con_01kaf0v3b6f3nb8h5r0z7c4q9j", Name: ptr("Ada Lovelace"), Email: ptr("ada@example.com"),
		Phone: ptr("+442079460000"), ExternalID: ptr("customer-42"),
		CustomFields: Values{"height": json.RawMessage("168")},
		Variables:    Values{"plan": json.RawMessage(`"pro"`)},
		CreatedAt:    sampleTime, UpdatedAt: sampleTime, Sequence: 5,
	}
	anotherContact = Contact{
		ID: "con_01kaf0v3bsf2t6k8m1q5w9c4xd", Name: ptr("A. Lovelace"), Phone: aContact.Phone,
		CustomFields: Values{}, Variables: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 4,
	}
	aLabel = Label{
		ID: "lbl_01kaf0v3b7fm6t2w8x1e5p3d0s", Name: "vip", Color: "#2563eb", Description: "Answer first",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 6,
	}
	aCannedResponse = CannedResponse{
		ID: "can_01kaf0v3b7g4w8q1x5r9t2m6c3", Shortcut: "opening-hours", Name: "Opening hours",
		Text:      "Hello {{contact.name}}, we are open from seven to six.",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 6,
	}
	aCustomField = CustomField{
		ID: "cf_01kaf0v3b8evq5n3k9y2h7r1mg", Object: "contact", Key: "height", Name: "Height", Type: "number",
		Options: []string{}, SystemID: 15,
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 7,
	}
	aConversation = Conversation{
		ID: "conv_01kaf0v3b9fh2c7d4z6s8w0x1p", Status: Open, InboxID: anInbox.ID, ContactID: aContact.ID,
		AssigneeID: ptr(aUser.ID), Subject: ptr("Where is my order?"), Labels: []string{"vip"},
		Variables: Values{"plan": json.RawMessage(`"pro"`)}, CustomFields: Values{},
		LastMessageAt: ptr(sampleTime),
		CreatedAt:     sampleTime, UpdatedAt: sampleTime, Sequence: 8,
	}
	aMessage = Message{
		ID: "msg_01kaf0v3baf9e3g1v7k5t2n8yr", ConversationID: aConversation.ID, Direction: Outgoing,
		Author: Actor{ActorUser, string(aUser.ID)}, Content: Content{Type: "text", Text: "It is on its way."},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 9,
	}
	aNote = Note{
		ID: "note_01kaf0v3bbe6x8j4q0m9r3c5wd", ConversationID: aConversation.ID,
		Author: Actor{ActorUser, string(aUser.ID)}, Text: "Asked the warehouse.",
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 10,
	}
	aWebhook = Webhook{
		ID: "whk_01kaf0v3bcf4p7y5h2d8s1z6kt", URL: "https://example.com/webhooks/parley", Description: "CRM",
		EventTypes: []string{"conversation.*", "message.created"}, InboxIDs: []InboxID{}, Format: "standard",
		Headers: Headers{}, Auth: Auth{Type: "none"}, Signing: "v1", Verification: Verification{Type: "none"}, Ordering: "key", Retry: Retry{Preset: "standard"}, TimeoutSeconds: 10,
		Status: EndpointActive, Cursor: 10,
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 11,
	}
)

func sampleConversationCreated() ConversationCreatedEvent {
	grace := ptr(aUser.Short())
	return ConversationCreatedEvent{aConversation, aContact, anInbox.Short(), grace, true, grace, nil}
}

func sampleConversation(status Status, previous Previous) ConversationEvent {
	c := aConversation
	c.Status = status
	if status == Snoozed {
		c.SnoozedUntil = ptr(sampleTime + 3_600_000)
	}
	return ConversationEvent{c, aContact.Short(), anInbox.Short(), ptr(aUser.Short()), previous}
}

func sampleConversationAssigned() ConversationAssignedEvent {
	grace := ptr(aUser.Short())
	return ConversationAssignedEvent{aConversation, aContact.Short(), anInbox.Short(), grace, grace, Previous{"assignee_id": nil, "assignee": nil}}
}

func sampleMerge() ContactMergedEvent {
	return ContactMergedEvent{aContact, anotherContact, Previous{"phone": nil}}
}

func sampleConversationLabel() ConversationLabelEvent {
	return ConversationLabelEvent{aConversation, aContact.Short(), anInbox.Short(), aLabel.Name, aLabel.ID, ptr(aUser.Short()), Previous{"labels": []string{}}}
}

func sampleMessage(previous Previous) MessageEvent {
	return MessageEvent{aMessage, aConversation.Short(), aContact.Short(), ptr(aUser.Short()), previous}
}

func sampleNote() NoteEvent {
	return NoteEvent{aNote, aConversation.Short(), aContact.Short(), ptr(aUser.Short()), nil}
}

func sampleWebhookVerified() WebhookEvent {
	w := aWebhook
	w.Verification = Verification{Type: "token_echo", Token: "********"}
	return WebhookEvent{w, Previous{"status": EndpointUnverified}}
}

func sampleWebhookHealth(status, before EndpointStatus) WebhookHealthEvent {
	w := aWebhook
	w.Status = status
	reason := "The last 10 attempts failed: 503 Service Unavailable."
	if status == EndpointActive {
		reason = "A probe was answered with 200 OK."
	} else {
		w.StatusReason = &reason
	}
	return WebhookHealthEvent{w, reason, Previous{"status": before}}
}

const sampleMissed = "The log no longer keeps these events: the endpoint was paused for longer than that."

func sampleWebhookRewind(remaining, cursor int64) WebhookRewindEvent {
	r := Rewind{From: 51, Until: 100, Remaining: remaining, Pace: ptr(100), StartedAt: sampleTime}
	return WebhookRewindEvent{aWebhook, r, Previous{"cursor": cursor}}
}

func ptr[T any](v T) *T { return &v }
