package api_test

func events() []scenario {
	return []scenario{
		{
			does: "an event is published", request: "POST /v1/events", body: `{"type":"custom.sold","key":"till-1","data":{"price":1.50}}`, status: 201,
			events: []appended{{"custom.sold", `{"price":1.50}`}},
		},
		{
			does: "an event needs no more than its type", request: "POST /v1/events", body: `{"type":"custom.sold"}`, status: 201,
			events: []appended{{"custom.sold", `{}`}},
		},
		{
			does: "several are published at once", request: "POST /v1/events", status: 201,
			body:   `{"events":[{"type":"custom.a","data":{"n":1}},{"type":"custom.b","data":{"n":2}}]}`,
			events: []appended{{"custom.a", `{"n":1}`}, {"custom.b", `{"n":2}`}},
		},
		{
			does: "one that is wrong spoils all", request: "POST /v1/events",
			body:   `{"events":[{"type":"custom.a"},{"type":"contact.created"},{"type":"custom.A"},{"type":"custom.b","data":[]}]}`,
			status: 422, wrong: []string{"body.events[1].type", "body.events[2].type", "body.events[3].data"},
		},
		{does: "none is too few", request: "POST /v1/events", body: `{"events":[]}`, status: 422, wrong: []string{"body.events"}},
		{
			does: "only one's own types are published", request: "POST /v1/events", body: `{"type":"message.created","data":{}}`,
			status: 422, wrong: []string{"body.type"},
		},
		{does: "an event is an object", request: "POST /v1/events", body: `[]`, status: 422, wrong: []string{"body"}},
		{
			does: "an event is read", request: "GET /v1/events/$event", status: 200,
			answer: `{"id":"$event","type":"custom.baked","organization_id":"$org","inbox_id":null,"cause":null,
				"api_version":"2026-11-20","data":{"loaves":12}}`,
		},
		{
			does: "the log is listed from its beginning", request: "GET /v1/events?limit=2", status: 200,
			answer: `{"data":[{"sequence":1,"type":"user.created","actor":{"type":"system","id":"system"}},{"sequence":2,"type":"inbox.created"}]}`,
		},
		{
			does: "the log is listed from its end", request: "GET /v1/events?order=desc&limit=1", status: 200, answer: `{"data":[{"id":"$event"}]}`,
		},
		{
			does: "the log is listed after a place", request: "GET /v1/events?after=2&limit=1", status: 200, answer: `{"data":[{"sequence":3}]}`,
		},
		{
			does: "events change when they happen", request: "GET /v1/events?changed_after=2&limit=1", status: 200, answer: `{"data":[{"sequence":3}]}`,
		},
		{
			does: "types are chosen by pattern", with: "conversation note event", request: "GET /v1/events?types=custom.*,+note.created", status: 200,
			answer: `{"data":[{"type":"note.created"},{"id":"$event"}],"next_cursor":null}`,
		},
		{
			does: "a pattern is no wildcard of the database", with: "field choice event", request: "GET /v1/events?types=custom_field.*", status: 200,
			answer: `{"data":[{"type":"custom_field.created"},{"type":"custom_field.created"}]}`,
		},
		{
			does: "events of an inbox", with: "conversation message", request: "GET /v1/events?inbox_id=$inbox&types=inbox.*,conversation.created", status: 200,
			answer: `{"data":[{"type":"inbox.created","inbox_id":"$inbox"},{"type":"conversation.created","inbox_id":"$inbox"}]}`,
		},
		{
			does: "events about an object", with: "conversation message task", request: "GET /v1/events?object_id=$contact&types=contact.*,message.*", status: 200,
			answer: `{"data":[{"type":"contact.created"},{"type":"message.created"}],"next_cursor":null}`,
		},
		{
			does: "events with a key, the newest first", request: "GET /v1/events?object_id=oven-1&order=desc", with: "event", status: 200,
			answer: `{"data":[{"id":"$event"}],"next_cursor":null}`,
		},
		{
			does: "what an actor did", with: "event", request: "GET /v1/events?actor_type=system&limit=2", status: 200,
			answer: `{"data":[{"sequence":1},{"sequence":2}]}`,
		},
		{does: "what one actor did", request: "GET /v1/events?actor_id=$owner", status: 200, answer: `{"data":[],"next_cursor":null}`},
		{does: "an actor is of a known kind", request: "GET /v1/events?actor_type=robot", status: 422, wrong: []string{"query.actor_type"}},
		{
			does: "nothing led to what a client did", request: "GET /v1/events/$event/related", status: 200,
			answer: `{"causes":[],"causes_cut":false,"effects":[],"effects_cut":false}`,
		},
		{does: "nothing is related to what is not there", request: "GET /v1/events/$no_event/related", status: 404},
		{does: "relations need a scope", request: "GET /v1/events/$event/related", scopes: scopes("webhooks:read"), status: 403},
		{does: "events of the future", request: "GET /v1/events?since=2100-01-01T00:00:00Z", status: 200, answer: `{"data":[],"next_cursor":null}`},
		{
			does: "events since a time", request: "GET /v1/events?since=2020-01-01T00:00:00%2B01:00&limit=1", status: 200, answer: `{"data":[{"sequence":1}]}`,
		},
		{does: "a time is a time", request: "GET /v1/events?since=yesterday", status: 422, wrong: []string{"query.since"}},
		{does: "a type that can never be is refused", request: "GET /v1/events?types=conversations.*", status: 422, wrong: []string{"query.types"}},
		{does: "a place is a number", request: "GET /v1/events?after=-1", status: 422, wrong: []string{"query.after"}},
		{does: "an order is known", request: "GET /v1/events?order=random", status: 422, wrong: []string{"query.order"}},
	}
}

func eventTypes() []scenario {
	return []scenario{
		{
			does: "a type tells its schema and an example", request: "GET /v1/event_types/conversation.assigned", status: 200,
			answer: `{"name":"conversation.assigned","example":{"type":"conversation.assigned","data":{"previous":{"assignee_id":null,"assignee":null}}}}`,
		},
		{does: "a type that is none", request: "GET /v1/event_types/conversation.sung", status: 404},
		{does: "a type of one's own is not in the catalogue", request: "GET /v1/event_types/custom.baked", status: 404},
	}
}
