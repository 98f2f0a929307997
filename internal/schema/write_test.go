package schema_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/schema"
)

func TestCreateOverwritesOnlyWhatIsGiven(t *testing.T) {
	t.Parallel()
	var got parley.Webhook
	schema.Defaults(&got)
	err := schema.ReadCreate([]byte(`{"url":"https://example.com/in","event_types":["*"],"retry":{"delays":[5,300]},"headers":{"A":"1","B":null}}`), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := parley.Webhook{
		URL: "https://example.com/in", EventTypes: []string{"*"}, InboxIDs: []parley.InboxID{}, Format: "standard",
		Headers: parley.Headers{"A": "1"}, Auth: parley.Auth{Type: "none"}, Signing: "v1",
		Verification: parley.Verification{Type: "none"}, Ordering: "key", Retry: parley.Retry{Preset: "standard", Delays: []int{5, 300}}, TimeoutSeconds: 10,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDefaultsShowNothingAsNull(t *testing.T) {
	t.Parallel()
	var contact parley.Contact
	schema.Defaults(&contact)
	contact.Variables["own"] = json.RawMessage("1")
	var other parley.Contact
	schema.Defaults(&other)
	if contact.CustomFields == nil || len(other.Variables) > 0 {
		t.Errorf("got %v and %v", contact, other)
	}
	kept := parley.Webhook{Ordering: "strict"}
	schema.Defaults(&kept)
	if kept.Ordering != "strict" || kept.TimeoutSeconds != 10 || kept.InboxIDs == nil {
		t.Errorf("got %+v", kept)
	}
}

func TestWritesAreRefusedByField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		create bool
		into   any
		body   string
		wrong  string
	}{
		{true, &parley.Inbox{}, `{}`, `body.name: is required`},
		{true, &parley.Inbox{}, `{"name":null}`, `body.name: must be a string`},
		{true, &parley.Inbox{}, `{"name":"x","id":"inb_1","sequence":1,"created_at":null}`, `body.id: cannot be set; body.sequence: cannot be set; body.created_at: cannot be set`},
		{true, &parley.Conversation{}, `{"inbox_id":"con_01kaf0v3b6f3nb8h5r0z7c4q9j","contact_id":"con_01KAF0V3B6F3NB8H5R0Z7C4Q9J"}`, `body.inbox_id: must be an inbox id like inb_…; body.contact_id: must be a contact id like con_…`},
		{true, &parley.Conversation{}, `{"inbox_id":"inb_01kaf0v3b6f3nb8h5r0z7c4q9j","contact_id":"con_01kaf0v3b6f3nb8h5r0z7c4q9j","status":"open"}`, `body.status: cannot be set`},
		{true, &parley.Contact{}, `{"email":"ada","phone":"x1","external_id":""}`, `body.email: must be an email address; body.phone: must be a phone number like +44 20 7946 0000; body.external_id: must not be empty`},
		{true, &parley.Contact{}, `{"variables":{"a":[]},"custom_fields":null}`, `body.variables.a: must be a string, a number, true or false or null; body.custom_fields: must be an object`},
		{true, &parley.APIKey{}, `{"name":"x","scopes":["*"],"user_id":"key_01kaf0v3b6f3nb8h5r0z7c4q9j","expires_at":"2026-13-01T00:00:00Z"}`, `body.user_id: must be a user id like usr_…; body.expires_at: must be a date and time like 2026-11-20T10:30:00Z`},
		{true, &parley.Message{}, `{"content":{"type":"buttons","payload":{"title":"x","buttons":[{"title":""}]}}}`, `body.content.payload.buttons[0].title: must not be empty`},
		{true, &parley.Message{}, `{"content":{"type":"slider","payload":{"title":"x","min":2,"max":1}}}`, `body.content.payload.min: must be less than max`},
		{true, &parley.Message{}, `{"content":null}`, `body.content: must be an object`},
		{true, &parley.Webhook{}, `{"url":"x","event_types":["*"],"retry":{"preset":"long"}}`, `body.retry.preset: must be one of standard, short, custom`},

		{false, &parley.Conversation{}, `{"inbox_id":"inb_01kaf0v3b6f3nb8h5r0z7c4q9j","labels":[]}`, `body.inbox_id: cannot be changed; body.labels: cannot be set`},
		{false, &parley.Conversation{}, `{"status":"done","snoozed_until":7}`, `body.status: must be one of open, pending, snoozed, resolved; body.snoozed_until: must be a string or null`},
		{false, &parley.Inbox{}, `{"name":""}`, `body.name: must not be empty`},
		{false, &parley.Inbox{}, `{"name":null}`, `body.name: must be a string`},
		{false, &parley.Inbox{}, `null`, `body: must be an object`},
	} {
		read := schema.ReadUpdate
		if c.create {
			read = schema.ReadCreate
		}
		before := fmt.Sprintf("%+v", c.into)
		if got := told(t, read([]byte(c.body), c.into), parley.Invalid); got != c.wrong {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.wrong)
		}
		if after := fmt.Sprintf("%+v", c.into); after != before {
			t.Errorf("%s: refused, but it changed %s to %s", c.body, before, after)
		}
	}
}

