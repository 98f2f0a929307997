package api_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// Whatever organization B asks for, with the ids of organization A in the path and
// in the body, it finds nothing and changes nothing.
func TestAnOrganizationSeesNothingOfAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		a := furnish(t, h.AddOrganization(t)).whole()
		before := rows(t, h, a.Client)
		for _, op := range operations(t, h.Client) {
			if op.streams {
				continue // see TestAStreamTellsOfNoOtherOrganization
			}
			t.Run(op.id, func(t *testing.T) {
				b := h.AddOrganization(t).In(t)
				answer := b.Do(op.method, a.says(op.template(t)), a.says(op.body(t)))
				switch namesObjects := strings.Contains(op.path, "{") && op.id != "get-event-type"; {
				case namesObjects && answer.Status != 404:
					t.Errorf("want 404, got %s", answer)
				case answer.Status >= 500:
					t.Errorf("got %s", answer)
				}
				for _, id := range idsIn(string(answer.Body)) {
					if a.owns(id) && !strings.Contains(a.says(op.template(t)), id) {
						t.Errorf("%s is another organization's, and is in %s", id, answer)
					}
				}
			})
		}
		if after := rows(t, h, a.Client); !maps.Equal(before, after) {
			t.Error("another organization's requests changed something")
		}
	})
}

