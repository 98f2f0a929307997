package form

import (
	"slices"

	"parley"
)

// Verb is what the form is for.
type Verb string

// The verbs. A form that creates leaves out what was left empty; one that updates
// speaks only of fields that were in it, and an empty one becomes null.
const (
	Create Verb = "create"
	Update Verb = "update"
)

// Kind is how a field is filled in.
type Kind string

// The kinds of field.
const (
	Text       Kind = "text"
	LongText   Kind = "long text"
	Email      Kind = "email"
	Link       Kind = "link"
	Phone      Kind = "phone"
	Secret     Kind = "secret"
	Colour     Kind = "colour"
	Number     Kind = "number"
	Money      Kind = "money"      // typed in units ("27.90"), kept in the currency's smallest
	Boolean    Kind = "boolean"    // a checkbox
	YesNo      Kind = "yes or no"  // a choice of the two, or neither
	Moment     Kind = "moment"     // a date and time in the viewer's zone
	Date       Kind = "date"       // a day
	Choice     Kind = "choice"     // one of the options
	Choices    Kind = "choices"    // some of the options
	Reference  Kind = "reference"  // another object, by its id; with options a choice
	References Kind = "references" // several of them; with options choices
	Texts      Kind = "texts"      // one on each line
	Rows       Kind = "rows"       // a list of objects, each with the Fields
	Group      Kind = "group"      // an object with the Fields
	Variables  Kind = "variables"  // named values of any type
	Pairs      Kind = "pairs"      // named texts
	Hidden     Kind = "hidden"     // carried along
	custom     Kind = "custom"     // the custom fields, until [Set.Custom] says which
)

// Field is one thing that a person may fill in.
type Field struct {
	Name        string // where it stands in the body: "name", "custom_fields.height", "auth.type"
	Label       string
	Help        string
	Placeholder string
	Kind        Kind
	Required    bool
	Nullable    bool   // null where it is empty
	Default     string // what stands in it to begin with
	MaxLength   int    // in characters; 0: none
	MaxItems    int    // of a list; 0: none
	Min, Max    string // of a number
	Options     []Option
	Noun        string  // of a reference: "contact"
	Fields      []Field // of rows and groups, named within them
	numeric     bool    // texts that are numbers
	fixed       bool    // shown, and not to be changed
}

// Option is a value that can be chosen.
type Option struct{ Value, Label string }

// Set is the fields of a form, in their order. Its methods give a changed copy.
type Set struct {
	Verb   Verb
	Fields []Field
}

// Only keeps the fields with these names, in this order. One that is not there is a
// programmer's mistake, and a panic; so it is for the other methods.
func (s Set) Only(names ...string) Set {
	kept := make([]Field, 0, len(names))
	for _, name := range names {
		kept = append(kept, s.Fields[s.index(name)])
	}
	s.Fields = kept
	return s
}

// Without drops the fields with these names.
func (s Set) Without(names ...string) Set {
	s.Fields = slices.Clone(s.Fields)
	for _, name := range names {
		i := s.index(name)
		s.Fields = slices.Delete(s.Fields, i, i+1)
	}
	return s
}

// Change changes a field.
func (s Set) Change(name string, change func(*Field)) Set {
	s.Fields = slices.Clone(s.Fields)
	change(&s.Fields[s.index(name)])
	return s
}

// Label calls a field otherwise.
func (s Set) Label(name, label string) Set {
	return s.Change(name, func(f *Field) { f.Label = label })
}

// Options says what there is to choose from: also for references, texts and lists,
// which are then chosen and not typed.
func (s Set) Options(name string, options ...Option) Set {
	return s.Change(name, func(f *Field) {
		f.Options = options
		if f.Kind == Texts {
			f.Kind = Choices
		}
		if f.Kind == Text {
			f.Kind = Choice
		}
	})
}

// Custom puts the custom fields that the organization has defined in the place of
// custom_fields.
func (s Set) Custom(definitions []parley.CustomField) Set {
	i := s.index(customFields)
	fields := make([]Field, 0, len(definitions))
	for _, d := range definitions {
		f := Field{Name: customFields + "." + d.Key, Label: d.Name, Nullable: true, Kind: Text}
		switch d.Type {
		case "number":
			f.Kind = Number
		case "boolean":
			f.Kind = YesNo
		case "date":
			f.Kind = Date
		case "select":
			f.Kind = Choice
			for _, o := range d.Options {
				f.Options = append(f.Options, Option{o, o})
			}
		default:
			f.MaxLength = longestValue
		}
		fields = append(fields, f)
	}
	s.Fields = slices.Replace(slices.Clone(s.Fields), i, i+1, fields...)
	return s
}

const (
	customFields = "custom_fields"
	longestValue = 10_000
)

func (s Set) index(name string) int {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		panic("form: there is no field " + name)
	}
	return i
}

// has tells whether an input of the set is called so.
func (s Set) has(name string) bool { return s.kind(name) != "" }

// kind is the kind of the input that is called so, "" if there is none.
func (s Set) kind(name string) Kind {
	name = anyIndex.ReplaceAllString(name, "[]")
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Kind
		}
		for _, inner := range f.Fields {
			if f.within("[]", inner).Name == name {
				return inner.Kind
			}
		}
	}
	return ""
}

// within is a field of rows or of a group by the name that its input has.
func (f Field) within(index string, inner Field) Field {
	if f.Kind != Rows {
		index = ""
	}
	inner.Name = f.Name + index + "." + inner.Name
	return inner
}
