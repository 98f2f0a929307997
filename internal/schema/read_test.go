package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/schema"
)

type visit struct {
	Guest     parley.ContactID  `json:"guest"`
	Host      *parley.UserID    `json:"host"`
	At        parley.Time       `json:"at"`
	Seats     int               `json:"seats" minimum:"1" maximum:"12" default:"2"`
	Weight    float64           `json:"weight,omitempty" multipleOf:"0.5"`
	Small     int8              `json:"small,omitempty"`
	Mail      string            `json:"mail,omitempty" format:"email"`
	Colours   []string          `json:"colours,omitempty" enum:"red,green,blue" uniqueItems:"true" maxItems:"3"`
	Kitchen   *kitchen          `json:"kitchen,omitempty"`
	Tables    []kitchen         `json:"tables,omitempty"`
	Extra     json.RawMessage   `json:"extra,omitempty"`
	Headers   map[string]string `json:"headers,omitempty" maxProperties:"2"`
	Anything  map[string]any    `json:"anything,omitempty"`
	Big       uint64            `json:"big,omitempty"`
	Colour    *string           `json:"colour,omitempty" enum:"red,green"`
	NullColor *string           `json:"null_color" enum:"red,green" required:"false"`
	Blob      []byte            `json:"blob,omitempty"`
	ID        string            `json:"id,omitempty" readOnly:"true"`
}

type kitchen struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (k kitchen) Check() []parley.FieldError {
	if k.From > k.To {
		return []parley.FieldError{{Location: "to", Message: "must not be before from"}}
	}
	return nil
}

const guest = `"guest":"con_01kaf0v3b6f3nb8h5r0z7c4q9j","host":null,"at":"2026-11-20T10:30:00.123Z"`

func TestReadTakesWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	var got visit
	err := schema.Read([]byte(`{`+guest+`,"weight":1.5,"small":-128,"mail":"ada@example.com","colours":["red","blue"],
		"kitchen":{"from":1,"to":2},"tables":[{"from":1,"to":1}],"extra":[1,"x",null],"headers":{"A":"b"},"anything":{"deep":{"er":[1.5]}},
		"big":9223372036854775807,"colour":"red","null_color":null,"blob":"aGk="}`), &got, schema.OfType[visit]())
	if err != nil {
		t.Fatal(err)
	}
	want := visit{
		Guest: "con_01kaf0v3b6f3nb8h5r0z7c4q9j", At: 1795170600123, Seats: 2, Weight: 1.5, Small: -128, Mail: "ada@example.com",
		Colours: []string{"red", "blue"}, Kitchen: &kitchen{1, 2}, Tables: []kitchen{{1, 1}}, Extra: json.RawMessage(`[1,"x",null]`),
		Headers: map[string]string{"A": "b"}, Anything: map[string]any{"deep": map[string]any{"er": []any{1.5}}}, Big: 9223372036854775807,
		Colour: new("red"), Blob: []byte("hi"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReadTellsEveryWrongField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, wrong string }{
		{`[]`, `body: must be an object`},
		{`{}`, `body.guest: is required; body.host: is required; body.at: is required`},
		{`{"guest":null,"host":1,"at":0}`, `body.guest: must be a contact id like con_…; body.host: must be a user id like usr_… or null; body.at: must be a string`},
		{`{"guest":"usr_01kaf0v3b6f3nb8h5r0z7c4q9j","host":"usr_01","at":"yesterday"}`, `body.guest: must be a contact id like con_…; body.host: must be a user id like usr_…; body.at: must be a date and time like 2026-11-20T10:30:00Z`},
		{`{` + guest + `,"seats":0}`, `body.seats: must be at least 1`},
		{`{` + guest + `,"seats":13}`, `body.seats: must be at most 12`},
		{`{` + guest + `,"seats":1.5}`, `body.seats: must be a whole number`},
		{`{` + guest + `,"seats":2.0}`, `body.seats: must be a whole number`},
		{`{` + guest + `,"seats":2e0}`, `body.seats: must be a whole number`},
		{`{` + guest + `,"seats":"2"}`, `body.seats: must be a whole number`},
		{`{` + guest + `,"seats":99999999999999999999}`, `body.seats: is out of range`},
		{`{` + guest + `,"small":128}`, `body.small: must be at most 127`},
		{`{` + guest + `,"big":-1}`, `body.big: must be at least 0`},
		{`{` + guest + `,"weight":0.7}`, `body.weight: must be a multiple of 0.5`},
		{`{` + guest + `,"mail":"Ada <ada@example.com>"}`, `body.mail: must be an email address`},
		{`{` + guest + `,"colours":["red","pink","red","blue"]}`, `body.colours: must have at most 3 items`},
		{`{` + guest + `,"colours":["red","gren","red"]}`, `body.colours[1]: must be one of red, green, blue; did you mean "green"?; body.colours[2]: must differ from the items before it`},
		{`{` + guest + `,"colours":null}`, `body.colours: must be an array`},
		{`{` + guest + `,"colour":null}`, `body.colour: must be a string`},
		{`{` + guest + `,"null_color":7}`, `body.null_color: must be a string or null`},
		{`{` + guest + `,"kitchen":{"from":2,"to":"1"}}`, `body.kitchen.to: must be a whole number`},
		{`{` + guest + `,"kitchen":{"from":2,"to":1},"tables":[{"from":1,"to":1},{"from":2,"to":1}]}`, `body.kitchen.to: must not be before from; body.tables[1].to: must not be before from`},
		{`{` + guest + `,"headers":{"a":1}}`, `body.headers.a: must be a string`},
		{`{` + guest + `,"headers":{"a":"","b":"","c":""}}`, `body.headers: must have at most 2 members`},
		{`{` + guest + `,"anything":[]}`, `body.anything: must be an object`},
		{`{` + guest + `,"anything":{"deep":{"a":1e999,"b":"\ud800"}}}`, `body.anything.deep.a: is a number too large to be kept; body.anything.deep.b: must not contain half a surrogate pair: \ud800`},
		{`{` + guest + `,"blob":"%%"}`, `body.blob: must be base64`},
		{`{` + guest + `,"id":"x"}`, `body.id: cannot be set`},
		{`{` + guest + `,"seats":1,"seats":0}`, `body.seats: is given twice; body.seats: must be at least 1`},
	} {
		var into visit
		err := schema.Read([]byte(c.body), &into, schema.OfType[visit]())
		if got := told(t, err, parley.Invalid); got != c.wrong {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.wrong)
		}
	}
}

