package parley

import (
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
	Variables Values `json:"variables" maxProperties:"100" doc:"What is known now, by name"`
}

// plain lists the variables by name, so that the same ones give the same line.
func (p *VariablesPayload) plain() string {
	parts := make([]string, 0, len(p.Variables))
	for _, name := range slices.Sorted(maps.Keys(p.Variables)) {
		parts = append(parts, name+": "+plainValue(p.Variables[name]))
	}
	return enumerate(parts...)
}
