package docs

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

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
	if _, placed := s.places[got.object]; placed || got.object == "" || op.Method != http.MethodGet || got.paged == single {
		return
	}
	title := objectTitle(op, got.object)
	s.places[got.object] = place{t.url() + "#" + slug(title) + "-object", title + " object"}
	s.placeUnions(t, got.object, title)
}

// objectTitle is what an operation that gets an object calls it: a "contact" for
// "Get a contact".
func objectTitle(op *huma.Operation, ref string) string {
	noun := strings.TrimPrefix(strings.TrimPrefix(op.Summary, "Get a "), "Get an ")
	if noun == op.Summary {
		return words(strings.TrimPrefix(ref, refPrefix))
	}
	noun, _, _ = strings.Cut(noun, " with ")
	return noun
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

// objectView is what a page tells of an object, or of a union: then it has choices.
type objectView struct {
	ID, Title string
	Doc       template.HTML
	Shape     *shape
	Example   template.HTML
	Choices   []choiceView
}

// choiceView is one of the shapes of a union.
type choiceView struct {
	ID, Name string
	Doc      template.HTML
	Shape    *shape
	Example  template.HTML
}

// toldOn are the references to what has its place on a page: objects, then what
// they hold in one of many shapes.
func (s *site) toldOn(p *page) (refs []string) {
	for ref, at := range s.places {
		if strings.HasPrefix(ref, refPrefix) && strings.HasPrefix(at.URL, p.URL+"#") {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(s.examples.schemas.SchemaFromRef(a).OneOf), len(s.examples.schemas.SchemaFromRef(b).OneOf)), strings.Compare(a, b))
	})
	return refs
}

// objectView tells of what a reference names: an object, or a union.
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
	sent := shaper{site: s, path: []string{ref}, sent: true}
	for _, v := range s.union(ref) {
		choice := choiceView{
			ID: id + "-" + slug(v.name), Name: v.name, Doc: s.inline(s.examples.resolve(v.schema).Description),
			Shape: sent.spelledOut(v.schema.Ref), Example: highlighted(s.examples.answer(v.schema)),
		}
		for i, f := range choice.Shape.Fields {
			choice.Shape.Fields[i].Open = f.Inner != nil
		}
		view.Choices = append(view.Choices, choice)
	}
	return view
}

// variant is one of the schemas of a union, with the name that tells it.
type variant struct {
	name   string
	schema *huma.Schema
}

// union are the variants of a schema that has a discriminator.
func (s *site) union(ref string) (variants []variant) {
	schema := s.examples.schemas.SchemaFromRef(ref)
	if schema.Discriminator == nil {
		return nil
	}
	for _, one := range schema.OneOf {
		for name, mapped := range schema.Discriminator.Mapping {
			if mapped == one.Ref {
				variants = append(variants, variant{name, one})
			}
		}
	}
	return variants
}
