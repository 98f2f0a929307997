package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/web"
)

// lines are log lines, as JSON.
type lines struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}

func (l *lines) only(t *testing.T) map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var line map[string]any
	if err := json.Unmarshal(l.Bytes(), &line); err != nil {
		t.Fatalf("the log is not one line of JSON: %s", l.String())
	}
	return line
}

// serve answers one request with a handler behind the door.
func serve(t *testing.T, handler http.HandlerFunc, req *http.Request) (*httptest.ResponseRecorder, *lines) {
	t.Helper()
	log := &lines{}
	rec := httptest.NewRecorder()
	web.Handle(slog.New(slog.NewJSONHandler(log, nil)), handler).ServeHTTP(rec, req)
	return rec, log
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func TestEachKindOfErrorHasItsStatus(t *testing.T) {
	t.Parallel()
	for kind, want := range map[parley.Kind]int{
		parley.Malformed: 400, parley.Unauthenticated: 401, parley.Forbidden: 403, parley.NotFound: 404, parley.NotAllowed: 405,
		parley.Conflict: 409, parley.Stale: 412, parley.TooLarge: 413, parley.Unsupported: 415, parley.Invalid: 422, parley.TooMany: 429,
		parley.Internal: 500, parley.Unavailable: 503, parley.InsufficientSpace: 507,
	} {
		err := parley.Errorf(kind, "Said to whoever asks.").Because(errors.New("for the log only"))
		rec, log := serve(t, func(w http.ResponseWriter, r *http.Request) { web.WriteError(w, r, err) }, get("/x"))
		if rec.Code != want || rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("kind %d: %d, %s, want %d", kind, rec.Code, rec.Header().Get("Content-Type"), want)
		}
		if strings.Contains(rec.Body.String(), "for the log only") {
			t.Errorf("kind %d: the cause is shown: %s", kind, rec.Body)
		}
		if shown := strings.Contains(rec.Body.String(), "Said to"); shown == (kind == parley.Internal) {
			t.Errorf("kind %d: %s", kind, rec.Body)
		}
		level := map[bool]string{true: "ERROR", false: "INFO"}[want >= 500]
		if line := log.only(t); line["level"] != level || line["status"] != float64(want) {
			t.Errorf("kind %d is logged as %v", kind, line)
		}
	}
}

func TestAnErrorWithoutAKindTellsNothing(t *testing.T) {
	t.Parallel()
	rec, log := serve(t, func(w http.ResponseWriter, r *http.Request) {
		web.WriteError(w, r, errors.New("open /secret/path"))
	}, get("/x"))
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "secret") {
		t.Errorf("the answer is %d %s", rec.Code, rec.Body)
	}
	if line := log.only(t); line["error"] != "open /secret/path" {
		t.Errorf("the log says %v", line)
	}
}

func TestAProblemTellsAll(t *testing.T) {
	t.Parallel()
	rec, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		web.WriteError(w, r, &parley.Error{
			Kind: parley.TooMany, Detail: "Slowly.", RetryAfter: 1500 * time.Millisecond, RequiredScope: "x:read",
			Fields: []parley.FieldError{{Location: "body.a", Message: "must be b"}},
		})
	}, get("/x"))
	var problem web.Problem
	if err := json.Unmarshal(rec.Body.Bytes(), &problem); err != nil {
		t.Fatal(err)
	}
	if problem.Type != "/docs#error-429" || problem.Title != "Too Many Requests" || problem.Status != 429 || problem.Detail != "Slowly." ||
		problem.RequiredScope != "x:read" || len(problem.Errors) != 1 || problem.RequestID != rec.Header().Get("Request-Id") {
		t.Errorf("the problem is %+v", problem)
	}
	if got := rec.Header().Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After is %s: it must not be too early", got)
	}
}

func TestEveryRequestHasALineAndAnID(t *testing.T) {
	t.Parallel()
	req := get("/v1/contacts?q=private")
	req.Header.Set("Authorization", "Bearer parley_secret")
	rec, log := serve(t, func(w http.ResponseWriter, r *http.Request) {
		facts := web.Facts(r.Context())
		facts.Org, facts.Key = "org_x", "key_x"
		_, _ = io.WriteString(w, "hello")
	}, req)
	line := log.only(t)
	if line["msg"] != "request" || line["method"] != "GET" || line["path"] != "/v1/contacts" || line["status"] != 200.0 || line["bytes"] != 5.0 ||
		line["org"] != "org_x" || line["api_key"] != "key_x" || line["request_id"] != rec.Header().Get("Request-Id") {
		t.Errorf("the line is %v", line)
	}
	if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "private") {
		t.Errorf("the line tells a secret: %s", log)
	}
	again, _ := serve(t, func(http.ResponseWriter, *http.Request) {}, get("/"))
	if again.Header().Get("Request-Id") == rec.Header().Get("Request-Id") {
		t.Error("two requests have the same id")
	}
}

