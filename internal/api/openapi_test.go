package api_test

import (
	"context"
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
	document, err := openapi3.NewLoader().LoadFromData(h.With("").Get("/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Summary == "" || len(op.Tags) != 1 || op.OperationID == "" {
				t.Errorf("%s %s has no summary, tag or id", method, path)
			}
			for _, p := range op.Parameters {
				if p.Value.Description == "" {
					t.Errorf("%s: the parameter %s is not explained", op.OperationID, p.Value.Name)
				}
			}
			for _, status := range []int{400, 401, 403, 422, 429, 500, 503} {
				if op.Responses.Status(status) == nil {
					t.Errorf("%s does not declare %d", op.OperationID, status)
				}
			}
		}
	}
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
