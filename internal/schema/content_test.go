package schema_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/schema"
)

func TestContentIsGivenBackAsItWasGiven(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for name, sample := range samples {
		accepted, err := schema.Content([]byte(sample), "body.content")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		covered[accepted.Type] = true
		stored, err := json.Marshal(accepted)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var loaded parley.Content
		if err := json.Unmarshal(stored, &loaded); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		shown, err := json.Marshal(loaded)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(decoded(t, sample), decoded(t, string(shown))); diff != "" {
			t.Errorf("%s is not given back as given (-given +shown):\n%s", name, diff)
		}
		if _, raw := loaded.Payload.(json.RawMessage); raw {
			t.Errorf("%s: the payload was not understood when it was read again", name)
		}
	}
	for _, ct := range parley.ContentTypes() {
		if !covered[ct.Name] {
			t.Errorf("no sample of %s", ct.Name)
		}
	}
}

// decoded is what JSON says, with numbers exactly, however they are written.
func decoded(t *testing.T, s string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return exact(v)
}

func exact(v any) any {
	switch v := v.(type) {
	case json.Number:
		r, _ := new(big.Rat).SetString(v.String())
		return r.String()
	case []any:
		for i := range v {
			v[i] = exact(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = exact(v[name])
		}
	}
	return v
}

func TestExamplesOfContentAreAccepted(t *testing.T) {
	t.Parallel()
	for _, ct := range parley.ContentTypes() {
		raw, err := json.Marshal(ct.Example)
		if err != nil {
			t.Fatal(err)
		}
		got, err := schema.Content(raw, "content")
		if err != nil {
			t.Errorf("%s: %v", ct.Name, err)
		}
		if ct.Payload != nil && reflect.TypeOf(got.Payload) != reflect.PointerTo(ct.Payload) {
			t.Errorf("%s: the payload is a %T, not a *%v", ct.Name, got.Payload, ct.Payload)
		}
	}
}

func payload(contentType, payload string) string {
	return `{"type":"` + contentType + `","payload":` + payload + `}`
}

func TestBadContentIsRefusedField(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 201)
	items := func(n int, item string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	for _, c := range []struct{ body, wrong string }{
		{`"text"`, `c: must be an object`},
		{`{}`, `c.type: is required`},
		{`{"type":null}`, `c.type: must be a string`},
		{`{"type":"button","payload":{}}`, `c.type: must be one of text, image, *; did you mean "buttons"?`},
		{`{"type":"Text","text":"x"}`, `c.type: must be one of text, image, *; did you mean "text"?`},
		{`{"type":"text"}`, `c.text: is required`},
		{`{"type":"text","text":""}`, `c.text: must not be empty`},
		{`{"type":"text","text":7}`, `c.text: must be a string`},
		{`{"type":"text","text":"` + strings.Repeat("ä", 10_001) + `"}`, `c.text: must be at most 10000 characters long`},
		{`{"type":"text","text":"x","payload":{}}`, `c.payload: is not for content of type text: it has text`},
		{`{"type":"image","text":"x"}`, `c.text: is only for content of type text: this one has a payload; c.payload: is required`},
		{`{"type":"image","payload":null}`, `c.payload: must be an object`},
		{`{"type":"text","text":"x","Type":"y"}`, `c.Type: unknown field; did you mean "type"?`},

		{payload("image", `{}`), `c.payload.link: is required`},
		{payload("image", `{"link":"javascript:alert(1)"}`), `c.payload.link: must be an http or https link`},
		{payload("audio", `{"link":"data:audio/mpeg;base64,AA"}`), `c.payload.link: must be an http or https link`},
		{payload("video", `{"link":"https://"}`), `c.payload.link: must be an http or https link`},
		{payload("document", `{"link":"//files.example.com/x"}`), `c.payload.link: must be an http or https link`},
		{payload("image", `{"link":"https://files.example.com/\u000a"}`), `c.payload.link: must be an http or https link`},
		{payload("image", `{"link":"https://files.example.com/x","mime_type":"jpeg","file_name":"../x"}`), `c.payload.mime_type: must be a media type like image/png; c.payload.file_name: must be a file name without folders`},
		{payload("image", `{"link":"https://files.example.com/x","mime_type":null}`), `c.payload.mime_type: must be a string`},
		{payload("image", `{"link":"https://files.example.com/x","url":""}`), `c.payload.url: unknown field`},

		{payload("buttons", `{"title":"x","buttons":[]}`), `c.payload.buttons: must not be empty`},
		{payload("buttons", `{"title":"x","buttons":`+items(21, `{"title":"a"}`)+`}`), `c.payload.buttons: must have at most 20 items`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a"},{"title":"b"},{"title":"a"}]}`), `c.payload.buttons[2].title: must differ from the titles before it`},
		{payload("buttons", `{"title":"x","buttons":[{"titel":"a"}]}`), `c.payload.buttons[0].titel: unknown field; did you mean "title"?; c.payload.buttons[0].title: is required`},
		{payload("buttons", `{"title":"`+long+`","buttons":[{"title":"a"}]}`), `c.payload.title: must be at most 200 characters long`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a","callback":7}]}`), `c.payload.buttons[0].callback: must be a string, an object or null`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a","type":"web_url"}]}`), `c.payload.buttons[0].callback: must hold a web_url that is an http or https link`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a","callback":{"web_url":"javascript:x"}}]}`), `c.payload.buttons[0].callback: must hold a web_url that is an http or https link`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a","type":"web_url","callback":"{\"web_url\":\"data:x\",\"WEB_URL\":\"https://shop.example.com\"}"}]}`), `c.payload.buttons[0].callback: must hold a web_url that is an http or https link`},
		{payload("buttons", `{"title":"x","buttons":[{"title":"a"}],"buttons_layout":"diagonal"}`), `c.payload.buttons_layout: must be one of horizontal, vertical`},

		{payload("list", `{"title":"x","list":{"sections":[{"items":[{"title":"a"},{"title":"a"}]}]}}`), `c.payload.list.sections[0].items[1].title: must differ from the titles before it in the section`},
		{payload("list", `{"title":"x","list":{"sections":`+items(51, `{"items":[{"title":"a"}]}`)+`}}`), `c.payload.list.sections: must have at most 50 items`},
		{payload("list", `{"title":"x","list":{"sections":`+items(26, `{"items":[{"title":"a"},{"title":"b"}]}`)+`}}`), `c.payload.list.sections: must have at most 50 items in all`},
		{payload("list", `{"title":"x","list":{"sections":[{"items":[]}]}}`), `c.payload.list.sections[0].items: must not be empty`},
		{payload("list", `{"title":"x","header":{"type":"video","text":""},"list":{"sections":[{"items":[{"title":"a"}]}]}}`), `c.payload.header.type: must be text`},

		{payload("carousel", `{"items":[{"image":"ftp://files.example.com/x"}]}`), `c.payload.items[0].image: must be an http or https link`},
		{payload("carousel", `{"items":[{"image":"https://files.example.com/x","action":"java\tscript:x"}]}`), `c.payload.items[0].action: must be an http or https link, or the name of a step`},

		{payload("form", `{"message":"x","fields":[]}`), `c.payload.fields: must not be empty`},
		{payload("form", `{"message":"x","fields":`+items(51, `{"label":"a","type":"text"}`)+`}`), `c.payload.fields: must have at most 50 items`},
		{payload("form", `{"message":"x","fields":[{"label":"a","type":"emial"}]}`), `c.payload.fields[0].type: must be one of text, textarea, *; did you mean "email"?`},
		{payload("form", `{"message":"x","fields":[{"label":"a","type":"select"},{"label":"a","type":"text"}]}`), `c.payload.fields[0].options: is required for a select; c.payload.fields[1].label: must differ from the labels before it`},

		{payload("calendar", `{"title":"x","validation":{"datepicker_type":"double"}}`), `c.payload.validation.datepicker_type: must be one of single, range`},
		{payload("calendar", `{"title":"x","validation":{"formatter":"MM/DD/YYYY","start":"31/12/2026"}}`), `c.payload.validation.start: must be a date like MM/DD/YYYY`},
		{payload("calendar", `{"title":"x","validation":{"start":"2026-12-24","end":"2026-12-01"}}`), `c.payload.validation.end: must not be before start`},
		{payload("calendar", `{"title":"x","validation":{"start":"2026-12-24","selected":"2026-12-01"}}`), `c.payload.validation.selected: must lie between start and end`},
		{payload("calendar", `{"title":"x","validation":{"skip":["2026-12-01","Xmas"]}}`), `c.payload.validation.skip[1]: must be a date like YYYY-MM-DD`},
		{payload("calendar", `{"title":"x","validation":{"exclude_days":[1.5,9]}}`), `c.payload.validation.exclude_days[0]: must be a string or a whole number; c.payload.validation.exclude_days[1]: must be at most 7`},

		{payload("slider", `{"title":"x","min":5,"max":5}`), `c.payload.min: must be less than max`},
		{payload("slider", `{"title":"x","min":"1","max":null}`), `c.payload.min: must be a number; c.payload.max: must be a number`},
		{payload("slider", `{"title":"x","min":1,"max":5,"step":9}`), `c.payload.step: must not be greater than the distance from min to max`},
		{payload("slider", `{"title":"x","min":1,"max":5,"step":0}`), `c.payload.step: must be a number greater than 0, null, or "None"`},
		{payload("slider", `{"title":"x","min":1,"max":5,"step":"few"}`), `c.payload.step: must be a number greater than 0, null, or "None"`},
		{payload("slider", `{"title":"x","min":1,"max":5,"step":true}`), `c.payload.step: must be a string, a number or null`},
		{payload("slider", `{"title":"x","min":1,"max":5,"value":6}`), `c.payload.value: must lie between min and max`},
		{payload("slider", `{"title":"x","min":1,"max":1e400}`), `c.payload.max: is a number too large to be kept`},

		{payload("file_upload", `{"title":"x","allow_extensions":["jpg"]}`), `c.payload.allow_extensions[0]: must be a file extension like .jpg`},
		{payload("file_upload", `{"title":"x","max_file_size_in_kb":0,"upload_file_limit":1.5}`), `c.payload.max_file_size_in_kb: must be at least 1; c.payload.upload_file_limit: must be a whole number`},
		{payload("appointment_booking", `{"title":"x","event_id":1.5,"duration":{"label":"minutes","value":0}}`), `c.payload.event_id: must be a string or a whole number; c.payload.duration.value: must be more than 0`},
		{payload("javascript", `{"script":"`+strings.Repeat("x", 20_001)+`"}`), `c.payload.script: must be at most 20000 characters long`},
		{payload("javascript", `{"script":"x","execute_at":"server"}`), `c.payload.execute_at: must be client`},

		{payload("button.response", `{"callback":{}}`), `c.payload.body: is required`},
		{payload("list.response", `{"body":7}`), `c.payload.body: must be a string`},
		{payload("form.response", `{"fields":[{"label":"a","type":"email","value":"Ada <ada@example.com>"}]}`), `c.payload.fields[0].value: must be an email address`},
		{payload("form.response", `{"fields":[{"label":"a","type":"url","value":"javascript:x"},{"label":"b","type":"number","value":"x"}]}`), `c.payload.fields[0].value: must be an http or https link; c.payload.fields[1].value: must be a number`},
		{payload("form.response", `{"fields":[{"label":"a","type":"text","value":[]}]}`), `c.payload.fields[0].value: must be a string, a number, true or false or null`},
		{payload("calendar.response", `{"value":20261127}`), `c.payload.value: must be a string`},
		{payload("slider.response", `{"value":"30"}`), `c.payload.value: must be a number`},
		{payload("file_upload.response", `{"type":"program","payload":{"link":"x"}}`), `c.payload.type: must be one of image, audio, video, document; c.payload.payload.link: must be an http or https link`},
		{payload("appointment_booking.response", `{"event_id":"a","is_booking_confirmed":true,"is_booking_failed":true}`), `c.payload.is_booking_failed: must be false when is_booking_confirmed is true`},
		{payload("calendly.response", `{"variables":[]}`), `c.payload.variables: must be an object`},
		{payload("javascript.response", `{"variables":{"a":{}}}`), `c.payload.variables.a: must be a string, a number, true or false or null`},
		{payload("javascript.response", `{"variables":{"":1}}`), `c.payload.variables.: must not be empty`},
	} {
		_, err := schema.Content([]byte(c.body), "c")
		if got := told(t, err, parley.Invalid); !matches(got, c.wrong) {
			t.Errorf("%.120s\n got %s\nwant %s", c.body, got, c.wrong)
		}
	}
}

// told is what an error of the kind tells of each field, in a line.
func told(t *testing.T, err error, kind parley.Kind) string {
	t.Helper()
	var e *parley.Error
	if !errors.As(err, &e) {
		t.Errorf("not a *parley.Error: %v", err)
		return ""
	}
	if e.Kind != kind {
		t.Errorf("the kind is %d, not %d: %v", e.Kind, kind, err)
	}
	var fields []string
	for _, f := range e.Fields {
		fields = append(fields, f.Location+": "+f.Message)
	}
	return strings.Join(fields, "; ")
}

// matches compares with a pattern in which * stands for anything.
func matches(got, pattern string) bool {
	before, after, cut := strings.Cut(pattern, "*")
	return got == pattern || cut && strings.HasPrefix(got, before) && strings.HasSuffix(got, after)
}
