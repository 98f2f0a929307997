package docs

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// examples makes example values from schemas: from what the schema itself gives
// as an example, else from the sample of its Go type, else from its rules.
type examples struct {
	schemas huma.Registry
	samples samples
}

const deepest = 12 // of a schema that holds itself

// answer is an example with every member that the schema has.
func (e examples) answer(s *huma.Schema) tree { return e.value(s, nil, 0) }

// value is an example of a schema. What is found in the sample, if there is one,
// goes before what the schema says of its members.
func (e examples) value(s *huma.Schema, sample tree, depth int) tree {
	if depth > deepest {
		return scalar(nil)
	}
	if len(s.Examples) > 0 && sample == nil {
		return e.samples.familiar(treeOf(s.Examples[0]))
	}
	if s.Ref != "" {
		if sample == nil {
			sample = e.sampleOf(s.Ref)
		}
		return e.value(e.schemas.SchemaFromRef(s.Ref), sample, depth+1)
	}
	if o, ok := sample.(object); ok && s.Properties != nil {
		return e.members(s, o, depth)
	}
	if sample != nil {
		return sample
	}
	switch {
	case s.Extensions["const"] != nil:
		return treeOf(s.Extensions["const"])
	case s.Default != nil:
		return treeOf(s.Default)
	case len(s.Enum) > 0:
		return treeOf(s.Enum[0])
	case len(s.AllOf) > 0:
		return e.merged(s.AllOf, depth)
	case len(s.OneOf)+len(s.AnyOf) > 0:
		return e.value(slices.Concat(s.OneOf, s.AnyOf)[0], nil, depth+1)
	case s.Nullable:
		return scalar(nil)
	}
	return e.plain(s, depth)
}

func (e examples) plain(s *huma.Schema, depth int) tree {
	switch s.Type {
	case huma.TypeObject:
		return e.members(s, nil, depth)
	case huma.TypeArray:
		return list{e.value(s.Items, nil, depth+1)}
	case huma.TypeInteger, huma.TypeNumber:
		if s.Minimum != nil && *s.Minimum > 0 {
			return treeOf(*s.Minimum)
		}
		return scalar(1)
	case huma.TypeBoolean:
		return scalar(true)
	case huma.TypeString:
		return scalar("text")
	}
	return object{}
}

// members are an example's members in the order of the schema, those of the
// sample where it has them.
func (e examples) members(s *huma.Schema, sample object, depth int) object {
	o := object{}
	for _, name := range e.order(s) {
		given, ok := sample.get(name)
		if sample != nil && !ok && !slices.Contains(s.Required, name) {
			continue // the sample does without
		}
		o = append(o, member{name, e.value(s.Properties[name], given, depth+1)})
	}
	return o
}

// merged is an example of all of the schemas at once; later ones go before
// earlier ones.
func (e examples) merged(parts []*huma.Schema, depth int) tree {
	whole := object{}
	for _, part := range parts {
		o, ok := e.value(part, nil, depth+1).(object)
		if !ok {
			continue
		}
		for _, m := range o {
			if i := slices.IndexFunc(whole, func(w member) bool { return w.name == m.name }); i >= 0 {
				whole[i] = m
			} else {
				whole = append(whole, m)
			}
		}
	}
	return whole
}

// sampleOf is the sample of the type that a reference was made for. A type that
// embeds one with a sample has at least those members.
func (e examples) sampleOf(ref string) tree {
	t := e.schemas.TypeFromRef(ref)
	if t == nil {
		return nil
	}
	for ; t != nil; t = embedded(t) {
		if o := e.samples.known[t]; o != nil {
			return o
		}
	}
	return nil
}

// embedded is the first struct that a struct embeds, nil if there is none.
func embedded(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous && f.Type.Kind() == reflect.Struct {
			return f.Type
		}
	}
	return nil
}

