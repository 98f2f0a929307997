package payload_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"parley"
	"parley/internal/payload"
)

// contents are messages of every kind as receivers of batches know them: with the
// members that they know, in the order in which they know them.
var contents = []struct{ name, direction, content string }{
	{"text", "incoming", `{"type":"text","text":"Grüße 👋 – \"is\" it\\on its way?\n"}`},
	{"image", "outgoing", `{"type":"image","payload":{"link":"https://files.example.com/7/a%20loaf.jpg","mime_type":"image/jpeg","file_name":"loaf.jpeg"}}`},
	{"form", "outgoing", `{"type":"form","payload":{"message":"Where shall we deliver?","fields":[{"label":"Name","type":"text","variable":"¿·$user.info.name·?","is_optional":false},{"label":"Mail","type":"email","variable":"\u00bf\u00b7$user.info.mail\u00b7?","is_optional":false},{"label":"Phone","type":"phone","variable":"phone","is_optional":true}]}}`},
	{"file_upload", "outgoing", `{"type":"file_upload","payload":{"title":"Show us the crack","allow_extensions":[".jpg",".png"],"max_file_size_in_kb":"Show us the crack","upload_file_limit":1,"error_message":{"file_size":"Too large","file_extensions":"No picture","file_not_found":"No file"}}}`},
	{"calendar", "outgoing", `{"type":"calendar","payload":{"auto_open":true,"title":"Which day?","validation":{"datepicker_type":"single","start":"","end":"","formatter":"MM/DD/YYYY","exclude_days":[],"include":[],"selected":"","skip":[]}}}`},
	{"audio", "outgoing", `{"type":"audio","payload":{"link":"https://files.example.com/hello.mp3","mime_type":"audio/mpeg","file_name":"hello.mp3"}}`},
	{"calendly.response", "incoming", `{"type":"calendly.response","payload":{"variables":{"¿·is_calendly_event_scheduled·?":true,"\u00bf\u00b7calendly_event\u00b7?":"https://calendly.example.com/events/31","calendly_invitee":"https://calendly.example.com/events/31/invitees/7"}}}`},
	{"video", "outgoing", `{"type":"video","payload":{"link":"https://files.example.com/dough.mp4","mime_type":"video/mp4","file_name":"dough.mp4"}}`},
	{"list", "outgoing", `{"type":"list","payload":{"header":{"type":"text","text":"Bread"},"footer":"","title":"Which loaf?","list":{"title":"Loaves","sections":[{"title":"Dark","items":[{"title":"Rye","description":"Sour","next_dialog":"2"}]},{"title":"Light","items":[{"title":"Wheat","description":"Mild","next_dialog":"2"}]}]}}}`},
	{"javascript", "outgoing", `{"type":"javascript","payload":{"script":"parley.setVariables({\"cart\": 3});\nwindow.alert(2 + 3);","execute_at":"client"}}`},
	{"button", "outgoing", `{"type":"buttons","payload":{"search_enabled":false,"multi_select_enabled":false,"buttons_layout":"horizontal","buttons_order":"as defined","buttons":[{"title":"Order","type":"branch","callback":"","next_dialog":"6"},{"title":"Shop","type":"web_url","callback":"{\"web_url\": \"https://shop.example.com\", \"browser_window\": \"new\"}","next_dialog":"5"}],"title":"How may we help?"}}`},
	{"document", "outgoing", `{"type":"document","payload":{"link":"https://files.example.com/prices.pdf","mime_type":"application/pdf","file_name":"PRICES.pdf"}}`},
	{"carousel", "outgoing", `{"type":"carousel","payload":{"title":"Fresh today","items":[{"image":"https://files.example.com/rye.jpg","action":""}]}}`},
	{"javascript.response", "incoming", `{"type":"javascript.response","payload":{"variables":{"$user.info.plan":"pro","cart":"Basket"}}}`},
	{"slider.response", "incoming", `{"type":"slider.response","payload":{"value":12,"text":"12"}}`},
	{"slider", "outgoing", `{"type":"slider","payload":{"title":"How many guests?","min":2,"max":40,"step":"None","unit":{"label":"","value":"","formatter":""}}}`},
	{"appointment_booking.response", "incoming", `{"type":"appointment_booking.response","payload":{"event_id":87,"is_booking_confirmed":true,"is_booking_failed":false,"event_name":"Tasting","visitor_timezone":"(GMT+01:00) Europe/Paris","variables":[{"type":"text","name":"visitor_name","value":"Ada"},{"type":"text","name":"slot_day","value":"Friday"}]}}`},
	{"button.response", "incoming", `{"type":"button.response","payload":{"body":"Order","callback":{}}}`},
	{"form.response", "incoming", `{"type":"form.response","payload":{"fields":[{"label":"Name","variable":"¿·$user.info.name·?","type":"text","value":"Ada","extra":"None"},{"label":"Phone","variable":"phone","type":"phone","value":"+442079460000","extra":{"country_code":"44"}}]}}`},
	{"file_upload.response", "incoming", `{"type":"file_upload.response","payload":{"type":"image","payload":{"mime_type":"image/jpeg","link":"https://files.example.com/crack.jpg","file_name":"crack.jpg"}}}`},
	{"appointment_booking", "outgoing", `{"type":"appointment_booking","payload":{"event_id":87,"duration":{"label":"minutes","value":45},"title":"Tasting"}}`},
	{"list.response", "incoming", `{"type":"list.response","payload":{"body":"Rye","callback":null}}`},
	{"calendar.response", "incoming", `{"type":"calendar.response","payload":{"value":"11/27/2026","text":"27 November"}}`},
}

