package parley

import (
	"encoding/json"
	"fmt"
)

// ButtonsPayload is a question with buttons to answer it.
type ButtonsPayload struct {
	SearchEnabled      *bool    `json:"search_enabled,omitempty" doc:"Whether the visitor may search the buttons"`
	MultiSelectEnabled *bool    `json:"multi_select_enabled,omitempty" doc:"Whether the visitor may choose several"`
	ButtonsLayout      *string  `json:"buttons_layout,omitempty" enum:"horizontal,vertical" doc:"How the buttons are arranged; horizontal if left out"`
	ButtonsOrder       *string  `json:"buttons_order,omitempty" maxLength:"50" doc:"\"as defined\", or another order that the channel knows" example:"as defined"`
	Buttons            []Button `json:"buttons" minItems:"1" maxItems:"20" doc:"The buttons, each with a title of its own"`
	Title              string   `json:"title" minLength:"1" maxLength:"200" doc:"The question" example:"How may we help?"`
}

// Button is one of the choices of a question.
type Button struct {
	Title      string          `json:"title" minLength:"1" maxLength:"200" doc:"What stands on the button" example:"Where is my order?"`
	Type       *string         `json:"type,omitempty" enum:"branch,web_url" doc:"branch answers the question, which is what a button does if this is left out; web_url opens a page"`
	Callback   json.RawMessage `json:"callback,omitzero" types:"string,object,null" maxLength:"5000" maxProperties:"50" doc:"What comes back with the answer. Of a web_url button: {\"web_url\":\"https://…\",\"browser_window\":\"new\"}, as an object, as JSON in a string, or the link alone"`
	NextDialog *string         `json:"next_dialog,omitempty" maxLength:"200" doc:"The step of a flow that follows" example:"6"`
}

// Page is the link that a web_url button opens, "" if it has none. The callback
// holds it as an object, as JSON in a string, or as nothing but the link.
func (b Button) Page() string {
	callback := b.Callback
	var text string
	if json.Unmarshal(callback, &text) == nil {
		callback = json.RawMessage(text)
	}
	if len(callback) == 0 {
		return ""
	}
	var members map[string]any // and no struct, which would take WEB_URL for web_url
	if json.Unmarshal(callback, &members) == nil {
		link, _ := members["web_url"].(string)
		return link
	}
	if given(b.Type) == "web_url" {
		return text
	}
	return ""
}

// Check finds titles that repeat and web_url buttons that open no web page.
func (p *ButtonsPayload) Check() (wrong []FieldError) {
	seen := map[string]bool{}
	for i, b := range p.Buttons {
		if seen[b.Title] {
			wrong = append(wrong, FieldError{place("payload.buttons[%d].title", i), "must differ from the titles before it"})
		}
		seen[b.Title] = true
		page := b.Page()
		if (page != "" || given(b.Type) == "web_url") && !IsWebLink(page) {
			wrong = append(wrong, FieldError{place("payload.buttons[%d].callback", i), "must hold a web_url that is an http or https link"})
		}
	}
	return wrong
}

func (p *ButtonsPayload) plain() string {
	parts := []string{p.Title}
	for _, b := range p.Buttons {
		parts = append(parts, b.Title)
	}
	return enumerate(parts...)
}

// ListPayload is a question with a list to choose from, in sections.
type ListPayload struct {
	Header *ListHeader `json:"header,omitempty" doc:"Stands above the question"`
	Footer *string     `json:"footer,omitempty" maxLength:"200" doc:"Stands below the question"`
	Title  string      `json:"title" minLength:"1" maxLength:"200" doc:"The question" example:"Which shop is yours?"`
	List   ListChoices `json:"list" doc:"What there is to choose from, at most 50 items in all"`
}

// ListHeader is what stands above the question of a list.
type ListHeader struct {
	Type string `json:"type" enum:"text"`
	Text string `json:"text" maxLength:"200" example:"Our shops"`
}

// ListChoices are what the visitor chooses from.
type ListChoices struct {
	Title    *string       `json:"title,omitempty" maxLength:"200" doc:"Stands on the button that opens the list" example:"Choose a shop"`
	Sections []ListSection `json:"sections" minItems:"1" maxItems:"50"`
}

// ListSection is a group of items of a list.
type ListSection struct {
	Title *string    `json:"title,omitempty" maxLength:"200" example:"North"`
	Items []ListItem `json:"items" minItems:"1" maxItems:"50" doc:"Each with a title of its own within the section"`
}

// ListItem is one of the choices of a list.
type ListItem struct {
	Title       string  `json:"title" minLength:"1" maxLength:"200" example:"Harbour Street"`
	Description *string `json:"description,omitempty" maxLength:"1000" example:"Open until six"`
	NextDialog  *string `json:"next_dialog,omitempty" maxLength:"200" doc:"The step of a flow that follows" example:"2"`
}

const maxListItems = 50

// Check finds titles that repeat within a section, and lists that are too long.
func (p *ListPayload) Check() (wrong []FieldError) {
	total := 0
	for i, section := range p.List.Sections {
		seen := map[string]bool{}
		for j, item := range section.Items {
			if seen[item.Title] {
				wrong = append(wrong, FieldError{place("payload.list.sections[%d].items[%d].title", i, j), "must differ from the titles before it in the section"})
			}
			seen[item.Title] = true
		}
		total += len(section.Items)
	}
	if total > maxListItems {
		wrong = append(wrong, FieldError{"payload.list.sections", fmt.Sprintf("must have at most %d items in all", maxListItems)})
	}
	return wrong
}

func (p *ListPayload) plain() string {
	parts := []string{p.Title}
	for _, section := range p.List.Sections {
		for _, item := range section.Items {
			parts = append(parts, item.Title)
		}
	}
	return enumerate(parts...)
}

// ChoicePayload is what the visitor chose: the payload of button.response and
// list.response.
type ChoicePayload struct {
	Body     string          `json:"body" minLength:"1" maxLength:"10000" doc:"The title of what was chosen; of several, all of them in a line" example:"Where is my order?"`
	Callback json.RawMessage `json:"callback,omitzero" types:"string,object,null" maxLength:"5000" maxProperties:"50" doc:"The callback of the button"`
	Selected []string        `json:"selected,omitzero" maxItems:"50" maxLength:"200" doc:"The titles, where several may be chosen"`
}

func (p *ChoicePayload) plain() string { return p.Body }

func place(format string, indexes ...any) string { return fmt.Sprintf(format, indexes...) }