func TestAClientThatGoesAwayIsNoError(t *testing.T) {
	t.Parallel()
	for level, away := range map[string]bool{"INFO": true, "ERROR": false} {
		ctx, cancel := context.WithCancel(t.Context())
		_, log := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if away {
				cancel()
			}
			web.WriteError(w, r, errors.New("list contacts: it was cut off"))
		}, get("/").WithContext(ctx))
		cancel()
		if line := log.only(t); line["level"] != level || line["error"] == nil {
			t.Errorf("the client went away: %v, and the line is %v", away, line)
		}
	}
}

func TestAPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	rec, log := serve(t, func(http.ResponseWriter, *http.Request) { panic("oh no") }, get("/x"))
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "oh no") {
		t.Errorf("the answer is %d %s", rec.Code, rec.Body)
	}
	if line := log.only(t); line["level"] != "ERROR" || !strings.Contains(line["error"].(string), "oh no") {
		t.Errorf("the line is %v", line)
	}
}

// An answer that broke off must not look like a whole one.
func TestAPanicInTheMiddleBreaksTheConnection(t *testing.T) {
	t.Parallel()
	log := &lines{}
	server := httptest.NewServer(web.Handle(slog.New(slog.NewJSONHandler(log, nil)), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the first half")
		_ = http.NewResponseController(w).Flush()
		panic("oh no")
	})))
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("%q looks like a whole answer", body)
	}
	if line := log.only(t); !strings.Contains(line["error"].(string)+" ", "oh no") {
		t.Errorf("the line is %v", line)
	}
}

func TestRoutesThatAreNot(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /a/{id}", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.PathValue("id")) })
	mux.HandleFunc("PATCH /a/{id}", func(http.ResponseWriter, *http.Request) {})
	routes := web.Mux(mux)
	for request, want := range map[string]int{
		"GET /a/1": 200, "HEAD /a/1": 200, "PATCH /a/1": 200, "GET /a/1%2F2": 200, "GET /b": 404, "GET /a": 404, "GET /a/": 404, "POST /a/1": 405, "DELETE /a/1": 405, "GET /a//1": 307,
	} {
		method, path, _ := strings.Cut(request, " ")
		rec, _ := serve(t, routes.ServeHTTP, httptest.NewRequest(method, path, nil))
		if rec.Code != want {
			t.Errorf("%s: %d %s, want %d", request, rec.Code, rec.Body, want)
		}
		if want == 405 && rec.Header().Get("Allow") != "GET, HEAD, PATCH" {
			t.Errorf("%s: Allow is %q", request, rec.Header().Get("Allow"))
		}
	}
}

func TestABodyIsReadOrRefused(t *testing.T) {
	t.Parallel()
	read := func(method, contentType, body string) (string, error) {
		req := httptest.NewRequest(method, "/", strings.NewReader(body))
		req.Header.Set("Content-Type", contentType)
		req, err := web.ReadBody(httptest.NewRecorder(), req)
		return string(web.Body(req.Context())), err
	}
	if body, err := read("POST", "application/json; charset=utf-8", `{}`); body != "{}" || err != nil {
		t.Errorf("a body of JSON: %q (%v)", body, err)
	}
	if body, err := read("POST", "", ""); body != "" || err != nil {
		t.Errorf("no body: %q (%v)", body, err)
	}
	if _, err := read("POST", "text/plain", `{}`); parley.KindOf(err) != parley.Unsupported {
		t.Errorf("a text: %v", err)
	}
	if body, err := read("POST", "application/json", strings.Repeat(" ", web.MaxBody)); len(body) != web.MaxBody || err != nil {
		t.Errorf("a body of the limit: %d bytes (%v)", len(body), err)
	}
	if _, err := read("POST", "application/json", strings.Repeat(" ", web.MaxBody+1)); parley.KindOf(err) != parley.TooLarge {
		t.Errorf("a body over the limit: %v", err)
	}
	if body, err := read("GET", "text/plain", "whatever"); body != "" || err != nil {
		t.Errorf("the body of a GET: %q (%v)", body, err)
	}
	broken := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("{"), brokenReader{}))
	if _, err := web.ReadBody(httptest.NewRecorder(), broken); parley.KindOf(err) != parley.Malformed {
		t.Errorf("a body that breaks off: %v", err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestTargetsAreCleanText(t *testing.T) {
	t.Parallel()
	for target, clean := range map[string]bool{
		"/v1/a": true, "/v1/a?q=%C3%A9%20+": true, "/v1/%C3%A9": true, "/v1/a?": true, "/v1/a%2Fb": true,
		"/v1/%ff": false, "/v1/%00": false, "/v1/a?q=%ff": false, "/v1/a?q=%00": false, "/v1/a?q=%zz": false, "/v1/a?q=%": false, "/v1/a?%ff=1": false,
	} {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		if err := web.CheckTarget(u); (err == nil) != clean || err != nil && parley.KindOf(err) != parley.Malformed {
			t.Errorf("%s: %v", target, err)
		}
	}
}
