package docs

import (
	"html/template"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/ratelimit"
)

// site is everything that the pages are made from.
type site struct {
	doc      *huma.OpenAPI
	limit    ratelimit.Limit
	examples examples
	places   map[string]place // by operation id, event type, reference to a schema
	pages    []*page
	assets   map[string]string // paths by name
}

// place is where something is told.
type place struct {
	URL   string
	Title string // as it stands in a sentence
}

// page is one page. Its sections are what its part of the navigation and the
// search know of it.
type page struct {
	Group    string
	Title    string
	URL      string
	Lead     template.HTML
	Sections []section
	Flat     bool   // the navigation shows its sections in its place, on every page
	Below    string // the section of a flat page below which the navigation shows it; it has no place of its own then
	Hint     string // what the search shows beside the title; the group if ""
	Words    string // what else the search finds it by

	content string // the template of its content
	Data    any
}

// section is a part of a page with an anchor of its own.
type section struct {
	ID     string
	Title  string
	Method string // of an operation
	Hint   string // what the search shows beside the title
	Words  string // what else the search finds it by
	Minor  bool   // told by the search, but not by the navigation
}

// The groups of the navigation, in order.
const (
	groupGuide  = "Guide"
	groupAPI    = "API reference"
	groupEvents = "Events"
)

func newSite(doc *huma.OpenAPI, limit ratelimit.Limit) *site {
	s := &site{
		doc: doc, limit: limit, places: map[string]place{},
		examples: examples{doc.Components.Schemas, newSamples()},
	}
	envelope, _ := s.event(parley.MessageCreated.Name()).(object)
	s.examples.samples.known[reflect.TypeFor[parley.Envelope]()] = envelope
	tags := s.tags()
	s.placeEvents()
	s.placeOperations(tags)
	return s
}

// write makes the pages.
func (s *site) write() {
	s.pages = append(s.pages, s.guidePage(), s.webhooksPage())
	for _, t := range s.tags() {
		s.pages = append(s.pages, s.tagPage(t))
	}
	s.pages = append(s.pages, s.eventsPage())
	for _, noun := range nouns() {
		for _, d := range typesOf(noun) {
			s.pages = append(s.pages, s.eventPage(d))
		}
	}
}
