package payload

import (
	"encoding/json"

	"parley"
)

// Example is a whole event of a type as the documentation shows it, with the data of
// its example. It is in no log.
func Example(d parley.Declaration) *parley.Event {
	data, err := parley.JSON(d.Example)
	if err != nil {
		panic("payload: example of " + d.Name + ": " + err.Error()) // a programmer's mistake
	}
	e := &parley.Event{
		Organization: "org_01kaf0v3b1f8wr5q2n7m4t9xzc", Sequence: 4711, ID: "evt_01kaf0v3bdfh5a9j7e2w4r6m8q",
		Type: d.Name, Key: keyOf(d.Noun(), data), Actor: parley.Actor{Type: parley.ActorUser, ID: "usr_01kaf0v3b2e1gs8k6w3p0d5hvy"},
		CreatedAt: 1795170600123, Data: data,
	}
	if d.OfInbox() {
		e.Inbox = "inb_01kaf0v3b5exy4m1s7d9g3w2kt"
	}
	return e
}

// ExampleFor is [Example] as it would happen in an organization where an endpoint sees
// it: in one of its inboxes, or for a test at the endpoint itself.
func ExampleFor(d parley.Declaration, org parley.OrganizationID, w parley.Webhook) *parley.Event {
	e := Example(d)
	e.Organization = org
	if e.Inbox != "" && len(w.InboxIDs) > 0 {
		e.Inbox = w.InboxIDs[0]
	}
	if e.Type == parley.WebhookTested.Name() {
		e.Key = string(w.ID)
	}
	return e
}

// tested is what an endpoint is sent of a test: the test, or the example of the type
// that it asks for, which has the test's id, place and time.
func tested(test *parley.Event) *parley.Event {
	var asks parley.WebhookTestEvent
	if json.Unmarshal(test.Data, &asks) != nil || asks.Sample == nil {
		return test
	}
	d, ok := parley.Declared(*asks.Sample)
	if !ok { // it was declared when the test was made
		return test
	}
	e := ExampleFor(d, test.Organization, asks.Webhook)
	e.ID, e.Sequence, e.CreatedAt, e.Actor = test.ID, test.Sequence, test.CreatedAt, test.Actor
	return e.Seal()
}

// keyOf is the key of an event with this data: the id of the conversation or else of
// the object that it is about.
func keyOf(noun string, data json.RawMessage) string {
	var members map[string]json.RawMessage
	var about struct{ ID string }
	if json.Unmarshal(data, &members) != nil {
		return ""
	}
	for _, name := range []string{"conversation", noun} {
		if json.Unmarshal(members[name], &about) == nil {
			return about.ID
		}
	}
	return ""
}
