package docs

import (
	"encoding/json"
	"testing"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{words("CustomField"), "custom field"},
		{words("APIKey"), "API key"},
		{words("Contact"), "contact"},
		{plural("inbox"), "inboxes"},
		{plural("delivery"), "deliveries"},
		{plural("API key"), "API keys"},
		{plural("contact"), "contacts"},
		{counted(1, "field"), "1 field"},
		{counted(3, "field"), "3 fields"},
		{grouped(1000), "1,000"},
		{grouped(999), "999"},
		{grouped(1234567), "1,234,567"},
		{enumerated([]string{"a"}), "a"},
		{enumerated([]string{"a", "b", "c"}), "a, b or c"},
		{slug("Custom fields"), "custom-fields"},
		{limits(new(1), new(200), "character"), "1 to 200 characters"},
		{limits(new(0), new(200), "character"), "at most 200 characters"},
		{limits(new(1), nil, "item"), "at least 1 item"},
		{limits(nil, nil, "item"), ""},
		{within(new(1.0), new(30.0)), "1 to 30"},
		{within(new(0.0), nil), "at least 0"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestJSONKeepsItsOrderAndPutsWhatIsShortOnOneLine(t *testing.T) {
	t.Parallel()
	const given = `{"b":1,"a":[],"c":{"short":"<x>"},"d":{"first":"a text that is long","then":"another that is long"},"e":[{"f":null}]}`
	const want = `{
  "b": 1,
  "a": [],
  "c": {"short": "<x>"},
  "d": {
    "first": "a text that is long",
    "then": "another that is long"
  },
  "e": [
    {"f": null}
  ]
}`
	tree := treeOf(json.RawMessage(given))
	if got := text(tree); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := string(brief(treeOf(map[string]string{"a": "<"}))); got != `{<b>&#34;a&#34;</b>: <i>&#34;&lt;&#34;</i>}` {
		t.Errorf("got %s", got)
	}
}
