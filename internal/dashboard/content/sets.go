package content

import (
	"encoding/json"
	"strconv"
	"strings"

	"parley"
	"parley/internal/dashboard/form"
)

// composer is how a type of content is written: its fields, named as its payload names
// them where that is possible, and what is to be done to make a payload of them.
type composer struct {
	fields []form.Field
	finish func(payload)                           // makes what the fields give a payload; nil: it is one
	places func(p payload, location string) string // the input at which a place in the payload is told; nil: the one of its name
}

// payload is a payload in the making.
type payload = map[string]any

// texts that may have any number of lines are form.LongText.
func field(kind form.Kind, name, label, help string, longest int) form.Field {
	return form.Field{Kind: kind, Name: name, Label: label, Help: help, MaxLength: longest}
}

func required(f form.Field) form.Field {
	f.Required = true
	return f
}

func question(example string) form.Field {
	f := required(field(form.Text, "title", "Question", "", 200))
	f.Placeholder = example
	return f
}

func choice(name, label, standard string, options ...form.Option) form.Field {
	return form.Field{Kind: form.Choice, Name: name, Label: label, Default: standard, Options: options}
}

func rows(name, label, help string, fields ...form.Field) form.Field {
	return form.Field{Kind: form.Rows, Name: name, Label: label, Help: help, Fields: fields}
}

// composers are the types that agents send, text aside.
var composers = map[string]composer{
	"image": elsewhereFile, "audio": elsewhereFile, "video": elsewhereFile, "document": elsewhereFile,
	"buttons": {
		fields: []form.Field{
			question("How may we help?"),
			rows("buttons", "Button", "A button answers the question, or opens a page if it has a link", field(form.Text, "title", "Title", "", 200), field(form.Link, "page", "Opens a page", "", 2000)),
			choice("buttons_layout", "Arranged", "horizontal", form.Option{Value: "horizontal", Label: "Beside each other"}, form.Option{Value: "vertical", Label: "Below each other"}),
			field(form.Boolean, "multi_select_enabled", "Several may be chosen", "", 0),
		},
		finish: finishButtons, places: replacing(".callback", ".page"),
	},
	"list": {
		fields: []form.Field{
			question("Which shop is yours?"),
			rows("items", "Choice", "Choices that follow each other with the same section stand below its name", field(form.Text, "title", "Title", "", 200), field(form.Text, "description", "Description", "", 1000), field(form.Text, "section", "Section", "", 200)),
			field(form.Text, "button", "On the button that opens it", "", 200),
			field(form.Text, "header", "Above the question", "", 200), field(form.Text, "footer", "Below the question", "", 200),
		},
		finish: finishList, places: listPlace,
	},
	"carousel": {
		fields: []form.Field{
			field(form.Text, "title", "Title", "", 200),
			rows("items", "Picture", "", field(form.Link, "image", "Link to the picture", "", 2048), field(form.Text, "title", "Title", "", 200), field(form.Text, "description", "Description", "", 1000), field(form.Text, "action", "A click opens", "", 2048)),
		},
		finish: always("items"),
	},
	"form": {
		fields: []form.Field{
			required(field(form.LongText, "message", "Message", "Stands above the form", 10_000)),
			rows("fields", "Field", "", field(form.Text, "label", "Label", "", 200), choice("type", "Asks for", "text", formTypes()...), field(form.Texts, "options", "To choose from, one on a line", "", 0), field(form.Text, "variable", "Kept in the variable", "", 200), field(form.Boolean, "is_optional", "May be left empty", "", 0)),
		},
		finish: always("fields"),
	},
	"calendar": {
		fields: []form.Field{
			question("When shall we deliver?"),
			choice("validation.datepicker_type", "Asks for", "single", form.Option{Value: "single", Label: "One date"}, form.Option{Value: "range", Label: "A first and a last date"}),
			field(form.Date, "validation.start", "The first date to choose from", "", 50), field(form.Date, "validation.end", "The last date to choose from", "", 50),
			{Kind: form.Choices, Name: "exclude_days", Label: "Not on", Options: weekdayOptions()},
			field(form.Texts, "validation.skip", "Nor on these dates", "One on a line, like 2026-12-24", 0),
		},
		finish: finishCalendar, places: replacing("validation.exclude_days", "exclude_days"),
	},
	"slider": {
		fields: []form.Field{
			question("How many guests?"), required(field(form.Number, "min", "Least", "", 0)), required(field(form.Number, "max", "Greatest", "", 0)),
			field(form.Number, "step", "In steps of", "Empty: any number", 0), field(form.Number, "value", "Begins at", "Empty: the least", 0), field(form.Text, "unit.label", "Unit", "Such as guests", 200),
		},
	},
	"file_upload": {
		fields: []form.Field{
			question("Show us the damage"), field(form.Texts, "allow_extensions", "Kinds of files", "Extensions like .jpg, one on a line; empty: any", 0),
			field(form.Number, "max_file_size_in_kb", "Largest file in KB", "", 0), field(form.Number, "upload_file_limit", "How many files", "Empty: 1", 0),
			field(form.Text, "error_message.file_size", "Said of a file that is too large", "", 500), field(form.Text, "error_message.file_extensions", "Said of a file of another kind", "", 500),
		},
	},
	"appointment_booking": {
		fields: []form.Field{
			required(field(form.Text, "title", "What is offered", "", 200)), required(field(form.Text, "event_id", "Kind of appointment", "As the calendar’s own system names it", 200)),
			field(form.Number, "duration.value", "Minutes", "", 0),
		},
		finish: finishBooking,
	},
	"javascript": {
		fields: []form.Field{required(field(form.LongText, "script", "Script", "Runs in the visitor’s browser, on the page that they are on", 20_000))},
		finish: func(p payload) { p["execute_at"] = "client" },
	},
}

