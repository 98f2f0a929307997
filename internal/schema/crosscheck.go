package schema

import (
	"reflect"
	"strconv"
	"sync"

	"parley"
)

// checked is a type with rules between its fields. Locations are relative to it.
type checked interface {
	Check() []parley.FieldError
}

// crossCheck asks v, and everything in it, for what is wrong between fields. V is
// addressable.
func crossCheck(v reflect.Value, location string) error {
	if !mayCheck(v.Type()) {
		return nil
	}
	return invalid(crossErrors(nil, v, location))
}

// crossCheckGiven asks a noun itself, and those of its fields that were given: what
// was stored before is not the client's to mend.
func crossCheckGiven(noun reflect.Value, members []given) error {
	wrong := ask(nil, noun, body)
	for _, m := range members {
		if field := noun.FieldByIndex(m.index); mayCheck(field.Type()) {
			wrong = crossErrors(wrong, field, body+"."+m.name)
		}
	}
	return invalid(wrong)
}

func invalid(wrong []parley.FieldError) error {
	if len(wrong) == 0 {
		return nil
	}
	return parley.InvalidFields(wrong[:min(len(wrong), maxFieldErrors)]...)
}

// ask asks v alone.
func ask(wrong []parley.FieldError, v reflect.Value, location string) []parley.FieldError {
	if c, ok := v.Addr().Interface().(checked); ok {
		for _, e := range c.Check() {
			wrong = append(wrong, parley.FieldError{Location: location + "." + e.Location, Message: e.Message})
		}
	}
	return wrong
}

func crossErrors(wrong []parley.FieldError, v reflect.Value, location string) []parley.FieldError {
	wrong = ask(wrong, v, location)
	if ownJSON(v.Type()) {
		return wrong
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && mayCheck(v.Type().Elem()) {
			wrong = crossErrors(wrong, v.Elem(), location)
		}
	case reflect.Struct:
		for _, f := range fields(v.Type()) {
			if mayCheck(f.Type) {
				wrong = crossErrors(wrong, v.FieldByIndex(f.Index), location+"."+f.name)
			}
		}
	case reflect.Slice, reflect.Array:
		if !mayCheck(v.Type().Elem()) {
			return wrong
		}
		for i := range v.Len() {
			wrong = crossErrors(wrong, v.Index(i), location+"["+strconv.Itoa(i)+"]")
		}
	}
	return wrong
}

// ownJSON tells whether a type's JSON is not that of its fields; its own Check
// speaks for all of it then.
func ownJSON(t reflect.Type) bool { return t == reflect.TypeFor[parley.Content]() }

// mayCheckTypes remembers the answers of mayCheck.
var mayCheckTypes sync.Map

// mayCheck tells whether a value of the type can hold one with a method Check.
func mayCheck(t reflect.Type) bool {
	if known, ok := mayCheckTypes.Load(t); ok {
		return known.(bool)
	}
	may := holdsCheck(t, map[reflect.Type]bool{})
	mayCheckTypes.Store(t, may)
	return may
}

func holdsCheck(t reflect.Type, visited map[reflect.Type]bool) bool {
	if implements[checked](t) {
		return true
	}
	if visited[t] {
		return false
	}
	visited[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return holdsCheck(t.Elem(), visited)
	case reflect.Struct:
		for _, f := range fields(t) {
			if holdsCheck(f.Type, visited) {
				return true
			}
		}
	}
	return false
}
