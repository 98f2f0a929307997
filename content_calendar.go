package parley

import (
	"encoding/json"
	"strings"
	"time"
)

// CalendarPayload asks the visitor for a date.
type CalendarPayload struct {
	AutoOpen   *bool          `json:"auto_open,omitempty" doc:"Whether the calendar opens by itself"`
	Title      string         `json:"title" minLength:"1" maxLength:"200" doc:"The question" example:"When shall we deliver?"`
	Validation *CalendarRules `json:"validation,omitempty" doc:"Which dates may be chosen; any if left out"`
}

// CalendarRules say which dates of a calendar may be chosen. Dates are written as
// the formatter says, or as 2026-11-20.
type CalendarRules struct {
	DatepickerType *string           `json:"datepicker_type,omitempty" enum:"single,range" doc:"One date, or a first and a last; single if left out"`
	Start          *string           `json:"start,omitempty" maxLength:"50" doc:"The first date that may be chosen; empty: any" example:"11/23/2026"`
	End            *string           `json:"end,omitempty" maxLength:"50" doc:"The last date that may be chosen; empty: any" example:"12/24/2026"`
	Formatter      *string           `json:"formatter,omitempty" maxLength:"50" doc:"How dates are written, with YYYY, MM and DD; YYYY-MM-DD if left out or empty" example:"MM/DD/YYYY"`
	ExcludeDays    []json.RawMessage `json:"exclude_days,omitzero" types:"string,integer" minimum:"0" maximum:"7" maxLength:"20" maxItems:"20" doc:"Days of the week that cannot be chosen, by name or by number (0 and 7: Sunday)"`
	Include        []string          `json:"include,omitzero" maxLength:"50" maxItems:"366" doc:"Dates that can be chosen all the same"`
	Selected       *string           `json:"selected,omitempty" maxLength:"120" doc:"The date that is chosen to begin with; empty: none" example:"11/27/2026"`
	Skip           []string          `json:"skip,omitzero" maxLength:"50" maxItems:"366" doc:"Dates that cannot be chosen"`
}

// Check finds texts that are no dates, and dates that exclude each other.
func (p *CalendarPayload) Check() []FieldError {
	if p.Validation == nil {
		return nil
	}
	return p.Validation.check("payload.validation.")
}

func (p *CalendarPayload) plain() string { return p.Title }

func (r *CalendarRules) check(prefix string) (wrong []FieldError) {
	formatter := given(r.Formatter)
	if formatter == "" {
		formatter = "YYYY-MM-DD"
	}
	date := func(where, text string) (day time.Time) {
		if text == "" {
			return day
		}
		day, ok := parseDate(formatter, text)
		if !ok {
			wrong = append(wrong, FieldError{prefix + where, "must be a date like " + formatter})
		}
		return day
	}
	start, end := date("start", given(r.Start)), date("end", given(r.End))
	if !start.IsZero() && !end.IsZero() && end.Before(start) {
		wrong = append(wrong, FieldError{prefix + "end", "must not be before start"})
	}
	if given(r.DatepickerType) != "range" { // a range is selected by two dates, in the picker's own way
		selected := date("selected", given(r.Selected))
		if !selected.IsZero() && (selected.Before(start) || !end.IsZero() && selected.After(end)) {
			wrong = append(wrong, FieldError{prefix + "selected", "must lie between start and end"})
		}
	}
	for i, text := range r.Include {
		date(place("include[%d]", i), text)
	}
	for i, text := range r.Skip {
		date(place("skip[%d]", i), text)
	}
	return wrong
}

// parseDate reads a date that is written as the formatter says, or as 2026-11-20.
func parseDate(formatter, text string) (time.Time, bool) {
	layout := strings.NewReplacer(
		"YYYY", "2006", "YY", "06", "MMMM", "January", "MMM", "Jan", "MM", "01", "M", "1",
		"DD", "02", "D", "2", "dddd", "Monday", "ddd", "Mon", "HH", "15", "mm", "04",
	).Replace(formatter)
	for _, layout := range []string{layout, time.DateOnly} {
		if day, err := time.Parse(layout, text); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// CalendarResponsePayload is the date that the visitor chose.
type CalendarResponsePayload struct {
	Value string  `json:"value" minLength:"1" maxLength:"50" doc:"The date, written as the calendar's formatter says; of a range, the first" example:"11/27/2026"`
	End   *string `json:"end,omitempty" maxLength:"50" doc:"Of a range, the last date" example:"11/30/2026"`
	Text  *string `json:"text,omitempty" maxLength:"200" doc:"How the answer is shown" example:"27 November"`
}

func (p *CalendarResponsePayload) plain() string {
	if text := given(p.Text); text != "" {
		return text
	}
	if end := given(p.End); end != "" {
		return p.Value + " – " + end
	}
	return p.Value
}
