package ui

import (
	"bytes"
	"strings"
	"testing"
)

func TestJSONIsShownAsText(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	raw := []byte(`{"<b>":"</script><script>alert(1)</script>","n":12345678901234567890,"list":[],"deep":{"a":[true,null,1.50]}}`)
	if err := JSON(raw, 2).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"12345678901234567890", "1.50", "&lt;/script&gt;", "&lt;b&gt;", "4 fields", "3 items"} {
		if !strings.Contains(page, want) {
			t.Errorf("there is no %q in %s", want, page)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>") {
		t.Errorf("markup of the data is markup of the page: %s", page)
	}
}

func TestWhatIsNoJSONIsShownAsItIs(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "{", "nonsense", `{"a":1`} {
		var b bytes.Buffer
		if err := JSON([]byte(raw), 1).Render(t.Context(), &b); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
}
