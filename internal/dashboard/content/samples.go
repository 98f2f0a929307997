package content

import (
	"encoding/json"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// sample is a message of the page on which all types are drawn.
type sample struct {
	name string
	parley.Message
}

// samples are all types of content as the catalogue shows them, some in another dress,
// and some that no release would have made.
func samples() (all []sample) {
	for _, t := range parley.ContentTypes() {
		all = append(all, sampleOf(t.Name, t.Example))
	}
	for _, s := range []struct{ name, json string }{
		{"text with lines and links", `{"type":"text","text":"Hello Ada,\nthe price list is at https://shop.example.com/prices?of=cakes&year=2026 (and the old one at http://192.0.2.7/).\n\n  Yours,\n  <b>Noor</b>"}`},
		{"buttons below each other", `{"type":"buttons","payload":{"title":"Which of these?","buttons_layout":"vertical","multi_select_enabled":true,"buttons":[{"title":"A cake"},{"title":"A box of rolls, every morning before the shop opens, to the door"}]}}`},
		{"button.response with several", `{"type":"button.response","payload":{"body":"A cake, Rolls","selected":["A cake","Rolls"],"callback":{"order":7}}}`},
		{"form with every field", `{"type":"form","payload":{"message":"Everything","fields":[{"label":"Text","type":"text"},{"label":"More","type":"textarea","is_optional":true},{"label":"Email","type":"email"},{"label":"Number","type":"number"},{"label":"Day","type":"date"},{"label":"Web","type":"url"},{"label":"Yes","type":"checkbox"},{"label":"Size","type":"select","options":["small","large"]}]}}`},
		{"slider without steps", `{"type":"slider","payload":{"title":"How warm?","min":-5,"max":40.5,"step":"None","value":21.5}}`},
		{"file_upload as some clients send it", `{"type":"file_upload","payload":{"title":"Your file, please","allow_extensions":[],"max_file_size_in_kb":"Your file, please"}}`},
		{"a booking that failed", `{"type":"appointment_booking.response","payload":{"event_id":"x","is_booking_confirmed":false,"is_booking_failed":true}}`},
		{"a type of a later release", `{"type":"hologram","payload":{"depth":3,"of":["a","b"]}}`},
		{"a payload of another shape", `{"type":"buttons","payload":["Yes","No"]}`},
		{"a payload of null", `{"type":"slider","payload":null}`},
	} {
		var c parley.Content
		if err := json.Unmarshal([]byte(s.json), &c); err == nil {
			all = append(all, sampleOf(s.name, c))
		}
	}
	return all
}

func sampleOf(name string, c parley.Content) sample {
	m := parley.Message{ID: parley.MessageID("msg_" + strings.ReplaceAll(name, " ", "_")), Direction: parley.Outgoing, Content: c}
	if t, _ := parley.ContentTypeOf(c.Type); t.Answer {
		m.Direction = parley.Incoming
	}
	return sample{name, m}
}

// show draws all samples, and the files that the organization has. The menu writes to
// its newest conversation.
func show(r *page.Request) error {
	files, _, err := r.Site.Attachments.List(r.Context(), r.Org(), store.Page{Limit: 10}, store.Filter{})
	if err != nil {
		return err
	}
	all := samples()
	for _, f := range files {
		m := mediaOf(r.Base(), f)
		m.ID = parley.MessageID("msg_" + f.ID)
		all = append(all, sample{"a file of ours: " + f.FileName, m})
	}
	messages := make([]parley.Message, 0, len(all))
	for _, s := range all {
		messages = append(messages, s.Message)
	}
	d, err := Prepare(r.Context(), r.Site.Attachments, r.Org(), messages...)
	if err != nil {
		return err
	}
	some, _, err := r.Site.Conversations.List(r.Context(), r.Org(), store.Page{Limit: 1}, store.Filter{})
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "Message content"}, samplesPage(all, d, some))
}
