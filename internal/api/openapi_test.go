package api_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley"
	"parley/internal/testing/house"
)

// The OpenAPI document and the pages made from it.
func TestTheDocument(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, test := range map[string]func(*testing.T, *house.House){
		"the document is OpenAPI":      theDocumentIsOpenAPI,
		"every operation is explained": everyOperationIsExplained,
		"every operation has a scope":  everyOperationHasAScope,
		"every error is declared":      everyErrorIsDeclared,
		"every example fits":           everyExampleFits,
		"the document is cached":       theDocumentIsCached,
		"the docs need no key":         theDocsNeedNoKey,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h.Room(t))
		})
	}
}

func theDocumentIsOpenAPI(t *testing.T, h *house.House) {
	raw := h.With("").Get("/openapi.json").Body
	document, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1.") || !document.IsOpenAPI31OrLater() {
		t.Errorf("the document is of OpenAPI %s, want 3.1", document.OpenAPI)
	}
	if err := document.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Errorf("the document is not valid: %v", err)
	}
	for _, d := range parley.Catalogue() {
		if document.Webhooks[d.Name] == nil {
			t.Errorf("the document's webhooks lack %s", d.Name)
		}
	}
	if len(document.Webhooks) != len(parley.Catalogue()) {
		t.Errorf("the document has %d webhooks, the catalogue %d types", len(document.Webhooks), len(parley.Catalogue()))
	}
}

func everyOperationIsExplained(t *testing.T, h *house.House) {
	for _, op := range declared(t, h) {
		if op.Summary == "" || len(op.Tags) != 1 || !lowerCamel.MatchString(op.OperationID) {
			t.Errorf("%s has no summary or no tag, or its id is not in lowerCamel", op.OperationID)
		}
		for _, p := range op.Parameters {
			if p.Value.Description == "" {
				t.Errorf("%s: the parameter %s is not explained", op.OperationID, p.Value.Name)
			}
		}
	}
}

var lowerCamel = regexp.MustCompile(`^[a-z]+([A-Z][a-z0-9]+)*$`)

func everyOperationHasAScope(t *testing.T, h *house.House) {
	for _, op := range declared(t, h) {
		scope, _ := op.Extensions["x-scope"].(string)
		resource, action, _ := strings.Cut(scope, ":")
		if !slices.Contains(parley.Resources(), resource) || action != "read" && action != "write" {
			t.Errorf("%s has the scope %q", op.OperationID, scope)
		}
		if op.Security == nil || len(*op.Security) != 1 || !slices.Equal((*op.Security)[0]["api_key"], []string{scope}) {
			t.Errorf("%s: its security does not say %s", op.OperationID, scope)
		}
		if !strings.HasSuffix(op.Description, "Scope: `"+scope+"`") {
			t.Errorf("%s: its description does not end with its scope: %q", op.OperationID, op.Description)
		}
	}
}

func everyErrorIsDeclared(t *testing.T, h *house.House) {
	for _, op := range declared(t, h) {
		for _, status := range []int{400, 401, 403, 422, 429, 500, 503} {
			if op.Responses.Status(status) == nil {
				t.Errorf("%s does not declare %d", op.OperationID, status)
			}
		}
		for code, answer := range op.Responses.Map() {
			if code < "400" {
				continue
			}
			content := answer.Value.Content["application/problem+json"]
			if content == nil || len(answer.Value.Content) != 1 || content.Example == nil {
				t.Errorf("%s: its %s is no problem with an example", op.OperationID, code)
				continue
			}
			problem, _ := content.Example.(map[string]any)
			if fmt.Sprint(problem["status"]) != code {
				t.Errorf("%s: its %s has the example of another status: %v", op.OperationID, code, problem)
			}
			if *answer.Value.Description == "" {
				t.Errorf("%s: its %s is not explained", op.OperationID, code)
			}
		}
	}
}

func everyExampleFits(t *testing.T, h *house.House) {
	ops, answers := declared(t, h), map[*openapi3.Response]bool{} // many operations share one
	for _, hook := range readDocument(t, h).Webhooks {
		ops = append(ops, hook.Post)
	}
	for _, op := range ops {
		if op.RequestBody != nil {
			fits(t, op.OperationID+": what is sent", op.RequestBody.Value.Content)
		}
		for code, answer := range op.Responses.Map() {
			if !answers[answer.Value] {
				answers[answer.Value] = true
				fits(t, op.OperationID+": "+code, answer.Value.Content)
			}
		}
	}
}

// fits checks that each content has an example, and that its schema takes it.
func fits(t *testing.T, what string, content openapi3.Content) {
	t.Helper()
	for _, one := range content {
		if one.Schema.Value.Format == "binary" {
			continue // bytes of any kind
		}
		if one.Example == nil {
			t.Errorf("%s has no example", what)
			continue
		}
		if err := one.Schema.Value.VisitJSON(one.Example, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s: the example does not fit: %v", what, err)
		}
	}
}

func readDocument(t *testing.T, h *house.House) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(h.With("").Get("/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// declared are all operations of the document.
func declared(t *testing.T, h *house.House) (ops []*openapi3.Operation) {
	t.Helper()
	for _, item := range readDocument(t, h).Paths.Map() {
		for _, op := range item.Operations() {
			ops = append(ops, op)
		}
	}
	if len(ops) < 60 {
		t.Fatalf("the document has %d operations", len(ops))
	}
	return ops
}

func theDocumentIsCached(t *testing.T, h *house.House) {
	first := h.With("").Get("/openapi.json")
	etag := first.Header.Get("ETag")
	again := h.With("").Do("GET", "/openapi.json", "", "If-None-Match", etag)
	if etag == "" || again.Status != 304 || len(again.Body) > 0 {
		t.Errorf("with the ETag %q: %s", etag, again)
	}
}

func theDocsNeedNoKey(t *testing.T, h *house.House) {
	a := h.With("").Get("/docs")
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the docs are %s", a.Header.Get("Content-Type"))
	}
}
