package payload_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"

	"parley"
	"parley/internal/payload"
	"parley/webhook"
)

// all are events of every type, with each kind of member that an envelope can lack.
func all(t *testing.T) (events []*parley.Event) {
	t.Helper()
	for _, d := range parley.Catalogue() {
		events = append(events, example(t, d))
	}
	bare := *events[0]
	bare.Inbox, bare.Key, bare.Type, bare.Data = "", "", "custom.baked", json.RawMessage(`{"conversation":7,"status":"open"}`)
	bare.Actor = parley.System
	caused := bare
	caused.Key = "oven \"1\"\nläuft"
	caused.Cause = &parley.Cause{EventID: "evt_01kaf0v3bdfh5a9j7e2w4r6m8q", RuleID: "aut_01kaf0v3bdfh5a9j7e2w4r6m8q", Depth: 2}
	return append(events, bare.Seal(), caused.Seal())
}

func TestEveryEventIsWrittenInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range payload.Formats() {
		for _, e := range all(t) {
			body, err := f.Body(hook, e)
			if err != nil {
				t.Errorf("%s in format %s: %v", e.Type, f.Name, err)
				continue
			}
			if again, _ := f.Body(hook, e); !bytes.Equal(body, again) {
				t.Errorf("%s in format %s is another one the second time", e.Type, f.Name)
			}
			if err := sound(body); err != nil {
				t.Errorf("%s in format %s: %v in %s", e.Type, f.Name, err, body)
			}
		}
	}
}

// sound tells whether a text is JSON whose objects have no member twice.
func sound(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := soundValue(d); err != nil {
		return err
	}
	if d.More() {
		return fmt.Errorf("there is more after its end")
	}
	return nil
}

func soundValue(d *json.Decoder) error {
	token, err := d.Token()
	delim, opens := token.(json.Delim)
	if err != nil || !opens {
		return err
	}
	seen := map[json.Token]bool{}
	for d.More() {
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if seen[name] {
				return fmt.Errorf("%v is there twice", name)
			}
			seen[name] = true
		}
		if err := soundValue(d); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func TestEventsAreCloudEvents(t *testing.T) {
	t.Parallel()
	f, _ := payload.Named("cloudevents")
	for _, e := range all(t) {
		body, err := f.Render(hook, e)
		if err != nil {
			t.Fatal(err)
		}
		var read cloudevents.Event
		if err := json.Unmarshal(body, &read); err != nil {
			t.Errorf("%s: the SDK cannot read %s: %v", e.Type, body, err)
			continue
		}
		if err := read.Validate(); err != nil {
			t.Errorf("%s is no cloud event: %v in %s", e.Type, err, body)
		}
		want := []any{
			"1.0", string(e.ID), "parley." + e.Type, "urn:parley:" + string(e.Organization), e.Key, e.CreatedAt.Std(), "application/json", string(e.Data),
		}
		got := []any{
			read.SpecVersion(), read.ID(), read.Type(), read.Source(), read.Subject(), read.Time().In(time.UTC), read.DataContentType(), string(read.Data()),
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as\n%v, want\n%v", e.Type, got, want)
		}
		extensions := map[string]any{
			"sequence": "0000000004711", "organization": string(e.Organization), "apiversion": parley.APIVersion,
			"actortype": e.Actor.Type, "actorid": e.Actor.ID,
		}
		if e.Inbox != "" {
			extensions["inbox"] = string(e.Inbox)
		}
		if c := e.Cause; c != nil {
			extensions["causeeventid"], extensions["causeruleid"], extensions["causedepth"] = string(c.EventID), c.RuleID, "2"
		}
		if !reflect.DeepEqual(read.Extensions(), extensions) {
			t.Errorf("%s has the extensions %v, want %v", e.Type, read.Extensions(), extensions)
		}
	}
}

func TestTheKitReadsTheSameEventFromACloudEvent(t *testing.T) {
	t.Parallel()
	f, _ := payload.Named("cloudevents")
	for _, e := range all(t) {
		body, err := f.Render(hook, e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := webhook.Parse(body)
		want, wrong := webhook.Parse(e.JSON())
		got.Body, want.Body = nil, nil // what came, which is not the same
		if err != nil || wrong != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as\n%+v (%v), want\n%+v (%v)", e.Type, got, err, want, wrong)
		}
	}
}

func TestEndpointsChooseAmongAllFormats(t *testing.T) {
	t.Parallel()
	field, _ := reflect.TypeFor[parley.Webhook]().FieldByName("Format")
	var names []string
	for _, f := range payload.Formats() {
		names = append(names, f.Name)
	}
	if got, want := field.Tag.Get("enum"), strings.Join(names, ","); got != want {
		t.Errorf("an endpoint can have %s, there are %s", got, want)
	}
	if got := field.Tag.Get("default"); got != names[0] {
		t.Errorf("the usual one is %s, want %s", got, names[0])
	}
	if _, ok := payload.Named("xml"); ok {
		t.Error("there is a format that nobody knows")
	}
}
