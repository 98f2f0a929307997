package docs

import (
	"cmp"
	"html/template"
	"reflect"
	"slices"
	"strings"

	"parley"
)

const eventsURL = root + "/events"

// placeEvents finds a page for each type of event.
func (s *site) placeEvents() {
	for _, d := range parley.Catalogue() {
		s.places[d.Name] = place{eventsURL + "/" + d.Name, d.Name}
	}
}

// eventsView is what the page of all events shows.
type eventsView struct {
	Nouns    []nounView
	Envelope *shape
	Example  template.HTML
}

// nounView is a noun with its types of event.
type nounView struct {
	ID     string
	Title  string
	Events []eventLine
}

// eventLine is a type of event in the catalogue.
type eventLine struct {
	Name string
	Doc  template.HTML
}

func (s *site) eventsPage() *page {
	view := eventsView{Envelope: s.typeShape(reflect.TypeFor[parley.Envelope]())}
	for i, f := range view.Envelope.Fields {
		if f.Name == "data" { // its type depends on the event's
			view.Envelope.Fields[i].Type = "object"
		}
	}
	view.Example = s.exampleEvent(parley.ConversationAssigned.Name())
	p := &page{
		Group: groupEvents, Title: "Events", URL: eventsURL, content: "events", Flat: true,
		Sections: []section{
			{ID: "log", Title: "The event log", Words: "sequence order gapless rewind sse stream follow"},
			{ID: "envelope", Title: "What an event looks like", Words: strings.Join(view.Envelope.names(), " ")},
			{ID: "inboxes", Title: "Events of an inbox", Words: "inbox_id inbox_ids belong filter"},
			{ID: "reading", Title: "Ways to read it", Words: "webhook stream list sse poll"},
			{ID: "custom", Title: "Your own events", Words: "custom publish"},
			{ID: "catalogue", Title: "All types", Words: "types events list catalogue"},
		},
	}
	for _, noun := range nouns() {
		n := nounView{ID: slug(noun), Title: nounTitle(noun)}
		for _, d := range typesOf(noun) {
			n.Events = append(n.Events, eventLine{d.Name, s.inline(d.Doc)})
		}
		view.Nouns = append(view.Nouns, n)
		p.Sections = append(p.Sections, section{ID: n.ID, Title: n.Title, Hint: "Events"})
	}
	p.Data = view
	return p
}

// nouns are what there are events of, what integrators work with most first.
func nouns() (nouns []string) {
	for _, d := range parley.Catalogue() {
		if !slices.Contains(nouns, d.Noun()) {
			nouns = append(nouns, d.Noun())
		}
	}
	slices.SortStableFunc(nouns, func(a, b string) int { return cmp.Compare(weight(plural(a)), weight(plural(b))) })
	return nouns
}

func nounTitle(noun string) string {
	return capitalized(strings.Replace(strings.ReplaceAll(noun, "_", " "), "api ", "API ", 1))
}

// typesOf are the types of event of a noun.
func typesOf(noun string) []parley.Declaration {
	return slices.DeleteFunc(parley.Catalogue(), func(d parley.Declaration) bool { return d.Noun() != noun })
}

// changed is the member previous of an event's example, if it says anything.
func (s *site) changed(name string) template.HTML {
	event, _ := s.event(name).(object)
	data, _ := event.get("data")
	o, _ := data.(object)
	previous, ok := o.get("previous")
	if !ok || hollow(previous) {
		return ""
	}
	return brief(previous)
}

// typeShape tells of a type that the document has a schema of.
func (s *site) typeShape(t reflect.Type) *shape {
	for name := range s.examples.schemas.Map() {
		if ref := refPrefix + name; s.examples.schemas.TypeFromRef(ref) == t && s.examples.schemas.SchemaFromRef(ref).AdditionalProperties == nil {
			return shaper{site: s}.spelledOut(ref)
		}
	}
	panic("docs: the document has no schema for " + t.String())
}

// exampleEvent is the example that the document gives of an event.
func (s *site) exampleEvent(name string) template.HTML {
	return highlighted(s.event(name))
}

func (s *site) event(name string) tree {
	hook := s.doc.Webhooks[name]
	if hook == nil || hook.Post == nil || bodyOf(hook.Post) == nil {
		panic("docs: the document has no webhook for " + name)
	}
	return treeOf(hook.Post.RequestBody.Content[media].Example)
}
