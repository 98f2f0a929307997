package docs

import (
	"net/http"
	"strings"

	"parley/internal/web"
)

// policy lets the pages use what this package serves, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// files are everything that is served, by path.
type files map[string]web.File

// missing is the path of the page for paths that lead nowhere.
const missing = root + "/missing"

func (fs files) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	path := strings.TrimRight(r.URL.Path, "/")
	f, found := fs[path]
	switch {
	case !found || path == missing:
		fs[missing].Serve(w, r, http.StatusNotFound)
	case path != r.URL.Path:
		http.Redirect(w, r, path, http.StatusMovedPermanently)
	default:
		f.Serve(w, r, http.StatusOK)
	}
}
