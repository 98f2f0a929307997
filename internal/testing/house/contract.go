package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// contract is the OpenAPI document, made ready to check answers by.
type contract struct {
	document *openapi3.T
	routes   *http.ServeMux // knows the document's paths; its handlers serve nothing

	mu      sync.Mutex
	visited map[*openapi3.Schema]int // how often each schema was checked against
}

// thorough is how many bodies are checked against a schema by all of JSON Schema
// 2020-12, for which the library compiles the schema each time. Those that follow
// are checked by the rules that it has built in, a hundred times quicker.
const thorough = 5

// shared is the contract of all houses of a test binary: reading it takes longer
// than most tests.
var shared struct {
	sync.Mutex
	*contract
}

func contractOf(t testing.TB, door http.Handler) *contract {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.contract != nil {
		return shared.contract
	}
	rec := httptest.NewRecorder()
	door.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	document, err := openapi3.NewLoader().LoadFromData(rec.Body.Bytes())
	if err != nil {
		t.Fatalf("read the OpenAPI document: %v", err)
	}
	c := &contract{document: document, routes: http.NewServeMux(), visited: map[*openapi3.Schema]int{}}
	for path, item := range document.Paths.Map() {
		for method := range item.Operations() {
			c.routes.Handle(method+" "+path, http.NotFoundHandler())
		}
	}
	shared.contract = c
	return c
}

// operation is the document's operation for a request, nil if it has none.
func (c *contract) operation(req *http.Request) *openapi3.Operation {
	_, pattern := c.routes.Handler(req)
	method, path, ok := strings.Cut(pattern, " ")
	if !ok || c.document.Paths.Value(path) == nil {
		return nil
	}
	return c.document.Paths.Value(path).GetOperation(method)
}

// check tells what an answer says that the document does not.
func (c *contract) check(req *http.Request, sent []byte, res *http.Response, body []byte) error {
	if res.Header.Get("Request-Id") == "" {
		return errors.New("there is no Request-Id")
	}
	if res.StatusCode >= 400 && req.Method != http.MethodHead {
		if err := c.checkProblem(res, body); err != nil {
			return err
		}
	}
	op := c.operation(req)
	if op == nil || req.Method == http.MethodHead || res.StatusCode == http.StatusMovedPermanently || res.StatusCode == http.StatusTemporaryRedirect {
		return nil
	}
	declared := op.Responses.Status(res.StatusCode)
	if declared == nil {
		return fmt.Errorf("%s does not declare the status %d", op.OperationID, res.StatusCode)
	}
	if err := c.checkContent(declared.Value.Content, res.Header.Get("Content-Type"), body); err != nil {
		return err
	}
	for name, header := range declared.Value.Headers {
		if res.Header.Get(name) == "" {
			return fmt.Errorf("%s declares the header %s (%s), which is not there", op.OperationID, name, header.Value.Description)
		}
	}
	if res.StatusCode < 300 && len(sent) > 0 && op.RequestBody != nil {
		// What is accepted must be what the document lets clients send.
		sentAs, declared := "application/json", op.RequestBody.Value.Content // or another name for it
		if declared[sentAs] == nil {
			sentAs = req.Header.Get("Content-Type")
		}
		if err := c.checkContent(declared, sentAs, sent); err != nil {
			return fmt.Errorf("the request, which was accepted: %w", err)
		}
	}
	return nil
}

func (c *contract) checkContent(declared openapi3.Content, contentType string, body []byte) error {
	if len(declared) == 0 {
		if len(body) > 0 {
			return fmt.Errorf("a body of %d bytes is not declared", len(body))
		}
		return nil
	}
	if contentType == "" && declared[anyMedia] != nil {
		return nil
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("the content type %q: %w", contentType, err)
	}
	content := declared[media]
	if content == nil && declared[anyMedia] != nil {
		return nil // a file: whatever it is, it is well-formed
	}
	if content == nil {
		return fmt.Errorf("the content type %s is not declared", media)
	}
	if media == "multipart/form-data" {
		return checkForm(content.Schema.Value, params["boundary"], body)
	}
	if !strings.HasSuffix(media, "json") {
		return nil
	}
	return c.checkSchema(content.Schema.Value, body)
}

// anyMedia is the content type of what may be of any.
const anyMedia = "*/*"

// checkForm checks that a form has the parts that its schema asks for, and no others.
func checkForm(s *openapi3.Schema, boundary string, body []byte) error {
	given := map[string]bool{}
	for form := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read the form: %w", err)
		}
		given[part.FormName()] = true
	}
	for _, name := range s.Required {
		if !given[name] {
			return fmt.Errorf("the form has no %s", name)
		}
	}
	for name := range given {
		if s.Properties[name] == nil {
			return fmt.Errorf("the form has %s, which is not declared", name)
		}
	}
	return nil
}

func (c *contract) checkSchema(s *openapi3.Schema, body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	var options []openapi3.SchemaValidationOption
	c.mu.Lock()
	if c.visited[s]++; c.visited[s] <= thorough {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	c.mu.Unlock()
	err := s.VisitJSON(value, options...)
	var wrong *openapi3.SchemaError
	if errors.As(err, &wrong) {
		return fmt.Errorf("/%s: %s", strings.Join(wrong.JSONPointer(), "/"), wrong.Reason)
	}
	return err
}

// checkProblem checks what all errors have in common.
func (c *contract) checkProblem(res *http.Response, body []byte) error {
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		return fmt.Errorf("the content type of an error is %q", got)
	}
	if err := c.checkSchema(c.document.Components.Schemas["Problem"].Value, body); err != nil {
		return err
	}
	var problem struct {
		Status    int    `json:"status"`
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		RequestID string `json:"request_id"`
		Scope     string `json:"required_scope"`
		Errors    []struct{ Location, Message string }
	}
	if err := json.Unmarshal(body, &problem); err != nil {
		return err
	}
	switch {
	case problem.Status != res.StatusCode:
		return fmt.Errorf("the problem's status is %d", problem.Status)
	case problem.RequestID != res.Header.Get("Request-Id"):
		return fmt.Errorf("the problem's request_id is not %s", res.Header.Get("Request-Id"))
	case problem.Title == "" || problem.Detail == "":
		return errors.New("a problem needs a title and a detail")
	case res.StatusCode == http.StatusUnauthorized && !strings.HasPrefix(res.Header.Get("WWW-Authenticate"), "Bearer"):
		return errors.New("401 needs WWW-Authenticate")
	case res.StatusCode == http.StatusForbidden && problem.Scope == "":
		return errors.New("403 needs required_scope")
	case res.StatusCode == http.StatusUnprocessableEntity && len(problem.Errors) == 0:
		return errors.New("422 must name a field")
	case res.StatusCode == http.StatusMethodNotAllowed && res.Header.Get("Allow") == "":
		return errors.New("405 needs Allow")
	case (res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable) && res.Header.Get("Retry-After") == "":
		return fmt.Errorf("%d needs Retry-After", res.StatusCode)
	}
	for _, e := range problem.Errors {
		if e.Location == "" || e.Message == "" {
			return errors.New("each of errors needs a location and a message")
		}
	}
	return nil
}
