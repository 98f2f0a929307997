package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// Defaults sets the fields of the struct that into points to, and of the structs
// in it, to what their tag "default" says, and makes maps and lists empty instead
// of nil, so that they are shown as {} and []. Fields that are not zero stay.
func Defaults(into any) {
	v := reflect.ValueOf(into).Elem()
	setPresets(v, presetsOf(v.Type()))
}

// preset is what a field is if nobody says otherwise.
type preset struct {
	index []int
	value reflect.Value // of a map: none, each gets its own
}

func setPresets(v reflect.Value, presets []preset) {
	for _, p := range presets {
		field := v.FieldByIndex(p.index)
		switch {
		case !field.IsZero():
		case p.value.IsValid():
			field.Set(p.value)
		default:
			field.Set(reflect.MakeMap(field.Type()))
		}
	}
}

// presets remembers the presets of each type.
var presets sync.Map

func presetsOf(t reflect.Type) []preset {
	if known, ok := presets.Load(t); ok {
		return known.([]preset)
	}
	found := findPresets(t, nil)
	presets.Store(t, found)
	return found
}

func findPresets(t reflect.Type, index []int) (found []preset) {
	if t.Kind() != reflect.Struct || ownJSON(t) {
		return nil
	}
	for _, f := range fields(t) {
		at := append(append([]int(nil), index...), f.Index...)
		tag, tagged := f.Tag.Lookup("default")
		switch {
		case tagged:
			found = append(found, preset{at, defaultValue(f, tag)})
		case f.Type.Kind() == reflect.Struct:
			found = append(found, findPresets(f.Type, at)...)
		case f.optional:
		case f.Type.Kind() == reflect.Map:
			found = append(found, preset{index: at})
		case f.Type.Kind() == reflect.Slice && f.Type != rawJSON:
			found = append(found, preset{at, reflect.MakeSlice(f.Type, 0, 0)})
		}
	}
	return found
}

// defaultValue reads a tag as the schema does: strings stand without quotes.
func defaultValue(f field, tag string) reflect.Value {
	v := reflect.New(f.Type)
	if f.Type.Kind() == reflect.String {
		v.Elem().SetString(tag)
	} else if err := json.Unmarshal([]byte(tag), v.Interface()); err != nil {
		panic(fmt.Sprintf("schema: the default of %s is not JSON of its type: %v", f.Name, err))
	}
	return v.Elem()
}

// mustNotHaveDefaults panics if a struct that stands in a list or map has fields
// with defaults: decoding would leave them zero.
func mustNotHaveDefaults(t reflect.Type) {
	for _, f := range fields(t) {
		if f.Tag.Get("default") != "" {
			panic(fmt.Sprintf("schema: %v has defaults, which cannot be kept within a list, a map or behind a pointer", t))
		}
	}
}
