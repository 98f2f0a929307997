package schema

import (
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// special derives from the types whose JSON is not told by their kind; nil for the
// others.
func (s scope) special(t reflect.Type) *huma.Schema {
	switch t {
	case rawJSON:
		return &huma.Schema{}
	case reflect.TypeFor[parley.Time]():
		return &huma.Schema{Type: huma.TypeString, Format: formatDateTime, Examples: []any{"2026-11-20T10:30:00.123Z"}}
	case reflect.TypeFor[parley.Content]():
		return s.Content()
	case reflect.TypeFor[parley.Values](), reflect.TypeFor[parley.GivenValues]():
		return s.values()
	case reflect.TypeFor[parley.Previous]():
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
	}
	if id, ok := reflect.Zero(t).Interface().(interface{ Prefix() string }); ok && t.Kind() == reflect.String {
		return idSchema(t, id.Prefix())
	}
	return nil
}

// values are named values: texts, numbers, booleans, and null where it says that
// there is none.
func (s scope) values() *huma.Schema {
	name, view, null := "Value", answered, []*huma.Schema(nil)
	if s.view != answered {
		name, view, null = "ValueInput", sent, []*huma.Schema{{Type: typeNull}}
	}
	value := s.part(name, use{reflect.TypeFor[parley.Values](), view}, func(o *huma.Schema) {
		o.Description = "A value that the organization keeps under a name of its own choosing."
		o.AnyOf = append([]*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeNumber, Format: "double"}, {Type: huma.TypeBoolean}}, null...)
		o.MaxLength = new(10_000)
	})
	return &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: value,
		Extensions: map[string]any{propertyNames: &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(200)}},
	}
}

// Members of a schema that huma has no field for.
const (
	propertyNames      = "propertyNames"
	patternDescription = "x-pattern-description"
)

// The pattern of an id, around its prefix; and the time and chance of the example.
const (
	idPatternStart = "^"
	idPatternEnd   = "_[0-7][0-9a-hjkmnp-tv-z]{25}$"
	idExampleEnd   = "_01kaf0v3b6f3nb8h5r0z7c4q9j"
)

func idSchema(t reflect.Type, prefix string) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Title: words(t.Name()),
		Pattern: idPatternStart + regexp.QuoteMeta(prefix) + idPatternEnd, Examples: []any{prefix + idExampleEnd},
	}
}

// words are the words of a type's name: "custom field id" for CustomFieldID. What
// is written in capitals stays so ("API key id"), but for ID.
func words(name string) string {
	var parts []string
	start := 0
	runes := []rune(name)
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || unicode.IsUpper(runes[i]) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			word := string(runes[start:i])
			if word == "ID" || word != strings.ToUpper(word) {
				word = strings.ToLower(word)
			}
			parts = append(parts, word)
			start = i
		}
	}
	return strings.Join(parts, " ")
}

// validID tells whether b is an id of the prefix: its length and its alphabet.
func validID(b []byte, prefix string) bool {
	const length = 26
	if len(b) != len(prefix)+1+length || string(b[:len(prefix)]) != prefix || b[len(prefix)] != '_' || b[len(prefix)+1] > '7' {
		return false
	}
	for _, c := range b[len(prefix)+1:] {
		digit, letter := '0' <= c && c <= '9', 'a' <= c && c <= 'z' && c != 'i' && c != 'l' && c != 'o' && c != 'u'
		if !digit && !letter {
			return false
		}
	}
	return true
}
