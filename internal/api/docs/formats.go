package docs

import (
	"cmp"
	"encoding/json"
	"html/template"
	"strings"

	"parley"
	"parley/internal/payload"
)

// formatView is a payload format: the same event in it, and the types of event that
// have another name there.
type formatView struct {
	Name        string
	Doc         template.HTML
	ContentType string
	Sample      template.HTML
	Renamed     []renaming
}

type renaming struct{ Type, Name string }

var formatDocs = map[string]string{
	"standard": "The event as it is everywhere else.",
	"flat": "Data is the object that the event is about: `id`, `workspaceId` (the organization), `userId` (who looks after it, or wrote it), `status` and `metadata` first, then its other members, then what stands beside it, all in camelCase. " +
		"Names that you or your clients chose, as of variables and custom fields, stay as they are. Conversations and tasks that are open are `active`; resolved conversations are `completed`; `source` is `chat_widget` or `api`.",
	"batch": "One event or more in a request: up to 100, or 256 KiB; an event waits for others for a second at most. `webhook-id` names the batch and is the same when it is sent again, with the same events; an endpoint's token stands in the header `X-Webhook-Token`. Unless `ordering` is `none`, one batch is sent after another. Ids are numbers, made of the time in the id; `key` has the id itself. Whoever did it is a `user`, the `visitor`, or a `bot`: any program. " +
		"`bot` is the inbox. Names of variables in forms and answers stand between marks, `¿·name·?`. Every other type goes out under its own name with its own data; `conversation` and `visitor` are null where there is none.",
	"cloudevents": "CloudEvents 1.0 in structured JSON. Every type begins with `parley.`; `sequence` has leading zeros, so that its order is that of the events.",
}

func (s *site) formats() (views []formatView) {
	sample := s.envelope(parley.MessageCreated.Name())
	webhook := parley.WebhookID(s.examples.samples.ids[parley.WebhookID("").Prefix()])
	for _, f := range payload.Formats() {
		body, err := f.Body(webhook, sample)
		if err != nil {
			panic("docs: the example in format " + f.Name + ": " + err.Error())
		}
		views = append(views, formatView{
			Name: f.Name, Doc: s.inline(formatDocs[f.Name]), ContentType: f.ContentType,
			Sample: highlighted(treeOf(json.RawMessage(body))), Renamed: s.renamed(f, webhook),
		})
	}
	return views
}

// renamed finds the types that go by another name, by writing each of them down.
func (s *site) renamed(f payload.Format, webhook parley.WebhookID) (all []renaming) {
	for _, d := range parley.Catalogue() {
		body, err := f.Body(webhook, s.envelope(d.Name))
		if err != nil {
			panic("docs: the example of " + d.Name + " in format " + f.Name + ": " + err.Error())
		}
		name := nameIn(f, body)
		if strings.TrimPrefix(name, "parley.") != d.Name {
			all = append(all, renaming{d.Name, name})
		}
	}
	return all
}

// nameIn is what a body in a format calls the type of its event.
func nameIn(f payload.Format, body []byte) string {
	var says struct {
		Type   string
		Event  string
		Events []struct{ Event struct{ Type string } }
	}
	if err := json.Unmarshal(body, &says); err != nil {
		panic("docs: an example in format " + f.Name + ": " + err.Error())
	}
	if f.Batches {
		return says.Events[0].Event.Type
	}
	return says.Type + says.Event
}

// envelope is the example that the document gives of an event, as the event it is.
func (s *site) envelope(name string) *parley.Event {
	raw, err := json.Marshal(s.doc.Webhooks[name].Post.RequestBody.Content[media].Example)
	if err != nil {
		panic("docs: the example of " + name + ": " + err.Error())
	}
	var e struct {
		parley.Envelope
		Data json.RawMessage `json:"data"`
	}
	var about struct{ Conversation struct{ ID string } }
	if err = json.Unmarshal(raw, &e); err == nil {
		err = json.Unmarshal(e.Data, &about)
	}
	if err != nil {
		panic("docs: the example of " + name + ": " + err.Error())
	}
	event := &parley.Event{
		Organization: e.OrganizationID, Sequence: e.Sequence, ID: e.ID, Type: e.Type, Key: cmp.Or(about.Conversation.ID, subject(e.Type, e.Data)),
		Actor: e.Actor, Cause: e.Cause, CreatedAt: e.Timestamp, Data: e.Data,
	}
	if e.InboxID != nil {
		event.Inbox = *e.InboxID
	}
	return event.Seal()
}

// subject is the id of what an event is about.
func subject(eventType string, data json.RawMessage) string {
	noun, _, _ := strings.Cut(eventType, ".")
	var members map[string]json.RawMessage
	var object struct{ ID string }
	if json.Unmarshal(data, &members) == nil {
		_ = json.Unmarshal(members[noun], &object) // what has no id is about nothing
	}
	return object.ID
}
