package api

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/api/docs"
)

// frame is the OpenAPI document before registering fills it.
func (a *API) frame() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Parley", Version: parley.APIVersion,
			Description: introduction,
			Contact:     &huma.Contact{Name: "Whoever runs this server"},
			License:     &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
		},
		Servers: []*huma.Server{{URL: "/", Description: "The server that gave this document"}},
		Tags:    docs.Tags(),
		Components: &huma.Components{
			Schemas:   a.components,
			Responses: a.describeRefusals(),
			Headers: map[string]*huma.Header{
				"ETag": textHeader("The object's version, for `If-Match`"),
			},
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"api_key": {Type: "http", Scheme: "bearer", BearerFormat: "parley_…", Description: keys},
			},
		},
		Security: []map[string][]string{{"api_key": {}}},
	}
}

const keys = "An API key, sent as `Authorization: Bearer parley_…`. It holds scopes, such as `contacts:read`; " +
	"`contacts:write` includes `contacts:read`, `*:read` is for reading everything, `*` for everything. The scope that an " +
	"operation asks for stands in its `security`, and in `x-scope`."

const introduction = `Every request carries an API key. It belongs to one organization, and so does
everything that the request can see or change.

Lists come in pages: follow ` + "`next_cursor`" + ` until it is null, also from a page that is not full. Every object carries ` + "`sequence`" + `, the
place in the event log of its last change; ` + "`changed_after`" + ` lists objects in order of change, so that a
copy can be kept up to date. Send an ` + "`Idempotency-Key`" + ` with a POST that must not happen twice.

Errors are RFC 9457 problems: ` + "`errors`" + ` names each field that is wrong, ` + "`request_id`" + ` finds the
request in the server's log.`

// declare turns an operation into huma's, with the answers that it can give.
func (a *API) declare(op operation, out reflect.Type) huma.Operation {
	status := max(op.Status, http.StatusOK)
	success := &huma.Response{Description: http.StatusText(status)}
	if status != http.StatusNoContent && !op.Stream && !op.File {
		s := op.Answer
		if s == nil {
			s = a.components.Answer(out)
		}
		success.Content = map[string]*huma.MediaType{"application/json": {Schema: s}}
		if out != nil && out.Implements(reflect.TypeFor[versioned]()) {
			success.Headers = map[string]*huma.Param{"ETag": {Ref: "#/components/headers/ETag"}}
		}
	}
	if op.Stream {
		success.Content = map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	responses := a.refusals(op)
	responses[strconv.Itoa(status)] = success
	if op.File {
		success.Content = map[string]*huma.MediaType{anyMedia: {Schema: fileSchema()}}
		responses[strconv.Itoa(http.StatusPartialContent)] = &huma.Response{Description: "The part that Range names", Content: success.Content}
		responses[strconv.Itoa(http.StatusNotModified)] = &huma.Response{Description: "The file is the one that If-None-Match names"}
	}
	return huma.Operation{
		OperationID: camel(op.ID), Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag},
		Description:   strings.TrimSpace(op.Doc + "\n\nScope: `" + string(op.Scope) + "`"),
		DefaultStatus: status, Responses: responses,
		Security:                     []map[string][]string{{"api_key": {string(op.Scope)}}},
		Extensions:                   map[string]any{"x-scope": op.Scope},
		RejectUnknownQueryParameters: true,
	}
}

// camel joins the words of a name: createContact for create-contact.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("-_.", r) }) {
		if b.Len() > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	return b.String()
}

// finish adds to the document what huma does not know of an operation, because it
// is read here: its body and its headers.
func (a *API) finish(op operation) {
	o := a.documented(op)
	if op.Upload {
		o.RequestBody = a.uploadBody()
	}
	if op.Body != nil {
		o.RequestBody = &huma.RequestBody{Required: !op.BodyOptional, Content: map[string]*huma.MediaType{"application/json": {Schema: op.Body}}}
	}
	if op.Method == http.MethodPost {
		o.Parameters = append(o.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(maxIdempotencyKey)},
			Description: "Makes the request happen once: sent again within 24 hours with the same body, it gives the first answer again.",
		})
	}
	for _, p := range o.Parameters {
		if p.Schema.Pattern == digits {
			p.Schema = &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: ptr(0.0)}
		}
	}
}

func (a *API) documented(op operation) *huma.Operation {
	item := a.huma.OpenAPI().Paths[op.Path]
	return map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
		http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}[op.Method]
}

// describeEvents adds an entry to the document's webhooks for every declared type
// of event: the envelope, with the data of that type.
func (a *API) describeEvents() {
	hooks := map[string]*huma.PathItem{}
	for _, d := range parley.Catalogue() {
		hooks[d.Name] = &huma.PathItem{Post: &huma.Operation{
			OperationID: camel("on." + d.Name), Summary: d.Doc, Tags: []string{"Events"},
			Description: "Sent to endpoints that subscribe to `" + d.Name + "`, signed as Standard Webhooks has it.",
			Parameters:  []*huma.Param{{Ref: parameters + "webhook-id"}, {Ref: parameters + "webhook-timestamp"}, {Ref: parameters + "webhook-signature"}},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
				"application/json": {Schema: a.eventSchema(d), Example: sampleEvent(d)},
			}},
			Responses: map[string]*huma.Response{
				"2XX": {Description: "Received: the event will not be sent again."},
				"410": {Description: "Gone: the endpoint is disabled."},
			},
			Security: []map[string][]string{},
		}}
	}
	a.huma.OpenAPI().Webhooks = hooks
	a.huma.OpenAPI().Components.Parameters = map[string]*huma.Param{
		"webhook-id":        webhookHeader("webhook-id", "The event's id: the same on every attempt, to know a repeated event by", "evt_01kaf0v3bdfh5a9j7e2w4r6m8q"),
		"webhook-timestamp": webhookHeader("webhook-timestamp", "When this attempt was made, in seconds since 1970", "1795170600"),
		"webhook-signature": webhookHeader("webhook-signature",
			"`v1,` and the base64 of the HMAC-SHA256 of `ID.TIMESTAMP.BODY`, by the endpoint's secret. There may be several, between spaces: one that is right is enough",
			"v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
	}
}

const parameters = "#/components/parameters/"

func webhookHeader(name, doc, example string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Required: true, Description: doc, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
}

// eventSchema is the envelope's schema with the data of one type: EventContactCreated
// for contact.created.
func (a *API) eventSchema(d parley.Declaration) *huma.Schema {
	t := eventStruct(d)
	s := a.components.Answer(t)
	s.Description = d.Doc
	return a.components.Named(camel("Event."+d.Name), t, s)
}

// eventStruct is the envelope as a struct of its own for one type of event.
func eventStruct(d parley.Declaration) reflect.Type {
	envelope := reflect.TypeFor[parley.Envelope]()
	var fields []reflect.StructField
	for _, f := range reflect.VisibleFields(envelope) {
		switch f.Name {
		case "Type":
			f.Tag = reflect.StructTag(`json:"type" doc:"` + f.Tag.Get("doc") + `" enum:"` + d.Name + `" example:"` + d.Name + `"`)
		case "Data":
			f.Type = d.Data
		}
		f.Index, f.Offset = nil, 0
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

func ptr[T any](v T) *T { return &v }
