package parley

import (
	"encoding/json"
	"reflect"
	"slices"
)

// ContentType is a declared type of content. From the declaration come its JSON
// Schema, its example, its page in the docs and its place in OpenAPI.
type ContentType struct {
	Name    string
	Doc     string       // one sentence
	Answer  bool         // whether it is the visitor's answer to content of another type
	Payload reflect.Type // the struct of its payload, nil for "text"
	Example Content

	payload func() any // a new payload to read into
}

// ContentTypes lists every type of content, questions before answers.
func ContentTypes() []ContentType { return slices.Clone(contentTypeTable) }

var contentTypeTable = []ContentType{
	{Name: "text", Doc: "A text.", Example: TextContent("Your cake is in the oven.")},
	sends("image", "A picture.", media("oven.jpg", "image/jpeg")),
	sends("audio", "A recording.", media("greeting.mp3", "audio/mpeg")),
	sends("video", "A film.", media("kneading.mp4", "video/mp4")),
	sends("document", "A file of any other kind.", media("price-list.pdf", "application/pdf")),
	sends("buttons", "A question with buttons to answer it.", ButtonsPayload{
		Title: "How may we help?",
		Buttons: []Button{
			{Title: "Where is my order?", Type: new("branch"), Callback: json.RawMessage(`""`), NextDialog: new("order")},
			{Title: "Visit the shop", Type: new("web_url"), Callback: json.RawMessage(`{"web_url":"https://shop.example.com/","browser_window":"new"}`), NextDialog: new("")},
		},
		ButtonsLayout: new("horizontal"), ButtonsOrder: new("as defined"), SearchEnabled: new(false), MultiSelectEnabled: new(false),
	}),
	sends("list", "A question with a list to choose from.", ListPayload{
		Header: &ListHeader{Type: "text", Text: "Our shops"}, Title: "Which shop is yours?", Footer: new(""),
		List: ListChoices{Title: new("Choose a shop"), Sections: []ListSection{
			{Title: new("North"), Items: []ListItem{{Title: "Harbour Street", Description: new("Open until six"), NextDialog: new("north")}}},
			{Title: new("South"), Items: []ListItem{{Title: "Mill Lane", Description: new("Open until four"), NextDialog: new("south")}}},
		}},
	}),
	sends("carousel", "A row of pictures to leaf through.", CarouselPayload{
		Title: new("Fresh today"),
		Items: []CarouselItem{{Image: "https://files.example.com/rye.jpg", Action: new("https://shop.example.com/rye"), Title: new("Rye bread")}},
	}),
	sends("form", "Several fields to fill in.", FormPayload{
		Message: "Tell us where to deliver.",
		Fields: []FormField{
			{Label: "Street", Type: "text", Variable: new("street"), IsOptional: new(false)},
			{Label: "Phone", Type: "phone", Variable: new("phone"), IsOptional: new(true)},
		},
	}),
	sends("calendar", "A question to be answered with a date.", CalendarPayload{
		Title: "When shall we deliver?", AutoOpen: new(true),
		Validation: &CalendarRules{
			DatepickerType: new("single"), Start: new("11/23/2026"), End: new("12/24/2026"), Formatter: new("MM/DD/YYYY"),
			ExcludeDays: []json.RawMessage{json.RawMessage("0")}, Include: []string{}, Selected: new(""), Skip: []string{"12/08/2026"},
		},
	}),
	sends("slider", "A question to be answered with a number between two others.", SliderPayload{
		Title: "How many guests?", Min: 2, Max: 40, Step: json.RawMessage("2"),
		Unit: &SliderUnit{Label: new("guests"), Value: new(""), Formatter: new("")},
	}),
	sends("file_upload", "A request for files.", FileUploadPayload{
		Title: "Show us the damage", AllowExtensions: []string{".jpg", ".png"}, MaxFileSizeInKB: json.RawMessage("10240"),
		UploadFileLimit: new(2), ErrorMessage: &UploadErrors{
			FileSize: new("This file is too large for us."), FileExtensions: new("We can only read pictures."), FileNotFound: new("There is no such file."),
		},
	}),
	sends("appointment_booking", "An offer of appointments.", BookingPayload{
		EventID: json.RawMessage("87"), Title: "Cake tasting", Duration: &BookingDuration{Label: "minutes", Value: 45},
	}),
	sends("javascript", "A script for the page that the visitor is on.", JavascriptPayload{
		Script: "parley.setVariables({cart: document.title});", ExecuteAt: new("client"),
	}),

	answers("button.response", "The button that the visitor chose.", ChoicePayload{Body: "Where is my order?", Callback: json.RawMessage("{}")}),
	answers("list.response", "The item that the visitor chose.", ChoicePayload{Body: "Harbour Street"}),
	answers("form.response", "The form that the visitor filled in.", FormResponsePayload{Fields: []FormAnswer{
		{Label: "Street", Variable: new("street"), Type: "text", Value: json.RawMessage(`"4 Mill Lane"`), Extra: json.RawMessage("null")},
		{Label: "Phone", Variable: new("phone"), Type: "phone", Value: json.RawMessage(`"+442079460000"`), Extra: json.RawMessage(`{"country_code":"44"}`)},
	}}),
	answers("calendar.response", "The date that the visitor chose.", CalendarResponsePayload{Value: "11/27/2026", Text: new("27 November")}),
	answers("slider.response", "The number that the visitor chose.", SliderResponsePayload{Value: 12, Text: new("12 guests")}),
	answers("file_upload.response", "A file that the visitor sent.", FileUploadResponsePayload{Type: "image", Payload: UploadedFile{
		MimeType: new("image/jpeg"), Link: "https://files.example.com/crack.jpg", FileName: new("crack.jpg"),
	}}),
	answers("appointment_booking.response", "What became of an offer of appointments.", BookingResponsePayload{
		EventID: json.RawMessage("87"), IsBookingConfirmed: true, IsBookingFailed: new(false), EventName: new("Cake tasting"),
		VisitorTimezone: new("(GMT+01:00) Europe/Paris"),
		Variables:       []BookingVariable{{Type: "text", Name: "slot_time", Value: json.RawMessage(`"10:30"`)}},
	}),
	answers("calendly.response", "What became of an offer of appointments by Calendly.", VariablesPayload{
		Variables: GivenValues(`{"is_calendly_event_scheduled":true,"calendly_event":"https://calendly.example.com/events/31"}`),
	}),
	answers("javascript.response", "What a script left behind.", VariablesPayload{Variables: GivenValues(`{"cart":"Basket (3)"}`)}),
}

// contentTypes finds a type by its name.
var contentTypes = func() map[string]ContentType {
	byName := make(map[string]ContentType, len(contentTypeTable))
	for _, t := range contentTypeTable {
		byName[t.Name] = t
	}
	return byName
}()

// sends declares a type of content that agents, flows and clients send.
func sends[P any](name, doc string, example P) ContentType {
	return ContentType{
		Name: name, Doc: doc, Payload: reflect.TypeFor[P](), Example: Content{Type: name, Payload: &example},
		payload: func() any { return new(P) },
	}
}

// answers declares a type of content that a visitor answers with.
func answers[P any](name, doc string, example P) ContentType {
	t := sends(name, doc, example)
	t.Answer = true
	return t
}

func media(name, mimeType string) MediaPayload {
	return MediaPayload{Link: "https://files.example.com/" + name, MimeType: &mimeType, FileName: &name}
}

// ContentTypeOf finds a type of content by its name.
func ContentTypeOf(name string) (ContentType, bool) {
	t, ok := contentTypes[name]
	return t, ok
}
