// Package web is what every door shares: errors become RFC 9457 problems in one
// place, each request has an id, one log line, a limit on its body and a guard
// against panics.
package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"parley"
)

// MaxBody is how many bytes a request's body may have.
const MaxBody = 1 << 20

// RequestIDHeader names the header that carries a request's id.
const RequestIDHeader = "Request-Id"

type contextKey int

const (
	requestKey contextKey = iota
	bodyKey
)

// Request is what is known of a request besides what HTTP says; the log line
// tells it.
type Request struct {
	ID      string
	Org     parley.OrganizationID
	Key     parley.APIKeyID
	User    parley.UserID // who is signed in
	Pattern string        // the route that served it
	Path    string        // what the log line tells instead of the path, which holds a secret
	Err     error         // what went wrong
}

// Facts gives the request's facts, to be read and completed while it is served.
func Facts(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey).(*Request); ok {
		return r
	}
	return &Request{}
}

// Handle wraps a door's handler: it gives each request an id, writes one log line
// for it, and answers 500 if the handler panics.
func Handle(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		facts := &Request{ID: parley.MakeID("req")}
		r = r.WithContext(context.WithValue(r.Context(), requestKey, facts))
		seen := &observer{ResponseWriter: w}
		h := w.Header()
		h.Set(RequestIDHeader, facts.ID)
		h.Set("X-Content-Type-Options", "nosniff")
		defer func() {
			cause := recover()
			if cause != nil && cause != any(http.ErrAbortHandler) {
				facts.Err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
				if seen.status == 0 {
					WriteError(seen, r, facts.Err)
					cause = nil
				}
			}
			logRequest(logger, r, facts, seen, time.Since(started))
			if cause != nil {
				panic(http.ErrAbortHandler) // half an answer must not look like a whole one
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

func logRequest(logger *slog.Logger, r *http.Request, facts *Request, seen *observer, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", cmp.Or(facts.Path, r.URL.Path)), slog.Int("status", seen.code()),
		slog.Duration("duration", took), slog.Int64("bytes", seen.bytes), slog.String("request_id", facts.ID),
	}
	if facts.Org != "" {
		attrs = append(attrs, slog.String("org", string(facts.Org)))
	}
	if facts.Key != "" {
		attrs = append(attrs, slog.String("api_key", string(facts.Key)))
	}
	if facts.User != "" {
		attrs = append(attrs, slog.String("user", string(facts.User)))
	}
	if facts.Err != nil && (seen.code() >= 500 || parley.KindOf(facts.Err) == parley.Internal) {
		if r.Context().Err() == nil { // else the client went away, and that was the end of it
			level = slog.LevelError
		}
		attrs = append(attrs, slog.String("error", facts.Err.Error()))
	}
	logger.LogAttrs(r.Context(), level, "request", attrs...)
}

// observer notes what a handler answers.
type observer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (o *observer) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observer) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func (o *observer) code() int {
	if o.status == 0 {
		return http.StatusOK
	}
	return o.status
}

// ReadBody reads the JSON body of a request that has one and keeps it for [Body].
func ReadBody(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return r, parley.Errorf(parley.TooLarge, "The body has over %d bytes, which is the limit. Send less at once.", MaxBody)
	}
	if err != nil {
		return r, parley.Errorf(parley.Malformed, "The body could not be read to its end.").Because(err)
	}
	if len(body) > 0 && !isJSON(r.Header.Get("Content-Type")) {
		return r, parley.Errorf(parley.Unsupported, "The body must be JSON: send it with «Content-Type: application/json».")
	}
	return r.WithContext(context.WithValue(r.Context(), bodyKey, body)), nil
}

func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// Body is the request's body, read by [ReadBody].
func Body(ctx context.Context) []byte {
	b, _ := ctx.Value(bodyKey).([]byte)
	return b
}

// CheckTarget refuses a URL whose path or query is not clean text: badly escaped,
// not UTF-8, or with a NUL character, which PostgreSQL cannot store.
func CheckTarget(u *url.URL) error {
	query, err := url.QueryUnescape(u.RawQuery)
	if err != nil || !clean(query) || !clean(u.Path) {
		return parley.Errorf(parley.Malformed, "The URL is not properly escaped UTF-8 text.")
	}
	return nil
}

func clean(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