func TestMessagesAreBatchedAsTheyWereSent(t *testing.T) {
	t.Parallel()
	_, s := newStage(t)
	covered := map[string]bool{}
	for _, c := range contents {
		e := s.event("message.created", `POST /v1/conversations/$conversation/messages {"direction":"`+c.direction+`","content":`+c.content+`}`)
		var data struct {
			Message struct{ Content json.RawMessage }
		}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		if tokens(t, data.Message.Content) != tokens(t, []byte(c.content)) {
			t.Errorf("the event has\n%s, sent was\n%s", data.Message.Content, c.content)
		}
		body := renders(t, "batch", e)
		golden(t, "batch/message."+c.name, body)
		if got, want := member(t, body, "message"), inBatch.Replace(c.content); tokens(t, got) != tokens(t, []byte(want)) {
			t.Errorf("batched is\n%s, want\n%s", got, want)
		}
		name, _, _ := strings.Cut(c.content[len(`{"type":"`):], `"`)
		covered[name] = true
	}
	for _, ct := range parley.ContentTypes() {
		if !covered[ct.Name] {
			t.Errorf("there is no message of type %s here", ct.Name)
		}
	}
}

// tokens are what JSON is made of, in its order, however texts are escaped.
func tokens(t *testing.T, raw []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var all []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(all, "\n")
		}
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		all = append(all, fmt.Sprintf("%T %v", token, token))
	}
}

// inBatch is what a batch makes of what was sent: buttons have another name, and names
// of variables are marked.
var inBatch = strings.NewReplacer(
	`"type":"buttons"`, `"type":"button"`, `"variable":"phone"`, `"variable":"¿·phone·?"`, `"calendly_invitee":`, `"¿·calendly_invitee·?":`,
	`"$user.info.plan":`, `"¿·$user.info.plan·?":`, `"cart":`, `"¿·cart·?":`,
)

// member is payload.<name> of the only event of a batch.
func member(t *testing.T, body []byte, name string) []byte {
	t.Helper()
	var batch struct {
		Events []struct {
			Event struct{ Payload map[string]json.RawMessage }
		}
	}
	if err := json.Unmarshal(body, &batch); err != nil || len(batch.Events) != 1 {
		t.Fatalf("%s is no batch of one: %v", body, err)
	}
	return batch.Events[0].Event.Payload[name]
}

