package api_test

import (
	"fmt"
	"os"
	"testing"

	"parley"
	"parley/internal/testing/house"
)

// fixture is an organization with one object of each kind, whose ids can be used
// in the paths and bodies of scenarios: "$contact".
type fixture struct {
	*house.Client
	ids map[string]string
}

// furnish makes a fixture of a client's organization.
func furnish(t testing.TB, c *house.Client) *fixture {
	t.Helper()
	c = c.In(t)
	f := &fixture{c, map[string]string{
		"org": string(c.Organization.ID), "owner": string(c.Owner.ID), "inbox": string(c.Inbox.ID), "secret": c.Secret,
	}}
	f.make("widget", "/v1/inboxes", `{"name":"Chat","channel":"widget"}`)
	f.make("agent", "/v1/users", `{"name":"Alan","email":"alan@example.com"}`)
	f.make("contact", "/v1/contacts", `{"name":"Ada","email":"ada@example.com","external_id":"customer-1","variables":{"plan":"pro"}}`)
	f.make("field", "/v1/custom_fields", `{"object":"contact","key":"height","name":"Height","type":"number"}`)
	f.make("choice", "/v1/custom_fields", `{"object":"conversation","key":"size","name":"Size","type":"select","options":["small","large"]}`)
	f.make("conversation", "/v1/conversations", f.says(`{"inbox_id":"$inbox","contact_id":"$contact","subject":"Bread"}`))
	f.make("message", f.says("/v1/conversations/$conversation/messages"), `{"direction":"incoming","content":{"type":"text","text":"Hello"}}`)
	f.make("reply", f.says("/v1/conversations/$conversation/messages"), `{"content":{"type":"text","text":"Good morning"}}`)
	f.make("note", f.says("/v1/conversations/$conversation/notes"), `{"text":"Likes rye"}`)
	f.make("label", f.says("/v1/conversations/$conversation/labels"), `{"name":"vip"}`)
	f.make("key", "/v1/api_keys", `{"name":"Reader","scopes":["*:read"]}`)
	f.make("webhook", "/v1/webhooks", `{"url":"https://hooks.example.com/parley","event_types":["conversation.*"],"headers":{"X-Token":"hush"}}`)
	f.make("event", "/v1/events", `{"type":"custom.baked","key":"oven-1","data":{"loaves":12}}`)
	f.ids["delivery"] = string(parley.NewDeliveryID(parley.WebhookID(f.ids["webhook"]), f.Head()))
	f.ids["type"], f.ids["name"] = "contact.created", "vip"
	f.Do("POST", f.says("/v1/deliveries/$delivery/redeliver"), "").Want(202)
	for name, prefix := range map[string]string{
		"contact": "con", "conversation": "conv", "message": "msg", "note": "note", "label": "lbl", "field": "cf", "inbox": "inb",
		"user": "usr", "key": "key", "webhook": "whk",
	} {
		f.ids["no_"+name] = parley.MakeID(prefix)
	}
	return f
}

func (f *fixture) make(name, path, body string) {
	f.ids[name] = f.Make(path, body).Text("id")
}

// says puts the ids in the place of their names.
func (f *fixture) says(text string) string {
	return os.Expand(text, func(name string) string {
		id, ok := f.ids[name]
		if !ok {
			panic(fmt.Sprintf("the fixture has no %q, which is in %q", name, text))
		}
		return id
	})
}

// in is the fixture for a subtest.
func (f *fixture) in(t testing.TB) *fixture { return &fixture{f.In(t), f.ids} }

func scopes(s ...parley.Scope) []parley.Scope { return s }
