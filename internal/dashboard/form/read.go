package form

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
)

// Read makes the body that the API would be sent of a posted form. Only fields of the
// set are read; times are in the zone. A form that cannot be read is Malformed.
func Read(r *http.Request, s Set, zone *time.Location) (json.RawMessage, error) {
	if err := r.ParseForm(); err != nil {
		return nil, parley.Errorf(parley.Malformed, "The form could not be read: reload the page and try again.").Because(err)
	}
	return Body(r.PostForm, s, zone), nil
}

// Body is [Read] for values that have been read already.
func Body(posted url.Values, s Set, zone *time.Location) json.RawMessage {
	r := reader{posted, s.Verb, zone}
	o := object{}
	for _, f := range s.Fields {
		if value, ok := r.field(f); ok {
			o.set(f.Name, value)
		}
	}
	return o.JSON()
}

// object is a JSON object in the making. A name with a dot is that of a member's
// member.
type object map[string]any

func (o object) set(name string, value json.RawMessage) {
	outer, inner, nested := strings.Cut(name, ".")
	if !nested {
		o[name] = value
		return
	}
	members, ok := o[outer].(object)
	if !ok {
		members = object{}
		o[outer] = members
	}
	members[inner] = value
}

// JSON is the object, complete.
func (o object) JSON() json.RawMessage { return encoded(o) }

// encoded is for values that have JSON: texts, and what was checked to be JSON.
func encoded(value any) json.RawMessage {
	raw, err := parley.JSON(value)
	if err != nil {
		panic(err)
	}
	return raw
}

// reader reads the values of one form.
type reader struct {
	posted url.Values
	verb   Verb
	zone   *time.Location
}

// field is what a field gives to the body; not ok if it gives nothing.
func (r reader) field(f Field) (value json.RawMessage, ok bool) {
	switch f.Kind {
	case custom:
		return nil, false
	case Rows:
		return r.rows(f)
	case Group:
		return r.group(f)
	case Variables:
		return r.variables(f)
	case Pairs:
		return r.pairs(f)
	}
	given, present := r.posted[f.Name]
	if !present {
		return nil, false
	}
	switch f.Kind {
	case Texts, Choices, References:
		return r.unlessEmpty(r.list(f, given))
	}
	return r.one(f, given[len(given)-1])
}

// one is a field that has one value. A ticked checkbox comes after its hidden twin.
func (r reader) one(f Field, given string) (json.RawMessage, bool) {
	given = strings.ReplaceAll(given, "\r\n", "\n")
	if given == "" {
		return r.empty(f)
	}
	return r.typed(f, given), true
}

// empty is what an empty field gives: null, where that may be; else nothing, when
// something is made, and what the API then has something to say about, when it is changed.
func (r reader) empty(f Field) (json.RawMessage, bool) {
	switch {
	case f.Nullable:
		return null, true
	case r.verb == Create, f.Kind == Hidden:
		return nil, false
	case f.Kind == Number, f.Kind == Money, f.Kind == Moment, f.Kind == Boolean, f.Kind == YesNo:
		return null, true
	}
	return encoded(""), true
}

var null = json.RawMessage("null")

// typed is what was typed as the type that the API expects. What is not of that type
// becomes a text, which the API refuses in its own words.
func (r reader) typed(f Field, given string) json.RawMessage {
	switch f.Kind {
	case Number:
		return numeral(given)
	case Money:
		if amount, ok := smallest(given, r.posted.Get(currencyField)); ok {
			return json.RawMessage(amount)
		}
	case Boolean, YesNo:
		if given == "true" || given == "false" {
			return json.RawMessage(given)
		}
	case Moment:
		return encoded(r.moment(f, given))
	case Reference:
		return encoded(id(given))
	case Email, Link, Phone, Date, Choice:
		return encoded(strings.TrimSpace(given))
	}
	return encoded(given)
}

// currencyField is the field that says what amounts of the form are in.
const currencyField = "currency"

var numerals = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

func numeral(given string) json.RawMessage {
	if given = strings.TrimSpace(given); numerals.MatchString(given) {
		return json.RawMessage(given)
	}
	return encoded(given)
}

// was is added to the name of an input for what stood in it before: of a moment, to the
// millisecond, whatever the clocks in the viewer's zone did.
const was = ".was"

func (r reader) moment(f Field, given string) string {
	var before parley.Time
	if before.UnmarshalText([]byte(r.posted.Get(f.Name+was))) == nil && local(before, r.zone) == given {
		return before.String()
	}
	for _, layout := range []string{minutes, seconds} { // which also takes parts of a second
		if at, err := time.ParseInLocation(layout, given, r.zone); err == nil {
			return parley.At(at).String()
		}
	}
	return given
}

const (
	minutes = "2006-01-02T15:04"
	seconds = "2006-01-02T15:04:05"
)

// local writes a moment as a browser does, as short as it can be.
func local(t parley.Time, zone *time.Location) string {
	at := t.Std().In(zone)
	switch {
	case t%1000 != 0:
		return at.Format(seconds + ".000")
	case at.Second() != 0:
		return at.Format(seconds)
	}
	return at.Format(minutes)
}

var ids = regexp.MustCompile(`[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}$`)