func TestConversationsAreBatchedWithAllThatIsKnown(t *testing.T) {
	t.Parallel()
	h, s := newStage(t)
	inbox := s.Make("/v1/inboxes", `{"name":"Shop window","channel":"widget"}`).Text("id")
	contact := s.Make("/v1/contacts", `{"name":"Bob","variables":{"age":"abc","js1":"hj"}}`).Text("id")
	text := func(s string) json.RawMessage { return json.RawMessage(`"` + s + `"`) }
	variables := parley.Values{
		"referrer_url": text(""), "timezone": text("Europe/Paris"), "os": text("Linux"), "browser_language": text("en-GB"),
		"browser": text("Firefox 140 (140.0.1)"), "ip_address": text("192.0.2.7"), "source_url": text("https://shop.example.com/rye"),
		"conversation_url": text("https://parley.example.com/1"), "guests": json.RawMessage("12"),
	}
	head := s.Head()
	create := func(subject *string, assignee *parley.UserID) {
		_, err := h.Conversations.Create(t.Context(), h.Caller(), parley.Conversation{
			InboxID: parley.InboxID(inbox), ContactID: parley.ContactID(contact), Subject: subject, AssigneeID: assignee, Variables: variables,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	create(new("Rye"), &h.Owner.ID)
	variables = parley.Values{}
	create(nil, nil)
	events := s.Events(head)
	golden(t, "batch/conversation_create", renders(t, "batch", events[0]))
	golden(t, "batch/conversation_create.second", renders(t, "batch", events[1]))
}

// The lines depend on those before them.
func TestChangesAreBatched(t *testing.T) {
	t.Parallel()
	h, s := newStage(t)
	for _, c := range []struct{ name, event, does string }{
		{"status.close", "conversation.resolved", `PATCH /v1/conversations/$conversation {"status":"resolved"}`},
		{"status.open", "conversation.reopened", `PATCH /v1/conversations/$conversation {"status":"open"}`},
		{"assignee_change.first", "conversation.assigned", `PATCH /v1/conversations/$conversation {"assignee_id":"$owner"}`},
		{"assignee_change", "conversation.assigned", `PATCH /v1/conversations/$conversation {"assignee_id":"$agent"}`},
		{"assignee_change.nobody", "conversation.assigned", `PATCH /v1/conversations/$conversation {"assignee_id":null}`},
		{"variables.text", "conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/plan {"value":"größer"}`},
		{"variables.boolean", "conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/vip {"value":true}`},
		{"variables.number", "conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/guests {"value":123456789}`},
		{"variables.date", "conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/due {"value":"2026-11-20T11:30:00+01:00"}`},
		{"variables.removed", "conversation.variables_changed", `DELETE /v1/conversations/$conversation/variables/due`},
		{"conversation_labels.added", "conversation.label_added", `POST /v1/conversations/$conversation/labels {"name":"vip"}`},
		{"conversation_labels.deleted", "conversation.label_removed", `DELETE /v1/conversations/$conversation/labels/vip`},
		{"note", "note.created", `POST /v1/conversations/$conversation/notes {"text":"Hello"}`},
		{"native.conversation.snoozed", "conversation.snoozed", `PATCH /v1/conversations/$conversation {"status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`},
		{"native.contact.updated", "contact.updated", `PATCH /v1/contacts/$contact {"name":"Ada <King>"}`},
		{"native.label.updated", "label.created", `POST /v1/labels {"name":"new"}`},
		{"native.custom", "custom.baked", `POST /v1/events {"type":"custom.baked","key":"oven 1","data":{"conversation":{"id":"mine"},"loaves":[1,2.50,"drei – \u003e"]}}`},
	} {
		golden(t, "batch/"+c.name, renders(t, "batch", s.event(c.event, c.does)))
	}
	program := stage{h.Client, t, s.ids}
	for _, c := range []struct{ name, event, does string }{
		{"status.close.by_program", "conversation.resolved", `PATCH /v1/conversations/$conversation {"status":"resolved"}`},
		{"message.by_program", "message.created", `POST /v1/conversations/$conversation/messages {"content":{"type":"text","text":"It is closed."}}`},
	} {
		golden(t, "batch/"+c.name, renders(t, "batch", program.event(c.event, c.does)))
	}
}

func TestABatchHoldsItsEventsInOrder(t *testing.T) {
	t.Parallel()
	if got := string(payload.Batch(nil)); got != `{"events": []}` {
		t.Errorf("an empty batch is %s", got)
	}
	_, s := newStage(t)
	f, _ := payload.Named("batch")
	var rendered [][]byte
	for _, e := range s.Events(0) {
		item, err := f.Render(hook, e)
		if err != nil {
			t.Fatal(err)
		}
		rendered = append(rendered, item)
	}
	var batch struct{ Events []json.RawMessage }
	if err := json.Unmarshal(payload.Batch(rendered), &batch); err != nil || len(batch.Events) != len(rendered) {
		t.Fatalf("%d events are in a batch of %d: %v", len(batch.Events), len(rendered), err)
	}
	for i, item := range batch.Events {
		if !bytes.Equal(item, rendered[i]) {
			t.Errorf("event %d is %s, want %s", i, item, rendered[i])
		}
	}
}

func TestDatesOfVariablesAreThoseOfPython(t *testing.T) {
	t.Parallel()
	_, s := newStage(t)
	f, _ := payload.Named("batch")
	for given, want := range map[string]string{
		`"2026-11-20T11:30:00.5+01:00"`: `"date", "name": "due", "value": "2026-11-20T10:30:00.500000+00:00"`,
		`"2026-11-20"`:                  `"date", "name": "due", "value": "2026-11-20T00:00:00.000000+00:00"`,
		`"2026-11-20 or later"`:         `"text", "name": "due", "value": "2026-11-20 or later"`,
		`"20261120"`:                    `"text", "name": "due", "value": "20261120"`,
		`-2.50`:                         `"number", "name": "due", "value": "-2.50"`,
		`false`:                         `"text", "name": "due", "value": false`,
	} {
		body, err := f.Body(hook, s.event("conversation.variables_changed", `PUT /v1/conversations/$conversation/variables/due {"value":`+given+`}`))
		if err != nil || !bytes.Contains(body, []byte(`"variables": [{"type": `+want+`}]`)) {
			t.Errorf("%s is written %s (%v), want %s", given, body, err, want)
		}
	}
}
