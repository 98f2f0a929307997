package docs

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// operation is what a page tells of an operation.
type operation struct {
	ID, Method, Path, Summary string
	Doc                       template.HTML
	Scope                     string
	Parameters                []parameters // of the path and the query
	Body                      *shape
	Headers                   []field
	Answer                    answered
	Errors                    []status
	Request                   template.HTML // as a command
	Example                   template.HTML // of the answer
}

// parameters are those that stand in one part of a request.
type parameters struct {
	Title  string
	Fields []field
}

// answered is what is told of the answer to a request that succeeds.
type answered struct {
	status
	Type  template.HTML // "a page of contacts"
	Shape *shape        // if it is told nowhere else
}

// status is an HTTP status.
type status int

// Code is its number, Text its name, Line both.
func (s status) Code() int    { return int(s) }
func (s status) Text() string { return http.StatusText(int(s)) }
func (s status) Line() string { return strconv.Itoa(int(s)) + " " + s.Text() }

// URL leads to what is told of the errors of this status.
func (s status) URL() string { return fmt.Sprintf("%s#error-%d", root, int(s)) }

// success is the answer to a request that succeeds: its status, its content (nil if
// it has no body), and the reference to the object that it is, or is a page of.
type success struct {
	status
	content *huma.MediaType
	object  string
	paged   bool
}

// The media types of what is sent and answered; a file may be of any.
const (
	media     = "application/json"
	formMedia = "multipart/form-data"
	anyMedia  = "*/*"
)

func (s *site) success(op *huma.Operation) success {
	for _, code := range slices.Sorted(maps.Keys(op.Responses)) { // the whole answer comes before a part of it
		r := op.Responses[code]
		if !strings.HasPrefix(code, "2") {
			continue
		}
		n, err := strconv.Atoi(code)
		if err != nil {
			continue
		}
		out := success{status: status(n)}
		if content := r.Content[media]; content != nil {
			out.content = content
			out.object, out.paged = s.objectOf(content.Schema)
		}
		return out
	}
	return success{status: http.StatusOK}
}

// objectOf is the reference to the object that an answer is, or is a page of.
func (s *site) objectOf(schema *huma.Schema) (ref string, paged bool) {
	whole := s.examples.resolve(schema)
	data := whole.Properties["data"]
	if data != nil && whole.Properties["next_cursor"] != nil && data.Items != nil {
		return data.Items.Ref, true
	}
	return schema.Ref, false
}

// streams tells whether an operation answers piece by piece.
func streams(op *huma.Operation) bool {
	for _, r := range op.Responses {
		if r.Content["text/event-stream"] != nil {
			return true
		}
	}
	return false
}

// sendsFile tells whether an operation answers with a file.
func sendsFile(op *huma.Operation) bool {
	answer := op.Responses[strconv.Itoa(http.StatusOK)]
	return answer != nil && answer.Content[anyMedia] != nil
}

// operations are all operations of the document, by tag and in the order of their
// paths; in a path, those that read come after those that make.
func (s *site) operations() (all []*huma.Operation) {
	for path, item := range s.doc.Paths {
		for method, op := range map[string]*huma.Operation{
			http.MethodPost: item.Post, http.MethodGet: item.Get, http.MethodPatch: item.Patch,
			http.MethodPut: item.Put, http.MethodDelete: item.Delete,
		} {
			if op == nil {
				continue
			}
			if op.OperationID == "" || len(op.Tags) == 0 {
				panic(fmt.Sprintf("docs: %s %s has no id or no tag", method, path))
			}
			op := *op
			op.Method, op.Path = method, path
			all = append(all, &op)
		}
	}
	slices.SortFunc(all, before)
	return all
}

// before orders operations by path, then as an object lives: made, read, changed,
// deleted.
func before(a, b *huma.Operation) int {
	life := []string{http.MethodPost, http.MethodGet, http.MethodPatch, http.MethodPut, http.MethodDelete}
	if a.Path != b.Path {
		return strings.Compare(a.Path, b.Path)
	}
	return slices.Index(life, a.Method) - slices.Index(life, b.Method)
}