// id is the id at the end of what was typed or picked ("Ada Lovelace · con_01k…"), and
// all of it if there is none.
func id(given string) string {
	given = strings.TrimSpace(given)
	if found := ids.FindString(given); found != "" {
		return found
	}
	return given
}

// unlessEmpty leaves an empty list out of what is made: there it may stand for
// something, as in "the default locale, if left out".
func (r reader) unlessEmpty(list []json.RawMessage) (json.RawMessage, bool) {
	if len(list) == 0 && r.verb == Create {
		return nil, false
	}
	return encoded(list), true
}

func (r reader) list(f Field, given []string) []json.RawMessage {
	if f.Kind == Texts {
		given = strings.Split(strings.Join(given, "\n"), "\n")
	}
	values := []json.RawMessage{}
	for _, value := range given {
		value = strings.TrimSpace(value)
		switch {
		case value == "": // a line left empty, or the marker that the list was in the form
		case f.numeric:
			values = append(values, numeral(value))
		case f.Kind == References:
			values = append(values, encoded(id(value)))
		default:
			values = append(values, encoded(value))
		}
	}
	return values
}

// rows are a list of objects; those left empty are not in it. The field itself is
// posted as a marker that the list was in the form.
func (r reader) rows(f Field) (json.RawMessage, bool) {
	if _, present := r.posted[f.Name]; !present {
		return nil, false
	}
	values := []json.RawMessage{}
	for _, index := range filled(r.posted, f) {
		values = append(values, r.members(f, index))
	}
	return r.unlessEmpty(values)
}

func (r reader) group(f Field) (json.RawMessage, bool) {
	if !slices.ContainsFunc(f.Fields, func(inner Field) bool { return r.posted.Has(f.Name + "." + inner.Name) }) {
		return nil, false
	}
	return r.members(f, ""), true
}

// members are an object of the fields of rows or of a group. A noun's struct is
// replaced as a whole: what is empty in it is left out, or null.
func (r reader) members(f Field, index string) json.RawMessage {
	r.verb = Create
	o := object{}
	for _, inner := range f.Fields {
		if value, ok := r.field(f.within(index, inner)); ok {
			o[inner.Name] = value
		}
	}
	return o.JSON()
}

var anyIndex = regexp.MustCompile(`\[[0-9]+\]`)

// filled are the indices ("[0]") of the rows of a field in which something was filled
// in, in their order.
func filled(posted url.Values, f Field) []string {
	numbers := map[int]bool{}
	for name, values := range posted {
		rest, ours := strings.CutPrefix(name, f.Name+"[")
		digits, inner, ok := strings.Cut(rest, "].")
		n, err := strconv.Atoi(digits)
		if !ours || !ok || err != nil || n < 0 || !f.counts(inner) {
			continue
		}
		if text := strings.TrimSpace(strings.Join(values, "")); text != "" && !f.untouched(inner, text) {
			numbers[n] = true
		}
	}
	indices := make([]string, 0, len(numbers))
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		indices = append(indices, bracketed(n))
	}
	return indices
}

// untouched tells whether an input of a row stands as it does in an empty one.
func (f Field) untouched(inner, text string) bool {
	i := slices.IndexFunc(f.Fields, func(of Field) bool { return of.Name == inner })
	return i >= 0 && (f.Fields[i].Kind == Boolean && text == "false" || f.Fields[i].Kind == Choice && text == f.Fields[i].Default)
}

// counts tells whether an input of a row is one that a person fills in.
func (f Field) counts(inner string) bool {
	if f.Kind == Variables || f.Kind == Pairs {
		return inner == "name"
	}
	return slices.ContainsFunc(f.Fields, func(of Field) bool { return of.Name == inner && of.Kind != Hidden })
}

// variables are named values; one that was emptied is null, which removes it.
func (r reader) variables(f Field) (json.RawMessage, bool) {
	if _, present := r.posted[f.Name]; !present {
		return nil, false
	}
	values := map[string]json.RawMessage{}
	for _, index := range filled(r.posted, f) {
		part := func(name string) string { return r.posted.Get(f.Name + index + "." + name) }
		values[part("name")] = variable(part("type"), part("value"))
	}
	return encoded(values), true
}

func variable(kind, given string) json.RawMessage {
	switch {
	case given == "":
		return null
	case kind == string(Number):
		return numeral(given)
	case kind == string(Boolean) && (given == "true" || given == "false"):
		return json.RawMessage(given)
	}
	return encoded(strings.ReplaceAll(given, "\r\n", "\n"))
}

// pairs are named texts. Their values are not shown again: one without a value stays
// as it is, and one that is marked to be removed is null.
func (r reader) pairs(f Field) (json.RawMessage, bool) {
	if _, present := r.posted[f.Name]; !present {
		return nil, false
	}
	values := map[string]json.RawMessage{}
	for _, index := range filled(r.posted, f) {
		part := func(name string) string { return r.posted.Get(f.Name + index + "." + name) }
		switch name, value := strings.TrimSpace(part("name")), part("value"); {
		case part("remove") == "true":
			values[name] = null
		case value != "" || r.verb == Create:
			values[name] = encoded(value)
		}
	}
	return encoded(values), true
}
