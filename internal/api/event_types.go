package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/payload"
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
func sampleEvent(d parley.Declaration) json.RawMessage { return payload.Example(d).JSON() }
