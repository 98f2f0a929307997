package schema

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"parley"
)

// decoder reads the value at an entry, which the schema has accepted, into a field
// that is zero or holds its defaults.
type decoder func(d *document, i int32, into reflect.Value) error

// decoderOf reads what the document already knows from there, and everything else
// as JSON.
func decoderOf(t reflect.Type) decoder {
	switch {
	case t == reflect.TypeFor[parley.Content]():
		return decodeContent
	case t.Kind() == reflect.String && !ownText(t):
		return decodeText
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.String && !ownText(t.Elem()):
		return decodeTextOrNull
	}
	return decodeJSON
}

func ownText(t reflect.Type) bool {
	return implements[encoding.TextUnmarshaler](t) || implements[json.Unmarshaler](t)
}

func decodeText(d *document, i int32, into reflect.Value) error {
	into.SetString(d.says(i))
	return nil
}

func decodeTextOrNull(d *document, i int32, into reflect.Value) error {
	if d.entries[i].kind == null {
		into.SetZero()
		return nil
	}
	into.Set(reflect.New(into.Type().Elem()))
	return decodeText(d, i, into.Elem())
}

func decodeJSON(d *document, i int32, into reflect.Value) error {
	err := unmarshal(d.json(i), into.Addr().Interface())
	var e *parley.Error
	if errors.As(err, &e) { // the location was told from here
		e.Fields[0].Location = d.location(body, i) + strings.TrimPrefix(e.Fields[0].Location, body)
	}
	return err
}

func decodeContent(d *document, i int32, into reflect.Value) error {
	c, err := d.content(i)
	if err != nil {
		return err
	}
	*into.Addr().Interface().(*parley.Content) = c
	return nil
}

// content is the message content at an entry, as [parley.Content.UnmarshalJSON]
// would read it.
func (d *document) content(i int32) (parley.Content, error) {
	tag, _ := d.member(i, typeMember)
	c := parley.Content{Type: d.says(tag)}
	t := payloadTypes()[c.Type]
	if t == nil {
		said, _ := d.member(i, "text")
		c.Text = d.says(said)
		return c, nil
	}
	c.Payload = reflect.New(t).Interface()
	payload, _ := d.member(i, "payload")
	if err := json.Unmarshal(d.json(payload), c.Payload); err != nil {
		return c, fmt.Errorf("decode content of type %s: %w", c.Type, err)
	}
	return c, nil
}

// payloadTypes are the payloads of content by its type.
var payloadTypes = sync.OnceValue(func() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, t := range parley.ContentTypes() {
		types[t.Name] = t.Payload
	}
	return types
})

// unmarshal reads JSON that a schema has accepted. A value that does not fit its
// field even so is the client's mistake; anything else is ours.
func unmarshal(raw []byte, into any) error {
	err := json.Unmarshal(raw, into)
	var misfit *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &misfit):
		location := body
		if misfit.Field != "" {
			location += "." + misfit.Field
		}
		return parley.InvalidField(location, "is out of range").Because(err)
	}
	return fmt.Errorf("decode body: %w", err)
}
