package spelling_test

import (
	"strings"
	"testing"

	"parley/internal/spelling"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	candidates := []string{"inbox_id", "name", "names", "status"}
	for given, want := range map[string]string{
		"inboxId":                "inbox_id",
		"Inbox-ID":               "inbox_id",
		"nam":                    "name",
		"stauts":                 "status",
		"colour":                 "",
		"x":                      "",
		strings.Repeat("a", 100): "",
	} {
		if got := spelling.Nearest(given, candidates); got != want {
			t.Errorf("nearest to %q is %q, want %q", given, got, want)
		}
	}
	if got := spelling.DidYouMean("nam", candidates); got != `; did you mean "name"?` {
		t.Errorf("the message ends in %q", got)
	}
	if got := spelling.DidYouMean("colour", candidates); got != "" {
		t.Errorf("nothing is near, and the message ends in %q", got)
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"name", "name", 0},
		{"name", "nam", 1},
		{"name", "names", 1},
		{"kitten", "sitting", 3},
	} {
		if got := spelling.Distance(test.a, test.b); got != test.want || spelling.Distance(test.b, test.a) != test.want {
			t.Errorf("from %q to %q are %d, want %d both ways", test.a, test.b, got, test.want)
		}
	}
}
