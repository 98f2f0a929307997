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
	event := s.envelope(d.Name)
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

// written is an event in every payload format that an endpoint can choose.
func (s *site) written(e *parley.Event) (all []writtenEvent) {
	choices := s.examples.schemas.SchemaFromRef(refPrefix + "WebhookCreate").Properties["format"].Enum
	for _, name := range choices {
		f, ok := payload.Named(name.(string))
		if !ok {
			panic("docs: there is no payload format " + name.(string))
		}
		body, err := f.Body(parley.WebhookID(s.examples.samples.ids["whk"]), e)
		if err != nil {
			panic("docs: " + e.Type + " in format " + f.Name + ": " + err.Error())
		}
		one := writtenEvent{Format: f.Name, ContentType: f.ContentType, Body: highlighted(treeOf(json.RawMessage(body)))}
		if name := nameIn(f, body); name != e.Type {
			one.Type = name
		}
		all = append(all, one)
	}
	return all
}
