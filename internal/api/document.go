package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/web"
)

// document is the frame of the OpenAPI document; registering fills it.
func (a *API) document() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: "Parley", Version: parley.APIVersion,
			Description: introduction,
			License:     &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
		},
		Servers: []*huma.Server{{URL: "/"}},
		Components: &huma.Components{
			Schemas: a.components,
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"api_key": {Type: "http", Scheme: "bearer", Description: "An API key: `Authorization: Bearer parley_…`"},
			},
		},
		Security: []map[string][]string{{"api_key": {}}},
	}
}

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
			success.Headers = map[string]*huma.Param{"ETag": {
				Description: "The object's version, for If-Match", Schema: &huma.Schema{Type: huma.TypeString},
			}}
		}
	}
	if op.Stream {
		success.Content = map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}}
	}
	responses := map[string]*huma.Response{strconv.Itoa(status): success}
	if op.File {
		success.Content = map[string]*huma.MediaType{anyMedia: {Schema: fileSchema()}}
		responses[strconv.Itoa(http.StatusPartialContent)] = &huma.Response{Description: "The part that Range names", Content: success.Content}
		responses[strconv.Itoa(http.StatusNotModified)] = &huma.Response{Description: "The file is the one that If-None-Match names"}
	}
	for _, code := range a.refusals(op) {
		responses[strconv.Itoa(code)] = &huma.Response{
			Description: http.StatusText(code),
			Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: a.components.Answer(reflect.TypeFor[web.Problem]())},
			},
		}
	}
	return huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary, Tags: []string{op.Tag},
		Description:   strings.TrimSpace(op.Doc + "\n\nScope: `" + string(op.Scope) + "`"),
		DefaultStatus: status, Responses: responses,
		Security:                     []map[string][]string{{"api_key": {string(op.Scope)}}},
		Extensions:                   map[string]any{"x-scope": op.Scope},
		RejectUnknownQueryParameters: true,
	}
}

// refusals are the statuses, other than success, that an operation may answer with.
func (a *API) refusals(op operation) []int {
	codes := append([]int{400, 401, 403, 422, 429, 500, 503}, op.Errors...)
	if strings.Contains(op.Path, "{") {
		codes = append(codes, 404)
	}
	if op.Method != http.MethodGet { // a body is read and must be JSON, also where none is wanted
		codes = append(codes, 413, 415, 507)
	}
	if op.Method == http.MethodPost {
		codes = append(codes, 409)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
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
			OperationID: "on-" + strings.ReplaceAll(d.Name, ".", "-"), Summary: d.Doc, Tags: []string{"Webhooks: " + d.Noun()},
			Description: "Sent to endpoints that subscribe to `" + d.Name + "`, with the headers of Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature.",
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
}

// eventSchema is the envelope's schema with the data of one type.
func (a *API) eventSchema(d parley.Declaration) *huma.Schema {
	return a.components.Answer(eventStruct(d))
}

// eventStruct is the envelope as a struct of its own for one type of event.
func eventStruct(d parley.Declaration) reflect.Type {
	envelope := reflect.TypeFor[parley.Envelope]()
	var fields []reflect.StructField
	for _, f := range reflect.VisibleFields(envelope) {
		switch f.Name {
		case "Type":
			f.Tag += reflect.StructTag(` enum:"` + d.Name + `"`)
		case "Data":
			f.Type = d.Data
		}
		f.Index, f.Offset = nil, 0
		fields = append(fields, f)
	}
	return reflect.StructOf(fields)
}

func ptr[T any](v T) *T { return &v }
