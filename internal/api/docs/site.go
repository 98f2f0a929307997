package docs

import (
	"cmp"
	"html/template"
	"maps"
	"slices"
	"strings"

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
	groupEvents = "Event catalogue"
)

func newSite(doc *huma.OpenAPI, limit ratelimit.Limit) *site {
	s := &site{
		doc: doc, limit: limit, places: map[string]place{},
		examples: examples{doc.Components.Schemas, newSamples()},
	}
	tags := s.tags()
	s.placeEvents()
	s.placeOperations(tags)
	s.pages = append(s.pages, s.guidePage(), s.webhooksPage())
	for _, t := range tags {
		s.pages = append(s.pages, s.tagPage(t))
	}
	s.pages = append(s.pages, s.catalogue())
	for _, noun := range nouns() {
		s.pages = append(s.pages, s.nounPage(noun))
	}
	return s
}

// tag is a heading of the API with its operations.
type tag struct {
	Name       string
	Doc        string
	Operations []*huma.Operation
}

func (t *tag) url() string { return Path + "/api/" + slug(t.Name) }

// tags are in the order of the document's list; those that it does not list
// follow, what integrators work with most before the rest.
func (s *site) tags() (tags []*tag) {
	byName := map[string]*tag{}
	for _, t := range s.doc.Tags {
		byName[t.Name] = &tag{Name: t.Name, Doc: t.Description}
		tags = append(tags, byName[t.Name])
	}
	operations := s.operations()
	for _, op := range operations {
		name := op.Tags[0]
		if byName[name] == nil {
			byName[name] = &tag{Name: name}
			tags = append(tags, byName[name])
		}
		byName[name].Operations = append(byName[name].Operations, op)
	}
	tags = slices.DeleteFunc(tags, func(t *tag) bool { return len(t.Operations) == 0 })
	if len(s.doc.Tags) == 0 {
		slices.SortStableFunc(tags, func(a, b *tag) int {
			return cmp.Or(cmp.Compare(weight(a.Name), weight(b.Name)), strings.Compare(a.Name, b.Name))
		})
	}
	for _, t := range tags {
		slices.SortStableFunc(t.Operations, func(a, b *huma.Operation) int {
			return cmp.Compare(t.distance(a), t.distance(b))
		})
	}
	return tags
}

// distance puts the operations on a tag's own resource before others.
func (t *tag) distance(op *huma.Operation) int {
	for i, segment := range strings.Split(op.Path, "/") {
		if slug(segment) == slug(t.Name) {
			return i
		}
	}
	return len(op.Path)
}

// weight is low for what integrators work with most.
func weight(name string) int {
	first := []string{"contacts", "conversations", "messages", "notes", "labels", "custom-fields", "inboxes", "events", "webhooks", "deliveries"}
	if i := slices.Index(first, slug(name)); i >= 0 {
		return i
	}
	return len(first)
}

// placeOperations finds a place for each operation, and for each object that the
// API gives: on the page of the tag where one of it can be got.
func (s *site) placeOperations(tags []*tag) {
	for _, t := range tags {
		for _, op := range t.Operations {
			s.places[op.OperationID] = place{t.url() + "#" + op.OperationID, op.Method + " " + op.Path}
		}
	}
	for _, single := range []bool{true, false} {
		for _, t := range tags {
			for _, op := range t.Operations {
				s.placeObject(t, op, single)
			}
		}
	}
}

func (s *site) placeObject(t *tag, op *huma.Operation, single bool) {
	got := s.success(op)
	if _, placed := s.places[got.object]; placed || got.object == "" || op.Method != "GET" || got.paged == single {
		return
	}
	title := words(strings.TrimPrefix(got.object, refPrefix))
	if noun, ok := strings.CutPrefix(op.Summary, "Get a "); ok {
		title = noun
	} else if noun, ok := strings.CutPrefix(op.Summary, "Get an "); ok {
		title = noun
	}
	s.places[got.object] = place{t.url() + "#" + slug(title) + "-object", title + " object"}
	s.placeUnions(t, got.object, title)
}

