package parley_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley"
)

func readContent(t *testing.T, stored string) parley.Content {
	t.Helper()
	var c parley.Content
	if err := json.Unmarshal([]byte(stored), &c); err != nil {
		t.Fatalf("%s: %v", stored, err)
	}
	return c
}

func TestStoredContentStaysReadable(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]string{
		"a type of a later release":       `{"type":"hologram","payload":{"depth":3}}`,
		"a payload of another shape":      `{"type":"buttons","payload":["Yes","No"]}`,
		"a payload of null":               `{"type":"slider","payload":null}`,
		"a type of a later one with text": `{"type":"whisper","text":"psst"}`,
	} {
		c := readContent(t, stored)
		shown, err := json.Marshal(c)
		if err != nil || string(shown) != stored {
			t.Errorf("%s: %s is shown as %s (%v)", name, stored, shown, err)
		}
		if c.Plain() == "" || len(c.Check()) > 0 {
			t.Errorf("%s: plain %q, wrong %v", name, c.Plain(), c.Check())
		}
	}
}

func TestContentOfMessagesIsCopiedOutOfItsBytes(t *testing.T) {
	t.Parallel()
	stored := []byte(`{"type":"slider","payload":{"title":"How many?","min":1,"max":9,"step":"None"}}`)
	var c parley.Content
	if err := json.Unmarshal(stored, &c); err != nil {
		t.Fatal(err)
	}
	clear(stored)
	if p := c.Payload.(*parley.SliderPayload); string(p.Step) != `"None"` || p.Title != "How many?" {
		t.Errorf("got %+v", p)
	}
}

func TestPlainSaysEveryContentInOneLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ stored, want string }{
		{`{"type":"text","text":" Hello,\n\tAda!  "}`, "Hello, Ada!"},
		{`{"type":"text","text":" \n"}`, "text"},
		{`{"type":"image","payload":{"link":"https://files.example.com/a/oven%20door.jpg?size=2"}}`, "oven door.jpg"},
		{`{"type":"image","payload":{"link":"https://files.example.com/a.jpg","file_name":"Oven.jpg"}}`, "Oven.jpg"},
		{`{"type":"video","payload":{"link":"https://files.example.com"}}`, "https://files.example.com"},
		{`{"type":"buttons","payload":{"title":"Go on?","buttons":[{"title":"Yes"},{"title":"No"}]}}`, "Go on? · Yes · No"},
		{`{"type":"carousel","payload":{"items":[{"image":"https://files.example.com/a.jpg"}]}}`, "carousel"},
		{`{"type":"slider.response","payload":{"value":0.5}}`, "0.5"},
		{`{"type":"slider.response","payload":{"value":12,"text":"12 guests"}}`, "12 guests"},
		{`{"type":"calendar.response","payload":{"value":"11/27/2026","end":"11/30/2026"}}`, "11/27/2026 – 11/30/2026"},
		{`{"type":"javascript","payload":{"script":"alert(1)"}}`, "javascript"},
		{`{"type":"javascript.response","payload":{"variables":{"b":"two","a":1,"c":null}}}`, "a: 1 · b: two · c:"},
		{`{"type":"appointment_booking.response","payload":{"event_id":1,"is_booking_confirmed":true}}`, "booked"},
		{`{"type":"form.response","payload":{"fields":[{"label":"Age","type":"number","value":7},{"label":"Name","type":"text","value":"Ada"},{"label":"Web","type":"url","value":null}]}}`, "Age: 7 · Name: Ada"},
		{`{"type":"hologram","payload":{"depth":3}}`, "hologram"},
	} {
		if got := readContent(t, c.stored).Plain(); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.stored, got, c.want)
		}
	}
}

func TestContentTypesAreDeclaredWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, ct := range parley.ContentTypes() {
		if seen[ct.Name] {
			t.Errorf("%s is declared twice", ct.Name)
		}
		seen[ct.Name] = true
		if ct.Answer != strings.HasSuffix(ct.Name, ".response") {
			t.Errorf("%s: answer is %v", ct.Name, ct.Answer)
		}
		if ct.Doc == "" || !strings.HasSuffix(ct.Doc, ".") || ct.Example.Type != ct.Name || len(ct.Example.Check()) > 0 {
			t.Errorf("%s: %q, example %+v, wrong %v", ct.Name, ct.Doc, ct.Example, ct.Example.Check())
		}
		if plain := ct.Example.Plain(); plain == "" || strings.ContainsAny(plain, "\n{}") {
			t.Errorf("%s: plain %q", ct.Name, plain)
		}
	}
	if len(seen) != 23 {
		t.Errorf("%d types, not 14 that are sent and 9 answers", len(seen))
	}
}

func TestButtonsOpenTheirPageHoweverItIsGiven(t *testing.T) {
	t.Parallel()
	for callback, want := range map[string]string{
		`{"web_url":"https://a.example.com"}`:                                  "https://a.example.com",
		`"{\"web_url\":\"https://a.example.com\",\"browser_window\":\"new\"}"`: "https://a.example.com",
		`"https://a.example.com"`:                                              "https://a.example.com",
		`{"WEB_URL":"https://a.example.com"}`:                                  "",
		`{"web_url":["https://a.example.com"]}`:                                "",
		`null`:                                                                 "",
		`""`:                                                                   "",
	} {
		if got := (parley.Button{Type: new("web_url"), Callback: json.RawMessage(callback)}).Page(); got != want {
			t.Errorf("%s: got %q, want %q", callback, got, want)
		}
	}
	if got := (parley.Button{Callback: json.RawMessage(`"https://a.example.com"`)}).Page(); got != "" {
		t.Errorf("a branch opens %q", got)
	}
}

func TestStepsOfASlider(t *testing.T) {
	t.Parallel()
	for step, want := range map[string]float64{``: 0, `null`: 0, `"None"`: 0, `""`: 0, `2`: 2, `"0.25"`: 0.25} {
		if got := (&parley.SliderPayload{Step: json.RawMessage(step)}).StepSize(); got != want {
			t.Errorf("%s: got %v, want %v", step, got, want)
		}
	}
}

func TestOnlyWebLinksAreWebLinks(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]bool{
		"https://example.com": true, "http://192.0.2.7:8080/a?b#c": true, "HTTPS://example.com": true, "https://[2001:db8::1]/": true,
		"javascript:alert(1)": false, "JavaScript:alert(1)": false, " https://example.com": false, "data:text/html,x": false,
		"//example.com": false, "/a": false, "": false, "https:": false, "https:///a": false, "https://exa mple.com": false,
		"https://example.com/\n": false, "ftp://example.com": false, "java\nscript:alert(1)": false, `https:\\example.com`: false,
	} {
		if got := parley.IsWebLink(link); got != want {
			t.Errorf("%q: got %v", link, got)
		}
	}
}
