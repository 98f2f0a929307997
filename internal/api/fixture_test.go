package api_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/testing/house"
)

// fixture is an organization with named objects, at most one of each name, which are
// made when they are first spoken of: "$contact" in a path or a body is the id of the
// contact.
type fixture struct {
	*house.Client
	t   testing.TB
	ids map[string]string
}

// furnish makes a fixture of a client's organization.
func furnish(t testing.TB, c *house.Client) *fixture {
	return &fixture{c.In(t), t, map[string]string{
		"org": string(c.Organization.ID), "owner": string(c.Owner.ID), "inbox": string(c.Inbox.ID),
		"type": "contact.created", "name": "vip",
	}}
}

// recipes say how the objects are made: a path and a body, in which others are named.
var recipes = map[string]string{
	"widget":       `/v1/inboxes {"name":"Chat","channel":"widget"}`,
	"agent":        `/v1/users {"name":"Alan","email":"alan@example.com"}`,
	"contact":      `/v1/contacts {"name":"Ada","email":"ada@example.com","external_id":"customer-1","variables":{"plan":"pro"}}`,
	"field":        `/v1/custom_fields {"object":"contact","key":"height","name":"Height","type":"number"}`,
	"choice":       `/v1/custom_fields {"object":"conversation","key":"size","name":"Size","type":"select","options":["small","large"]}`,
	"conversation": `/v1/conversations {"inbox_id":"$inbox","contact_id":"$contact","subject":"Bread"}`,
	"second":       `/v1/conversations {"inbox_id":"$inbox","contact_id":"$contact"}`,
	"message":      `/v1/conversations/$conversation/messages {"direction":"incoming","content":{"type":"text","text":"Hello"}}`,
	"reply":        `/v1/conversations/$conversation/messages {"content":{"type":"text","text":"Good morning"}}`,
	"note":         `/v1/conversations/$conversation/notes {"text":"Likes rye"}`,
	"label":        `/v1/conversations/$conversation/labels {"name":"vip"}`,
	"key":          `/v1/api_keys {"name":"Reader","scopes":["*:read"]}`,
	"webhook":      `/v1/webhooks {"url":"https://hooks.example.com/parley","event_types":["conversation.*"],"headers":{"X-Token":"hush"}}`,
	"event":        `/v1/events {"type":"custom.baked","key":"oven-1","data":{"loaves":12}}`,
}

// id is the id of the object of a name; "no_" and a name is an id of its kind that
// names nothing.
func (f *fixture) id(name string) string {
	if id, ok := f.ids[name]; ok {
		return id
	}
	recipe, ok := recipes[name]
	absent, isAbsent := strings.CutPrefix(name, "no_")
	switch {
	case ok:
		path, body, _ := strings.Cut(f.says(recipe), " ")
		f.ids[name] = f.Make(path, body).Text("id")
	case isAbsent:
		f.ids[name] = unlike(f.id(absent))
	case name == "delivery":
		f.ids[name] = f.delivery()
	default:
		f.t.Fatalf("the fixture has no %q", name)
	}
	return f.ids[name]
}

// delivery is that of the event to the endpoint, asked for and not made.
func (f *fixture) delivery() string {
	event := parley.EventID(f.id("event"))
	id := string(parley.NewDeliveryID(parley.WebhookID(f.id("webhook")), event.Sequence()))
	return f.Do("POST", "/v1/deliveries/"+id+"/redeliver", "").Want(202).Text("id")
}

// unlike is an id of the same kind that names nothing.
func unlike(id string) string {
	prefix, _, _ := strings.Cut(id, "_")
	if prefix == "dlv" {
		return "dlv_00000000000000000000000000"
	}
	return parley.MakeID(prefix)
}

// says puts the ids in the place of their names.
func (f *fixture) says(text string) string { return os.Expand(text, f.id) }

// with makes the objects of these names.
func (f *fixture) with(names ...string) *fixture {
	for _, name := range names {
		f.id(name)
	}
	return f
}

// whole makes all there are.
func (f *fixture) whole() *fixture {
	f.with("widget", "agent", "contact", "field", "choice", "conversation", "message", "reply", "note", "label", "key", "webhook", "event")
	return f.with(slices.Sorted(maps.Keys(recipes))...).with("delivery")
}

// in is the fixture for a subtest.
func (f *fixture) in(t testing.TB) *fixture { return &fixture{f.In(t), t, f.ids} }

// do makes a request given in one line, which must succeed.
func (f *fixture) do(line string) *house.Answer {
	method, rest, _ := strings.Cut(f.says(line), " ")
	path, body, _ := strings.Cut(rest, " ")
	a := f.Do(method, path, body)
	if a.Status >= 300 {
		f.t.Fatalf("a request that prepares a test fails: %s: %s", line, a)
	}
	return a
}

func scopes(s ...parley.Scope) []parley.Scope { return s }
