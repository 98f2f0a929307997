package parley

import (
	"encoding/json"
	"strconv"
	"strings"
)

// SliderPayload asks the visitor for a number between two others.
type SliderPayload struct {
	Title string          `json:"title" minLength:"1" maxLength:"200" doc:"The question" example:"How many guests?"`
	Min   float64         `json:"min" minimum:"-1000000000000000" maximum:"1000000000000000" doc:"The least number" example:"2"`
	Max   float64         `json:"max" minimum:"-1000000000000000" maximum:"1000000000000000" doc:"The greatest number" example:"40"`
	Step  json.RawMessage `json:"step,omitzero" types:"number,string,null" maxLength:"20" doc:"The distance of one number to the next; null, empty or \"None\": any number"`
	Value *float64        `json:"value,omitempty" doc:"The number that is chosen to begin with; min if left out" example:"10"`
	Unit  *SliderUnit     `json:"unit,omitempty" doc:"What is counted"`
}

// SliderUnit is what a slider counts.
type SliderUnit struct {
	Label     *string `json:"label,omitempty" maxLength:"200" doc:"How the unit is called" example:"guests"`
	Value     *string `json:"value,omitempty" maxLength:"200" doc:"How the unit is written beside the number"`
	Formatter *string `json:"formatter,omitempty" maxLength:"200" doc:"How number and unit are put together"`
}

// StepSize is the distance of one number to the next, 0 for none.
func (p *SliderPayload) StepSize() float64 {
	size, _ := p.stepSize()
	return size
}

func (p *SliderPayload) stepSize() (size float64, ok bool) {
	text := strings.Trim(string(p.Step), `"`)
	if text == "" || text == "null" || text == "None" {
		return 0, true
	}
	size, err := strconv.ParseFloat(text, 64)
	return size, err == nil && size > 0
}

// Check finds a slider that cannot be moved, steps that do not fit into it, and a
// value outside of it.
func (p *SliderPayload) Check() (wrong []FieldError) {
	if p.Min >= p.Max {
		wrong = append(wrong, FieldError{"payload.min", "must be less than max"})
	}
	step, ok := p.stepSize()
	switch {
	case !ok:
		wrong = append(wrong, FieldError{"payload.step", `must be a number greater than 0, null, or "None"`})
	case p.Min < p.Max && step > p.Max-p.Min:
		wrong = append(wrong, FieldError{"payload.step", "must not be greater than the distance from min to max"})
	}
	if p.Value != nil && (*p.Value < p.Min || *p.Value > p.Max) {
		wrong = append(wrong, FieldError{"payload.value", "must lie between min and max"})
	}
	return wrong
}

func (p *SliderPayload) plain() string { return p.Title }

// SliderResponsePayload is the number that the visitor chose.
type SliderResponsePayload struct {
	Value float64 `json:"value" minimum:"-1000000000000000" maximum:"1000000000000000" doc:"The number" example:"12"`
	Text  *string `json:"text,omitempty" maxLength:"200" doc:"How the answer is shown" example:"12 guests"`
}

func (p *SliderResponsePayload) plain() string {
	if text := given(p.Text); text != "" {
		return text
	}
	return strconv.FormatFloat(p.Value, 'f', -1, 64)
}
