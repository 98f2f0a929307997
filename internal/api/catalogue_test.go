package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley"
	"parley/internal/testing/house"
)

// emittedByTheEngine are the types that no request causes by itself: package webhook tests
// them, and TestAContactIsErased.
var emittedByTheEngine = []string{"contact.erased", "webhook.failing", "webhook.recovered", "webhook.disabled", "webhook.events_missed", "webhook.verified"}

// aLife causes every type of event there is, once at least.
var aLife = []string{
	`PATCH /v1/organization {"name":"Bread & Butter"}`,
	`PATCH /v1/users/$agent {"role":"admin"}`,
	`PATCH /v1/inboxes/$widget {"name":"Talk"}`,
	`PATCH /v1/custom_fields/$field {"name":"How tall"}`,
	`PATCH /v1/contacts/$contact {"phone":"+44 20 7946 0000","custom_fields":{"height":168}}`,
	`PATCH /v1/conversations/$conversation {"subject":"Rye","assignee_id":"$agent","status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`,
	`PATCH /v1/conversations/$conversation {"status":"resolved"}`,
	`PATCH /v1/conversations/$conversation {"status":"open","assignee_id":null}`,
	`PUT /v1/conversations/$conversation/variables/plan {"value":"pro"}`,
	`PATCH /v1/conversations/$conversation/messages/$reply {"content":{"type":"buttons","payload":{"title":"Go on?","buttons":[{"title":"Yes"}]}}}`,
	`PATCH /v1/teams/$team {"description":"Until six"}`,
	`DELETE /v1/teams/$idle`,
	`PATCH /v1/canned_responses/$canned {"text":"Closed"}`,
	`DELETE /v1/canned_responses/$canned`,
	`PATCH /v1/appointments/$appointment {"title":"Tasting for two"}`,
	`POST /v1/appointments/$appointment/reschedule {"starts_at":"2100-01-02T09:00:00Z"}`,
	`POST /v1/appointments/$appointment/cancel {"reason":"The wedding is off."}`,
	`DELETE /v1/appointments/$appointment`,
	`PATCH /v1/portals/$portal {"name":"Help"}`,
	`PATCH /v1/categories/$category {"position":2}`,
	`PATCH /v1/articles/$article {"title":"Where is it?"}`,
	`POST /v1/articles/$article/publish`,
	`POST /v1/articles/$article/unpublish`,
	`POST /v1/articles/$article/archive`,
	`POST /v1/articles/$article/restore`,
	`DELETE /v1/articles/$article`,
	`DELETE /v1/portals/$closed`,
	`PATCH /v1/orders/$order {"amount":900}`,
	`POST /v1/orders/$order/fulfil`,
	`POST /v1/orders/$basket/cancel`,
	`PATCH /v1/pipelines/$pipeline {"name":"All cakes"}`,
	`DELETE /v1/pipelines/$empty`,
	`PATCH /v1/deals/$deal {"amount":30000}`,
	`POST /v1/deals/$deal/move {"stage_id":"$stage"}`,
	`POST /v1/deals/$deal/win`,
	`POST /v1/deals/$deal/reopen`,
	`POST /v1/deals/$lost/lose {"reason":"Too far away."}`,
	`DELETE /v1/deals/$lost`,
	`POST /v1/payments/$payment/confirm`,
	`POST /v1/payments/$payment/refund`,
	`POST /v1/payments/$cash/fail {"reason":"Forged."}`,
	`DELETE /v1/conversations/$conversation/messages/$reply`,
	`DELETE /v1/conversations/$conversation/notes/$note`,
	`DELETE /v1/conversations/$conversation/labels/vip`,
	`PATCH /v1/labels/$label {"color":"#ff0000"}`,
	`DELETE /v1/labels/$label`,
	`PATCH /v1/tasks/$task {"title":"Call back soon"}`,
	`POST /v1/tasks/$task/complete`,
	`POST /v1/tasks/$task/reopen`,
	`DELETE /v1/tasks/$task`,
	`PATCH /v1/tickets/$ticket {"priority":"urgent","assignee_id":"$agent"}`,
	`POST /v1/tickets/$ticket/pend`,
	`POST /v1/tickets/$ticket/close`,
	`POST /v1/tickets/$ticket/reopen`,
	`DELETE /v1/tickets/$ticket`,
	`DELETE /v1/attachments/$attachment`,
	`DELETE /v1/conversations/$conversation`,
	`POST /v1/contacts/$stranger/merge {"contact_id":"$contact"}`,
	`DELETE /v1/contacts/$stranger`,
	`DELETE /v1/inboxes/$widget`,
	`DELETE /v1/custom_fields/$choice`,
	`DELETE /v1/users/$agent`,
	`DELETE /v1/api_keys/$key`,
	`PATCH /v1/webhooks/$webhook {"description":"CRM"}`,
	`POST /v1/webhooks/$webhook/rotate_secret`,
	`POST /v1/webhooks/$webhook/test`,
	`POST /v1/webhooks/$webhook/rewind {"to":1}`,
	`POST /v1/webhooks/$webhook/cancel_rewind`,
	`POST /v1/webhooks/$webhook/pause`,
	`POST /v1/webhooks/$webhook/resume`,
	`DELETE /v1/webhooks/$webhook`,
}

