package browser

import (
	"slices"
	"testing"
)

func TestWhatIsExpectedMustHappenAndNothingElse(t *testing.T) {
	t.Parallel()
	problems := []string{"GET /a answered 422", "console error: out of paper"}
	for name, test := range map[string]struct{ expected, surprises, missed []string }{
		"nothing expected":  {nil, problems, nil},
		"all expected":      {[]string{"422", "paper"}, nil, nil},
		"one expected":      {[]string{"422"}, problems[1:], nil},
		"one did not occur": {[]string{"422", "paper", "ink"}, nil, []string{"ink"}},
	} {
		surprises, missed := compare(problems, test.expected)
		if !slices.Equal(surprises, test.surprises) || !slices.Equal(missed, test.missed) {
			t.Errorf("%s: surprises %q, missed %q", name, surprises, missed)
		}
	}
}
