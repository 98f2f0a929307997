package parley

import "encoding/json"

// The nouns. Each is declared once, by its struct: the tags say which fields a
// client may write and when (`write`), what must be given (`required`), and the
// limits (in the words of JSON Schema). Columns, REST bodies, OpenAPI, validation
// and the data of events follow from it. A field without `write` is Parley's own.
// Sequence is the place in the log of the object's last change.

// Values are named values that people or programs keep on an object: strings,
// numbers, booleans, or dates (strings in RFC 3339 form), as they were given.
type Values map[string]json.RawMessage

// Organization is a tenant: everything else belongs to exactly one.
type Organization struct {
	ID            OrganizationID `json:"id"`
	Name          string         `json:"name" write:"update" minLength:"1" maxLength:"200" doc:"The organization's name" example:"Example Bakery"`
	RetentionDays *int           `json:"retention_days" write:"update" minimum:"1" maximum:"3650" doc:"How many days the event log is kept, and with it what became of each delivery; null: as long as the server keeps it, which is 30 days unless its operator says otherwise" example:"90"`
	CreatedAt     Time           `json:"created_at"`
	UpdatedAt     Time           `json:"updated_at"`
	Sequence      int64          `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// User is an agent: a person with a login in an organization.
type User struct {
	ID        UserID `json:"id"`
	Name      string `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" doc:"How colleagues and contacts see this person" example:"Grace"`
	Email     string `json:"email" write:"create,update" required:"true" format:"email" maxLength:"254" doc:"Unique in the organization" example:"grace@example.com"`
	Role      Role   `json:"role" write:"create,update" enum:"owner,admin,agent" default:"agent" doc:"What this person may do; the last owner stays one"`
	CreatedAt Time   `json:"created_at"`
	UpdatedAt Time   `json:"updated_at"`
	Sequence  int64  `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Team is a group of agents that work is given to.
type Team struct {
	ID          TeamID   `json:"id"`
	Name        string   `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" doc:"Unique in the organization" example:"Night shift"`
	Description *string  `json:"description" write:"create,update" maxLength:"1000" doc:"What the team is there for" example:"Answers from 10 pm to 6 am."`
	MemberIDs   []UserID `json:"member_ids" write:"create,update" maxItems:"500" doc:"The users in it; on PATCH, the whole list. A user who is deleted leaves it"`
	CreatedAt   Time     `json:"created_at"`
	UpdatedAt   Time     `json:"updated_at"`
	Sequence    int64    `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// APIKey lets a program in. The key itself is shown once, when it is made.
type APIKey struct {
	ID         APIKeyID `json:"id"`
	Name       string   `json:"name" write:"create" required:"true" minLength:"1" maxLength:"200" doc:"What the key is for" example:"CRM sync"`
	Kind       string   `json:"kind" write:"create" enum:"organization,personal" default:"organization" doc:"Whether the key belongs to the organization or to a person: a personal key may do what both its scopes and the person's role allow"`
	UserID     *UserID  `json:"user_id" write:"create" doc:"With kind personal: the person; the caller's own person if left out"`
	Scopes     []Scope  `json:"scopes" write:"create" required:"true" minItems:"1" maxItems:"100" doc:"What the key may do: contacts:read, contacts:write, …, *:read, or * for everything"`
	Prefix     string   `json:"prefix" doc:"The first characters of the key, to recognise it by" example:"parley_8kVq"`
	ExpiresAt  *Time    `json:"expires_at" write:"create" doc:"When the key stops working; null: never"`
	LastUsedAt *Time    `json:"last_used_at" doc:"When the key was last used, within a minute"`
	RevokedAt  *Time    `json:"revoked_at" doc:"When the key was revoked; null: it was not"`
	CreatedAt  Time     `json:"created_at"`
	UpdatedAt  Time     `json:"updated_at"`
	Sequence   int64    `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Inbox is an instance of a channel in which conversations take place.
type Inbox struct {
	ID        InboxID `json:"id"`
	Name      string  `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" doc:"The inbox's name" example:"Website"`
	Channel   string  `json:"channel" write:"create" enum:"widget,api" default:"api" doc:"widget: the chat widget; api: your own program speaks for the contact"`
	CreatedAt Time    `json:"created_at"`
	UpdatedAt Time    `json:"updated_at"`
	Sequence  int64   `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Contact is a person on the other side: a visitor until identified.
type Contact struct {
	ID           ContactID `json:"id"`
	Name         *string   `json:"name" write:"create,update" maxLength:"200" example:"Ada Lovelace"`
	Email        *string   `json:"email" write:"create,update" format:"email" maxLength:"254" example:"ada@example.com"`
	Phone        *string   `json:"phone" write:"create,update" minLength:"2" maxLength:"32" pattern:"^\\+?[0-9][0-9 ().-]*$" patternDescription:"a phone number like +44 20 7946 0000" example:"+442079460000"`
	ExternalID   *string   `json:"external_id" write:"create,update" minLength:"1" maxLength:"255" doc:"The id of this person in your own system; unique in the organization" example:"customer-42"`
	CustomFields Values    `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for contacts, by key; on PATCH, null removes one"`
	Variables    Values    `json:"variables" write:"create,update" maxProperties:"200" doc:"Text, number, boolean and date values kept by flows and clients, by name; on PATCH, null removes one"`
	CreatedAt    Time      `json:"created_at"`
	UpdatedAt    Time      `json:"updated_at"`
	Sequence     int64     `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Erasure is how far the erasure of a contact has come.
type Erasure struct {
	ContactID   ContactID     `json:"contact_id"`
	Status      ErasureStatus `json:"status" enum:"running,finished"`
	EventsLeft  *int64        `json:"events_left" doc:"How many events of the log have yet to be looked at; null: not known yet"`
	RequestedAt Time          `json:"requested_at"`
	FinishedAt  *Time         `json:"finished_at" doc:"When nothing of the contact was left; null: it is not finished"`
}

// ErasureStatus is where an erasure stands.
type ErasureStatus string

// The statuses of an erasure.
const (
	ErasureRunning  ErasureStatus = "running"
	ErasureFinished ErasureStatus = "finished"
)

// Conversation is an exchange of messages with one contact in one inbox.
type Conversation struct {
	ID            ConversationID `json:"id"`
	Status        Status         `json:"status" write:"update" enum:"open,pending,snoozed,resolved" doc:"snoozed needs snoozed_until in the future"`
	InboxID       InboxID        `json:"inbox_id" write:"create" required:"true"`
	ContactID     ContactID      `json:"contact_id" write:"create" required:"true"`
	AssigneeID    *UserID        `json:"assignee_id" write:"update" doc:"The agent who looks after it; null: nobody"`
	TeamID        *TeamID        `json:"team_id" write:"update" doc:"The team whose matter it is; null: no team's"`
	Subject       *string        `json:"subject" write:"create,update" maxLength:"500" example:"Where is my order?"`
	Labels        []string       `json:"labels" doc:"The names of its labels, in alphabetical order"`
	Variables     Values         `json:"variables" doc:"Text, number, boolean and date values kept by flows and clients, by name"`
	CustomFields  Values         `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for conversations, by key; on PATCH, null removes one"`
	SnoozedUntil  *Time          `json:"snoozed_until" write:"update" doc:"When a snoozed conversation opens again"`
	LastMessageAt *Time          `json:"last_message_at" doc:"When the last message was written; null: there is none"`
	CreatedAt     Time           `json:"created_at"`
	UpdatedAt     Time           `json:"updated_at"`
	Sequence      int64          `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Status is where a conversation stands.
type Status string

// The statuses of a conversation. Any may follow any other.
const (
	Open     Status = "open"
	Pending  Status = "pending"
	Snoozed  Status = "snoozed"
	Resolved Status = "resolved"
)

// Direction is which way a message goes.
type Direction string

// The directions of a message: to the contact, or from them.
const (
	Outgoing Direction = "outgoing"
	Incoming Direction = "incoming"
)

// Message is one utterance of a conversation.
type Message struct {
	ID             MessageID      `json:"id"`
	ConversationID ConversationID `json:"conversation_id"`
	Direction      Direction      `json:"direction" write:"create" enum:"outgoing,incoming" default:"outgoing" doc:"incoming: your program speaks for the contact, in inboxes of channel api"`
	Author         Actor          `json:"author" doc:"Who wrote it"`
	Content        Content        `json:"content" write:"create,update" required:"true"`
	CreatedAt      Time           `json:"created_at"`
	UpdatedAt      Time           `json:"updated_at"`
	Sequence       int64          `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Note is a private remark on a conversation, for agents only.
type Note struct {
	ID             NoteID         `json:"id"`
	ConversationID ConversationID `json:"conversation_id"`
	Author         Actor          `json:"author" doc:"Who wrote it"`
	Text           string         `json:"text" write:"create" required:"true" minLength:"1" maxLength:"10000" example:"Asked the warehouse."`
	CreatedAt      Time           `json:"created_at"`
	UpdatedAt      Time           `json:"updated_at"`
	Sequence       int64          `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Label is a word that conversations are sorted by.
type Label struct {
	ID          LabelID `json:"id"`
	Name        string  `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"60" doc:"Unique in the organization" example:"vip"`
	Color       string  `json:"color" write:"create,update" pattern:"^#[0-9a-fA-F]{6}$" patternDescription:"a colour like #2563eb" default:"#64748b" example:"#2563eb"`
	Description string  `json:"description" write:"create,update" maxLength:"500"`
	CreatedAt   Time    `json:"created_at"`
	UpdatedAt   Time    `json:"updated_at"`
	Sequence    int64   `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// CannedResponse is a text that agents send often, found by its shortcut.
type CannedResponse struct {
	ID        CannedResponseID `json:"id"`
	Shortcut  string           `json:"shortcut" write:"create,update" required:"true" pattern:"^[a-z0-9][a-z0-9_-]{0,39}$" patternDescription:"up to 40 of a-z, 0-9, _ and -, starting with a letter or digit" doc:"What an agent types to find it; unique in the organization" example:"opening-hours"`
	Name      string           `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" doc:"What it is about, in a few words" example:"Opening hours"`
	Text      string           `json:"text" write:"create,update" required:"true" minLength:"1" maxLength:"10000" doc:"The text, as it is kept: placeholders such as {{contact.name}} stay as they are" example:"Hello {{contact.name}}, we are open from seven to six."`
	CreatedAt Time             `json:"created_at"`
	UpdatedAt Time             `json:"updated_at"`
	Sequence  int64            `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// CustomField defines a typed value that an organization keeps on a kind of object.
type CustomField struct {
	ID        CustomFieldID `json:"id"`
	Object    string        `json:"object" write:"create" required:"true" enum:"contact,conversation,task,ticket,appointment,order,deal" doc:"The kind of object that has the field"`
	Key       string        `json:"key" write:"create" required:"true" pattern:"^[a-z][a-z0-9_]{0,59}$" patternDescription:"up to 60 of a-z, 0-9 and _, starting with a letter" doc:"The name of the value in custom_fields; unique for the object" example:"height"`
	Name      string        `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" doc:"How people see it" example:"Height"`
	Type      string        `json:"type" write:"create" required:"true" enum:"text,number,boolean,date,select"`
	Options   []string      `json:"options" write:"create,update" maxItems:"200" doc:"With type select: the values to choose from"`
	SystemID  int64         `json:"system_id" doc:"A small number that names the field in placeholders: {{ czCol.15 }}"`
	CreatedAt Time          `json:"created_at"`
	UpdatedAt Time          `json:"updated_at"`
	Sequence  int64         `json:"sequence" doc:"The place in the log of the last change of this object"`
}
