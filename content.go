package parley

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Content is what a message says. In JSON it is {"type":"text","text":"…"}, or
// {"type":"…","payload":{…}} for every other type. What was accepted is given back
// as it was given: members that were left out stay out, and odd values that some
// clients send (a step of "None") stay what they were.
type Content struct {
	Type string
	Text string // of type "text"

	// Payload points to the struct that [ContentTypes] names for the type. It is a
	// json.RawMessage if this release does not know the type, or knows it in
	// another shape: stored messages stay readable whichever release wrote them.
	Payload any
}

// TextContent is content of the type "text".
func TextContent(text string) Content { return Content{Type: "text", Text: text} }

// MarshalJSON gives the content as it was given.
func (c Content) MarshalJSON() ([]byte, error) {
	if c.Payload == nil && (c.Type == "text" || c.Text != "") {
		return JSON(struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}{c.Type, c.Text})
	}
	return JSON(struct {
		Type    string `json:"type"`
		Payload any    `json:"payload"`
	}{c.Type, c.Payload})
}

// UnmarshalJSON reads content that was checked before it was stored. It checks
// nothing but the JSON itself; for content from outside there is package schema.
func (c *Content) UnmarshalJSON(b []byte) error {
	var stored struct {
		Type    string          `json:"type"`
		Text    string          `json:"text"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(b, &stored); err != nil {
		return fmt.Errorf("read content: %w", err)
	}
	*c = Content{Type: stored.Type, Text: stored.Text}
	if stored.Payload != nil {
		c.Payload = readPayload(stored.Type, stored.Payload)
	}
	return nil
}

func readPayload(contentType string, raw json.RawMessage) any {
	t, known := contentTypes[contentType]
	if !known || t.payload == nil || bytes.Equal(raw, []byte("null")) {
		return raw
	}
	payload := t.payload()
	if err := json.Unmarshal(raw, payload); err != nil {
		return raw
	}
	return payload
}

// Check finds what is wrong between the fields of the payload: a slider whose min
// is not below its max, buttons of the same name. Locations begin at the content
// ("payload.min"). Fields by themselves are checked by their tags.
func (c Content) Check() []FieldError {
	if p, ok := c.Payload.(interface{ Check() []FieldError }); ok {
		return p.Check()
	}
	return nil
}

// Plain is the content in one line of text, for previews and for search: what the
// text says, what the visitor is asked, what they answered. It is never empty.
func (c Content) Plain() string {
	text := c.Text
	if p, ok := c.Payload.(interface{ plain() string }); ok {
		text = p.plain()
	}
	if words := strings.Fields(text); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return c.Type
}

// enumerate joins the parts that say something into one line.
func enumerate(parts ...string) string {
	said := parts[:0:0]
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, " · ")
}

// given is what an optional field says, the zero value if it was left out.
func given[T any](field *T) T {
	if field == nil {
		var zero T
		return zero
	}
	return *field
}
