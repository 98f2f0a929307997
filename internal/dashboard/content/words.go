package content

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/attachment"
	"parley/internal/dashboard/ui"
)

// size is a number of bytes as people read it.
func size(bytes int64) string {
	units := []string{"bytes", "KB", "MB", "GB"}
	value, unit := float64(bytes), 0
	for value >= 1000 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	if unit == 0 || value >= 10 {
		return fmt.Sprintf("%.0f %s", value, units[unit])
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}

// shownAs is how the bytes of a file are shown: image, audio, video, or not.
func shownAs(f file) string {
	if !attachment.Shown(f.ContentType) {
		return ""
	}
	family, _, _ := strings.Cut(f.ContentType, "/")
	return family
}

// host is where a link leads, for people.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Host
}

// number is a number as the visitor sees it, with its unit.
func number(v float64, unit *parley.SliderUnit) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if unit == nil {
		return text
	}
	if word := cmp.Or(given(unit.Value), given(unit.Label)); word != "" {
		return text + " " + word
	}
	return text
}

// begins is the number that a slider stands at to begin with.
func begins(p *parley.SliderPayload) float64 {
	if p.Value != nil {
		return *p.Value
	}
	return p.Min
}

// along is how far along a slider of 100 a number is.
func along(p *parley.SliderPayload) string {
	if p.Max <= p.Min {
		return "0"
	}
	return strconv.FormatFloat(100*min(1, max(0, (begins(p)-p.Min)/(p.Max-p.Min))), 'f', 1, 64)
}

// fact is something with its name.
type fact struct{ name, value string }

// rules are which dates may be chosen.
func rules(r *parley.CalendarRules) (facts []fact) {
	if r == nil {
		return nil
	}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, fact{name, value})
		}
	}
	if given(r.DatepickerType) == "range" {
		add("Choose", "a first and a last date")
	}
	add("From", given(r.Start))
	add("Until", given(r.End))
	add("Not on", days(r.ExcludeDays))
	add("Nor on", strings.Join(r.Skip, ", "))
	add("But on", strings.Join(r.Include, ", "))
	add("Chosen at first", given(r.Selected))
	add("Written as", given(r.Formatter))
	return facts
}

var weekdays = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// days are days of the week, which are named or numbered.
func days(raw []json.RawMessage) string {
	var names []string
	for _, r := range raw {
		text := value(r)
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(weekdays) {
			text = weekdays[n]
		}
		names = append(names, text)
	}
	return strings.Join(names, ", ")
}

// limits are what may be sent of files.
func limits(p *parley.FileUploadPayload) string {
	parts := []string{ui.Plural(max(1, given(p.UploadFileLimit)), "file", "files")}
	if len(p.AllowExtensions) > 0 {
		parts = append(parts, strings.Join(p.AllowExtensions, ", "))
	}
	if kb, err := strconv.ParseFloat(value(p.MaxFileSizeInKB), 64); err == nil && kb > 0 && kb < 1<<30 {
		parts = append(parts, "at most "+size(int64(kb*1024)))
	}
	return strings.Join(parts, " · ")
}

// told is what the visitor is told of files that are not taken.
func told(e *parley.UploadErrors) (facts []fact) {
	if e == nil {
		return nil
	}
	for _, f := range []fact{{"Too large", given(e.FileSize)}, {"Of another kind", given(e.FileExtensions)}, {"Not there", given(e.FileNotFound)}} {
		if f.value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// value is JSON as people read it: a text without its quotes, nothing for null.
func value(raw json.RawMessage) string {
	var text *string
	if len(raw) == 0 || json.Unmarshal(raw, &text) == nil {
		return given(text)
	}
	return string(raw)
}

// answers are what was filled in.
func answers(p *parley.FormResponsePayload) (facts []fact) {
	for _, f := range p.Fields {
		text := value(f.Value)
		switch text {
		case "true":
			text = "Yes"
		case "false":
			text = "No"
		}
		facts = append(facts, fact{f.Label, text})
	}
	return facts
}

// variables are named values, in the order in which they were given.
func variables(raw json.RawMessage) (facts []fact) {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		var v json.RawMessage
		if err != nil || d.Decode(&v) != nil {
			return facts
		}
		facts = append(facts, fact{fmt.Sprint(name), value(v)})
	}
	return facts
}

// bookingFacts are what is known of an appointment.
func bookingFacts(p *parley.BookingResponsePayload) (facts []fact) {
	for _, v := range p.Variables {
		facts = append(facts, fact{v.Name, value(v.Value)})
	}
	if zone := given(p.VisitorTimezone); zone != "" {
		facts = append(facts, fact{"Visitor’s time zone", zone})
	}
	return facts
}

// outcome is what became of an offer of appointments.
func outcome(p *parley.BookingResponsePayload) (ui.Tone, string) {
	switch {
	case p.IsBookingConfirmed:
		return ui.Good, "Booked"
	case given(p.IsBookingFailed):
		return ui.Bad, "Booking failed"
	}
	return ui.Warn, "Not booked"
}

// chosen are the titles that were chosen.
func chosen(p *parley.ChoicePayload) []string {
	if len(p.Selected) > 0 {
		return p.Selected
	}
	return []string{p.Body}
}

// carried is a callback that says something.
func carried(raw json.RawMessage) string {
	if text := value(raw); !slices.Contains([]string{"", "{}", "null", `""`}, text) {
		return ui.Pretty([]byte(text))
	}
	return ""
}

// action is what a click on a picture of a carousel does: opens a page, or else what it
// goes on with.
func action(i parley.CarouselItem) (link, step string) {
	if a := given(i.Action); parley.IsWebLink(a) {
		return a, ""
	}
	return "", given(i.Action)
}

// asJSON is content as it was given, for what cannot be drawn otherwise.
func asJSON(c parley.Content) string {
	raw, err := parley.JSON(c)
	if err != nil {
		return c.Type
	}
	return ui.Pretty(raw)
}

// fieldKinds are what the fields of a form ask for.
var fieldKinds = map[string]string{
	"text": "Text", "textarea": "Longer text", "email": "Email", "phone": "Phone number", "number": "Number", "date": "Date", "url": "Link",
	"checkbox": "Yes or no", "select": "Choose one",
}

// called is what a file is called: by the message, or else by the attachment.
func called(name string, f file) string { return cmp.Or(name, f.FileName) }

func bookedName(p *parley.BookingResponsePayload) string {
	return cmp.Or(given(p.EventName), "Appointment")
}

func pictureName(i parley.CarouselItem, n int) string {
	return cmp.Or(given(i.Title), "Picture "+strconv.Itoa(n+1))
}

// wanted is what a field of a form asks for.
func wanted(f parley.FormField) string {
	if len(f.Options) > 0 {
		return fieldKinds[f.Type] + ": " + strings.Join(f.Options, ", ")
	}
	return fieldKinds[f.Type]
}

// moves is how a slider moves.
func moves(p *parley.SliderPayload) string {
	text := "Begins at " + number(begins(p), p.Unit)
	if step := p.StepSize(); step > 0 {
		text += ", in steps of " + number(step, nil)
	}
	return text
}
