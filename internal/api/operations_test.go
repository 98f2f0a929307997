package api_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/house"
)

// operation is a route as the OpenAPI document has it.
type operation struct {
	id, method, path string
	scope            string
	takesBody        bool
	bodyOptional     bool
	streams          bool
	uploads          bool
}

// operations are all routes of the document, so that no test over all of them can
// forget one.
func operations(t testing.TB, c *house.Client) []operation {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Scope       string `json:"x-scope"`
			RequestBody *struct {
				Required bool
				Content  map[string]any
			}
			Responses map[string]struct{ Content map[string]any }
		}
	}
	c.With("").Get("/openapi.json").Decode(&document)
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			o := document.Paths[path][method]
			op := operation{id: hyphenated(o.OperationID), method: strings.ToUpper(method), path: path, scope: o.Scope}
			op.takesBody = o.RequestBody != nil
			op.uploads = op.takesBody && o.RequestBody.Content["application/json"] == nil
			op.bodyOptional = o.RequestBody != nil && !o.RequestBody.Required
			op.streams = o.Responses["200"].Content["text/event-stream"] != nil
			all = append(all, op)
		}
	}
	if len(all) < 60 {
		t.Fatalf("the document has %d operations", len(all))
	}
	return all
}

var capital = regexp.MustCompile(`[A-Z]`)

// hyphenated is an operation's id as the routes declare it: create-contact for
// createContact.
func hyphenated(id string) string {
	return capital.ReplaceAllStringFunc(id, func(letter string) string { return "-" + strings.ToLower(letter) })
}

// named tells which object of the fixture a path's {id} means, by what stands
// before it.
var named = map[string]string{
	"api_keys": "key", "users": "agent", "inboxes": "widget", "labels": "label", "canned_responses": "canned", "custom_fields": "field", "contacts": "contact",
	"teams": "team", "appointments": "appointment", "portals": "closed", "categories": "vacant", "articles": "article",
	"orders": "order", "payments": "payment", "pipelines": "pipeline", "deals": "deal", "attachments": "attachment",
	"conversations": "conversation", "tasks": "task", "tickets": "ticket", "events": "event", "webhooks": "webhook", "deliveries": "delivery",
}

var parameter = regexp.MustCompile(`/([a-z_]+)/\{([a-z_]+)\}`)

// template is the operation's path with names of the fixture in it.
func (o operation) template(t testing.TB) string {
	t.Helper()
	path := o.path
	for _, found := range parameter.FindAllStringSubmatch(path, -1) {
		before, param := found[1], found[2]
		name := map[string]string{"message_id": "reply", "note_id": "note", "name": "name", "type": "type", "id": named[before]}[param]
		if name == "" {
			t.Fatalf("%s: the tests do not know what to put in the place of {%s}: tell them in the fixture", o.id, param)
		}
		path = strings.Replace(path, "{"+param+"}", "$"+name, 1)
	}
	return path
}

