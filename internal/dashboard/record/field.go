package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/ui"
)

// field is the field of an object that JSON calls so.
func field(obj any, name string) reflect.Value {
	v := reflect.ValueOf(obj)
	for i := range v.NumField() {
		if called, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); called == name {
			return v.Field(i)
		}
	}
	panic(fmt.Sprintf("record: %T has no field %s", obj, name))
}

// has tells whether objects have a field of that name.
func has[T any](name string) bool {
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		if called, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); called == name {
			return true
		}
	}
	return false
}

// label is what people call a field: "Assignee" for assignee_id.
func label(name string) string {
	switch name {
	case "updated_at":
		return "Changed"
	case "external_id":
		return "External ID"
	}
	return form.Label(strings.TrimSuffix(strings.TrimSuffix(name, "_id"), "_at"))
}

func (k *Kind[T]) label(name string) string { return cmp.Or(k.Labels[name], label(name)) }

// value is what is shown of a field of an object.
func (k *Kind[T]) value(obj T, name string) Value {
	if show := k.Show[name]; show != nil {
		return show(obj)
	}
	v := field(obj, name)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return Value{}
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case parley.Time:
		return At(x)
	case interface{ Prefix() string }:
		return Ref(v.String())
	}
	switch {
	case name == "amount":
		return money(obj, v.Int())
	case v.Kind() == reflect.String && v.String() != "" && k.Tones != nil && enumerated[T](name):
		return Badge(k.Tones[v.String()], v.String())
	case v.Kind() == reflect.String:
		return Text(v.String())
	}
	return Text(fmt.Sprint(v.Interface()))
}

// enumerated tells whether a field is one of a few words.
func enumerated[T any](name string) bool {
	t := reflect.TypeFor[T]()
	for i := range t.NumField() {
		if called, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); called == name {
			return t.Field(i).Tag.Get("enum") != ""
		}
	}
	return false
}

// money is an amount of an object in its currency.
func money(obj any, amount int64) Value {
	currency := reflect.Indirect(field(obj, "currency"))
	if !currency.IsValid() {
		return Text(fmt.Sprint(amount))
	}
	return Money(amount, currency.String())
}

// status is the object's status as its badge says it; "" if it has none.
func (k *Kind[T]) status(obj T) string {
	if !has[T]("status") {
		return ""
	}
	return field(obj, "status").String()
}

func (k *Kind[T]) tone(status string) ui.Tone { return k.Tones[status] }

// fact is a name with a value.
type fact struct {
	Label string
	Value Value
}

// facts are what is shown beside the body of an object.
func (k *Kind[T]) facts(obj T) (facts []fact) {
	for _, name := range k.Facts {
		facts = append(facts, fact{k.label(name), k.value(obj, name)})
	}
	return facts
}

// custom are the values of an object's custom fields: those that are defined, and what
// is left of others.
func (k *Kind[T]) custom(obj T, defined []parley.CustomField) (facts []fact) {
	if !has[T]("custom_fields") {
		return nil
	}
	values, _ := field(obj, "custom_fields").Interface().(parley.Values)
	for _, d := range defined {
		facts = append(facts, fact{d.Name, plainValue(values[d.Key])})
	}
	var rest []string
	for key := range values {
		if !slices.ContainsFunc(defined, func(d parley.CustomField) bool { return d.Key == key }) {
			rest = append(rest, key)
		}
	}
	slices.Sort(rest)
	for _, key := range rest {
		facts = append(facts, fact{key, plainValue(values[key])})
	}
	return facts
}

// plainValue shows a text, number or boolean.
func plainValue(raw json.RawMessage) Value {
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return Value{}
	case string(raw) == "true":
		return Text("Yes")
	case string(raw) == "false":
		return Text("No")
	case json.Unmarshal(raw, &text) == nil:
		return Text(text)
	}
	return Text(string(raw))
}