// placeUnions finds a place for what an object holds in one of many shapes: beside
// the object.
func (s *site) placeUnions(t *tag, ref, title string) {
	schema := s.examples.schemas.SchemaFromRef(ref)
	for name, p := range schema.Properties {
		if p = s.examples.notNull(p); p.Ref == "" || s.examples.schemas.SchemaFromRef(p.Ref).Discriminator == nil {
			continue
		}
		if _, placed := s.places[p.Ref]; !placed {
			s.places[p.Ref] = place{t.url() + "#" + slug(title) + "-" + slug(name), title + " " + strings.ReplaceAll(name, "_", " ")}
		}
	}
}

// object is what a page tells of an object.
type objectView struct {
	ID, Title string
	Doc       template.HTML
	Shape     *shape
	Example   template.HTML
	Choices   []contentView
}

// contentView is one of the shapes of a union.
type contentView struct {
	ID, Name string
	Doc      template.HTML
	Shape    *shape
	Example  template.HTML
}

// tagView is what the page of a tag shows.
type tagView struct {
	Operations []operation
	Objects    []objectView
}

func (s *site) tagPage(t *tag) *page {
	view := tagView{}
	p := &page{Group: groupAPI, Title: t.Name, URL: t.url(), Lead: s.paragraphs(t.Doc), content: "tag"}
	for _, op := range t.Operations {
		o := s.operation(op)
		view.Operations = append(view.Operations, o)
		p.Sections = append(p.Sections, section{
			ID: o.ID, Title: o.Summary, Method: o.Method, Hint: o.Method + " " + o.Path, Words: s.fieldNames(op),
		})
	}
	for _, ref := range slices.Sorted(maps.Keys(s.places)) {
		if !strings.HasPrefix(ref, refPrefix) || !strings.HasPrefix(s.places[ref].URL, p.URL+"#") {
			continue
		}
		o := s.objectView(ref)
		view.Objects = append(view.Objects, o)
		p.Sections = append(p.Sections, section{ID: o.ID, Title: o.Title, Hint: "Object", Words: strings.Join(o.Shape.names(), " ")})
		for _, c := range o.Choices {
			p.Sections = append(p.Sections, section{ID: c.ID, Title: c.Name, Hint: o.Title, Words: strings.Join(c.Shape.names(), " "), Minor: true})
		}
	}
	p.Data = view
	return p
}

func (s *site) objectView(ref string) objectView {
	at := s.places[ref]
	_, id, _ := strings.Cut(at.URL, "#")
	schema := s.examples.schemas.SchemaFromRef(ref)
	view := objectView{ID: id, Title: "The " + at.Title, Doc: s.inline(schema.Description)}
	answers := shaper{site: s, path: []string{ref}}
	if schema.Discriminator == nil {
		view.Shape = answers.spelledOut(ref)
		view.Example = highlighted(s.examples.answer(&huma.Schema{Ref: ref}))
		return view
	}
	view.Title = capitalized(at.Title)
	view.Shape = &shape{}
	names := map[string]string{}
	for name, one := range schema.Discriminator.Mapping {
		names[one] = name
	}
	sent := shaper{site: s, path: []string{ref}, sent: true}
	for _, one := range schema.OneOf {
		variant := s.examples.schemas.SchemaFromRef(one.Ref)
		choice := contentView{
			ID: id + "-" + slug(names[one.Ref]), Name: names[one.Ref], Doc: s.inline(variant.Description),
			Shape: sent.spelledOut(one.Ref), Example: highlighted(s.examples.answer(one)),
		}
		for i, f := range choice.Shape.Fields {
			choice.Shape.Fields[i].Open = f.Inner != nil
		}
		view.Choices = append(view.Choices, choice)
	}
	return view
}

// names are the names of a shape's fields, those of its inner shapes too.
func (s *shape) names() (names []string) {
	if s == nil {
		return nil
	}
	for _, f := range s.Fields {
		names = append(names, f.Name)
		names = append(names, f.Inner.names()...)
	}
	for _, c := range s.OneOf {
		names = append(names, c.names()...)
	}
	return names
}

// fieldNames are the names of an operation's parameters and of its body's fields.
func (s *site) fieldNames(op *huma.Operation) string {
	var names []string
	for _, p := range op.Parameters {
		names = append(names, p.Name)
	}
	if body := bodyOf(op); body != nil {
		names = append(names, (shaper{site: s, sent: true}).shape(body).names()...)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
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