func TestReadHintsAtTheNameThatWasMeant(t *testing.T) {
	t.Parallel()
	for name, hint := range map[string]string{
		"nam": `; did you mean "name"?`, "Name": `; did you mean "name"?`, "externalId": `; did you mean "external_id"?`,
		"custom-fields": `; did you mean "custom_fields"?`, "e_mial": `; did you mean "email"?`, "fone": "", "x": "", "surname": "",
		strings.Repeat("name", 100): "",
	} {
		var contact parley.Contact
		err := schema.ReadCreate([]byte(`{"`+name+`":1}`), &contact)
		if got := told(t, err, parley.Invalid); !strings.HasSuffix(got, ": unknown field"+hint) {
			t.Errorf("%s: got %s, want hint %q", name, got, hint)
		}
	}
}

func TestReadOfWhatIsNotJSONIsMalformed(t *testing.T) {
	t.Parallel()
	into := visit{Seats: 5}
	err := schema.Read([]byte(`{"guest":`), &into, schema.OfType[visit]())
	if parley.KindOf(err) != parley.Malformed {
		t.Errorf("got %v", err)
	}
}

func TestNamesInEscapesAreNames(t *testing.T) {
	t.Parallel()
	var got kitchen
	if err := schema.Read([]byte(`{"fr\u006fm":1,"to":2}`), &got, schema.OfType[kitchen]()); err != nil || got != (kitchen{1, 2}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRecursiveTypesAreRead(t *testing.T) {
	t.Parallel()
	type condition struct {
		Field string      `json:"field,omitempty"`
		Not   any         `json:"-"`
		All   []condition `json:"all,omitempty" maxItems:"2"`
		Else  *condition  `json:"else"`
	}
	s := schema.OfType[condition]()
	var got condition
	if err := schema.Read([]byte(`{"all":[{"field":"a","else":null}],"else":{"field":"b","else":null}}`), &got, s); err != nil {
		t.Fatal(err)
	}
	if got.All[0].Field != "a" || got.Else.Field != "b" {
		t.Errorf("got %+v", got)
	}
	err := schema.Read([]byte(`{"all":[{"field":1,"else":null}],"else":{"else":7}}`), &got, s)
	if told, want := told(t, err, parley.Invalid), `body.all[0].field: must be a string; body.else.else: must be an object or null`; told != want {
		t.Errorf("got %s, want %s", told, want)
	}
}

func TestSchemasAreMadeOnce(t *testing.T) {
	t.Parallel()
	contact := reflect.TypeFor[parley.Contact]()
	made := schema.Create(contact)
	if made != schema.Create(contact) {
		t.Error("two schemas of one type")
	}
	if made == schema.Update(reflect.TypeFor[parley.Contact]()) {
		t.Error("one schema for two uses")
	}
}
