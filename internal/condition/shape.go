package condition

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"parley"
)

// form is what kind of value a shape describes.
type form uint8

const (
	anything  form = iota // told by the value itself
	text                  // string
	whole                 // int
	fraction              // double, whatever JSON says
	flag                  // bool
	moment                // timestamp
	listing               // list of item
	mapping               // map from string to item
	structure             // has members
)

// shape is what a condition may rely on about a value of an event's data.
type shape struct {
	form     form
	nullable bool
	item     *shape            // of a listing or mapping
	members  map[string]*shape // of a structure
	open     bool              // a structure that may have members which nobody declared
}

// shapeOf is the shape of what Go writes for a type.
func shapeOf(t reflect.Type) *shape { return shapes{}.of(t) }

// shapes are the structs on the way down to a type: one that comes again holds
// itself, and its shape would have no end.
type shapes map[reflect.Type]bool

func (way shapes) of(t reflect.Type) *shape {
	if t.Kind() == reflect.Pointer {
		s := *way.of(t.Elem())
		s.nullable = true
		return &s
	}
	switch t {
	case reflect.TypeFor[parley.Time]():
		return &shape{form: moment}
	case reflect.TypeFor[parley.Values](), reflect.TypeFor[parley.Previous]():
		return &shape{form: mapping, item: &shape{}}
	case reflect.TypeFor[parley.Content]():
		return contentShape()
	}
	switch {
	case implements[json.Marshaler](t):
		return &shape{}
	case implements[encoding.TextMarshaler](t):
		return &shape{form: text}
	}
	return way.plain(t)
}

func implements[I any](t reflect.Type) bool {
	i := reflect.TypeFor[I]()
	return t.Implements(i) || reflect.PointerTo(t).Implements(i)
}

// contentShape is what a message says: text of type "text", and otherwise a payload.
func contentShape() *shape {
	return &shape{form: structure, members: map[string]*shape{
		"type": {form: text}, "text": {form: text}, "payload": {},
	}}
}

// plain is the shape of a type that has no JSON of its own.
func (way shapes) plain(t reflect.Type) *shape {
	switch t.Kind() {
	case reflect.String:
		return &shape{form: text}
	case reflect.Bool:
		return &shape{form: flag}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &shape{form: whole}
	case reflect.Float32, reflect.Float64:
		return &shape{form: fraction}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &shape{form: text}
		}
		return &shape{form: listing, item: way.of(t.Elem()).asItem()}
	case reflect.Map:
		return &shape{form: mapping, item: way.of(t.Elem()).asItem()}
	case reflect.Struct:
		return way.structure(t)
	}
	return &shape{}
}

// asItem is the shape of what stands in a list or map: items are read without
// their shape, so times are strings there, and what may be null or has a fraction
// is of any type.
func (s *shape) asItem() *shape {
	switch {
	case s.form == moment && !s.nullable:
		return &shape{form: text}
	case s.form == fraction, s.nullable && s.form != structure:
		return &shape{}
	}
	return s
}

func (way shapes) structure(t reflect.Type) *shape {
	if way[t] {
		return &shape{}
	}
	way[t] = true
	defer delete(way, t)
	s := &shape{form: structure, members: map[string]*shape{}}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" || f.Anonymous && tag == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		s.members[name] = way.of(f.Type)
	}
	return s
}

// union is the shape of what is either: a structure has the members of both, and
// what the two do not agree on is of any type.
func union(a, b *shape) *shape {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.form != b.form:
		return &shape{}
	}
	u := &shape{form: a.form, nullable: a.nullable || b.nullable, open: a.open || b.open}
	switch a.form {
	case listing, mapping:
		u.item = union(a.item, b.item)
	case structure:
		u.members = maps.Clone(a.members)
		for name, member := range b.members {
			u.members[name] = union(u.members[name], member)
		}
	}
	return u
}

// dataShape is the shape of the data of events of these types.
func dataShape(kinds selection) *shape {
	var data *shape
	for _, t := range kinds.payloads {
		data = union(data, shapeOf(t))
	}
	if data == nil {
		return &shape{}
	}
	data.open = kinds.custom
	return data
}