// bodyOf is the schema of an operation's body, nil if it has none.
func bodyOf(op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil || op.RequestBody.Content[media] == nil {
		return nil
	}
	return op.RequestBody.Content[media].Schema
}

// formOf is the schema of the form that an operation takes, nil if it takes none.
func formOf(op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil || op.RequestBody.Content[formMedia] == nil {
		return nil
	}
	return op.RequestBody.Content[formMedia].Schema
}

func (s *site) operation(op *huma.Operation) operation {
	out := operation{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Scope: scope(op),
		Doc:    s.paragraphs(strings.TrimSuffix(op.Description, "Scope: `"+scope(op)+"`")),
		Errors: refusals(op), Answer: s.answered(op), Headers: s.parameters(op, "header"),
	}
	for _, title := range []string{"Path", "Query"} {
		if fields := s.parameters(op, strings.ToLower(title)); fields != nil {
			out.Parameters = append(out.Parameters, parameters{title, fields})
		}
	}
	if schema := cmp.Or(bodyOf(op), formOf(op)); schema != nil {
		out.Body = shaper{site: s, sent: true}.shape(schema)
	}
	out.Request = s.curl(op, s.exampleBody(op))
	if content := s.success(op).content; content != nil && content.Example != nil {
		out.Example = highlighted(treeOf(content.Example))
	} else if content != nil {
		out.Example = highlighted(s.examples.answer(content.Schema))
	}
	return out
}

// changes is how many fields the example of a change shows.
const changes = 2

// exampleBody is the body of an operation's example, nil if it needs none.
func (s *site) exampleBody(op *huma.Operation) tree {
	schema := bodyOf(op)
	if schema == nil {
		return nil
	}
	if given := op.RequestBody.Content[media].Example; given != nil {
		return treeOf(given)
	}
	most := 0
	if op.Method == http.MethodPatch {
		most = changes
	}
	body := s.examples.request(schema, most)
	if !op.RequestBody.Required && hollow(body) {
		return nil
	}
	return body
}

func scope(op *huma.Operation) string {
	if op.Extensions["x-scope"] == nil {
		return ""
	}
	return fmt.Sprint(op.Extensions["x-scope"])
}

// parameters are those that stand in one part of a request.
func (s *site) parameters(op *huma.Operation, in string) (fields []field) {
	for _, p := range op.Parameters {
		if p.In == in {
			f := shaper{site: s, sent: true}.field(p.Name, p.Description, p.Schema)
			f.Required = p.Required
			if id := idForm.FindStringSubmatch(s.pathExample(op, p.Name)); in == "path" && id != nil {
				f.Type += ", " + code(id[1]+"_…")
			}
			fields = append(fields, f)
		}
	}
	return fields
}

func refusals(op *huma.Operation) (codes []status) {
	for code := range op.Responses {
		if n, err := strconv.Atoi(code); err == nil && n >= 400 {
			codes = append(codes, status(n))
		}
	}
	slices.Sort(codes)
	return codes
}

func (s *site) answered(op *huma.Operation) answered {
	got := s.success(op)
	out := answered{status: got.status}
	answers := shaper{site: s}
	switch at, told := s.places[got.object]; {
	case streams(op):
		out.Type = "a stream of server-sent events"
	case sendsFile(op):
		out.Type = "the file itself"
	case got.content == nil:
	case got.paged && told:
		out.Type = "a page of " + anchor(at.URL, plural(strings.TrimSuffix(at.Title, " object")))
	case told:
		out.Type = "the " + anchor(at.URL, at.Title)
	case got.paged:
		out.Type, out.Shape = "a page of objects", answers.shape(s.examples.resolve(got.content.Schema).Properties["data"])
	default:
		out.Shape = answers.shape(got.content.Schema)
		if out.Shape != nil && out.Shape.Base != "" {
			out.Type = out.Shape.Base + ", with"
		}
	}
	return out
}
