package parleyapi

import "encoding/json"

// Decode reads what the event tells into a value of its type's data: a [ContactEvent]
// for contact.created, and a type of your own for custom events.
func (e Envelope) Decode(data any) error { return json.Unmarshal(e.Data, data) }

// Text is the content of a message that is a text.
func Text(text string) (c Content) {
	_ = c.FromContentText(ContentText{Text: text}) // a string has JSON
	return c
}