func TestEveryTypeOfEventIsCausedAsDeclared(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).whole()
	for _, line := range aLife {
		f.do(line)
	}
	caused := map[string]bool{}
	schemas := schemasOfEvents(t, f.Client)
	for i, e := range f.Events(0) {
		if e.Sequence != int64(i)+1 {
			t.Fatalf("event %d has the sequence %d", i+1, e.Sequence)
		}
		checkEnvelope(t, e)
		if caused[e.Type] {
			continue
		}
		caused[e.Type] = true
		if s := schemas[e.Type]; s != nil {
			checkAgainst(t, s, e)
		} else if !strings.HasPrefix(e.Type, "custom.") {
			t.Errorf("%s is not declared", e.Type)
		}
	}
	for _, d := range parley.Catalogue() {
		if engine := slices.Contains(emittedByTheEngine, d.Name); caused[d.Name] == engine {
			t.Errorf("%s: caused here is %v, said to come from the engine is %v", d.Name, caused[d.Name], engine)
		}
	}
}

// schemasOfEvents are the schemas that /v1/event_types tells, which must also
// describe their examples.
func schemasOfEvents(t *testing.T, c *house.Client) map[string]*openapi3.Schema {
	t.Helper()
	var page struct {
		Data []struct {
			Name    string
			Schema  openapi3.Schema
			Example json.RawMessage
		}
	}
	c.Get("/v1/event_types").Decode(&page)
	schemas := map[string]*openapi3.Schema{}
	for i := range page.Data {
		d := &page.Data[i]
		schemas[d.Name] = &d.Schema
		var example any
		if err := json.Unmarshal(d.Example, &example); err != nil {
			t.Fatal(err)
		}
		if err := d.Schema.VisitJSON(example, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("the example of %s: %v", d.Name, err)
		}
	}
	return schemas
}

func checkAgainst(t *testing.T, s *openapi3.Schema, e *parley.Event) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(e.JSON(), &whole); err != nil {
		t.Fatalf("%s is not JSON: %v", e.JSON(), err)
	}
	if err := s.VisitJSON(whole, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("%s is not as its schema says: %v", e.JSON(), err)
	}
}

// checkEnvelope checks what all events have in common: the key that keeps order, and
// the sequence of the object that the event tells of.
func checkEnvelope(t *testing.T, e *parley.Event) {
	t.Helper()
	type object struct {
		ID       string
		Sequence int64
	}
	var data map[string]object
	noun, _, _ := strings.Cut(e.Type, ".")
	if noun == "custom" {
		return
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(e.Data, &members); err != nil {
		t.Fatal(err)
	}
	data = map[string]object{}
	for _, name := range []string{noun, "conversation"} {
		if members[name] != nil {
			var o object
			if err := json.Unmarshal(members[name], &o); err != nil {
				t.Fatal(err)
			}
			data[name] = o
		}
	}
	about := data[noun]
	if about.Sequence != e.Sequence && e.Type != "webhook.test" {
		t.Errorf("%s at %d tells of an object of sequence %d", e.Type, e.Sequence, about.Sequence)
	}
	key := about.ID
	if conversation, ok := data["conversation"]; ok {
		key = conversation.ID
	}
	if e.Key != key {
		t.Errorf("%s: key %s, want %s", e.Type, e.Key, key)
	}
	if _, hasPrevious := members["previous"]; !hasPrevious && e.Type != "webhook.test" {
		t.Errorf("%s has no previous", e.Type)
	}
	changes := strings.HasSuffix(e.Type, "created") || e.Type == "order.requested" || e.Type == "appointment.booked" || strings.HasSuffix(e.Type, "deleted") || e.Type == "webhook.test" || e.Type == "webhook.secret_rotated"
	if empty := string(members["previous"]) == "{}"; empty != changes && e.Type != "webhook.test" {
		t.Errorf("%s has the previous %s", e.Type, members["previous"])
	}
}