// Ids of another organization are not accepted in bodies and filters either.
func TestAnOrganizationRefersToNothingOfAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		a, b := furnish(t, h.AddOrganization(t)).whole(), furnish(t, h.AddOrganization(t)).whole()
		foreign := map[string]string{}
		maps.Copy(foreign, b.ids)
		for name, id := range a.ids {
			foreign["a_"+name] = id
		}
		b.ids = foreign
		for _, s := range []scenario{
			{does: "inbox", request: "POST /v1/conversations", body: `{"inbox_id":"$a_inbox","contact_id":"$contact"}`, status: 422, wrong: []string{"body.inbox_id"}},
			{does: "contact", request: "POST /v1/conversations", body: `{"inbox_id":"$inbox","contact_id":"$a_contact"}`, status: 422, wrong: []string{"body.contact_id"}},
			{does: "assignee", request: "PATCH /v1/conversations/$conversation", body: `{"assignee_id":"$a_agent"}`, status: 422, wrong: []string{"body.assignee_id"}},
			{
				does: "assignee of a task", request: "POST /v1/tasks", body: `{"title":"X","assignee_id":"$a_agent"}`,
				status: 422, wrong: []string{"body.assignee_id"},
			},
			{
				does: "contact of a task", request: "PATCH /v1/tasks/$task", body: `{"contact_id":"$a_contact"}`,
				status: 422, wrong: []string{"body.contact_id"},
			},
			{
				does: "conversation of a ticket", request: "PATCH /v1/tickets/$ticket", body: `{"conversation_id":"$a_conversation"}`,
				status: 422, wrong: []string{"body.conversation_id"},
			},
			{
				does: "assignee of a ticket", request: "PATCH /v1/tickets/$ticket", body: `{"assignee_id":"$a_agent"}`,
				status: 422, wrong: []string{"body.assignee_id"},
			},
			{
				does: "person of a key", request: "POST /v1/api_keys", body: `{"name":"X","kind":"personal","user_id":"$a_owner","scopes":["*"]}`,
				status: 422, wrong: []string{"body.user_id"},
			},
			{
				does: "inbox of an endpoint", request: "POST /v1/webhooks",
				body:   `{"url":"https://hooks.example.com/","event_types":["*"],"inbox_ids":["$a_inbox"]}`,
				status: 422, wrong: []string{"body.inbox_ids[0]"},
			},
			{does: "member of a team", request: "PATCH /v1/teams/$team", body: `{"member_ids":["$agent","$a_agent"]}`, status: 422, wrong: []string{"body.member_ids[1]"}},
			{does: "team of a conversation", request: "PATCH /v1/conversations/$conversation", body: `{"team_id":"$a_team"}`, status: 422, wrong: []string{"body.team_id"}},
			{does: "team of a task", request: "PATCH /v1/tasks/$task", body: `{"team_id":"$a_team"}`, status: 422, wrong: []string{"body.team_id"}},
			{does: "team of a ticket", request: "POST /v1/tickets", body: `{"subject":"X","team_id":"$a_team"}`, status: 422, wrong: []string{"body.team_id"}},
			{
				does: "contact of an appointment", request: "POST /v1/appointments", status: 422, wrong: []string{"body.contact_id"},
				body: `{"title":"X","user_id":"$agent","contact_id":"$a_contact","starts_at":"2100-03-01T09:00:00Z","ends_at":"2100-03-01T10:00:00Z"}`,
			},
			{
				does: "conversation of an appointment", request: "POST /v1/appointments", status: 422, wrong: []string{"body.conversation_id"},
				body: `{"title":"X","user_id":"$agent","conversation_id":"$a_conversation","starts_at":"2100-03-01T09:00:00Z","ends_at":"2100-03-01T10:00:00Z"}`,
			},
			{
				does: "agent of an appointment", request: "POST /v1/appointments/$appointment/reschedule", status: 422, wrong: []string{"body.user_id"},
				body: `{"starts_at":"2100-03-01T09:00:00Z","user_id":"$a_agent"}`,
			},
			{does: "portal of a category", request: "POST /v1/categories", body: `{"portal_id":"$a_portal","name":"X"}`, status: 422, wrong: []string{"body.portal_id"}},
			{does: "portal of an article", request: "POST /v1/articles", body: `{"portal_id":"$a_portal","title":"X"}`, status: 422, wrong: []string{"body.portal_id"}},
			{does: "category of an article", request: "PATCH /v1/articles/$article", body: `{"category_id":"$a_category"}`, status: 422, wrong: []string{"body.category_id"}},
			{does: "author of an article", request: "PATCH /v1/articles/$article", body: `{"author_id":"$a_owner"}`, status: 422, wrong: []string{"body.author_id"}},
			{
				does: "words of articles", request: "GET /v1/articles?q=parcel&portal_id=$portal", status: 200,
				answer: `{"data":[{"id":"$article"}],"next_cursor":null}`,
			},
			{does: "filter of articles", request: "GET /v1/articles?q=parcel&portal_id=$a_portal", status: 200, answer: `{"data":[]}`},
			{does: "contact of a merge", request: "POST /v1/contacts/$contact/merge", body: `{"contact_id":"$a_contact"}`, status: 404, wrong: []string{"body.contact_id"}},
			{does: "contact of an order", request: "POST /v1/orders", body: `{"contact_id":"$a_contact","amount":1,"currency":"EUR"}`, status: 422, wrong: []string{"body.contact_id"}},
			{does: "conversation of an order", request: "PATCH /v1/orders/$order", body: `{"conversation_id":"$a_conversation"}`, status: 422, wrong: []string{"body.conversation_id"}},
			{does: "order of a payment", request: "POST /v1/payments", body: `{"order_id":"$a_order","amount":1,"currency":"EUR"}`, status: 422, wrong: []string{"body.order_id"}},
			{does: "contact of a payment", request: "POST /v1/payments", body: `{"contact_id":"$a_contact","amount":1,"currency":"EUR"}`, status: 422, wrong: []string{"body.contact_id"}},
			{does: "pipeline of a deal", request: "POST /v1/deals", body: `{"title":"X","pipeline_id":"$a_pipeline"}`, status: 422, wrong: []string{"body.pipeline_id"}},
			{does: "stage of a deal", request: "POST /v1/deals/$deal/move", body: `{"stage_id":"$a_stage"}`, status: 422, wrong: []string{"body.stage_id"}},
			{does: "stage of a pipeline", request: "PATCH /v1/pipelines/$pipeline", body: `{"stages":[{"id":"$a_stage","name":"X"}]}`, status: 422, wrong: []string{"body.stages[0].id"}},
			{does: "contact of a deal", request: "PATCH /v1/deals/$deal", body: `{"contact_id":"$a_contact"}`, status: 422, wrong: []string{"body.contact_id"}},
			{does: "assignee of a deal", request: "PATCH /v1/deals/$deal", body: `{"assignee_id":"$a_agent"}`, status: 422, wrong: []string{"body.assignee_id"}},
			{
				does: "conversation of an attachment", request: "POST /v1/attachments?conversation_id=$a_conversation", body: `{}`,
				status: 422, wrong: []string{"query.conversation_id"},
			},
			{does: "filter of attachments", request: "GET /v1/attachments?conversation_id=$a_conversation", status: 200, answer: `{"data":[]}`},
			{does: "filter of orders", request: "GET /v1/orders?contact_id=$a_contact", status: 200, answer: `{"data":[]}`},
			{does: "message of another's conversation", request: "GET /v1/conversations/$conversation/messages/$a_message", status: 404},
			{does: "conversation of another", request: "GET /v1/conversations/$a_conversation/messages/$message", status: 404},
			{does: "filter by inbox", request: "GET /v1/conversations?inbox_id=$a_inbox", status: 200, answer: `{"data":[]}`},
			{does: "filter of events", request: "GET /v1/events?inbox_id=$a_inbox", status: 200, answer: `{"data":[]}`},
		} {
			t.Run(s.does, func(t *testing.T) { s.run(t, b.in(t)) })
		}
	})
}

// A part of one conversation is not found under another of the same organization.
func TestAConversationHasItsOwnParts(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).with("message", "note", "label")
	const path = "/v1/conversations/$second"
	for _, s := range []scenario{
		{does: "message", request: "GET " + path + "/messages/$message", status: 404},
		{does: "change of a message", request: "PATCH " + path + "/messages/$message", body: `{"content":{"type":"text","text":"x"}}`, status: 404},
		{does: "deletion of a message", request: "DELETE " + path + "/messages/$message", status: 404},
		{does: "note", request: "GET " + path + "/notes/$note", status: 404},
		{does: "deletion of a note", request: "DELETE " + path + "/notes/$note", status: 404},
		{does: "messages", request: "GET " + path + "/messages", status: 200, answer: `{"data":[]}`},
		{does: "notes", request: "GET " + path + "/notes", status: 200, answer: `{"data":[]}`},
		{does: "labels", request: "GET " + path + "/labels", status: 200, answer: `{"data":[]}`},
	} {
		t.Run(s.does, func(t *testing.T) { s.run(t, f.in(t)) })
	}
}

