package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/schema"
)

// eventType is what the catalogue tells of a type of event.
type eventType struct {
	Name        string          `json:"name" example:"conversation.created"`
	Description string          `json:"description" example:"A conversation was started."`
	Schema      json.RawMessage `json:"schema" types:"object" doc:"The JSON Schema of the whole event"`
	Example     json.RawMessage `json:"example" types:"object" doc:"A whole event"`
}

type typeParam struct {
	Type string `path:"type" maxLength:"100" doc:"The type's name"`
}

func (a *API) eventTypes() {
	const tag, path = "Events", "/v1/event_types"
	register(a, operation{
		ID: "list-event-types", Method: http.MethodGet, Path: path, Tag: tag, Scope: "events:read",
		Summary: "List the catalogue of events", Doc: "Every type with its JSON Schema and an example, on one page. Besides these there are your own, `custom.*`.",
		Answer: a.pageSchema(reflect.TypeFor[eventType]()),
	}, func(context.Context, *call, *noParams) (page[eventType], error) {
		var types []eventType
		for _, d := range parley.Catalogue() {
			t, err := describeType(d)
			if err != nil {
				return page[eventType]{}, err
			}
			types = append(types, t)
		}
		return pageOf(types, "", nil)
	})
	register(a, operation{
		ID: "get-event-type", Method: http.MethodGet, Path: path + "/{type}", Tag: tag, Scope: "events:read",
		Summary: "Get a type of event",
	}, func(_ context.Context, _ *call, in *typeParam) (eventType, error) {
		d, ok := parley.Declared(in.Type)
		if !ok {
			return eventType{}, parley.Missing("type of event", in.Type)
		}
		return describeType(d)
	})
}

func describeType(d parley.Declaration) (eventType, error) {
	s, err := json.Marshal(schema.Answer(eventStruct(d)))
	return eventType{d.Name, d.Doc, s, sampleEvent(d)}, err
}

// sampleEvent is a whole event of a type as JSON.
func sampleEvent(d parley.Declaration) json.RawMessage { return exampleOf(d).JSON() }

// exampleOf is a whole event of a type, with the data of its example.
func exampleOf(d parley.Declaration) *parley.Event {
	data, err := parley.JSON(d.Example)
	if err != nil {
		panic("api: example of " + d.Name + ": " + err.Error()) // a programmer's mistake
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
