package content

// Kind is a type of content as people call it.
type Kind struct {
	Type string // as the API calls it
	Name string
	Icon string
	Does string // what an agent sends it for; "" for answers, which nobody here sends
}

// kinds are all types but text, questions before answers, in the order of the menu.
var kinds = []Kind{
	{"image", "Image", "image", "A picture that lies elsewhere"},
	{"audio", "Audio", "play", "A recording that lies elsewhere"},
	{"video", "Video", "play", "A film that lies elsewhere"},
	{"document", "Document", "article", "Any other file that lies elsewhere"},
	{"buttons", "Buttons", "task", "A question with buttons to answer it"},
	{"list", "List", "list", "A question with a list to choose from"},
	{"carousel", "Carousel", "catalogue", "Pictures to leaf through"},
	{"form", "Form", "field", "Several fields to fill in"},
	{"calendar", "Date", "calendar", "A question for a date"},
	{"slider", "Number", "filter", "A question for a number"},
	{"file_upload", "File request", "upload", "A request for files"},
	{"appointment_booking", "Appointments", "clock", "An offer of appointments"},
	{"javascript", "Script", "code", "A script for the visitor’s page"},

	{"button.response", "Chosen", "check", ""},
	{"list.response", "Chosen", "check", ""},
	{"form.response", "Form filled in", "field", ""},
	{"calendar.response", "Date", "calendar", ""},
	{"slider.response", "Number", "filter", ""},
	{"file_upload.response", "File", "clip", ""},
	{"appointment_booking.response", "Appointment", "clock", ""},
	{"calendly.response", "Calendly", "clock", ""},
	{"javascript.response", "Script’s answer", "code", ""},
}

// kindOf is the kind of a type of content; of one that is not known it has no name.
func kindOf(contentType string) Kind {
	for _, k := range kinds {
		if k.Type == contentType {
			return k
		}
	}
	return Kind{Type: contentType, Icon: "code"}
}