var elsewhereFile = composer{fields: []form.Field{
	required(field(form.Link, "link", "Link", "Where the file is. To send a file of your own, upload it", 2048)),
	field(form.Text, "file_name", "Name", "What it is shown and saved as", 255), field(form.Text, "mime_type", "Media type", "Such as image/jpeg", 255),
}}

func formTypes() (options []form.Option) {
	for _, name := range []string{"text", "textarea", "email", "phone", "number", "date", "url", "checkbox", "select"} {
		options = append(options, form.Option{Value: name, Label: fieldKinds[name]})
	}
	return options
}

func weekdayOptions() (options []form.Option) {
	for n, name := range weekdays[:7] {
		options = append(options, form.Option{Value: strconv.Itoa(n), Label: name})
	}
	return options
}

func replacing(in, by string) func(payload, string) string {
	return func(_ payload, location string) string { return strings.Replace(location, in, by, 1) }
}

// always makes a list be there: without items, as is then said of it.
func always(list string) func(payload) {
	return func(p payload) {
		if p[list] == nil {
			p[list] = []any{}
		}
	}
}

// each are the objects of a list.
func each(p payload, list string) (objects []payload) {
	all, _ := p[list].([]any)
	for _, item := range all {
		if o, ok := item.(payload); ok {
			objects = append(objects, o)
		}
	}
	return objects
}

func finishButtons(p payload) {
	always("buttons")(p)
	for _, b := range each(p, "buttons") {
		b["type"] = "branch"
		if link, ok := b["page"]; ok {
			b["type"], b["callback"] = "web_url", payload{"web_url": link, "browser_window": "new"}
			delete(b, "page")
		}
	}
}

func finishCalendar(p payload) {
	days, _ := p["exclude_days"].([]any)
	delete(p, "exclude_days")
	rules, ok := p["validation"].(payload)
	if len(days) == 0 || !ok {
		return
	}
	for i, day := range days {
		text, _ := day.(string)
		if n, err := strconv.Atoi(text); err == nil {
			days[i] = n
		}
	}
	rules["exclude_days"] = days
}

func finishBooking(p payload) {
	if d, ok := p["duration"].(payload); ok {
		d["label"] = "minutes"
	}
}

// object reads a body that package form made.
func object(body json.RawMessage) payload {
	p := payload{}
	_ = json.Unmarshal(body, &p) // it is an object: form made it
	return p
}

// whole is the content that a payload makes.
func whole(contentType string, p payload) json.RawMessage {
	raw, err := parley.JSON(map[string]any{"type": contentType, "payload": p})
	if err != nil {
		panic(err) // texts, numbers and booleans
	}
	return raw
}
