package parley_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"parley"
)

func anEvent() *parley.Event {
	return &parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: 4711, ID: "evt_01kaf0v3bdfh5a9j7e2w4r6m8q",
		Type: "conversation.assigned", Key: "conv_01kaf0v3b9fh2c7d4z6s8w0x1p",
		Actor:     parley.Actor{Type: parley.ActorUser, ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},
		CreatedAt: 1795170600123, Data: json.RawMessage(`{"previous":{}}`),
	}
}

// The envelope is a promise: its members, their order and every byte.
func TestTheEnvelope(t *testing.T) {
	t.Parallel()
	e := anEvent()
	const alone = `{"id":"evt_01kaf0v3bdfh5a9j7e2w4r6m8q","type":"conversation.assigned","sequence":4711,` +
		`"timestamp":"2026-11-20T10:30:00.123Z","api_version":"2026-11-20","organization_id":"org_01kaf0v3b1f8wr5q2n7m4t9xzc",` +
		`"inbox_id":null,"actor":{"type":"user","id":"usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},"cause":null,"data":{"previous":{}}}`
	if got := string(e.JSON()); got != alone {
		t.Errorf("the envelope is\n%s, want\n%s", got, alone)
	}
	e.Inbox = "inb_01kaf0v3b5exy4m1s7d9g3w2kt"
	e.Cause = &parley.Cause{EventID: "evt_01kaf0v3bcf4p7y5h2d8s1z6kt", RuleID: "aut_1", Depth: 2}
	const caused = `"inbox_id":"inb_01kaf0v3b5exy4m1s7d9g3w2kt",`
	const cause = `"cause":{"event_id":"evt_01kaf0v3bcf4p7y5h2d8s1z6kt","rule_id":"aut_1","depth":2},`
	if got := string(e.JSON()); !strings.Contains(got, caused) || !strings.Contains(got, cause) {
		t.Errorf("the envelope is %s", got)
	}
}

// Documents and clients know the envelope by a struct, which must agree with it.
func TestTheEnvelopeIsAsItIsDescribed(t *testing.T) {
	t.Parallel()
	for _, d := range parley.Catalogue() {
		data, err := json.Marshal(d.Example)
		if err != nil {
			t.Fatal(err)
		}
		e := anEvent()
		e.Type, e.Data, e.Inbox = d.Name, data, "inb_01kaf0v3b5exy4m1s7d9g3w2kt"
		var envelope parley.Envelope
		strict := json.NewDecoder(bytes.NewReader(e.JSON()))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&envelope); err != nil {
			t.Fatalf("%s: %v", d.Name, err)
		}
		envelope.Data = json.RawMessage(data)
		again, err := json.Marshal(envelope)
		if err != nil || string(again) != string(e.JSON()) {
			t.Errorf("the struct is written as\n%s, the event as\n%s (%v)", again, e.JSON(), err)
		}
	}
}

func TestASealedEventIsOneCopy(t *testing.T) {
	t.Parallel()
	plain, sealed := anEvent(), anEvent().Seal()
	if string(plain.JSON()) != string(sealed.JSON()) || string(sealed.Data) != string(plain.Data) {
		t.Errorf("sealed, the event is %s with the data %s", sealed.JSON(), sealed.Data)
	}
	envelope := sealed.JSON()
	if &envelope[len(envelope)-1-len(sealed.Data)] != &sealed.Data[0] || &sealed.JSON()[0] != &envelope[0] {
		t.Error("the data or the envelope is there twice")
	}
	if cap(sealed.Data) != len(sealed.Data) {
		t.Error("whoever appends to the data writes into the envelope")
	}
	if b, err := json.Marshal(sealed); err != nil || string(b) != string(envelope) {
		t.Errorf("marshalled, the event is %s (%v)", b, err)
	}
}

func TestTheCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range parley.Catalogue() {
		if seen[d.Name] {
			t.Errorf("%s is declared twice", d.Name)
		}
		seen[d.Name] = true
		noun, verb, _ := strings.Cut(d.Name, ".")
		if strings.Trim(noun+verb, "abcdefghijklmnopqrstuvwxyz_") != "" || noun == "" || verb == "" || noun == "custom" {
			t.Errorf("%s is not named noun.past_verb", d.Name)
		}
		if !strings.HasSuffix(d.Doc, ".") {
			t.Errorf("%s: %q is no sentence", d.Name, d.Doc)
		}
		if found, ok := parley.Declared(d.Name); !ok || found.Name != d.Name {
			t.Errorf("%s is not found", d.Name)
		}
		data, err := json.Marshal(d.Example)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(data, &members); err != nil || members[d.Noun()] == nil {
			t.Errorf("the data of %s does not hold the object under its own name: %s", d.Name, data)
		}
		if previous, ok := members["previous"]; ok && (string(previous) == "null" || strings.HasSuffix(d.Name, "updated") && string(previous) == "{}") {
			t.Errorf("the example of %s has the previous %s", d.Name, previous)
		}
	}
	for _, name := range []string{
		"conversation.created", "conversation.updated", "conversation.assigned", "conversation.resolved", "conversation.reopened",
		"conversation.snoozed", "conversation.label_added", "conversation.label_removed", "conversation.variables_changed", "conversation.deleted",
		"message.created", "message.updated", "message.deleted", "note.created", "note.deleted", "contact.created", "contact.updated", "contact.deleted",
		"inbox.created", "inbox.updated", "inbox.deleted", "label.created", "label.updated", "label.deleted",
		"custom_field.created", "custom_field.updated", "custom_field.deleted", "api_key.created", "api_key.revoked",
		"webhook.test", "webhook.failing", "webhook.recovered", "webhook.disabled", "webhook.events_missed",
	} {
		if !seen[name] {
			t.Errorf("%s, once shipped, is not declared any more", name)
		}
	}
}

func TestCustomEvents(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"custom.sold": true, "custom.a_1": true, "custom." + strings.Repeat("a", 64): true,
		"custom.": false, "custom": false, "custom." + strings.Repeat("a", 65): false, "custom.Sold": false, "custom.a.b": false,
		"custom.a-b": false, "custom.a\n": false, "contact.created": false, " custom.a": false,
	} {
		if _, ok := parley.CustomEvent(name, "k", nil); ok != want {
			t.Errorf("%q may be published: %v, want %v", name, ok, want)
		}
	}
}

func TestErrorsHaveAKind(t *testing.T) {
	t.Parallel()
	cause := json.Unmarshal([]byte("{"), new(any))
	err := parley.Errorf(parley.Conflict, "no %d", 1).Because(cause)
	if parley.KindOf(err) != parley.Conflict || parley.KindOf(cause) != parley.Internal || parley.KindOf(nil) != parley.Internal {
		t.Error("kinds are mixed up")
	}
	if !strings.Contains(err.Error(), "no 1") || !strings.Contains(err.Error(), cause.Error()) {
		t.Errorf("the error says %q", err)
	}
	wrong := parley.InvalidField("body.name", "must not be %q", "x")
	if !slices.Equal(wrong.Fields, []parley.FieldError{{Location: "body.name", Message: `must not be "x"`}}) || wrong.Kind != parley.Invalid {
		t.Errorf("the error is %+v", wrong)
	}
}