var anID = regexp.MustCompile(`[a-z]{2,4}_[0-7][0-9a-hjkmnp-tv-z]{25}`)

func idsIn(text string) []string { return anID.FindAllString(text, -1) }

// owns tells whether an id is of an object of the fixture.
func (f *fixture) owns(id string) bool {
	for name, own := range f.ids {
		if own == id && !strings.HasPrefix(name, "no_") {
			return true
		}
	}
	return false
}

func TestEveryOperationNeedsItsScope(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).whole()
	all := operations(t, h.Client)
	for _, op := range all {
		if op.scope == "" {
			t.Errorf("%s says no scope", op.id)
		}
		resource, action, _ := strings.Cut(op.scope, ":")
		if want := map[bool]string{true: "read", false: "write"}[op.method == "GET"]; action != want {
			t.Errorf("%s is a %s and needs the scope %s", op.id, op.method, op.scope)
		}
		if named := strings.Split(op.path, "/")[2]; resource != named && resource != "privacy" && named != "event_types" && named != "deliveries" && !strings.HasSuffix(op.path, "/deliveries") {
			t.Errorf("%s needs the scope of %s", op.id, resource)
		}
	}
	lacking := map[string]*house.Client{}
	for _, op := range all {
		lacking[op.scope] = nil
	}
	for scope := range lacking {
		var others []parley.Scope
		for _, r := range parley.Resources() {
			for _, action := range []string{"read", "write"} {
				if s := parley.Scope(r + ":" + action); !s.Allows(parley.Scope(scope)) {
					others = append(others, s)
				}
			}
		}
		lacking[scope] = f.Key(others...)
	}
	before := rows(t, h, f.Client)
	for _, op := range all {
		t.Run(op.id, func(t *testing.T) {
			path, body := f.says(op.template(t)), f.says(op.body(t))
			a := lacking[op.scope].In(t).Do(op.method, path, body).Want(403)
			a.Includes(`{"required_scope":"` + op.scope + `"}`)
			for _, secret := range []string{"", "parley_x", f.id("key")} {
				f.In(t).With(secret).Do(op.method, path, body).Want(401)
			}
		})
	}
	if after := rows(t, h, f.Client); !maps.Equal(before, after) {
		t.Error("requests without the scope changed something")
	}
}

// A key with one scope only can do what the scope says.
func TestAScopeIsEnough(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for _, op := range operations(t, h.Client) {
		if op.streams {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			f := furnish(t, h.AddOrganization(t)).ready(op)
			scope := parley.Scope(op.scope)
			if op.id == "create-api-key" {
				bodies := f.Key(scope).Do(op.method, op.path, `{"name":"X","scopes":["api_keys:read"]}`)
				bodies.Want(201)
				return
			}
			a := f.Key(scope).Do(op.method, f.says(op.template(t)), f.says(op.body(t)))
			if a.Status == 401 || a.Status == 403 || a.Status >= 500 {
				t.Errorf("with %s: %s", scope, a)
			}
			if op.method == "GET" && !strings.Contains(op.id, "organization") {
				f.Key("*:read").Do(op.method, f.says(op.template(t)), "").Want(200)
			}
		})
	}
}

// Agents do not change what admins are for, whatever scopes their key was given.
func TestAgentsAreNoAdmins(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).whole()
	agent := f.Personal(parley.UserID(f.id("agent")), "*")
	for _, op := range operations(t, h.Client) {
		t.Run(op.id, func(t *testing.T) {
			allowed := map[string]bool{
				"organization:read": true, "users:read": true, "inboxes:read": true, "custom_fields:read": true, "events:read": true,
				"teams:read": true, "appointments:read": true, "appointments:write": true,
				"portals:read": true, "categories:read": true, "articles:read": true, "articles:write": true,
				"labels:read": true, "labels:write": true, "contacts:read": true, "contacts:write": true,
				"conversations:read": true, "conversations:write": true, "tasks:read": true, "tasks:write": true, "tickets:read": true, "tickets:write": true,
				"orders:read": true, "orders:write": true, "payments:read": true, "pipelines:read": true, "deals:read": true, "deals:write": true,
				"attachments:read": true, "attachments:write": true, "canned_responses:read": true, "privacy:read": true,
			}[op.scope]
			if op.streams || allowed && op.method != "GET" {
				return
			}
			a := agent.In(t).Do(op.method, f.says(op.template(t)), f.says(op.body(t)))
			switch {
			case !allowed && a.Status != 403:
				t.Errorf("an agent may not do this, and got %s", a)
			case allowed && a.Status != 200 && !strings.Contains(op.id, "variable") && op.id != "get-contact-erasure": // nobody is being erased
				t.Errorf("an agent may do this, and got %s", a)
			}
		})
	}
}
