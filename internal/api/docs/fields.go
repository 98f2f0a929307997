package docs

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// field is what is told of a member of an object, or of a parameter.
type field struct {
	Name     string
	Type     template.HTML
	Required bool
	Doc      template.HTML
	Facts    []template.HTML // limits, choices and the default
	Inner    *shape          // of an object, or of the objects of a list
	Open     bool            // whether Inner is unfolded from the start
}

// shape is what is told of an object: its fields, or one of several shapes.
type shape struct {
	Link   template.HTML // to where it is told, in place of the rest
	Base   template.HTML // a link to the object that it has all fields of, besides its own
	Fields []field
	OneOf  []choice
}

type choice struct {
	Title string
	*shape
}

// shaper tells of schemas. It goes into objects that have no place of their own.
type shaper struct {
	*site
	sent bool     // what a client sends: it matters which fields must be there
	path []string // the references gone through, for schemas that hold themselves
}

// shape tells of the schema itself: nil if there is nothing to tell but its type.
func (s shaper) shape(schema *huma.Schema) *shape {
	schema = s.examples.notNull(schema)
	switch {
	case schema.Ref != "":
		return s.referred(schema.Ref)
	case schema.Type == huma.TypeArray:
		return s.shape(schema.Items)
	case len(schema.OneOf) > 0:
		out := &shape{}
		for _, one := range schema.OneOf {
			if inner := s.shape(one); inner != nil {
				out.OneOf = append(out.OneOf, choice{capitalized(s.titleOf(one.Ref)), inner})
			}
		}
		return out
	case len(schema.Properties) > 0:
		return &shape{Fields: s.fields(schema, nil)}
	}
	return nil
}

func (s shaper) referred(ref string) *shape {
	if at, ok := s.places[ref]; ok {
		return &shape{Link: anchor(at.URL, "the "+at.Title)}
	}
	if slices.Contains(s.path, ref) {
		return nil
	}
	s.path = append(slices.Clip(s.path), ref)
	return s.spelledOut(ref)
}

// spelledOut tells of a schema with a name even if there is a place that does.
func (s shaper) spelledOut(ref string) *shape {
	schema := s.examples.schemas.SchemaFromRef(ref)
	if s.sent || schema.Properties == nil {
		return s.shape(schema)
	}
	t := s.examples.schemas.TypeFromRef(ref)
	if t == nil || embedded(t) == nil {
		return s.shape(schema)
	}
	base := refPrefix + embedded(t).Name()
	at, ok := s.places[base]
	if !ok {
		return s.shape(schema)
	}
	inherited := s.examples.schemas.SchemaFromRef(base).Properties
	return &shape{Base: "the " + anchor(at.URL, at.Title), Fields: s.fields(schema, inherited)}
}

// fields are an object's fields, but for those that are told elsewhere.
func (s shaper) fields(schema *huma.Schema, elsewhere map[string]*huma.Schema) (fields []field) {
	for _, name := range s.examples.order(schema) {
		if elsewhere[name] != nil {
			continue
		}
		p := schema.Properties[name]
		f := s.field(name, p.Description, p)
		f.Required = s.sent && slices.Contains(schema.Required, name)
		if !s.sent && !slices.Contains(schema.Required, name) {
			f.Facts = append(f.Facts, "not always there")
		}
		fields = append(fields, f)
	}
	return fields
}

func (s shaper) field(name, doc string, schema *huma.Schema) field {
	f := field{Name: name, Type: s.typeOf(schema), Doc: s.inline(doc), Facts: s.facts(schema)}
	if inner := s.shape(schema); inner != nil && inner.Link == "" {
		f.Inner = inner
	}
	return f
}

// Summary says what unfolds below a field.
func (f field) Summary() string {
	if len(f.Inner.OneOf) > 0 {
		return "One of " + counted(len(f.Inner.OneOf), "shape")
	}
	return counted(len(f.Inner.Fields), "field") + " of " + f.Name
}

// typeOf is a schema's type in words.
func (s shaper) typeOf(schema *huma.Schema) template.HTML {
	switch {
	case schema.Ref != "" && s.examples.resolve(schema).AnyOf != nil:
		return s.typeOf(s.examples.resolve(schema))
	case schema.Ref != "":
		return s.named(schema.Ref, func(title string) string { return title })
	case schema.Type == huma.TypeArray:
		return s.listOf(schema.Items) + orNull(schema)
	case len(schema.AnyOf)+len(schema.OneOf) > 0:
		return template.HTML(enumerated(s.choices(slices.Concat(schema.OneOf, schema.AnyOf))))
	}
	return escaped(simple(schema)) + orNull(schema)
}

