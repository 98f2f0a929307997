package docs

import (
	"encoding/json"
	"html/template"
	"strings"

	"parley"
	"parley/internal/payload"
)

// eventView is what the page of a type of event shows.
type eventView struct {
	Name     string
	Noun     place
	Doc      template.HTML
	HasInbox bool
	Scope    string // to read it
	Schema   string // its name in the OpenAPI document
	Data     *shape
	Changed  template.HTML // what the example says that the change altered
	Formats  []writtenEvent
}

// writtenEvent is the event's example in a payload format. Type is what the event is
// called there, "" if that is its own name.
type writtenEvent struct {
	Format, ContentType string
	Type                string
	Body                template.HTML
}

// eventPage is the page of a type of event.
func (s *site) eventPage(d parley.Declaration) *page {
	schema := bodyOf(s.doc.Webhooks[d.Name].Post)
	event := s.sampleEvent(d)
	view := eventView{
		Name: d.Name, Noun: place{eventsURL + "#" + slug(d.Noun()), nounTitle(d.Noun())}, Doc: s.inline(d.Doc),
		HasInbox: event.Inbox != "", Scope: scope(s.doc.Paths["/v1/events"].Get), Schema: strings.TrimPrefix(schema.Ref, refPrefix),
		Data: s.typeShape(d.Data), Changed: s.changed(d.Name), Formats: s.written(event),
	}
	return &page{
		Title: d.Name, URL: s.places[d.Name].URL, Below: slug(d.Noun()), content: "event", Data: view,
		Hint: "Event", Words: strings.Join(append(strings.Split(d.Name, "."), view.Data.names()...), " "),
	}
}

// sampleEvent is the example that the document gives of an event, as the event it is.
func (s *site) sampleEvent(d parley.Declaration) *parley.Event {
	var e struct {
		parley.Envelope
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal([]byte(text(s.event(d.Name))), &e); err != nil {
		panic("docs: the example of " + d.Name + " is no event: " + err.Error())
	}
	event := &parley.Event{
		Organization: e.OrganizationID, Sequence: e.Sequence, ID: e.ID, Type: e.Type, Key: subject(d, e.Data),
		Actor: e.Actor, Cause: e.Cause, CreatedAt: e.Timestamp, Data: e.Data,
	}
	if e.InboxID != nil {
		event.Inbox = *e.InboxID
	}
	return event
}

// subject is the id of what an event is about.
func subject(d parley.Declaration, data json.RawMessage) string {
	var members map[string]json.RawMessage
	var object struct{ ID string }
	if json.Unmarshal(data, &members) == nil {
		_ = json.Unmarshal(members[d.Noun()], &object) // what has no id is about nothing
	}
	return object.ID
}

// written is an event in every payload format that an endpoint can choose.
func (s *site) written(e *parley.Event) (all []writtenEvent) {
	choices := s.examples.schemas.SchemaFromRef(refPrefix + "WebhookCreate").Properties["format"].Enum
	for _, name := range choices {
		f, ok := payload.Named(name.(string))
		if !ok {
			panic("docs: there is no payload format " + name.(string))
		}
		body, err := f.Render(parley.WebhookID(s.examples.samples.ids["whk"]), e)
		if err != nil {
			panic("docs: " + e.Type + " in format " + f.Name + ": " + err.Error())
		}
		if f.Batches {
			body = payload.Batch([][]byte{body})
		}
		t := treeOf(json.RawMessage(body))
		one := writtenEvent{Format: f.Name, ContentType: f.ContentType, Body: highlighted(t)}
		if called := calledIn(t); called != e.Type {
			one.Type = called
		}
		all = append(all, one)
	}
	return all
}

// calledIn is the type that a body gives its event: its first member of that name, or
// the event itself if that is a text.
func calledIn(t tree) string {
	switch v := t.(type) {
	case object:
		for _, m := range v {
			named := m.name == "type" || m.name == "event"
			if raw, ok := m.value.(json.RawMessage); ok && named {
				return said(raw)
			}
			if found := calledIn(m.value); found != "" {
				return found
			}
		}
	case list:
		for _, one := range v {
			if found := calledIn(one); found != "" {
				return found
			}
		}
	}
	return ""
}
