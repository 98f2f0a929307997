package bench

// Figure is one thing that was measured, and the bound that it is held against.
// What is not known, because the system does not tell or there is nothing to compare
// with, is null in JSON.
type Figure struct {
	Scenario string `json:"scenario"`
	Name     string `json:"name"`

	Value *float64 `json:"value"`
	Unit  Unit     `json:"unit"` // of Value and Baseline

	ComparedWith *string  `json:"compared_with"` // what Baseline is of
	Baseline     *float64 `json:"baseline"`
	Ratio        *float64 `json:"ratio"` // of Value to Baseline

	Bound   float64 `json:"bound"`
	BoundOf string  `json:"bound_of"` // "ratio" or "value"
	BoundIs string  `json:"bound_is"` // "at_least" or "at_most"
	Verdict Verdict `json:"verdict"`

	How string `json:"how"` // one line
}

// Unit is what a figure counts.
type Unit string

// The units of figures.
const (
	PerSecond Unit = "per_second"
	Seconds   Unit = "seconds"
	Mebibytes Unit = "mebibytes"
	Cores     Unit = "cores" // seconds of CPU time a second
)

// Verdict is how a figure stands to its bound.
type Verdict string

// The verdicts. A figure whose value is not known is neither reached nor missed.
const (
	Reached Verdict = "reached"
	Missed  Verdict = "missed"
	Unknown Verdict = "unknown"
)

// figure is a measured value; how says in a line how it was come by.
func figure(name string, value float64, unit Unit, how string) Figure {
	return Figure{Name: name, Value: &value, Unit: unit, How: how}
}

// perhaps is a figure that this system may not tell.
func perhaps(name string, value *float64, unit Unit, how string) Figure {
	return Figure{Name: name, Value: value, Unit: unit, How: how}
}

// against compares a figure with another value of the same unit.
func (f Figure) against(what string, baseline float64) Figure {
	f.ComparedWith, f.Baseline = &what, &baseline
	if f.Value != nil && baseline > 0 {
		f.Ratio = new(*f.Value / baseline)
	}
	return f
}

// atLeast holds a figure, or its ratio if it is compared, against a lower bound.
func (f Figure) atLeast(bound float64) Figure {
	return f.hold("at_least", bound, func(x float64) bool { return x >= bound })
}

// atMost holds a figure, or its ratio if it is compared, against an upper bound.
func (f Figure) atMost(bound float64) Figure {
	return f.hold("at_most", bound, func(x float64) bool { return x <= bound })
}

func (f Figure) hold(is string, bound float64, reached func(float64) bool) Figure {
	f.Bound, f.BoundIs, f.BoundOf = bound, is, "value"
	if f.ComparedWith != nil {
		f.BoundOf = "ratio"
	}
	f.Verdict = Unknown
	if held := f.held(); held != nil {
		f.Verdict = Missed
		if reached(*held) {
			f.Verdict = Reached
		}
	}
	return f
}

// held is what the bound is of, nil if that is not known.
func (f Figure) held() *float64 {
	if f.BoundOf == "ratio" {
		return f.Ratio
	}
	return f.Value
}
