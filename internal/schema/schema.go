package schema

import (
	"encoding/json"
	"reflect"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// Schema is the schema of a type for one use of it: [Of] what a client sends,
// [Create] and [Update] for the nouns, [Answer] for what Parley answers. It never
// changes; any number of goroutines may use it.
type Schema struct {
	parts   *Components
	top     *huma.Schema
	root    *node
	targets map[string]*target // of a noun, by name
}

// Of is the schema of a body that is a T. Every field is required but those with
// omitempty, omitzero, a default, or required:"false". A pointer may be null
// unless it has omitempty. Other members are refused.
func Of(t reflect.Type) *Schema { return cached(use{t, sent}) }

// OfType is [Of] the type parameter.
func OfType[T any]() *Schema { return Of(reflect.TypeFor[T]()) }

// Create is the schema of a body that makes a noun: an object of the fields tagged
// write:"create". Those tagged required:"true" must be given, the others may be
// left out; a pointer may be null.
func Create(t reflect.Type) *Schema { return cached(use{t, creating}) }

// Update is the schema of a body that changes a noun: an object of the fields
// tagged write:"update", each of which may be left out; a pointer may be null, and
// so may a member of a map, which removes it. An empty object changes nothing.
func Update(t reflect.Type) *Schema { return cached(use{t, updating}) }

// Answer is the schema of what Parley answers: every field is there but those with
// omitempty, null if it has no value; members may be added in later releases.
func Answer(t reflect.Type) *Schema { return cached(use{t, answered}) }

// MarshalJSON gives a JSON Schema (2020-12) that stands on its own.
func (s *Schema) MarshalJSON() ([]byte, error) {
	top := *s.top
	top.Extensions = map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema"}
	for name, value := range s.top.Extensions {
		top.Extensions[name] = value
	}
	if len(s.parts.parts) > 0 {
		top.Extensions["$defs"] = s.parts
	}
	return json.Marshal(&top)
}

// schemas are the schemas made so far, by use. They depend on types alone, so
// there is nothing to configure or to reset.
var schemas sync.Map

func cached(u use) *Schema {
	if s, ok := schemas.Load(u); ok {
		return s.(*Schema)
	}
	s, _ := schemas.LoadOrStore(u, newSchema(u))
	return s.(*Schema)
}

func newSchema(u use) *Schema {
	parts := newComponents("#/$defs/")
	top := scope{parts, u.view}.schema(u.of)
	s := &Schema{parts: parts, top: top, root: compiler{parts, map[string]*node{}}.node(top)}
	if u.view == creating || u.view == updating {
		s.targets = targetsOf(u.of, s.root.object)
	}
	return s
}

// contentSchema is the schema of message content.
var contentSchema = sync.OnceValue(func() *Schema { return Of(reflect.TypeFor[parley.Content]()) })