func (s shaper) choices(of []*huma.Schema) (names []string) {
	for _, one := range of {
		if name := string(s.typeOf(one)); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func (s shaper) listOf(items *huma.Schema) template.HTML {
	switch {
	case items.Ref != "":
		return "list of " + s.named(items.Ref, plural)
	case len(items.AnyOf) > 0:
		return "list"
	case items.Title != "":
		return "list of " + escaped(plural(items.Title))
	}
	return "list of " + escaped(plural(simple(items)))
}

// named is the title of a schema, and a link if it has a place of its own.
func (s shaper) named(ref string, show func(string) string) template.HTML {
	if at, ok := s.places[ref]; ok {
		return anchor(at.URL, show(strings.TrimSuffix(at.Title, " object")))
	}
	if s.examples.schemas.SchemaFromRef(ref).Type == huma.TypeObject {
		return escaped(show(huma.TypeObject))
	}
	return escaped(show(s.titleOf(ref)))
}

// titleOf is what a schema is called among people.
func (s shaper) titleOf(ref string) string {
	name := strings.TrimPrefix(ref, refPrefix)
	for _, view := range []string{"Input", "Create", "Update"} {
		name = strings.TrimSuffix(name, view)
	}
	return words(name)
}

// simple is the type of a schema that needs no other.
func simple(schema *huma.Schema) string {
	switch {
	case schema.Title != "":
		return schema.Title
	case schema.Format == "date-time":
		return "time"
	case schema.Format == "email":
		return "email address"
	case schema.Format == "uri":
		return "URL"
	case schema.Type == "":
		return "any value"
	}
	return schema.Type
}

func orNull(schema *huma.Schema) template.HTML {
	if schema.Nullable {
		return " or null"
	}
	return ""
}

// facts are the rules of a schema that its type does not tell.
func (s shaper) facts(schema *huma.Schema) (facts []template.HTML) {
	add := func(f string) {
		if f != "" {
			facts = append(facts, escaped(f))
		}
	}
	limited := s.examples.notNull(schema)
	if limited.Type == huma.TypeArray {
		add(limits(limited.MinItems, limited.MaxItems, "item"))
		limited = limited.Items
	}
	if choices := enum(limited); choices != "" {
		facts = append(facts, choices)
	}
	if choices := s.variants(limited.Ref); choices != "" {
		facts = append(facts, choices)
	}
	add(limits(limited.MinLength, limited.MaxLength, "character"))
	add(limits(limited.MinProperties, limited.MaxProperties, "member"))
	add(within(limited.Minimum, limited.Maximum))
	facts = append(facts, pattern(limited)...)
	if values, ok := limited.AdditionalProperties.(*huma.Schema); ok {
		facts = append(facts, "values: "+s.typeOf(values))
	}
	if schema.Default != nil && s.sent && len(schema.Enum) != 1 {
		facts = append(facts, "default "+code(said(treeOf(schema.Default))))
	}
	return facts
}

// enum are the values that there are to choose from.
func enum(schema *huma.Schema) template.HTML {
	var values []string
	for _, value := range schema.Enum {
		if value != nil {
			values = append(values, string(code(fmt.Sprint(value))))
		}
	}
	if len(values) == 1 {
		return template.HTML("always " + values[0])
	}
	return template.HTML(enumerated(values))
}

// variants are links to the shapes of a union that has a place of its own.
func (s shaper) variants(ref string) template.HTML {
	at, ok := s.places[ref]
	if !ok {
		return ""
	}
	var links []string
	for _, v := range s.union(ref) {
		links = append(links, `<a href="`+string(escaped(at.URL+"-"+slug(v.name)))+`">`+string(code(v.name))+`</a>`)
	}
	return template.HTML(enumerated(links))
}

func limits(least, most *int, noun string) string {
	switch {
	case least != nil && most != nil && *least == *most:
		return "exactly " + counted(*least, noun)
	case least != nil && most != nil && *least > 0:
		return grouped(*least) + " to " + grouped(*most) + " " + plural(noun)
	case most != nil:
		return "at most " + grouped(*most) + " " + plural(noun)
	case least != nil && *least > 0:
		return "at least " + counted(*least, noun)
	}
	return ""
}

func within(least, most *float64) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case least != nil && most != nil:
		return number(*least) + " to " + number(*most)
	case most != nil:
		return "at most " + number(*most)
	case least != nil:
		return "at least " + number(*least)
	}
	return ""
}

// pattern tells what a text must look like. The title of an id says enough.
func pattern(schema *huma.Schema) []template.HTML {
	if words, ok := schema.Extensions["x-pattern-description"].(string); ok {
		return []template.HTML{escaped(words)}
	}
	if schema.Pattern == "" || schema.Title != "" || schema.Format != "" {
		return nil
	}
	return []template.HTML{"matches " + code(schema.Pattern)}
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
	if body := cmp.Or(bodyOf(op), formOf(op)); body != nil {
		names = append(names, (shaper{site: s, sent: true}).shape(body).names()...)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}
