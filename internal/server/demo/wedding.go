package demo

import "parley"

// wedding is a conversation in which nearly every type of message is said.
func wedding(at scene) story {
	return story{
		inbox: at.counter, contact: at.people[jonas], subject: "A wedding cake", assignee: at.baker,
		fields: values("order_number", "B-2077"), variables: values("guests", 60, "tiers", 3),
		lines: []line{
			theySay("Hello! My sister marries in spring, and we would love a cake of yours.\nWe saw one at https://shop.example.com/cakes and cannot forget it."),
			weSend("image", &parley.MediaPayload{Link: at.drawing, MimeType: new("image/png"), FileName: new("three-tiers.png")}),
			weSay("This is a sketch of what we would make."),
			weSend("carousel", &parley.CarouselPayload{Title: new("Fillings"), Items: []parley.CarouselItem{
				{Image: at.drawing, Title: new("Raspberry"), Description: new("With white chocolate"), Action: new("https://shop.example.com/raspberry")},
				{Image: "https://files.example.com/lemon.jpg", Title: new("Lemon"), Description: new("With poppy seed")},
			}}),
			weSend("list", &parley.ListPayload{
				Header: &parley.ListHeader{Type: "text", Text: "Our cakes"}, Title: "Which size do you think of?", Footer: new("All prices with delivery"),
				List: parley.ListChoices{Title: new("Choose a size"), Sections: []parley.ListSection{
					{Title: new("Two tiers"), Items: []parley.ListItem{{Title: "For 40 guests", Description: new("From 280 euros")}}},
					{Title: new("Three tiers"), Items: []parley.ListItem{{Title: "For 60 guests", Description: new("From 390 euros")}, {Title: "For 80 guests", Description: new("From 480 euros")}}},
				}},
			}),
			theySend("list.response", &parley.ChoicePayload{Body: "For 60 guests"}),
			weSend("calendar", &parley.CalendarPayload{Title: "Which day is the wedding?", Validation: &parley.CalendarRules{Start: new("2027-04-01"), End: new("2027-06-30")}}),
			theySend("calendar.response", &parley.CalendarResponsePayload{Value: "2027-05-22", Text: new("22 May 2027")}),
			weSend("form", &parley.FormPayload{Message: "Where shall we bring it?", Fields: []parley.FormField{
				{Label: "Street", Type: "text", Variable: new("street")}, {Label: "Phone on the day", Type: "phone", IsOptional: new(true)},
			}}),
			theySend("form.response", &parley.FormResponsePayload{Fields: []parley.FormAnswer{
				{Label: "Street", Type: "text", Value: []byte(`"12 Orchard Row"`)}, {Label: "Phone on the day", Type: "phone", Value: []byte(`"+442079460102"`)},
			}}),
			weSend("file_upload", &parley.FileUploadPayload{Title: "Is there a picture of the place?", AllowExtensions: []string{".jpg", ".png"}, UploadFileLimit: new(2)}),
			theySend("file_upload.response", &parley.FileUploadResponsePayload{Type: "image", Payload: parley.UploadedFile{
				Link: "https://files.example.com/orchard.jpg", MimeType: new("image/jpeg"), FileName: new("orchard.jpg"),
			}}),
			weSend("appointment_booking", &parley.BookingPayload{EventID: []byte("87"), Title: "Cake tasting", Duration: &parley.BookingDuration{Label: "minutes", Value: 45}}),
			theySend("appointment_booking.response", &parley.BookingResponsePayload{
				EventID: []byte("87"), IsBookingConfirmed: true, EventName: new("Cake tasting"), VisitorTimezone: new("Europe/Stockholm"),
				Variables: []parley.BookingVariable{{Type: "text", Name: "slot_time", Value: []byte(`"Saturday, 10:30"`)}},
			}),
			weSend("document", &parley.MediaPayload{Link: "https://files.example.com/offer-B-2077.pdf", MimeType: new("application/pdf"), FileName: new("offer-B-2077.pdf")}),
			theySend("audio", &parley.MediaPayload{Link: at.bell, MimeType: new("audio/wav"), FileName: new("ring-this-bell.wav")}),
			theySay("Ring this bell when the cake arrives, please."),
		},
	}
}
