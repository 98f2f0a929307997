package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/api/docs"
	"parley/internal/web"
)

// serveDocument serves the OpenAPI document and the pages made from it. Both are
// made once, when somebody asks for them first.
func (a *API) serveDocument(mux *http.ServeMux) {
	finished := sync.OnceValue(func() *huma.OpenAPI {
		docs.Illustrate(a.huma.OpenAPI())
		return a.huma.OpenAPI()
	})
	a.document = sync.OnceValues(func() (body []byte, etag string) { return encodeDocument(finished()) })
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		body, etag := a.document()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("ETag", etag)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
	pages := docs.Handler(finished, a.Limiter.Limit())
	a.chapters = docs.Chapters(finished, a.Limiter.Limit(), ChaptersRoot)
	mux.Handle("GET /docs", pages)
	mux.Handle("GET /docs/", pages)
}

// ChaptersRoot is where the dashboard shows the documentation in its own frame.
const ChaptersRoot = "/developers/reference"

// Chapter is a page of the documentation, by its path below /docs, for that frame. It is
// there once Handler was called.
func (a *API) Chapter(path string) (web.Chapter, bool) { return a.chapters(path) }

func encodeDocument(document *huma.OpenAPI) (body []byte, etag string) {
	body, err := json.Marshal(document)
	if err != nil {
		panic("api: encode the OpenAPI document: " + err.Error()) // a programmer's mistake
	}
	sum := sha256.Sum256(body)
	return body, `"` + hex.EncodeToString(sum[:8]) + `"`
}