// bodies are one good body for each operation that takes one.
var bodies = map[string]string{
	"update-organization":       `{"name":"Another name"}`,
	"create-api-key":            `{"name":"Another","scopes":["*:read"]}`,
	"create-user":               `{"name":"Rosa","email":"rosa@example.com"}`,
	"update-user":               `{"name":"Another name"}`,
	"create-team":               `{"name":"Another"}`,
	"update-team":               `{"name":"Another name"}`,
	"create-canned-response":    `{"shortcut":"another","name":"Another","text":"Goodbye"}`,
	"update-canned-response":    `{"text":"Another text"}`,
	"create-inbox":              `{"name":"Another"}`,
	"update-inbox":              `{"name":"Another name"}`,
	"create-label":              `{"name":"another"}`,
	"update-label":              `{"description":"Another"}`,
	"create-custom-field":       `{"object":"contact","key":"another","name":"Another","type":"text"}`,
	"update-custom-field":       `{"name":"Another name"}`,
	"create-contact":            `{"name":"Another"}`,
	"update-contact":            `{"name":"Another name"}`,
	"merge-contact":             `{"contact_id":"$stranger"}`,
	"set-contact-variable":      `{"value":"another"}`,
	"create-conversation":       `{"inbox_id":"$inbox","contact_id":"$contact"}`,
	"update-conversation":       `{"subject":"Another"}`,
	"set-conversation-assignee": `{"assignee_id":null}`,
	"set-conversation-status":   `{"status":"resolved"}`,
	"create-message":            `{"content":{"type":"text","text":"Another"}}`,
	"update-message":            `{"content":{"type":"text","text":"Another"}}`,
	"create-note":               `{"text":"Another"}`,
	"add-conversation-label":    `{"name":"another"}`,
	"set-conversation-variable": `{"value":"another"}`,
	"create-task":               `{"title":"Another"}`,
	"update-task":               `{"title":"Another"}`,
	"create-ticket":             `{"subject":"Another"}`,
	"update-ticket":             `{"subject":"Another"}`,
	"create-appointment":        `{"title":"Another","user_id":"$owner","contact_id":"$contact","starts_at":"2100-02-01T09:00:00Z","ends_at":"2100-02-01T10:00:00Z"}`,
	"update-appointment":        `{"title":"Another"}`,
	"reschedule-appointment":    `{"starts_at":"2100-02-02T09:00:00Z"}`,
	"cancel-appointment":        `{"reason":"Another time."}`,
	"create-portal":             `{"name":"Another"}`,
	"update-portal":             `{"name":"Another"}`,
	"create-category":           `{"portal_id":"$portal","name":"Another"}`,
	"update-category":           `{"name":"Another"}`,
	"create-article":            `{"portal_id":"$portal","title":"Another"}`,
	"update-article":            `{"title":"Another"}`,
	"publish-events":            `{"type":"custom.another"}`,
	"create-order":              `{"contact_id":"$contact","items":[{"name":"Bread","quantity":2,"unit_amount":450}],"amount":900,"currency":"EUR"}`,
	"update-order":              `{"amount":950}`,
	"create-payment":            `{"contact_id":"$contact","amount":900,"currency":"EUR"}`,
	"confirm-payment":           `{"reference":"T-1"}`,
	"fail-payment":              `{"reason":"No funds."}`,
	"create-pipeline":           `{"name":"Another","stages":[{"name":"First"}]}`,
	"update-pipeline":           `{"name":"Another"}`,
	"create-deal":               `{"title":"Another","pipeline_id":"$pipeline"}`,
	"update-deal":               `{"title":"Another"}`,
	"move-deal":                 `{"stage_id":"$stage"}`,
	"lose-deal":                 `{"reason":"Too far away."}`,
	"create-attachment":         `{"a":"file, which happens to be JSON"}`,
	"create-webhook":            `{"url":"https://hooks.example.com/another","event_types":["*"]}`,
	"update-webhook":            `{"description":"Another"}`,
	"preview-new-webhook":       `{"event_types":["*"],"sample":{"last":10}}`,
	"preview-webhook":           `{"filter":"type == 'custom.sold'","sample":{"last":10}}`,
	"resume-webhook":            `{"from":"held"}`,
	"rotate-webhook-secret":     `{"overlap_seconds":60}`,
	"redeliver-webhook-failed":  `{"status_codes":[0,500],"dry_run":true}`,
	"rewind-webhook":            `{"to":1,"pace":10}`,
	"test-webhook":              `{"type":"deal.won"}`,
	"diagnose-webhook":          `{"headers":"webhook-id: evt_1","body":"{}"}`,
}

// first are requests without which an operation makes no sense.
var first = map[string]string{
	"get-contact-erasure":   `POST /v1/contacts/$contact/erase`,
	"unpublish-article":     `POST /v1/articles/$article/publish`,
	"restore-article":       `POST /v1/articles/$article/archive`,
	"refund-payment":        `POST /v1/payments/$payment/confirm`,
	"cancel-webhook-rewind": `POST /v1/webhooks/$webhook/rewind {"to":1}`,
}

func (o operation) body(t testing.TB) string {
	t.Helper()
	body, ok := bodies[o.id]
	if o.takesBody && !ok {
		t.Fatalf("%s takes a body, and the tests know no good one: add it to bodies", o.id)
	}
	return body
}

// ready makes the request that an operation needs to make sense.
func (f *fixture) ready(o operation) *fixture {
	if line, ok := first[o.id]; ok {
		f.do(line)
	}
	return f
}

// Every operation must work with the body and the ids that the tests below spoil or
// take from others: else they would prove nothing.
func TestEveryOperationWorks(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for _, op := range operations(t, h.Client) {
		if op.streams {
			continue // it has tests of its own: its answer has no end
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			f := furnish(t, h.AddOrganization(t)).with("label").ready(op)
			a := f.Do(op.method, f.says(op.template(t)), f.says(op.body(t)))
			if a.Status >= 300 {
				t.Fatalf("want success, got %s", a)
			}
			var any any
			if len(a.Body) > 0 && json.Unmarshal(a.Body, &any) != nil {
				t.Errorf("the answer is not JSON: %s", a)
			}
		})
	}
}
