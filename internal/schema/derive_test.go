package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/schema"
)

type loaf struct {
	ID      parley.LabelID  `json:"id"`
	Name    string          `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"20" doc:"Its name" example:"Rye"`
	Kind    *string         `json:"kind" write:"create" enum:"dark,light"`
	Crust   crust           `json:"crust" write:"create,update"`
	Baker   *crust          `json:"baker"`
	Values  parley.Values   `json:"values" write:"update" maxProperties:"5"`
	Weight  int32           `json:"weight" write:"create" default:"500" minimum:"1"`
	Link    *string         `json:"link,omitempty" write:"create" format:"uri"`
	Step    json.RawMessage `json:"step" write:"create" types:"number,null" minimum:"1"`
	BakedAt *parley.Time    `json:"baked_at"`
}

type crust struct {
	Hard bool `json:"hard"`
}

func shown(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOneStructGivesTheSchemasOfEveryUse(t *testing.T) {
	t.Parallel()
	c := schema.NewComponents()
	noun := reflect.TypeFor[loaf]()
	for name, ref := range map[string]*huma.Schema{"Loaf": c.Answer(noun), "LoafCreate": c.Create(noun), "LoafUpdate": c.Update(noun), "LoafInput": c.Request(noun)} {
		if want := "#/components/schemas/" + name; ref.Ref != want {
			t.Errorf("got %q, want %q", ref.Ref, want)
		}
	}
	for name, want := range map[string]string{
		"LoafCreate": `{
			"description": "What a new loaf is made from.", "type": "object", "additionalProperties": false, "required": ["name"],
			"properties": {
				"name": {"type": "string", "minLength": 1, "maxLength": 20, "description": "Its name", "examples": ["Rye"]},
				"kind": {"type": ["string", "null"], "enum": ["dark", "light", null]},
				"crust": {"$ref": "#/components/schemas/CrustInput"},
				"weight": {"type": "integer", "format": "int32", "default": 500, "minimum": 1},
				"link": {"type": "string", "format": "uri", "pattern": "^https?://"},
				"step": {"anyOf": [{"type": "number", "format": "double"}, {"type": "null"}], "minimum": 1}
			}}`,
		"LoafUpdate": `{
			"description": "What can be changed of a loaf: fields that are left out stay as they are.", "type": "object", "additionalProperties": false,
			"properties": {
				"name": {"type": "string", "minLength": 1, "maxLength": 20, "description": "Its name", "examples": ["Rye"]},
				"crust": {"$ref": "#/components/schemas/CrustInput"},
				"values": {"type": "object", "maxProperties": 5, "propertyNames": {"type": "string", "minLength": 1, "maxLength": 200},
					"additionalProperties": {"$ref": "#/components/schemas/ValueInput"}}
			}}`,
		"Loaf": `{
			"type": "object", "required": ["id", "name", "kind", "crust", "baker", "values", "weight", "step", "baked_at"],
			"properties": {
				"id": {"type": "string", "title": "label id", "pattern": "^lbl_[0-7][0-9a-hjkmnp-tv-z]{25}$", "examples": ["lbl_01kaf0v3b6f3nb8h5r0z7c4q9j"]},
				"name": {"type": "string", "minLength": 1, "maxLength": 20, "description": "Its name", "examples": ["Rye"]},
				"kind": {"type": ["string", "null"], "enum": ["dark", "light", null]},
				"crust": {"$ref": "#/components/schemas/Crust"},
				"baker": {"anyOf": [{"$ref": "#/components/schemas/Crust"}, {"type": "null"}]},
				"values": {"type": "object", "maxProperties": 5, "propertyNames": {"type": "string", "minLength": 1, "maxLength": 200},
					"additionalProperties": {"$ref": "#/components/schemas/Value"}},
				"weight": {"type": "integer", "format": "int32", "minimum": 1},
				"link": {"type": "string", "format": "uri", "pattern": "^https?://"},
				"step": {"anyOf": [{"type": "number", "format": "double"}, {"type": "null"}], "minimum": 1},
				"baked_at": {"type": ["string", "null"], "format": "date-time", "examples": ["2026-11-20T10:30:00.123Z"]}
			}}`,
		"Value": `{"anyOf": [{"type": "string"}, {"type": "number", "format": "double"}, {"type": "boolean"}], "maxLength": 10000,
			"description": "A value that the organization keeps under a name of its own choosing."}`,
		"ValueInput": `{"anyOf": [{"type": "string"}, {"type": "number", "format": "double"}, {"type": "boolean"}, {"type": "null"}], "maxLength": 10000,
			"description": "A value that the organization keeps under a name of its own choosing."}`,
		"Crust":      `{"type": "object", "required": ["hard"], "properties": {"hard": {"type": "boolean"}}}`,
		"CrustInput": `{"type": "object", "additionalProperties": false, "required": ["hard"], "properties": {"hard": {"type": "boolean"}}}`,
	} {
		if diff := cmp.Diff(decoded(t, want), decoded(t, shown(t, c.Map()[name]))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestContentIsAUnionToldByItsType(t *testing.T) {
	t.Parallel()
	c := schema.NewComponents()
	if got := c.Content().Ref; got != "#/components/schemas/Content" {
		t.Errorf("got %q", got)
	}
	union := c.Map()["Content"]
	if got := union.Discriminator.Mapping["button.response"]; got != "#/components/schemas/ContentButtonResponse" {
		t.Errorf("got %q", got)
	}
	if got, want := len(union.OneOf), len(parley.ContentTypes()); got != want {
		t.Errorf("%d alternatives of %d types", got, want)
	}
	variant := c.Map()["ContentButtons"]
	if variant.Properties["payload"].Ref != "#/components/schemas/ButtonsPayload" || variant.Properties["type"].Enum[0] != "buttons" {
		t.Errorf("got %s", shown(t, variant))
	}
	if c.Map()["ButtonsPayload"].Properties["buttons"].Items.Ref != "#/components/schemas/Button" {
		t.Errorf("got %s", shown(t, c.Map()["ButtonsPayload"]))
	}
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	t.Parallel()
	c := schema.NewComponents()
	for _, d := range parley.Catalogue() {
		c.Answer(d.Data)
	}
	for _, noun := range []reflect.Type{reflect.TypeFor[parley.Message](), reflect.TypeFor[parley.Webhook](), reflect.TypeFor[parley.Contact]()} {
		c.Create(noun)
		c.Update(noun)
	}
	document := shown(t, c)
	for rest := document; ; {
		_, after, found := strings.Cut(rest, `"$ref": "`)
		if !found {
			break
		}
		ref, _, _ := strings.Cut(after, `"`)
		if c.SchemaFromRef(ref) == nil || c.TypeFromRef(ref) == nil {
			t.Errorf("%s leads nowhere", ref)
		}
		rest = after
	}
}

func TestASchemaStandsOnItsOwn(t *testing.T) {
	t.Parallel()
	var document struct {
		Schema string `json:"$schema"`
		Ref    string `json:"$ref"`
		Defs   map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(shown(t, schema.Answer(reflect.TypeFor[parley.MessageEvent]()))), &document); err != nil {
		t.Fatal(err)
	}
	if document.Ref != "#/$defs/MessageEvent" || !strings.Contains(document.Schema, "2020-12") {
		t.Errorf("got %+v", document)
	}
	for _, name := range []string{"MessageEvent", "Message", "ContactShort", "Content", "ButtonsPayload", "Button"} {
		if _, ok := document.Defs[name]; !ok {
			t.Errorf("%s is not defined", name)
		}
	}
}

func TestADeclarationThatCannotBeKeptIsAPanic(t *testing.T) {
	t.Parallel()
	type crust struct { // the name of another type
		Soft bool `json:"soft"`
	}
	type colour struct {
		Value string `json:"value" format:"colour"`
	}
	type chosen struct {
		Level int `json:"level" enum:"1,2"`
	}
	type inner struct {
		Size int `json:"size" default:"3"`
	}
	type outer struct {
		Inner []inner `json:"inner"`
	}
	c := schema.NewComponents()
	c.Answer(reflect.TypeFor[loaf]())
	for what, declare := range map[string]func(){
		"two types of one name":        func() { c.Answer(reflect.TypeFor[crust]()) },
		"a format that is not checked": func() { schema.Of(reflect.TypeFor[colour]()) },
		"an enum of numbers":           func() { schema.Of(reflect.TypeFor[chosen]()) },
		"a default within a list":      func() { schema.Of(reflect.TypeFor[outer]()) },
		"a channel":                    func() { schema.Of(reflect.TypeFor[struct{ C chan int }]()) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is taken", what)
				}
			}()
			declare()
		}()
	}
}
