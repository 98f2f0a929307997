package demo

import (
	"encoding/json"
	"time"

	"parley"
)

// scene is where the stories happen and who is in them.
type scene struct {
	counter, chat parley.InboxID // of channel api, of channel widget
	owner, baker  parley.UserID
	people        []parley.ContactID               // as people() lists them
	told          map[string]parley.ConversationID // the conversations, by subject
}

// The contacts by their place in people().
const (
	mira = iota
	jonas
	priya
	tomas
)

func people() []parley.Contact {
	return []parley.Contact{
		{
			Name: new("Mira Okafor"), Email: new("mira@example.com"), Phone: new("+44 20 7946 0101"), ExternalID: new("customer-1001"),
			CustomFields: values("favourite", "rye"), Variables: values("newsletter", true),
		},
		{
			Name: new("Jonas Lindqvist"), Email: new("jonas@cafe.example.com"), ExternalID: new("customer-1002"),
			Variables: values("account", "wholesale", "crates_a_week", 12),
		},
		{Name: new("Priya Raman"), Email: new("priya@example.com"), Phone: new("+44 20 7946 0103"), CustomFields: values("favourite", "spelt")},
		{Name: new("Tomás Vega"), Email: new("tomas@example.com")},
	}
}

// story is a conversation: what is said in it and what became of it.
type story struct {
	inbox     parley.InboxID
	contact   parley.ContactID
	subject   string
	lines     []line
	labels    []string
	note      string
	variables parley.Values
	fields    parley.Values
	assignee  parley.UserID
	status    parley.Status
	until     *parley.Time
}

// line is one message of a story.
type line struct {
	direction parley.Direction
	content   parley.Content
}

func theySay(text string) line { return line{parley.Incoming, parley.TextContent(text)} }
func weSay(text string) line   { return line{parley.Outgoing, parley.TextContent(text)} }

func theySend(contentType string, payload any) line {
	return line{parley.Incoming, parley.Content{Type: contentType, Payload: payload}}
}

func weSend(contentType string, payload any) line {
	return line{parley.Outgoing, parley.Content{Type: contentType, Payload: payload}}
}

func stories(at scene) []story {
	monday := parley.Now().Add(3 * 24 * time.Hour)
	return []story{
		{
			inbox: at.counter, contact: at.people[mira], subject: "Two loaves short", assignee: at.baker,
			labels: []string{"urgent"}, fields: values("order_number", "B-2041"), variables: values("delivery_slot", "07:30", "loaves_missing", 2),
			note: "The driver found both loaves under the tray. He brings them on the noon round.",
			lines: []line{
				theySay("Good morning! My box came with four rye loaves instead of six."),
				theySend("image", &parley.MediaPayload{Link: "https://files.example.com/box-2041.jpg", MimeType: new("image/jpeg"), FileName: new("box-2041.jpg")}),
				weSay("Oh no, I am sorry. Let me ask the driver."),
				weSend("buttons", &parley.ButtonsPayload{Title: "What suits you better?", Buttons: []parley.Button{
					{Title: "Bring them at noon"}, {Title: "Take them off the bill"},
				}}),
				theySend("button.response", &parley.ChoicePayload{Body: "Bring them at noon", Callback: json.RawMessage("{}")}),
			},
		},
		{
			inbox: at.counter, contact: at.people[jonas], subject: "Rolls for the café", assignee: at.owner,
			labels: []string{"wholesale"}, status: parley.Pending,
			lines: []line{
				theySay("We open a second place in spring. Could you do 300 rolls a day?"),
				weSay("Gladly. Tell us a little more and I will work out a price."),
				weSend("form", &parley.FormPayload{Message: "About the new place", Fields: []parley.FormField{
					{Label: "Street", Type: "text", Variable: new("street")},
					{Label: "First day", Type: "date", Variable: new("first_day")},
					{Label: "Anything else", Type: "textarea", IsOptional: new(true)},
				}}),
				weSend("slider", &parley.SliderPayload{
					Title: "Rolls on an ordinary day?", Min: 100, Max: 500, Step: json.RawMessage("50"),
					Unit: &parley.SliderUnit{Label: new("rolls")},
				}),
				theySend("slider.response", &parley.SliderResponsePayload{Value: 300, Text: new("300 rolls")}),
			},
		},
		{
			inbox: at.counter, contact: at.people[priya], subject: "A cake for forty", assignee: at.baker,
			status: parley.Snoozed, until: &monday, variables: values("guests", 40, "nuts", false),
			note: "Tasting on Monday. Keep the small oven free.",
			lines: []line{
				theySay("Hello, do you bake without nuts? It is for a school party."),
				weSay("We do, in a separate oven. Which day is the party?"),
				weSend("calendar", &parley.CalendarPayload{Title: "Choose the day", AutoOpen: new(true)}),
				theySay("I will ask the teacher and tell you on Monday."),
			},
		},
		{
			inbox: at.counter, contact: at.people[tomas], subject: "Thank you", labels: []string{"praise"}, status: parley.Resolved, assignee: at.owner,
			lines: []line{
				theySay("That was the best sourdough I have had in this town."),
				weSay("You have made the night shift very happy."),
				theySend("audio", &parley.MediaPayload{Link: "https://files.example.com/applause.mp3", MimeType: new("audio/mpeg")}),
			},
		},
		{
			inbox: at.chat, contact: at.people[mira], subject: "Sunday hours",
			lines: []line{
				weSay("Hello Mira! Did the noon round find you?"),
				weSend("list", &parley.ListPayload{Title: "Which shop do you come to?", List: parley.ListChoices{Sections: []parley.ListSection{
					{Items: []parley.ListItem{
						{Title: "Harbour Street", Description: new("Sundays from eight to one")},
						{Title: "Mill Lane", Description: new("Closed on Sundays")},
					}},
				}}}),
			},
		},
	}
}

// values makes named values from pairs of a name and a text, number or boolean.
func values(pairs ...any) parley.Values {
	vs := parley.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		encoded, _ := json.Marshal(pairs[i+1]) // texts, numbers and booleans: cannot fail
		vs[pairs[i].(string)] = encoded
	}
	return vs
}
