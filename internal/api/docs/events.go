package docs

import (
	"html/template"
	"reflect"
	"strings"

	"parley"
)

func nounURL(noun string) string { return Path + "/events/" + slug(noun) }

// placeEvents finds a place for each type of event.
func (s *site) placeEvents() {
	for _, d := range parley.Catalogue() {
		s.places[d.Name] = place{nounURL(d.Noun()) + "#" + d.Name, d.Name}
	}
}

// catalogueView is what the page of all events shows.
type catalogueView struct {
	Nouns    []nounView
	Envelope *shape
	Example  template.HTML
}

// nounView is what there is to tell of the events of a noun.
type nounView struct {
	Title  string
	URL    string
	Events []eventView
}

// eventView is what there is to tell of a type of event. Data is its data's shape,
// unless it is that of an event before it, which is then in SameAs.
type eventView struct {
	Name    string
	URL     string
	Doc     template.HTML
	Data    *shape
	SameAs  string
	Example template.HTML
}

func (s *site) catalogue() *page {
	view := catalogueView{Envelope: s.typeShape(reflect.TypeFor[parley.Envelope]())}
	for i, f := range view.Envelope.Fields {
		if f.Name == "data" {
			view.Envelope.Fields[i].Type = "object"
		}
	}
	for _, noun := range nouns() {
		view.Nouns = append(view.Nouns, s.nounView(noun))
	}
	view.Example = s.exampleEvent(parley.ConversationAssigned.Name())
	return &page{
		Group: groupEvents, Title: "Overview", URL: Path + "/events", content: "events", Data: view,
		Sections: []section{
			{ID: "log", Title: "The event log", Words: "sequence order gapless rewind sse stream follow"},
			{ID: "envelope", Title: "What an event looks like", Words: strings.Join(view.Envelope.names(), " ")},
			{ID: "catalogue", Title: "The catalogue", Words: "types events list"},
			{ID: "custom", Title: "Your own events", Words: "custom publish"},
			{ID: "reading", Title: "Ways to read it", Words: "webhook stream list sse poll"},
		},
	}
}

func (s *site) nounPage(noun string) *page {
	view := s.nounView(noun)
	p := &page{Group: groupEvents, Title: view.Title, URL: view.URL, content: "noun", Data: view}
	for _, e := range view.Events {
		p.Sections = append(p.Sections, section{ID: e.Name, Title: e.Name, Hint: "Event", Words: strings.ReplaceAll(e.Name, ".", " ") + " " + strings.Join(e.Data.names(), " ")})
	}
	return p
}

func (s *site) nounView(noun string) nounView {
	title := capitalized(strings.Replace(strings.ReplaceAll(noun, "_", " "), "api ", "API ", 1))
	view := nounView{Title: title, URL: nounURL(noun)}
	told := map[reflect.Type]string{}
	for _, d := range parley.Catalogue() {
		if d.Noun() != noun {
			continue
		}
		e := eventView{Name: d.Name, URL: s.places[d.Name].URL, Doc: s.inline(d.Doc), Example: s.exampleEvent(d.Name)}
		if before, ok := told[d.Data]; ok {
			e.SameAs = before
		} else {
			told[d.Data] = d.Name
			e.Data = s.typeShape(d.Data)
		}
		view.Events = append(view.Events, e)
	}
	return view
}

// typeShape tells of a type that the document has a schema of.
func (s *site) typeShape(t reflect.Type) *shape {
	for name := range s.examples.schemas.Map() {
		if s.examples.typeNamed(name) == t && s.examples.schemas.SchemaFromRef(refPrefix+name).AdditionalProperties == nil {
			return shaper{site: s}.spelledOut(refPrefix + name)
		}
	}
	return nil
}

// exampleEvent is the example that the document gives of an event.
func (s *site) exampleEvent(name string) template.HTML {
	hook := s.doc.Webhooks[name]
	if hook == nil || hook.Post == nil || bodyOf(hook.Post) == nil {
		panic("docs: the document has no webhook for " + name)
	}
	return highlighted(treeOf(hook.Post.RequestBody.Content[media].Example))
}
