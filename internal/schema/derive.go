package schema

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// scope derives schemas for one view. It is the huma.Registry that huma asks for
// the types of fields, so that huma reads the tags and this package the types.
type scope struct {
	*Components
	view view
}

// Schema is asked by huma for the type of a field.
func (s scope) Schema(t reflect.Type, _ bool, _ string) *huma.Schema { return s.schema(t) }

func (s scope) schema(t reflect.Type) *huma.Schema {
	if t.Kind() == reflect.Pointer {
		return nullable(s.element(t.Elem()))
	}
	if special := s.special(t); special != nil {
		return special
	}
	if t.Kind() == reflect.Struct && t.Name() != "" {
		return s.part(s.name(t), use{t, s.view}, func(o *huma.Schema) { s.object(o, t) })
	}
	return s.plain(t)
}

// element derives from a type that is made anew when it is decoded.
func (s scope) element(t reflect.Type) *huma.Schema {
	if s.view != answered && t.Kind() == reflect.Struct {
		mustNotHaveDefaults(t)
	}
	return s.schema(t)
}

// nullable also takes null. It changes the schema, which is always a fresh one.
func nullable(s *huma.Schema) *huma.Schema {
	if s.Type != "" {
		s.Nullable = true
		return s
	}
	switch {
	case s.Ref != "":
		return &huma.Schema{AnyOf: []*huma.Schema{s, {Type: typeNull}}}
	case s.AnyOf != nil && !hasNull(s):
		s.AnyOf = append(s.AnyOf, &huma.Schema{Type: typeNull})
	}
	return s // which takes anything if it has neither
}

const typeNull = "null"

func hasNull(s *huma.Schema) bool {
	return slices.ContainsFunc(s.AnyOf, func(a *huma.Schema) bool { return a.Type == typeNull })
}

// takesNull tells whether a schema that may be a reference is one of several types, of
// which null is one.
func (s scope) takesNull(of *huma.Schema) bool {
	if of.Ref != "" {
		of = s.SchemaFromRef(of.Ref)
	}
	return hasNull(of)
}

// name is what a struct is called in this view.
func (s scope) name(t reflect.Type) string {
	name := huma.DefaultSchemaNamer(t, "")
	switch s.view {
	case creating:
		return strings.TrimSuffix(name, "Create") + "Create"
	case updating:
		return name + "Update"
	case sent:
		return strings.TrimSuffix(strings.TrimSuffix(name, "Input"), "Body") + "Input"
	}
	return name
}

// inner is the view of what stands in an object of this view.
func (s scope) inner() scope {
	if s.view == creating || s.view == updating {
		s.view = sent
	}
	return s
}

// plain derives from the kind of a type.
func (s scope) plain(t reflect.Type) *huma.Schema {
	if implements[encoding.TextUnmarshaler](t) {
		return &huma.Schema{Type: huma.TypeString}
	}
	if implements[json.Unmarshaler](t) {
		return &huma.Schema{} // it reads JSON in a way of its own
	}
	switch t.Kind() {
	case reflect.Bool:
		return &huma.Schema{Type: huma.TypeBoolean}
	case reflect.String:
		return &huma.Schema{Type: huma.TypeString}
	case reflect.Float32, reflect.Float64:
		return &huma.Schema{Type: huma.TypeNumber, Format: "double"}
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64:
		return wholeNumber(t, "int64")
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return wholeNumber(t, "int32")
	case reflect.Slice, reflect.Array:
		return s.list(t)
	case reflect.Map:
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: s.element(t.Elem())}
	case reflect.Struct:
		o := &huma.Schema{}
		s.object(o, t)
		return o
	case reflect.Interface:
		return &huma.Schema{}
	}
	panic(fmt.Sprintf("schema: %v has no JSON", t))
}

// wholeNumber has the limits of its type where the format does not say them.
func wholeNumber(t reflect.Type, format string) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeInteger, Format: format}
	unsigned := t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64
	if unsigned {
		s.Minimum = new(0.0)
	}
	if bits := t.Bits(); bits < 32 || bits == 32 && unsigned {
		s.Format = "int64"
		if !unsigned {
			bits--
			s.Minimum = new(-float64(int64(1) << bits))
		}
		s.Maximum = new(float64(int64(1)<<bits - 1))
	}
	return s
}

