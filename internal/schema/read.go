package schema

import (
	"reflect"

	"parley"
)

// Read reads a body into what into points to, which begins empty. A body that
// cannot be read as JSON is Malformed (see [Syntax]); one that the schema refuses
// is Invalid, with up to 50 wrong fields, each with its location below "body".
// Structs that have a method Check() []parley.FieldError are asked last. Fields
// that are left out get their defaults (see [Defaults]).
func Read(raw []byte, into any, s *Schema) error {
	d, err := s.parse(raw, body)
	if err != nil {
		return err
	}
	defer d.release()
	Defaults(into)
	if err := unmarshal(raw, into); err != nil {
		return err
	}
	return crossCheck(reflect.ValueOf(into).Elem(), body)
}

// Content reads the content of a message: an object whose member "type" chooses
// the type of payload that is expected. Errors are those of [Read], with locations
// below the one given ("body.content.payload.buttons[0].title").
func Content(raw []byte, location string) (parley.Content, error) {
	d, err := contentSchema().parse(raw, location)
	if err != nil {
		return parley.Content{}, err
	}
	defer d.release()
	c, err := d.content(0)
	if err != nil {
		return parley.Content{}, err
	}
	if err := crossCheck(reflect.ValueOf(&c).Elem(), location); err != nil {
		return parley.Content{}, err
	}
	return c, nil
}

// parse reads raw into a document that the schema accepts. The caller releases it.
func (s *Schema) parse(raw []byte, root string) (*document, error) {
	d, err := parse(raw)
	if err != nil {
		return nil, err
	}
	check{d}.value(0, s.root)
	if len(d.problems) > 0 {
		defer d.release()
		return nil, parley.InvalidFields(d.fieldErrors(root)...)
	}
	return d, nil
}
