package record

import (
	"encoding/json"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/ui"
)

// Value is something that is shown of an object. The zero value is nothing, and shown
// as a dash.
type Value struct {
	text  string
	badge bool
	tone  ui.Tone
	at    parley.Time
	ago   bool
	short bool // there is little room
	id    string
	url   string
}

// Text is a text.
func Text(text string) Value { return Value{text: text} }

// Badge is a word about the state of something.
func Badge(tone ui.Tone, text string) Value { return Value{badge: true, tone: tone, text: text} }

// At is a moment.
func At(t parley.Time) Value { return Value{at: t} }

// Late is a moment that needs somebody's attention: the text says why.
func Late(t parley.Time, tone ui.Tone, text string) Value {
	return Value{at: t, badge: true, tone: tone, text: text}
}

// Ago is how long ago a moment was.
func Ago(t parley.Time) Value { return Value{at: t, ago: true} }

// Ref is another object, by its name, with a link to its page.
func Ref(id string) Value { return Value{id: id} }

// To is a text that leads somewhere.
func To(text, url string) Value { return Value{text: text, url: url} }

// Money is an amount in a currency's smallest unit.
func Money(amount int64, currency string) Value { return Text(names.Money(amount, currency)) }

// none tells whether there is nothing to show.
func (v Value) none() bool { return v.text == "" && v.at == 0 && v.id == "" }

// refs are the ids whose names it takes to show the values.
func refs(all []fact) (ids []string) {
	for _, f := range all {
		if f.Value.id != "" {
			ids = append(ids, f.Value.id)
		}
	}
	return ids
}

// Plain is a variable or the value of a custom field as people read it; "" for null.
func Plain(raw json.RawMessage) string { return plainValue(raw).text }
