package form

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley"
)

// Blank is what stands in the inputs of a form that makes something.
func (s Set) Blank() url.Values {
	values := url.Values{}
	for _, f := range s.Fields {
		if f.Default != "" {
			values.Set(f.Name, f.Default)
		}
		for _, inner := range f.Fields {
			if f.Kind == Group && inner.Default != "" {
				values.Set(f.within("", inner).Name, inner.Default)
			}
		}
	}
	return values
}

// Values is what stands in the inputs for an object that is there: a noun, or
// whatever has the JSON of one. Times are in the zone.
func Values(of any, s Set, zone *time.Location) url.Values {
	w := writer{url.Values{}, zone, ""}
	var members map[string]json.RawMessage
	mustDecode(encoded(of), &members)
	w.currency = said(members[currencyField])
	for _, f := range s.Fields {
		w.field(f, member(members, f.Name))
	}
	if w.currency != "" {
		w.values.Set(currencyField, w.currency) // amounts mean nothing without it, whether or not it is in the form
	}
	return w.values
}

// member is a member of an object, or a member's member.
func member(of map[string]json.RawMessage, name string) json.RawMessage {
	for key, value := range of {
		if key == name {
			return value
		}
		if inner, ok := within(name, key); ok {
			var members map[string]json.RawMessage
			mustDecode(value, &members)
			return members[inner]
		}
	}
	return nil
}

// within is the rest of a name that begins with another and a dot.
func within(name, outer string) (rest string, ok bool) {
	if len(name) > len(outer)+1 && name[:len(outer)] == outer && name[len(outer)] == '.' {
		return name[len(outer)+1:], true
	}
	return "", false
}

// writer writes what stands in inputs.
type writer struct {
	values   url.Values
	zone     *time.Location
	currency string
}

func (w writer) field(f Field, value json.RawMessage) {
	switch f.Kind {
	case Texts, Choices, References:
		var list []json.RawMessage
		mustDecode(value, &list)
		for _, item := range list {
			w.values.Add(f.Name, said(item))
		}
	case Rows:
		var rows []map[string]json.RawMessage
		mustDecode(value, &rows)
		for i, row := range rows {
			w.members(f, bracketed(i), row)
		}
	case Group:
		var members map[string]json.RawMessage
		mustDecode(value, &members)
		w.members(f, "", members)
	case Variables, Pairs:
		w.named(f, value)
	case Moment:
		w.moment(f, said(value))
	case Money:
		var amount *int64
		if mustDecode(value, &amount); amount != nil {
			w.values.Set(f.Name, Units(*amount, w.currency))
		}
	case custom:
	default:
		w.values.Set(f.Name, said(value))
	}
}

func (w writer) members(f Field, index string, members map[string]json.RawMessage) {
	for _, inner := range f.Fields {
		w.field(f.within(index, inner), members[inner.Name])
	}
}

func (w writer) moment(f Field, text string) {
	var at parley.Time
	if at.UnmarshalText([]byte(text)) != nil {
		return // there is none
	}
	w.values.Set(f.Name, local(at, w.zone))
	w.values.Set(f.Name+was, at.String())
}

func (w writer) named(f Field, value json.RawMessage) {
	var members map[string]json.RawMessage
	mustDecode(value, &members)
	for i, name := range slices.Sorted(maps.Keys(members)) {
		at := f.Name + bracketed(i)
		w.values.Set(at+".name", name)
		w.values.Set(at+was, name)
		w.values.Set(at+".type", string(kindOf(members[name])))
		if f.Kind == Variables {
			w.values.Set(at+".value", said(members[name]))
		}
	}
}

func bracketed(i int) string { return "[" + strconv.Itoa(i) + "]" }

// kindOf is the kind of a variable's value.
func kindOf(value json.RawMessage) Kind {
	switch {
	case len(value) == 0 || value[0] == '"':
		return Text
	case value[0] == 't', value[0] == 'f':
		return Boolean
	}
	return Number
}

// said is a value as it stands in an input: a text as it is, a number or boolean as
// JSON writes it, nothing for null.
func said(value json.RawMessage) string {
	if len(value) == 0 || string(value) == string(null) {
		return ""
	}
	if value[0] != '"' {
		return string(value)
	}
	var text string
	mustDecode(value, &text)
	return text
}

// mustDecode decodes what we encoded ourselves; nothing, if there is none.
func mustDecode(raw json.RawMessage, into any) {
	if len(raw) == 0 {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		panic(fmt.Sprintf("form: %v", err))
	}
}
