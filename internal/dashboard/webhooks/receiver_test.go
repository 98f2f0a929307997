package webhooks_test

import "net/http"

// misbehave answers requests to one path as a broken program would, and all others well.
func misbehave(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><h1>502 Bad Gateway</h1></html>")) // the test sees what becomes of it
	}
}