func TestUpdateMergesMapsAndReplacesTheRest(t *testing.T) {
	t.Parallel()
	present := parley.Contact{
		ID: "con_01kaf0v3b6f3nb8h5r0z7c4q9j", Name: new("Ada"), Email: new("ada@example.com"), Phone: new("+441"), Sequence: 9,
		CustomFields: parley.Values{"height": json.RawMessage("168"), "size": json.RawMessage(`"M"`)},
		Variables:    parley.Values{"plan": json.RawMessage(`"pro"`)},
	}
	before, name, fields := present, present.Name, present.CustomFields
	err := schema.ReadUpdate([]byte(`{"name":"Grace","phone":null,"custom_fields":{"size":null,"height":170,"gone":null,"vip":true}}`), &present)
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.Name, want.Phone = new("Grace"), nil
	want.CustomFields = parley.Values{"height": json.RawMessage("170"), "vip": json.RawMessage("true")}
	if diff := cmp.Diff(want, present); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if *name != "Ada" || string(fields["height"]) != "168" || len(fields) != 2 {
		t.Errorf("what the old value held was written over: %q, %v", *name, fields)
	}
}

func TestUpdateLeavesOldListsAlone(t *testing.T) {
	t.Parallel()
	types := []string{"contact.created", "contact.updated"}
	present := parley.Webhook{EventTypes: types, Retry: parley.Retry{Preset: "custom", Delays: []int{5}}}
	if err := schema.ReadUpdate([]byte(`{"event_types":["*"],"retry":{}}`), &present); err != nil {
		t.Fatal(err)
	}
	if types[0] != "contact.created" {
		t.Errorf("the old list was written over: %v", types)
	}
	if diff := cmp.Diff(parley.Webhook{EventTypes: []string{"*"}, Retry: parley.Retry{Preset: "standard"}}, present); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnEmptyUpdateChangesNothing(t *testing.T) {
	t.Parallel()
	present := parley.Message{Content: parley.TextContent("hello"), Direction: parley.Incoming}
	want := present
	if err := schema.ReadUpdate([]byte(`{}`), &present); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, present); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestMapsDoNotGrowBeyondTheirLimitByUpdates(t *testing.T) {
	t.Parallel()
	headers := parley.Headers{}
	for i := range 20 {
		headers[fmt.Sprint("h", i)] = "x"
	}
	present := parley.Webhook{Headers: headers}
	got := told(t, schema.ReadUpdate([]byte(`{"headers":{"more":"x"}}`), &present), parley.Invalid)
	if want := "body.headers: must have at most 20 members"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := schema.ReadUpdate([]byte(`{"headers":{"more":"x","h0":null}}`), &present); err != nil || len(present.Headers) != 20 {
		t.Errorf("got %v, %v", present.Headers, err)
	}
}

func TestContentOfAMessageIsReplacedWhole(t *testing.T) {
	t.Parallel()
	old := &parley.ButtonsPayload{Title: "old", Buttons: []parley.Button{{Title: "a", NextDialog: new("1")}}}
	present := parley.Message{Content: parley.Content{Type: "buttons", Payload: old}}
	if err := schema.ReadUpdate([]byte(`{"content":`+payload("buttons", `{"title":"new","buttons":[{"title":"b"}]}`)+`}`), &present); err != nil {
		t.Fatal(err)
	}
	got := present.Content.Payload.(*parley.ButtonsPayload)
	if got.Title != "new" || got.Buttons[0].NextDialog != nil || old.Title != "old" {
		t.Errorf("got %+v of %+v", got, old)
	}
}

// A noun may have rules between its own fields.
type opening struct {
	Name  string   `json:"name" write:"create,update" required:"true"`
	Hours kitchen  `json:"hours" write:"create,update"`
	Rest  []string `json:"rest" write:"update"`
}

func (o opening) Check() []parley.FieldError {
	if strings.HasPrefix(o.Name, "closed") && o.Hours.To > 0 {
		return []parley.FieldError{{Location: "hours", Message: "must be empty"}}
	}
	return nil
}

func TestNounsAndWhatWasGivenAreAskedForRulesBetweenFields(t *testing.T) {
	t.Parallel()
	stored := opening{Name: "x", Hours: kitchen{9, 5}} // stored before the rule was made
	for _, c := range []struct{ body, wrong string }{
		{`{"name":"closed"}`, `body.hours: must be empty`},
		{`{"hours":{"from":3,"to":1}}`, `body.hours.to: must not be before from`},
	} {
		into := stored
		if got := told(t, schema.ReadUpdate([]byte(c.body), &into), parley.Invalid); got != c.wrong {
			t.Errorf("%s\n got %s\nwant %s", c.body, got, c.wrong)
		}
	}
	if err := schema.ReadUpdate([]byte(`{"name":"open"}`), &stored); err != nil {
		t.Errorf("what is stored is held against the client: %v", err)
	}
}