// order is the order in which a schema's members are shown: that of the struct it
// was made from. Without one, those that must be there come first.
func (e examples) order(s *huma.Schema) []string {
	names := e.declared(s)
	for _, name := range s.Required {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var rest []string
	for name := range s.Properties {
		if !slices.Contains(names, name) {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	names = append(names, rest...)
	return slices.DeleteFunc(names, func(name string) bool { return s.Properties[name] == nil })
}

// declared are the names of the fields of the struct that a schema was made from.
func (e examples) declared(s *huma.Schema) (names []string) {
	for name, known := range e.schemas.Map() {
		if known != s {
			continue
		}
		t := e.schemas.TypeFromRef(refPrefix + name)
		if t == nil || t.Kind() != reflect.Struct {
			return nil
		}
		for _, f := range reflect.VisibleFields(t) {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" && tag != "-" {
				names = append(names, tag)
			}
		}
	}
	return names
}

const refPrefix = "#/components/schemas/"

// request is an example of a body that is worth sending: what must be there, and
// what says something. With most > 0 it has no more members than that.
func (e examples) request(s *huma.Schema, most int) tree {
	if whole := e.resolve(s); whole.Discriminator == nil && len(whole.OneOf) > 0 {
		s = whole.OneOf[0]
	}
	var sample tree
	if s.Ref != "" {
		sample = e.sampleOf(s.Ref)
		if len(s.Examples) > 0 {
			sample = treeOf(s.Examples[0])
		}
		s = e.schemas.SchemaFromRef(s.Ref)
	}
	if s.Properties == nil {
		return e.value(s, sample, 0)
	}
	from, _ := sample.(object)
	o := object{}
	for _, name := range e.order(s) {
		p := s.Properties[name]
		required := slices.Contains(s.Required, name)
		given, _ := from.get(name)
		if !required && most > 0 && len(o) == most {
			continue
		}
		if v, telling := e.requested(p, given); required || telling {
			o = append(o, member{name, v})
		}
	}
	return o
}

// requested is an example of one member of a body, and whether it tells more than
// leaving it out would.
func (e examples) requested(p *huma.Schema, given tree) (v tree, telling bool) {
	inner := e.notNull(p)
	if inner.Type == huma.TypeArray && len(inner.Examples) > 0 {
		given = nil // whose members may have what only an answer has
	}
	_, mapped := inner.AdditionalProperties.(*huma.Schema)
	if mapped && len(inner.Examples) == 0 {
		return object{}, false // names of the organization's own choosing
	}
	if given == nil && e.resolve(inner).Properties != nil && len(inner.Examples) == 0 {
		v = e.request(inner, 0)
	} else {
		v = e.value(p, given, 0)
		telling = len(p.Examples) > 0 && !common(p) || given != nil
	}
	if o, ok := v.(object); ok {
		return v, len(o) > 0 && !e.usual(inner, o)
	}
	return v, telling && !hollow(v) && !same(v, p.Default)
}

// common tells whether a schema's example comes with its type, and says nothing of
// this field.
func common(s *huma.Schema) bool { return s.Title != "" || s.Format == "date-time" }

// usual tells whether the members of an object are what they would be if they
// were left out.
func (e examples) usual(s *huma.Schema, o object) bool {
	s = e.resolve(s)
	return !slices.ContainsFunc(o, func(m member) bool {
		p := s.Properties[m.name]
		return p == nil || !same(m.value, p.Default)
	})
}

// notNull is the schema without the choice of null.
func (e examples) notNull(s *huma.Schema) *huma.Schema {
	if len(s.AnyOf) == 2 && s.AnyOf[1].Type == typeNull {
		return s.AnyOf[0]
	}
	return s
}

const typeNull = "null"

func (e examples) resolve(s *huma.Schema) *huma.Schema {
	for s.Ref != "" {
		s = e.schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// hollow tells whether a value says nothing.
func hollow(t tree) bool {
	switch v := t.(type) {
	case object:
		return len(v) == 0
	case list:
		return len(v) == 0
	case json.RawMessage:
		return string(v) == "null" || string(v) == `""`
	}
	return true
}

func same(t tree, value any) bool {
	return value != nil && bytes.Equal([]byte(text(t)), []byte(text(treeOf(value))))
}
