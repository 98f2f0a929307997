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
	"stranger":     `/v1/contacts {"name":"Bob"}`,
	"field":        `/v1/custom_fields {"object":"contact","key":"height","name":"Height","type":"number"}`,
	"choice":       `/v1/custom_fields {"object":"conversation","key":"size","name":"Size","type":"select","options":["small","large"]}`,
	"conversation": `/v1/conversations {"inbox_id":"$inbox","contact_id":"$contact","subject":"Bread"}`,
	"second":       `/v1/conversations {"inbox_id":"$inbox","contact_id":"$contact"}`,
	"message":      `/v1/conversations/$conversation/messages {"direction":"incoming","content":{"type":"text","text":"Hello"}}`,
	"reply":        `/v1/conversations/$conversation/messages {"content":{"type":"text","text":"Good morning"}}`,
	"task":         `/v1/tasks {"title":"Call back","due_at":"2100-01-01T09:00:00Z","conversation_id":"$conversation","custom_fields":{}}`,
	"ticket":       `/v1/tickets {"subject":"Stale bread","contact_id":"$contact","conversation_id":"$conversation"}`,
	"appointment":  `/v1/appointments {"title":"Tasting","user_id":"$agent","conversation_id":"$conversation","starts_at":"2100-01-01T09:00:00Z","ends_at":"2100-01-01T09:45:00Z","time_zone":"Europe/Paris"}`,
	"viewing":      `/v1/appointments {"title":"Viewing","user_id":"$owner","contact_id":"$contact","starts_at":"2100-01-01T09:00:00Z","ends_at":"2100-01-01T10:00:00Z"}`,
	"team":         `/v1/teams {"name":"Night shift","member_ids":["$agent"]}`,
	"idle":         `/v1/teams {"name":"Nobody","description":"For later"}`,
	"portal":       `/v1/portals {"name":"Bakery help","locales":["en","pt-BR"]}`,
	"category":     `/v1/categories {"portal_id":"$portal","name":"Orders","position":1}`,
	"article":      `/v1/articles {"portal_id":"$portal","category_id":"$category","title":"Where is my order?","body":"Follow the **parcel**.","author_id":"$agent"}`,
	"closed":       `/v1/portals {"name":"Closed"}`,
	"vacant":       `/v1/categories {"portal_id":"$closed","name":"Vacant"}`,
	"note":         `/v1/conversations/$conversation/notes {"text":"Likes rye"}`,
	"label":        `/v1/conversations/$conversation/labels {"name":"vip"}`,
	"canned":       `/v1/canned_responses {"shortcut":"hours","name":"Opening hours","text":"Hello {{contact.name}}"}`,
	"key":          `/v1/api_keys {"name":"Reader","scopes":["*:read"]}`,
	"order":        `/v1/orders {"contact_id":"$contact","conversation_id":"$conversation","items":[{"name":"Rye","sku":"RYE-1","quantity":2,"unit_amount":450}],"amount":1000,"currency":"EUR"}`,
	"basket":       `/v1/orders {"contact_id":"$contact","amount":100,"currency":"USD"}`,
	"payment":      `/v1/payments {"order_id":"$order","amount":1000,"currency":"EUR","provider":"bank"}`,
	"cash":         `/v1/payments {"amount":100,"currency":"EUR","reference":"till 4"}`,
	"pipeline":     `/v1/pipelines {"name":"Cakes","stages":[{"name":"Tasting"},{"name":"Offer"}]}`,
	"deal":         `/v1/deals {"title":"A cake","pipeline_id":"$pipeline","contact_id":"$contact","amount":32000,"currency":"EUR"}`,
	"empty":        `/v1/pipelines {"name":"Catering","stages":[{"name":"Called"}]}`,
	"lost":         `/v1/deals {"title":"Another cake","pipeline_id":"$pipeline"}`,
	"attachment":   `/v1/attachments?file_name=order.json&conversation_id=$conversation {"rye":12}`,
	"webhook":      `/v1/webhooks {"url":"https://hooks.example.com/parley","event_types":["conversation.*"],"headers":{"X-Token":"hush"}}`,
	"batch":        `/v1/webhooks {"url":"https://hooks.example.com/batch","event_types":["message.*"],"format":"batch"}`,
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
	case name == "tasting" || name == "stage":
		f.stages()
	case name == "delivery":
		f.ids[name] = f.delivery()
	default:
		f.t.Fatalf("the fixture has no %q", name)
	}
	return f.ids[name]
}

// stages are those of the pipeline.
func (f *fixture) stages() {
	pipeline := f.Get(f.says("/v1/pipelines/$pipeline"))
	f.ids["tasting"], f.ids["stage"] = pipeline.Text("stages.0.id"), pipeline.Text("stages.1.id")
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
	return f.with(slices.Sorted(maps.Keys(recipes))...).with("delivery", "stage")
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
