package parley_test

import (
	"testing"

	"parley"
)

func TestJSONIsLiteral(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]any{
		`"a < b & c > d"`:                            "a < b & c > d",
		`{"type":"text","text":"<b>Tom & Jo</b>"}`:   parley.TextContent("<b>Tom & Jo</b>"),
		`{"subject":"Q&A"}`:                          parley.Previous{"subject": "Q&A"},
		`{"content":{"type":"text","text":"1 < 2"}}`: parley.Previous{"content": parley.TextContent("1 < 2")},
	} {
		got, err := parley.JSON(v)
		if err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
	if _, err := parley.JSON(func() {}); err == nil {
		t.Error("a function has no JSON")
	}
}
