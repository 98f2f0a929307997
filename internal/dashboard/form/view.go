package form

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Form is a set of fields with what stands in them and what is wrong with it, as it is
// drawn by [Fields].
type Form struct {
	Set    Set
	Values url.Values        // [Set.Blank], [Values], or what was posted
	Errors map[string]string // by input; set by [Form.Fail]
	Error  string            // what concerns all of the form

	ID    string                       // goes before the ids of elements, where a page has several forms
	Zone  *time.Location               // the zone of the times in it, which is then said
	Pick  func(noun string) string     // where the objects to refer to are searched; see [Typed]. Nil: they are not
	Title func(noun, id string) string // what an object that is referred to is called, "" if that is not known; nil: not known
}

// input is a field of the form as it is drawn.
type input struct {
	Field
	form   Form
	values []string
	bare   bool   // its label is said, and not shown
	suffix string // of the id, where several inputs have one name
}

// input is the field with what stands in it.
func (f Form) input(field Field) input {
	return input{Field: field, form: f, values: f.Values[field.Name]}
}

// value is the last: a ticked checkbox comes after its hidden twin.
func (i input) value() string {
	if len(i.values) == 0 {
		return ""
	}
	return i.values[len(i.values)-1]
}

var idSafe = strings.NewReplacer(".", "-", "[", "-", "]", "")

func (i input) fieldID() string { return i.form.ID + "field-" + idSafe.Replace(i.Name) }
func (i input) helpID() string  { return i.fieldID() + "-help" }
func (i input) errorID() string { return i.fieldID() + "-error" }
func (i input) id() string      { return i.fieldID() + i.suffix }
func (i input) listID() string  { return i.id() + "-list" }
func (i input) error() string   { return i.form.Errors[i.Name] }

// help is what stands below the input.
func (i input) help() string {
	if i.Kind == Moment && i.form.Zone != nil {
		return strings.TrimPrefix(i.Help+". Time in "+i.form.Zone.String(), ". ")
	}
	return i.Help
}

// attributes are those of the element that is filled in.
func (i input) attributes() templ.Attributes {
	a := templ.Attributes{"id": i.id(), "name": i.Name}
	i.describe(a)
	if i.Required {
		a["required"] = true
	}
	if i.bare {
		a["aria-label"] = i.Label
	}
	return a
}

// describe ties the help and the error to an element.
func (i input) describe(a templ.Attributes) {
	var by []string
	if i.error() != "" {
		by = append(by, i.errorID())
		a["aria-invalid"] = "true"
	}
	if i.help() != "" && !i.bare {
		by = append(by, i.helpID())
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
}

// group are the attributes of a fieldset, which nothing can be wrong with itself.
func (i input) group() templ.Attributes {
	a := templ.Attributes{"id": i.id()}
	i.describe(a)
	delete(a, "aria-invalid")
	return a
}

var inputTypes = map[Kind]string{
	Email: "email", Link: "url", Phone: "tel", Secret: "password", Colour: "color", Number: "number", Moment: "datetime-local", Date: "date",
}

// line are the attributes of an input element.
func (i input) line() templ.Attributes {
	a := i.attributes()
	a["type"] = "text"
	if known := inputTypes[i.Kind]; known != "" && !i.beyond() {
		a["type"] = known
	}
	a["value"] = i.shown()
	a["autocomplete"] = "off" // what is filled in is about others, and not about who fills it in
	if i.Kind == Secret {
		a["autocomplete"] = "new-password"
	}
	if i.Placeholder != "" {
		a["placeholder"] = i.Placeholder
	}
	if i.fixed {
		a["readonly"] = true
	}
	switch i.Kind {
	case Colour:
		delete(a, "autocomplete")
	case Moment:
		a["step"] = "any"
	case Money:
		a["inputmode"] = "decimal"
	case Number:
		i.limit(a)
	}
	if i.MaxLength > 0 && a["type"] != "number" && i.Kind != Colour {
		a["maxlength"] = strconv.Itoa(i.MaxLength)
	}
	return a
}

func (i input) limit(a templ.Attributes) {
	if i.Min == "" && i.Max == "" {
		a["step"] = "any"
	}
	if i.Min != "" {
		a["min"] = i.Min
	}
	if i.Max != "" {
		a["max"] = i.Max
	}
}

// beyond tells whether the value is one that the type of input could not show: a date
// with a time.
func (i input) beyond() bool {
	return i.Kind == Date && i.value() != "" && len(i.value()) != len(time.DateOnly)
}

// shown is the value as it is shown: of a reference, with what the object is called.
func (i input) shown() string {
	value := i.value()
	if i.Kind != Reference || value == "" {
		return value
	}
	return picked(Option{id(value), i.form.title(i.Noun, id(value))}, value)
}

func (f Form) title(noun, id string) string {
	if f.Title == nil || !ids.MatchString(id) {
		return ""
	}
	return f.Title(noun, id)
}

// picked is an option as it stands in a combobox: what it is called, and its id at the
// end, where [Read] looks for it.
func picked(o Option, otherwise string) string {
	if o.Label == "" {
		return otherwise
	}
	return o.Label + " · " + o.Value
}

// combobox are the attributes of the input of a reference that is typed.
func (i input) combobox() templ.Attributes {
	a := i.line()
	a["list"] = i.listID()
	delete(a, "maxlength")
	if i.form.Pick == nil {
		return a
	}
	a["hx-get"] = query(i.form.Pick(i.Noun), i.Name)
	a["hx-trigger"] = "focus once, input changed delay:200ms"
	a["hx-target"] = "#" + i.listID()
	a["hx-swap"] = "innerHTML"
	a["hx-sync"] = "this:replace"
	return a
}

// fieldParam names the input that a search is for.
const fieldParam = "field"

func query(address, field string) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + url.Values{fieldParam: {field}}.Encode()
}

