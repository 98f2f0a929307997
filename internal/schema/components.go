package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Components are the schemas that an OpenAPI document refers to by name. It is a
// huma.Registry, so it can stand in huma.Components as it is. It is made for one
// goroutine, at start-up.
//
// A struct X of ours is shown as X in answers, XCreate and XUpdate where a client
// writes it, and XInput where it is what a client sends, or part of it (then a Body
// at the end of its name is left out). The same names
// always mean the same type: a second type of that name is a panic.
type Components struct {
	prefix  string
	parts   map[string]*huma.Schema
	types   map[string]use
	refused map[*huma.Schema]map[string]string // by object: members that are not the client's, and why
}

// use is a type as it is seen by one side.
type use struct {
	of   reflect.Type
	view view
}

// view says for whom a schema is made.
type view int

const (
	answered view = iota // what Parley answers: complete, open to growth
	sent                 // what a client sends: closed
	creating             // the fields of a noun that a client may send to make one
	updating             // the fields of a noun that a client may send to change one
	content              // payloads of messages: the same in both directions
)

// NewComponents are Components without schemas.
func NewComponents() *Components { return newComponents("#/components/schemas/") }

func newComponents(prefix string) *Components {
	return &Components{
		prefix:  prefix,
		parts:   map[string]*huma.Schema{},
		types:   map[string]use{},
		refused: map[*huma.Schema]map[string]string{},
	}
}

// Answer adds the schema of what Parley answers and gives a reference to it (or
// the schema itself, for a type without a name). Every member is there, null if it
// has no value; more members may be added.
func (c *Components) Answer(t reflect.Type) *huma.Schema { return scope{c, answered}.schema(t) }

// Request adds the schema that [Read] checks against with [Of] the type.
func (c *Components) Request(t reflect.Type) *huma.Schema { return scope{c, sent}.schema(t) }

// Create adds the schema that [ReadCreate] checks against.
func (c *Components) Create(t reflect.Type) *huma.Schema { return scope{c, creating}.schema(t) }

// Update adds the schema that [ReadUpdate] checks against.
func (c *Components) Update(t reflect.Type) *huma.Schema { return scope{c, updating}.schema(t) }

// Named adds the schema of what an answer holds that has no type of its own, under a
// name, and gives a reference to it. Of is the Go type that it was made from, nil if
// there is none.
func (c *Components) Named(name string, of reflect.Type, s *huma.Schema) *huma.Schema {
	return c.part(name, use{of, answered}, func(o *huma.Schema) { *o = *s })
}

// Name is the name of the schema that a reference names, "" if it is no reference.
func (c *Components) Name(ref string) string { return strings.TrimPrefix(ref, c.prefix) }

// Content adds the schemas of message content, one for each type, and gives a
// reference to their union, which is what [Content] checks against.
func (c *Components) Content() *huma.Schema { return scope{c, content}.union() }

// Schema is [Components.Answer], for huma. What huma would answer errors with is left
// out: Parley answers them itself.
func (c *Components) Schema(t reflect.Type, _ bool, _ string) *huma.Schema {
	if t == reflect.TypeFor[huma.ErrorModel]() || t == reflect.TypeFor[*huma.ErrorModel]() {
		return &huma.Schema{}
	}
	return c.Answer(t)
}

// SchemaFromRef is the schema that a reference names, nil if there is none.
func (c *Components) SchemaFromRef(ref string) *huma.Schema {
	if len(ref) < len(c.prefix) {
		return nil
	}
	return c.parts[ref[len(c.prefix):]]
}

// TypeFromRef is the type that a reference was made for, nil if there is none.
func (c *Components) TypeFromRef(ref string) reflect.Type {
	if len(ref) < len(c.prefix) {
		return nil
	}
	return c.types[ref[len(c.prefix):]].of
}

// Map is every schema by its name.
func (c *Components) Map() map[string]*huma.Schema { return c.parts }

// RegisterTypeAlias is not supported: a type has one schema here.
func (c *Components) RegisterTypeAlias(t, _ reflect.Type) {
	panic(fmt.Sprintf("schema: %v cannot have an alias", t))
}

// MarshalJSON gives every schema by its name.
func (c *Components) MarshalJSON() ([]byte, error) { return json.Marshal(c.parts) }

// part gives a reference to the named schema, which make fills in unless it is
// there. The reference exists before it is filled in, so types may hold themselves.
func (c *Components) part(name string, u use, make func(*huma.Schema)) *huma.Schema {
	switch known, ok := c.types[name]; {
	case !ok:
		s := &huma.Schema{}
		c.parts[name], c.types[name] = s, u
		make(s)
		s.PrecomputeMessages()
	case known != u:
		panic(fmt.Sprintf("schema: %v and %v would both be called %s", known.of, u.of, name))
	}
	return &huma.Schema{Ref: c.prefix + name}
}
