package form

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// Of is the set of fields of a noun that a person may fill in, as its tags say. What
// no form can ask for (the content of a message) is left out; the custom fields are,
// until [Set.Custom] says which there are. Errors are panics: they are in our structs.
func Of[T any](verb Verb) Set {
	s := Set{Verb: verb}
	for _, f := range shown(reflect.TypeFor[T]()) {
		if !slices.Contains(strings.Split(f.Tag.Get("write"), ","), string(verb)) {
			continue
		}
		if field, ok := derive(f); ok {
			field.Required = f.Tag.Get("required") == "true"
			s.Fields = append(s.Fields, field)
		}
	}
	return s
}

// shown are the fields of a struct that JSON shows.
func shown(t reflect.Type) (fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		if name := jsonName(f); f.IsExported() && !f.Anonymous && name != "" && name != "-" {
			fields = append(fields, f)
		}
	}
	return fields
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// derive makes a field of a noun's field, or of one in its structs.
func derive(f reflect.StructField) (Field, bool) {
	t, name := f.Type, jsonName(f)
	field := Field{
		Name: name, Label: label(name), Help: help(f.Tag.Get("doc")),
		Default: f.Tag.Get("default"), MaxLength: number(f, "maxLength"), MaxItems: number(f, "maxItems"),
		Min: f.Tag.Get("minimum"), Max: f.Tag.Get("maximum"),
		Nullable: t.Kind() == reflect.Pointer && !optional(f),
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, value := range strings.FieldsFunc(f.Tag.Get("enum"), func(r rune) bool { return r == ',' }) {
		field.Options = append(field.Options, Option{value, label(value)})
	}
	if described := f.Tag.Get("patternDescription"); described != "" {
		field.Help = strings.TrimPrefix(field.Help+". "+sentence(described), ". ")
	}
	if !field.take(t, f.Tag) {
		return Field{}, false
	}
	if strings.EqualFold(field.Help, "the "+field.Label) {
		field.Help = ""
	}
	field.Placeholder = placeholder(field.Kind, f.Tag.Get("example"))
	return field, true
}

// optional tells whether JSON leaves the field out where it has no value.
func optional(f reflect.StructField) bool {
	return strings.Contains(f.Tag.Get("json"), ",omitempty") || strings.Contains(f.Tag.Get("json"), ",omitzero")
}

// take takes the kind that the type has.
func (f *Field) take(t reflect.Type, tag reflect.StructTag) bool {
	noun, isID := nounOf(t)
	switch {
	case isID && f.Name == "id":
		f.Kind = Hidden
	case isID:
		f.Kind, f.Noun, f.Label = Reference, noun, label(strings.TrimSuffix(f.Name, "_id"))
	case t == reflect.TypeFor[parley.Time]():
		f.Kind, f.Label = Moment, label(strings.TrimSuffix(f.Name, "_at"))
	case t == reflect.TypeFor[parley.Content]():
		return false
	case t == reflect.TypeFor[parley.Values]() && f.Name == customFields:
		f.Kind = custom
	case t == reflect.TypeFor[parley.Values]():
		f.Kind = Variables
	default:
		return f.takeKind(t, tag)
	}
	return true
}

func (f *Field) takeKind(t reflect.Type, tag reflect.StructTag) bool {
	switch t.Kind() {
	case reflect.String:
		f.Kind = f.text(tag)
	case reflect.Bool:
		f.Kind = Boolean
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Float64:
		f.Kind = Number
		if f.Name == "amount" || strings.HasSuffix(f.Name, "_amount") {
			f.Kind, f.Min, f.Max = Money, "", ""
		}
	case reflect.Map:
		f.Kind = Pairs
		return t.Elem().Kind() == reflect.String
	case reflect.Slice:
		return f.list(t.Elem())
	case reflect.Struct:
		f.Kind, f.Fields = Group, members(t)
	default:
		panic(fmt.Sprintf("form: there is no kind of field for %v", t))
	}
	return true
}

// list takes the kind of a list of these.
func (f *Field) list(of reflect.Type) bool {
	noun, isID := nounOf(of)
	switch {
	case isID:
		f.Kind, f.Noun = References, noun
		f.Label = label(strings.TrimSuffix(f.Name, "_ids") + "s")
	case of.Kind() == reflect.Struct:
		f.Kind, f.Fields = Rows, members(of)
	case f.Options != nil:
		f.Kind = Choices
	default:
		f.Kind, f.numeric = Texts, of.Kind() == reflect.Int
	}
	return true
}

// members are the fields of a struct within a noun: a client writes all of them.
func members(t reflect.Type) (fields []Field) {
	for _, f := range shown(t) {
		field, ok := derive(f)
		if !ok {
			continue
		}
		field.Required = f.Tag.Get("required") != "false" && f.Tag.Get("default") == "" && !optional(f) && !field.Nullable
		fields = append(fields, field)
	}
	return fields
}

// text is the kind of a text.
func (f *Field) text(tag reflect.StructTag) Kind {
	switch format := tag.Get("format"); {
	case f.Options != nil:
		return Choice
	case format == "email":
		return Email
	case format == "uri", f.Name == "url", strings.HasSuffix(f.Name, "_url"):
		return Link
	case format == "date":
		return Date
	case format == "password", f.Name == "password", f.Name == "token", f.Name == "client_secret":
		return Secret
	case f.Name == "phone":
		return Phone
	case f.Name == "color":
		return Colour
	case f.MaxLength >= 1000:
		return LongText
	}
	return Text
}

// nounOf is what an id type names: "custom_field" for parley.CustomFieldID.
func nounOf(t reflect.Type) (noun string, ok bool) {
	_, ok = reflect.Zero(t).Interface().(interface{ Prefix() string })
	if !ok || t.Kind() != reflect.String {
		return "", false
	}
	return snake(strings.TrimSuffix(t.Name(), "ID")), true
}

func number(f reflect.StructField, tag string) int {
	n, _ := strconv.Atoi(f.Tag.Get(tag)) // 0 without one; schema refuses what is no number
	return n
}

// placeholder is an example as a person would type it.
func placeholder(kind Kind, example string) string {
	var lines []string
	switch kind {
	case Text, LongText, Email, Link, Phone, Number:
		return example
	case Texts:
		if json.Unmarshal([]byte(example), &lines) == nil {
			return strings.Join(lines, "\n")
		}
	}
	return ""
}
