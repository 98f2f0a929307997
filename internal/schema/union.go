package schema

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
)

// typeMember is the member that says of what type content is.
const typeMember = "type"

// union is the schema of message content: one of the declared types, told by its
// member "type".
func (s scope) union() *huma.Schema {
	s.view = content
	return s.part("Content", use{reflect.TypeFor[parley.Content](), content}, func(u *huma.Schema) {
		u.Description = "What a message says: a text, or the payload of another type."
		u.Discriminator = &huma.Discriminator{PropertyName: typeMember, Mapping: map[string]string{}}
		for _, t := range parley.ContentTypes() {
			variant := s.variant(t)
			u.OneOf = append(u.OneOf, variant)
			u.Discriminator.Mapping[t.Name] = variant.Ref
		}
	})
}

// variant is the schema of content of one type.
func (s scope) variant(t parley.ContentType) *huma.Schema {
	name := "Content" + camel(t.Name)
	return s.part(name, use{reflect.TypeOf(t), content}, func(o *huma.Schema) {
		o.Type = huma.TypeObject
		o.Description = t.Doc
		o.Examples = []any{t.Example}
		o.AdditionalProperties = false
		o.Properties = map[string]*huma.Schema{typeMember: {Type: huma.TypeString, Enum: []any{t.Name}}}
		if t.Payload == nil {
			o.Properties["text"] = &huma.Schema{
				Type: huma.TypeString, MinLength: new(1), MaxLength: new(10_000), Examples: []any{t.Example.Text},
			}
			o.Required = []string{typeMember, "text"}
			s.refused[o] = map[string]string{"payload": "is not for content of type text: it has text"}
			return
		}
		o.Properties["payload"] = s.schema(t.Payload)
		o.Required = []string{typeMember, "payload"}
		s.refused[o] = map[string]string{"text": "is only for content of type text: this one has a payload"}
	})
}

// camel is the name of a type of content within a name: ButtonResponse for
// button.response.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '.' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
