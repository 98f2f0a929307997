package parley

import (
	"encoding/json"
	"net/mail"
	"strconv"
	"strings"
)

// FormPayload asks the visitor for several things at once.
type FormPayload struct {
	Message string      `json:"message" minLength:"1" maxLength:"10000" doc:"Stands above the form" example:"Tell us where to deliver."`
	Fields  []FormField `json:"fields" minItems:"1" maxItems:"50" doc:"The fields, each with a label of its own"`
}

// FormField is one thing that a form asks for.
type FormField struct {
	Label      string   `json:"label" minLength:"1" maxLength:"200" doc:"What is asked for" example:"Street"`
	Type       string   `json:"type" enum:"text,textarea,email,phone,number,date,url,checkbox,select" doc:"What kind of answer is wanted"`
	Variable   *string  `json:"variable,omitempty" maxLength:"200" doc:"The variable that keeps the answer" example:"street"`
	IsOptional *bool    `json:"is_optional,omitempty" doc:"Whether the visitor may leave it empty"`
	Options    []string `json:"options,omitzero" maxItems:"50" minLength:"1" maxLength:"200" doc:"With type select: the answers to choose from"`
}

// Check finds labels that repeat and selects that have nothing to choose from.
func (p *FormPayload) Check() (wrong []FieldError) {
	seen := map[string]bool{}
	for i, f := range p.Fields {
		if seen[f.Label] {
			wrong = append(wrong, FieldError{place("payload.fields[%d].label", i), "must differ from the labels before it"})
		}
		seen[f.Label] = true
		if f.Type == "select" && len(f.Options) == 0 {
			wrong = append(wrong, FieldError{place("payload.fields[%d].options", i), "is required for a select"})
		}
	}
	return wrong
}

func (p *FormPayload) plain() string {
	parts := []string{p.Message}
	for _, f := range p.Fields {
		parts = append(parts, f.Label)
	}
	return enumerate(parts...)
}

// FormResponsePayload is a form that the visitor has filled in.
type FormResponsePayload struct {
	Fields []FormAnswer `json:"fields" minItems:"1" maxItems:"50" doc:"The fields of the form with their values"`
}

// FormAnswer is what the visitor entered in one field of a form.
type FormAnswer struct {
	Label    string          `json:"label" minLength:"1" maxLength:"200" example:"Street"`
	Variable *string         `json:"variable,omitempty" maxLength:"200" doc:"The variable that keeps the answer" example:"street"`
	Type     string          `json:"type" enum:"text,textarea,email,phone,number,date,url,checkbox,select"`
	Value    json.RawMessage `json:"value" types:"string,number,boolean,null" maxLength:"10000" doc:"What was entered; null or empty: nothing"`
	Extra    json.RawMessage `json:"extra,omitzero" types:"object,string,null" maxLength:"200" maxProperties:"20" doc:"What belongs to the value, such as the country_code of a phone number; null or \"None\": nothing"`
}

// Check finds values that are not what their field asked for.
func (p *FormResponsePayload) Check() (wrong []FieldError) {
	for i, f := range p.Fields {
		if expected := f.expected(); expected != "" {
			wrong = append(wrong, FieldError{place("payload.fields[%d].value", i), "must be " + expected})
		}
	}
	return wrong
}

// expected is what the value should have been, "" if it is that.
func (f FormAnswer) expected() string {
	var text string
	if json.Unmarshal(f.Value, &text) != nil || text == "" {
		return ""
	}
	switch f.Type {
	case "email":
		if a, err := mail.ParseAddress(text); err != nil || a.Address != text {
			return "an email address"
		}
	case "url":
		if !IsWebLink(text) {
			return "an http or https link"
		}
	case "number":
		if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
			return "a number"
		}
	}
	return ""
}

// plain leaves out what the visitor left empty.
func (p *FormResponsePayload) plain() string {
	parts := make([]string, 0, len(p.Fields))
	for _, f := range p.Fields {
		if value := plainValue(f.Value); value != "" {
			parts = append(parts, f.Label+": "+value)
		}
	}
	return enumerate(parts...)
}

// plainValue is a JSON string without its quotes, nothing for null, and any other
// JSON as it is.
func plainValue(raw json.RawMessage) string {
	var text *string
	if json.Unmarshal(raw, &text) != nil {
		return string(raw)
	}
	return given(text)
}