func (s scope) list(t reflect.Type) *huma.Schema {
	if t.Elem().Kind() == reflect.Uint8 {
		return &huma.Schema{Type: huma.TypeString, ContentEncoding: "base64"}
	}
	list := &huma.Schema{Type: huma.TypeArray, Items: s.element(t.Elem())}
	if t.Kind() == reflect.Array {
		list.MinItems, list.MaxItems = new(t.Len()), new(t.Len())
	}
	return list
}

// object derives from the fields of a struct.
func (s scope) object(o *huma.Schema, t reflect.Type) {
	o.Type = huma.TypeObject
	switch s.view {
	case creating:
		o.Description = "What a new " + strings.TrimSuffix(words(t.Name()), " create") + " is made from."
	case updating:
		o.Description = "What can be changed of " + article(words(t.Name())) + ": fields that are left out stay as they are."
	}
	o.Properties = map[string]*huma.Schema{}
	if s.view != answered {
		o.AdditionalProperties = false
	}
	refused := map[string]string{}
	for _, f := range fields(t) {
		if why := s.refuses(f); why != "" {
			refused[f.name] = why
			continue
		}
		o.Properties[f.name] = s.property(f)
		if s.requires(f) {
			o.Required = append(o.Required, f.name)
		}
	}
	s.refused[o] = refused
}

// refuses tells why a client may not send the field, "" if it may.
func (s scope) refuses(f field) string {
	switch when := f.Tag.Get("write"); {
	case s.view == sent && f.Tag.Get("readOnly") == "true",
		s.view == creating && !slices.Contains(strings.Split(when, ","), "create"),
		s.view == updating && when == "":
		return "cannot be set"
	case s.view == updating && !slices.Contains(strings.Split(when, ","), "update"):
		return "cannot be changed"
	}
	return ""
}

func (s scope) requires(f field) bool {
	switch required := f.Tag.Get("required"); {
	case s.view == updating:
		return false
	case s.view == creating || required != "":
		return required == "true"
	case s.view != answered && f.Tag.Get("default") != "":
		return false
	}
	return !f.optional
}

// property derives from a field: its type and its tags.
func (s scope) property(f field) *huma.Schema {
	inner := s.inner()
	if f.optional && f.Type.Kind() == reflect.Pointer {
		f.Type = f.Type.Elem() // it is left out where it has no value: never null
	}
	p := huma.SchemaFromField(inner, f.StructField, f.name)
	limited := p // what limits of strings and numbers apply to
	if p.Type == huma.TypeArray {
		limited = p.Items
	}
	limitTypes(limited, f.Tag.Get("types"))
	if limited.Nullable && limited.Enum != nil {
		limited.Enum = append(limited.Enum, nil)
	}
	if limited.PatternDescription != "" {
		limited.Extensions = map[string]any{patternDescription: limited.PatternDescription}
		limited.PatternDescription = "" // no keyword of JSON Schema, and refused by strict readers of OpenAPI
	}
	if limited.Format == formatURI && limited.Pattern == "" {
		limited.Pattern = webLinkPattern
	}
	if s.view == creating || s.view == updating {
		s.takeNulls(p)
	}
	if s.view == answered || s.view == updating {
		p.Default = nil // what is left out of an update stays as it is
	}
	return p
}

// limitTypes lets a schema take values of these types only, if there are any.
func limitTypes(s *huma.Schema, types string) {
	names := strings.FieldsFunc(types, func(r rune) bool { return r == ',' })
	if len(names) == 1 {
		s.Type = names[0]
		return
	}
	usual := map[string]string{huma.TypeInteger: "int64", huma.TypeNumber: "double"}
	for _, name := range names {
		s.AnyOf = append(s.AnyOf, &huma.Schema{Type: name, Format: usual[name]})
	}
}

// takeNulls lets the values of a map be null: in what a client writes that is no
// value, and removes one that is there.
func (s scope) takeNulls(p *huma.Schema) {
	if values, ok := p.AdditionalProperties.(*huma.Schema); ok && !s.takesNull(values) {
		p.AdditionalProperties = nullable(values)
	}
}

// field is a field of a struct that JSON shows.
type field struct {
	reflect.StructField
	name     string
	optional bool // left out where it has no value
}

// fields are the fields of a struct that JSON shows, those of embedded structs too.
func fields(t reflect.Type) (shown []field) {
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" || f.Anonymous && tag == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		shown = append(shown, field{f, name, optional})
	}
	return shown
}

func implements[I any](t reflect.Type) bool {
	i := reflect.TypeFor[I]()
	return t.Implements(i) || reflect.PointerTo(t).Implements(i)
}

var rawJSON = reflect.TypeFor[json.RawMessage]()
