package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley"
	"parley/internal/web"
)

// The limits of a connection. A stream outlives them: net/http takes the one for
// reading off once a request is read, and the stream moves the one for writing with
// every piece.
const (
	headerLimit = 10 * time.Second
	readLimit   = 30 * time.Second // head and body
	writeLimit  = 60 * time.Second
	idleLimit   = 2 * time.Minute
	headerBytes = 32 << 10
)

func (s *Server) newHTTP() *http.Server {
	return &http.Server{
		Handler:           web.Behind(s.config.TrustProxy, web.Handle(s.logger, s.measured(s.routes()))),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit,
		WriteTimeout:      writeLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn),
	}
}

// apiPaths are where the API is; everywhere else is the dashboard.
var apiPaths = []string{"/v1/", "/docs", "/docs/", "/files/", "/openapi.json"}

// routes is everything that the server answers: what is said here, the API, and the
// dashboard.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn)}))
	door := s.api.Handler()
	for _, path := range apiPaths {
		mux.Handle(path, door)
	}
	mux.Handle("/", s.dashboard)
	return web.Mux(mux)
}

// healthy answers that the process is up, whatever else is wrong.
func healthy(w http.ResponseWriter, _ *http.Request) { answerStatus(w, "ok") }

// readyLimit is how long the database may take to answer.
const readyLimit = 2 * time.Second

// ready answers whether requests can be served: whether the database answers, and
// takes what is written.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyLimit)
	defer cancel()
	if _, err := s.db.Version(ctx); err != nil {
		web.WriteError(w, r, notReady("The database does not answer.", err))
		return
	}
	if err := s.db.Writable(ctx); err != nil {
		web.WriteError(w, r, notReady("The database's disk takes nothing more, for it is full or fails: reads are served, changes are refused.", err))
		return
	}
	answerStatus(w, "ready")
}

func notReady(why string, cause error) error {
	e := parley.Errorf(parley.Unavailable, "%s", why).Because(cause)
	e.RetryAfter = time.Second
	return e
}

func answerStatus(w http.ResponseWriter, status string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(`{"status":"` + status + `"}`)) // the client may have gone: nobody to tell
}
