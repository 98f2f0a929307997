package condition

import (
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"

	"parley"
)

// vocabulary is what conditions for some types of events may speak of, as CEL asks
// for it. The structures in it have types named after where they stand, with an @
// before it, which no condition can write: "@data.conversation". It does not change
// once it is made.
type vocabulary struct {
	types.Provider // of CEL's own types

	variables  map[string]*shape
	structures map[string]map[string]*types.FieldType
	shapes     map[string]*shape // of the structures
}

// newVocabulary makes the vocabulary for events whose data has this shape.
func newVocabulary(cel types.Provider, data *shape) *vocabulary {
	v := &vocabulary{
		Provider: cel,
		variables: map[string]*shape{
			"id": {form: text}, "type": {form: text}, "sequence": {form: whole}, "timestamp": {form: moment},
			"organization_id": {form: text}, "inbox_id": {form: text, nullable: true},
			"actor": actorShape(), "cause": causeShape(), "data": data,
		},
		structures: map[string]map[string]*types.FieldType{},
		shapes:     map[string]*shape{},
	}
	v.declare("actor", v.variables["actor"], actorField)
	v.declare("cause", v.variables["cause"], causeField)
	v.declare("data", data, dataField)
	return v
}

// Actor and cause are no JSON but structs.

func actorShape() *shape {
	return &shape{form: structure, members: map[string]*shape{"type": {form: text}, "id": {form: text}}}
}

func causeShape() *shape {
	return &shape{form: structure, nullable: true, members: map[string]*shape{
		"event_id": {form: text}, "rule_id": {form: text}, "depth": {form: whole},
	}}
}

// declare makes the types of a structure and of all that stand in it.
func (v *vocabulary) declare(path string, s *shape, field func(path, name string, s *shape) *types.FieldType) {
	switch s.form {
	case listing, mapping:
		v.declare(path+"[]", s.item, field)
	case structure:
		fields := make(map[string]*types.FieldType, len(s.members))
		v.structures["@"+path], v.shapes["@"+path] = fields, s
		for name, member := range s.members {
			inner := path + "." + name
			f := field(inner, name, member)
			f.Type = celType(inner, member)
			fields[name] = f
			v.declare(inner, member, field)
		}
	}
}

// celType is what the checker takes a value of the shape for.
func celType(path string, s *shape) *types.Type {
	var t *types.Type
	switch s.form {
	case text:
		t = types.StringType
	case whole:
		t = types.IntType
	case flag:
		t = types.BoolType
	case moment:
		return types.TimestampType // which may always be null
	case listing:
		return types.NewListType(celType(path+"[]", s.item))
	case mapping:
		return types.NewMapType(types.StringType, celType(path+"[]", s.item))
	case structure:
		return types.NewObjectType("@" + path)
	default: // a fraction too: it is compared with ints
		return types.DynType
	}
	if s.nullable {
		return types.NewNullableType(t)
	}
	return t
}

// FindStructType is part of types.Provider.
func (v *vocabulary) FindStructType(name string) (*types.Type, bool) {
	if _, ok := v.structures[name]; ok {
		return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
	}
	return v.Provider.FindStructType(name)
}

// FindStructFieldNames is part of types.Provider.
func (v *vocabulary) FindStructFieldNames(name string) ([]string, bool) {
	if fields, ok := v.structures[name]; ok {
		return slices.Sorted(maps.Keys(fields)), true
	}
	return v.Provider.FindStructFieldNames(name)
}

// FindStructFieldType is part of types.Provider.
func (v *vocabulary) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	fields, ok := v.structures[name]
	if !ok {
		return v.Provider.FindStructFieldType(name, field)
	}
	if f, ok := fields[field]; ok {
		return f, true
	}
	if v.shapes[name].open {
		f := dataField(strings.TrimPrefix(name, "@")+"."+field, field, &shape{})
		f.Type = types.DynType
		return f, true
	}
	return nil, false
}

// dataField reads a member of an object of an event's data. What the event does
// not have, or has in another type than is declared, is an absence; an object that
// is absent is null, so that one may ask it for its members all the same.
func dataField(path, name string, s *shape) *types.FieldType {
	none := missing(path)
	find := func(target any) *node {
		if o, ok := target.(*object); ok {
			return o.member(name)
		}
		return nil
	}
	return &types.FieldType{
		IsSet: func(target any) bool {
			n := find(target)
			return n != nil && n.kind != jsonNull
		},
		GetFrom: func(target any) (any, error) {
			if n := find(target); n != nil {
				if v, ok := n.as(s); ok {
					return v, nil
				}
			}
			if s.form == structure {
				return types.NullValue, nil
			}
			return nil, none
		},
	}
}

func actorField(path, name string, _ *shape) *types.FieldType {
	return &types.FieldType{
		IsSet: func(target any) bool { _, ok := target.(*parley.Actor); return ok },
		GetFrom: func(target any) (any, error) {
			a, ok := target.(*parley.Actor)
			switch {
			case !ok:
				return nil, missing(path)
			case name == "type":
				return types.String(a.Type), nil
			}
			return types.String(a.ID), nil
		},
	}
}

func causeField(path, name string, _ *shape) *types.FieldType {
	return &types.FieldType{
		IsSet: func(target any) bool { _, ok := target.(*parley.Cause); return ok },
		GetFrom: func(target any) (any, error) {
			c, ok := target.(*parley.Cause)
			switch {
			case !ok:
				return nil, missing(path)
			case name == "event_id":
				return types.String(c.EventID), nil
			case name == "rule_id":
				return types.String(c.RuleID), nil
			}
			return types.Int(c.Depth), nil
		},
	}
}
