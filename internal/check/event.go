package check

import (
	"bytes"
	"encoding/json"

	"parley"
)

// event is what Parley would send.
type event struct {
	id   string // the webhook-id
	what string // how a report names it
	body []byte
}

// The type of event that is sent where any would do.
const usual = "message.created"

// usualEvent is an event like those that every receiver is sent.
func (e *exam) usualEvent() event { return e.event(usual, exampleOf(usual)) }

// event makes an event: as every one has, with an id and a sequence of its own.
func (e *exam) event(name string, data any) event {
	text, err := json.Marshal(data)
	if err != nil {
		panic("check: the example of " + name + ": " + err.Error()) // a programmer's mistake
	}
	e.sequence++
	made := parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: e.sequence, ID: parley.NewEventID(e.sequence),
		Type: name, CreatedAt: parley.Now(), Data: text,
		Actor: parley.Actor{Type: parley.ActorUser, ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},
	}
	if declared, _ := parley.Declared(name); declared.OfInbox() {
		made.Inbox = "inb_01kaf0v3b5exy4m1s7d9g3w2kt"
	}
	return event{string(made.ID), name, made.JSON()}
}

// exampleOf is the catalogue's example of a type that it has.
func exampleOf(name string) any {
	declared, _ := parley.Declared(name)
	return declared.Example
}

// said is a message.created whose message is a text.
func (e *exam) said(text string) event {
	data, _ := exampleOf(usual).(parley.MessageEvent)
	data.Message.Content = parley.TextContent(text)
	return e.event(usual, data)
}

// extended adds members to an event, as a later release of Parley may.
func (v event) extended() event {
	v.body = bytes.Replace(v.body, []byte(`{"id":`), []byte(`{"added_later":{"by":"a release to come"},"id":`), 1)
	v.body = bytes.Replace(v.body, []byte(`"data":{`), []byte(`"data":{"added_later":["one",2,null],`), 1)
	v.what += " with members that it does not have yet"
	return v
}

// as names an event in another way.
func (v event) as(what string) event {
	v.what = what
	return v
}
