package docs

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"

	"parley"
)

// samples are the values that examples are made of: the objects of the
// catalogue's small story, so that what one example makes, the next one finds.
type samples struct {
	known map[reflect.Type]object
	ids   map[string]string // by prefix
}

func newSamples() samples {
	s := samples{map[reflect.Type]object{}, map[string]string{}}
	for _, first := range []bool{true, false} { // so that examples show objects as they are at first
		for _, d := range parley.Catalogue() {
			if begins(d) == first {
				s.collect(reflect.ValueOf(d.Example))
			}
		}
	}
	for _, sample := range s.deliveries() {
		s.collect(reflect.ValueOf(sample))
	}
	return s
}

// begins tells whether an event is the first of its object: nothing was before it.
func begins(d parley.Declaration) bool {
	previous := reflect.ValueOf(d.Example).FieldByName("Previous")
	return previous.IsValid() && previous.IsNil() && !strings.HasSuffix(d.Name, ".deleted")
}

var idForm = regexp.MustCompile(`^([a-z]+)_[0-9a-hjkmnp-tv-z]{26}$`)

// collect keeps the first value of each struct type within a value.
func (s samples) collect(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			s.collect(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.collect(v.Index(i))
		}
	case reflect.Struct:
		if _, known := s.known[v.Type()]; !known {
			s.known[v.Type()], _ = treeOf(v.Interface()).(object)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				s.collect(v.Field(i))
			}
		}
	case reflect.String:
		if id := idForm.FindStringSubmatch(v.String()); id != nil && s.ids[id[1]] == "" {
			s.ids[id[1]] = v.String()
		}
	}
}

// familiar puts the sample's id in the place of any other id of its kind.
func (s samples) familiar(t tree) tree {
	raw, ok := t.(json.RawMessage)
	if !ok || len(raw) < 2 || raw[0] != '"' {
		return t
	}
	if id := idForm.FindStringSubmatch(string(raw[1 : len(raw)-1])); id != nil && s.ids[id[1]] != "" {
		return scalar(s.ids[id[1]])
	}
	return t
}
