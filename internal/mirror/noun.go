package mirror

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"parley"
)

// Noun is a kind of object that is mirrored, in a table of its own: a column for each
// field of its struct.
type Noun struct {
	Name    string // of its table and its path: "custom_fields"
	Columns []Column

	event   string  // its name in types of event and in their data: "custom_field"
	path    string  // of its list, with {id} for the parent's
	alone   bool    // the path is that of the only object there is
	parent  *Noun   // whose part it is; nil: it stands for itself
	parts   []*Noun // what is deleted with it, without events of its own
	without []string
}

// Column is a field of a noun as the target keeps it.
type Column struct {
	Name string
	Kind Kind
}

// Kind is the type of a column's values.
type Kind int

// The kinds of columns.
const (
	Text Kind = iota
	Integer
	Number
	Boolean
	Time
	JSON // lists and objects
)

// Nouns are all that is mirrored, in the order in which they are copied. Adding one is
// a line.
func Nouns() []*Noun {
	conversations := of[parley.Conversation]("conversation", "conversations")
	return []*Noun{
		of[parley.Organization]("organization", "organizations").only("/v1/organization"),
		of[parley.User]("user", "users"),
		of[parley.Team]("team", "teams"),
		of[parley.Inbox]("inbox", "inboxes"),
		of[parley.Label]("label", "labels"),
		of[parley.CannedResponse]("canned_response", "canned_responses"),
		of[parley.CustomField]("custom_field", "custom_fields"),
		of[parley.Contact]("contact", "contacts"),
		conversations,
		of[parley.Message]("message", "messages").within(conversations),
		of[parley.Note]("note", "notes").within(conversations),
		of[parley.Task]("task", "tasks"),
		of[parley.Ticket]("ticket", "tickets"),
		of[parley.Appointment]("appointment", "appointments"),
		of[parley.Attachment]("attachment", "attachments"),
		of[parley.Order]("order", "orders"),
		of[parley.Payment]("payment", "payments"),
		of[parley.Pipeline]("pipeline", "pipelines"),
		of[parley.Deal]("deal", "deals"),
		of[parley.Portal]("portal", "portals"),
		of[parley.Category]("category", "categories"),
		of[parley.Article]("article", "articles"),
		of[parley.Webhook]("webhook", "webhooks"),
		of[parley.APIKey]("api_key", "api_keys").but("last_used_at"), // changes without an event
	}
}

// LeftOut are the lists of the API that are not mirrored, with the reason.
func LeftOut() map[string]string {
	return map[string]string{
		"/v1/event_types":                  "they belong to the release, not to the organization",
		"/v1/events/{id}/deliveries":       "what became of an event at an endpoint changes without an event",
		"/v1/webhooks/{id}/deliveries":     "what became of an event at an endpoint changes without an event",
		"/v1/webhooks/{id}/public_keys":    "they follow from the webhook's secrets, which nobody is told",
		"/v1/contacts/{id}/variables":      "they are a column of the contact",
		"/v1/conversations/{id}/variables": "they are a column of the conversation",
		"/v1/conversations/{id}/labels":    "their names are a column of the conversation",
	}
}

// touch is what an event of one noun changes in another without an event of its own.
type touch struct {
	noun string            // whose object is changed
	id   string            // the member that names it
	set  map[string]string // the columns, and the members that they become
}

// touches are all of them, by type of event.
func touches() map[string]touch {
	return map[string]touch{
		"message.created": {"conversations", "conversation_id", map[string]string{
			"last_message_at": "created_at", "updated_at": "updated_at", "sequence": "sequence",
		}},
	}
}

// eventsTable keeps the log, every event as it is.
func eventsTable() *Noun { return of[parley.Envelope]("event", "events") }

func of[T any](event, name string) *Noun {
	n := &Noun{Name: name, event: event, path: "/v1/" + name}
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		f := t.Field(i)
		field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Tag.Get("db") == "-" { // it changes without an event
			n.without = append(n.without, field)
			continue
		}
		n.Columns = append(n.Columns, Column{field, kindOf(f.Type)})
	}
	return n
}

func kindOf(t reflect.Type) Kind {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == reflect.TypeFor[parley.Time]() {
		return Time
	}
	switch t.Kind() {
	case reflect.String:
		return Text
	case reflect.Int, reflect.Int64:
		return Integer
	case reflect.Float64:
		return Number
	case reflect.Bool:
		return Boolean
	}
	return JSON
}

// only makes the noun one of which there is one object, at a path.
func (n *Noun) only(path string) *Noun {
	n.path, n.alone = path, true
	return n
}

// within makes the noun's objects parts of another's.
func (n *Noun) within(parent *Noun) *Noun {
	n.path, n.parent = parent.path+"/{id}/"+n.Name, parent
	parent.parts = append(parent.parts, n)
	return n
}

// but leaves columns out.
func (n *Noun) but(columns ...string) *Noun {
	n.without = append(n.without, columns...)
	n.Columns = slices.DeleteFunc(n.Columns, func(c Column) bool { return slices.Contains(columns, c.Name) })
	return n
}

// parentColumn is the column that names what the object is a part of, "" if nothing.
func (n *Noun) parentColumn() string {
	if n.parent == nil {
		return ""
	}
	return n.parent.event + "_id"
}

// row is an object as the API or an event gave it.
type row struct {
	id       string
	sequence int64
	object   json.RawMessage
}

// rowOf reads an object of the noun.
func (n *Noun) rowOf(object json.RawMessage) (row, error) {
	var key struct {
		ID       string `json:"id"`
		Sequence int64  `json:"sequence"`
	}
	if err := json.Unmarshal(object, &key); err != nil {
		return row{}, fmt.Errorf("read one of the %s: %w", n.Name, err)
	}
	if key.ID == "" {
		return row{}, fmt.Errorf("one of the %s has no id: is this a Parley server?", n.Name)
	}
	if len(n.without) == 0 {
		return row{key.ID, key.Sequence, object}, nil
	}
	kept, err := changed(object, func(members map[string]json.RawMessage) {
		for _, name := range n.without {
			delete(members, name)
		}
	})
	return row{key.ID, key.Sequence, kept}, err
}

// changed is an object with other members.
func changed(object json.RawMessage, change func(map[string]json.RawMessage)) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, fmt.Errorf("read an object: %w", err)
	}
	change(members)
	out, err := json.Marshal(members)
	if err != nil {
		return nil, fmt.Errorf("write an object: %w", err)
	}
	return out, nil
}
