package ui_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/dashboard/ui"
)

// A moment of which nothing is known is no zero: the line has a gap there, and what
// stands alone is a dot.
func TestLinesHaveGaps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []float64
		lines  []string
	}{
		{[]float64{1, 2, 2, 1}, []string{"98.0,77.0 206.0,8.0 314.0,8.0 422.0,77.0"}},
		{[]float64{1, 2, ui.Nothing, 1}, []string{"98.0,77.0 206.0,8.0", "422.0,77.0 422.0,77.0"}},
		{[]float64{ui.Nothing, 2, ui.Nothing, ui.Nothing}, []string{"206.0,8.0 206.0,8.0"}},
		{[]float64{ui.Nothing, ui.Nothing, ui.Nothing, ui.Nothing}, nil},
	} {
		var b strings.Builder
		series := []ui.Series{{Name: "p50", Tone: ui.Accent, Values: test.values}}
		if err := ui.Lines("Latency", make([]parley.Time, 4), series, " ms").Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "<polyline"); got != len(test.lines) {
			t.Errorf("%v: there are %d lines: %s", test.values, got, b.String())
		}
		for _, line := range test.lines {
			if !strings.Contains(b.String(), `points="`+line+`"`) {
				t.Errorf("%v: there is no line %s in %s", test.values, line, b.String())
			}
		}
		if strings.Contains(b.String(), "NaN") {
			t.Errorf("%v: what is nothing is drawn: %s", test.values, b.String())
		}
	}
}
