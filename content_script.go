package parley

import (
	"encoding/json"
	"maps"
	"slices"
)

// JavascriptPayload is a script for the page that the visitor is on.
type JavascriptPayload struct {
	Script    string  `json:"script" minLength:"1" maxLength:"20000" doc:"The source of the script" example:"parley.setVariables({cart: document.title});"`
	ExecuteAt *string `json:"execute_at,omitempty" enum:"client" doc:"Where it runs: in the visitor's browser"`
}

func (p *JavascriptPayload) plain() string { return "javascript" }

// VariablesPayload is what came of something that ran in the visitor's browser:
// the payload of javascript.response and calendly.response.
type VariablesPayload struct {
	Variables GivenValues `json:"variables" maxProperties:"100" doc:"What is known now, by name"`
}

// plain lists the variables by name, so that the same ones give the same line.
func (p *VariablesPayload) plain() string {
	var values Values
	if json.Unmarshal(p.Variables, &values) != nil {
		return ""
	}
	parts := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, name+": "+plainValue(values[name]))
	}
	return enumerate(parts...)
}

// GivenValues are [Values] as JSON, in the order in which they were given.
type GivenValues json.RawMessage

// MarshalJSON gives the values as they were given.
func (v GivenValues) MarshalJSON() ([]byte, error) { return json.RawMessage(v).MarshalJSON() }

// UnmarshalJSON keeps a copy of the values. It checks only that they are an object.
func (v *GivenValues) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, new(map[string]json.RawMessage)); err != nil {
		return err
	}
	*v = append((*v)[:0], b...)
	return nil
}