// Typed is what somebody has typed into a combobox, in the query of the search that
// follows: without the id, if something was picked before. The answer is [Picks].
func Typed(query url.Values) string {
	typed := strings.TrimSpace(query.Get(query.Get(fieldParam)))
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(ids.ReplaceAllString(typed, "")), "·"))
}

// choices are the options of a select, with what stands in it although it is no
// option any more, and with none where there may be none.
func (i input) choices() []Option {
	options := i.options()
	if i.Nullable || i.value() == "" {
		options = append([]Option{{"", "—"}}, options...)
	}
	return options
}

// options are the options, and what was chosen before and is none of them.
func (i input) options() []Option {
	options := slices.Clone(i.Options)
	if i.Kind == YesNo {
		options = []Option{{"true", "Yes"}, {"false", "No"}}
	}
	for _, value := range i.values {
		if value != "" && !slices.ContainsFunc(options, func(o Option) bool { return o.Value == value }) {
			name := i.form.title(i.Noun, value)
			if name == "" {
				name = value
			}
			options = append(options, Option{value, name})
		}
	}
	return options
}

func (i input) chosen(o Option) bool {
	return slices.Contains(i.values, o.Value) || o.Value == i.value()
}

// manyLines tells whether the input needs room for several lines.
func (i input) manyLines() bool {
	return i.Kind == LongText || i.Kind == Texts || i.Kind == Text && strings.Contains(i.value(), "\n")
}

// lines is what stands in an input of several lines.
func (i input) lines() string { return strings.Join(i.values, "\n") }

func (i input) area() templ.Attributes {
	a := i.attributes()
	a["rows"] = "4"
	if i.Placeholder != "" {
		a["placeholder"] = i.Placeholder
	}
	if i.MaxLength > 0 && i.Kind != Texts {
		a["maxlength"] = strconv.Itoa(i.MaxLength)
	}
	return a
}

// spare is how many empty rows stand below those that are filled in.
const spare = 2

// several are the inputs of a list of references: one each, and a few empty ones.
func (i input) several() (each []input) {
	for n, value := range append(slices.DeleteFunc(slices.Clone(i.values), func(v string) bool { return v == "" }), make([]string, spare)...) {
		one := i
		one.Kind, one.Required, one.values, one.bare = Reference, false, []string{value}, true
		one.Label, one.suffix = i.Label+" "+strconv.Itoa(n+1), "-"+strconv.Itoa(n)
		each = append(each, one)
	}
	return each
}

// row is an object of a list.
type row struct {
	label  string
	inputs []input
	fresh  bool // it is one of the empty ones at the end, so far
}

// rows are the objects of a list, without those that were left empty, and a few empty
// ones. None is required: a row that is emptied goes.
func (i input) rows() (rows []row) {
	before := filled(i.form.Values, i.Field)
	for n := range len(before) + spare {
		r := row{label: i.Label + " " + strconv.Itoa(n+1), fresh: n >= len(before)}
		for _, inner := range i.parts() {
			now := i.form.input(i.within(bracketed(n), inner))
			now.Required, now.values = false, nil
			if inner.Default != "" {
				now.values = []string{inner.Default}
			}
			if !r.fresh {
				now.values = i.form.Values[i.within(before[n], inner).Name]
				now.fixed = inner.Name == "name" && i.form.Values.Get(i.Name+before[n]+was) != ""
			}
			r.inputs = append(r.inputs, now)
		}
		rows = append(rows, r)
	}
	return rows
}

// within is [Field.within] for named values too, which stand in rows.
func (i input) within(index string, inner Field) Field {
	inner.Name = i.Name + index + "." + inner.Name
	return inner
}

// types are what variables can be.
var types = []Option{{string(Text), "Text or date"}, {string(Number), "Number"}, {string(Boolean), "Yes or no (true, false)"}}

// parts are the inputs of a row. A value that has a name keeps it: under another it
// would be another value.
func (i input) parts() []Field {
	name := Field{Name: "name", Label: "Name", Kind: Text, MaxLength: 200}
	before := Field{Name: strings.TrimPrefix(was, "."), Kind: Hidden}
	value := Field{Name: "value", Label: "Value", Kind: Text, MaxLength: longestValue}
	switch i.Kind {
	case Variables:
		return []Field{name, before, {Name: "type", Label: "Type", Kind: Choice, Options: types, Default: string(Text)}, value}
	case Pairs:
		return []Field{name, before, value, {Name: "remove", Label: "Remove", Kind: Boolean}}
	}
	return i.Fields
}

// members are the inputs of a group.
func (i input) members() (inputs []input) {
	for _, inner := range i.Fields {
		inputs = append(inputs, i.form.input(i.Field.within("", inner)))
	}
	return inputs
}

// aside is the currency of the amounts in the form, if no field asks for it.
func (f Form) aside() string {
	if f.Set.has(currencyField) {
		return ""
	}
	return f.Values.Get(currencyField)
}
