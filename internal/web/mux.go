package web

import (
	"net/http"
	"strings"

	"parley"
)

// Mux routes like http.ServeMux and answers what it does not know with problems.
func Mux(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			Facts(r.Context()).Pattern = pattern
			if strings.Contains(pattern, "{") {
				handler = mux // which tells the handler the parts of the path
			}
			handler.ServeHTTP(w, r)
			return
		}
		refusal := &discard{header: http.Header{}}
		handler.ServeHTTP(refusal, r)
		switch {
		case refusal.status == http.StatusMethodNotAllowed:
			w.Header().Set("Allow", refusal.header.Get("Allow"))
			WriteError(w, r, parley.Errorf(parley.NotAllowed, "%s is not possible here. Possible: %s.", r.Method, refusal.header.Get("Allow")))
		case refusal.status < 400:
			mux.ServeHTTP(w, r) // a redirect to the clean path
		default:
			WriteError(w, r, parley.Errorf(parley.NotFound, "There is nothing at %s. The API's paths are listed at /docs.", r.URL.Path))
		}
	})
}

// discard learns what a handler would answer.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
