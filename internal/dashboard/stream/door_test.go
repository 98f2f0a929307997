package stream_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/dashboard/stream"
	"parley/internal/live"
	"parley/internal/testing/house"
	"parley/internal/testing/pipe"
	"parley/internal/web"
)

// virtual runs body in time of its own.
func virtual(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, body)
}

// door is a house with streams, on HTTP.
type door struct {
	*house.House
	hub  *live.Hub
	url  string
	http *http.Client
	stop func() // the server

	mu       sync.Mutex
	visitors map[string]visit
	looks    int // at visitors
}

// visit is who is signed in, by the cookie that they show.
type visit struct {
	org  parley.OrganizationID
	user parley.User
	err  error
}

type cookieKey struct{}

// newDoor makes a door; in memory if it is in the bubble of a synctest.
func newDoor(t *testing.T, inMemory bool) *door {
	stopped := make(chan struct{})
	d := &door{House: house.Plan{InMemory: inMemory}.Build(t), visitors: map[string]visit{}}
	logger := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	d.hub = live.New(d.DB, logger)
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- d.hub.Run(ctx) }()
	s := stream.New(stream.Parts{Log: d.Log, Hub: d.hub, Visitor: d.visitor, Stopped: stopped})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live", s.Follow)
	mux.HandleFunc("POST /live/typing", s.Type)
	closeServer := d.serve(t, web.Handle(logger, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), cookieKey{}, r.Header.Get("Cookie"))))
	})), inMemory)
	d.stop = sync.OnceFunc(func() { close(stopped) })
	t.Cleanup(func() {
		d.stop()
		d.http.CloseIdleConnections()
		closeServer()
		cancel()
		if err := <-ran; !errors.Is(err, context.Canceled) {
			t.Errorf("the hub: %v", err)
		}
	})
	d.signIn("grace", d.Client, parley.Owner)
	return d
}

func (d *door) serve(t *testing.T, handler http.Handler, inMemory bool) (stop func()) {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	d.http = &http.Client{Transport: transport}
	if !inMemory {
		server := httptest.NewServer(handler)
		d.url = server.URL
		return server.Close
	}
	pipes := pipe.Listen()
	d.url, transport.DialContext = "http://parley.example.com", pipes.Dial
	server := &http.Server{Handler: handler}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(pipes); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	return func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
		serving.Wait()
	}
}

func (d *door) visitor(ctx context.Context) (parley.OrganizationID, parley.User, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	cookie, _ := ctx.Value(cookieKey{}).(string)
	v, ok := d.visitors[cookie]
	return v.org, v.user, ok, v.err
}

// signIn signs somebody in who shows a cookie from now on.
func (d *door) signIn(cookie string, c *house.Client, role parley.Role) parley.User {
	user := parley.User{ID: parley.UserID("usr_" + cookie), Name: cookie, Email: cookie + "@example.com", Role: role}
	d.change(func() { d.visitors[cookie] = visit{org: c.Organization.ID, user: user} })
	return user
}

func (d *door) signOut(cookie string) { d.change(func() { delete(d.visitors, cookie) }) }

func (d *door) change(fn func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	fn()
}

// append has events appended to an organization's log, in one transaction.
func (d *door) append(t *testing.T, c *house.Client, drafts ...parley.Draft) (last int64) {
	t.Helper()
	last, err := d.tryAppend(c, drafts)
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// custom is an event of a client's making.
func custom(name, key string) parley.Draft {
	draft, ok := parley.CustomEvent("custom."+name, key, json.RawMessage(`{"secret":"content"}`))
	if !ok {
		panic("the event is not possible")
	}
	return draft
}

// page is an open stream.
type page struct {
	t      *testing.T
	res    *http.Response
	lines  *bufio.Scanner
	lastID string // as a browser knows it
}

// frame is what a page is told.
type frame struct{ event, data string }

// open opens a stream that must begin; it reads what pages are told at once.
func (d *door) open(t *testing.T, cookie, query string, header ...string) *page {
	t.Helper()
	p := d.openQuietly(t, cookie, query, header...)
	p.wait("presence")
	return p
}

func (d *door) openQuietly(t *testing.T, cookie, query string, header ...string) *page {
	t.Helper()
	res := d.get(t, cookie, query, header...) //nolint:bodyclose // the page's close does
	p := &page{t: t, res: res, lines: bufio.NewScanner(res.Body)}
	t.Cleanup(p.close)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream answers %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return p
}

func (d *door) get(t *testing.T, cookie, query string, header ...string) *http.Response {
	t.Helper()
	return d.do(t, http.MethodGet, "/live"+query, nil, append(header, "Cookie", cookie)...)
}

func (d *door) do(t *testing.T, method, path string, form url.Values, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, d.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := d.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// status is that of a request, whose answer is thrown away.
func (d *door) status(t *testing.T, method, path string, form url.Values, header ...string) int {
	t.Helper()
	res := d.do(t, method, path, form, header...)
	defer res.Body.Close()
	return res.StatusCode
}

func (p *page) close() { p.res.Body.Close() }

// next reads the next frame that browsers hand on. ok is false when the stream has ended.
func (p *page) next() (f frame, ok bool) {
	p.t.Helper()
	for p.lines.Scan() {
		name, value, _ := strings.Cut(p.lines.Text(), ": ")
		switch name {
		case "id":
			p.lastID = value
		case "event":
			f.event = value
		case "data":
			f.data = value
		case "":
			if f.event != "" || f.data != "" {
				return f, true
			}
		}
	}
	return f, false
}

// wait reads up to the frame of a name, which must come, and gives the names before it,
// but for the presence of visitors, who come whenever a page opens.
func (p *page) wait(event string) (before []string, data string) {
	p.t.Helper()
	for {
		f, ok := p.next()
		if !ok {
			p.t.Fatalf("the stream ended before %s came, after %q", event, before)
		}
		if f.event == event {
			return before, f.data
		}
		if f.event != "presence" {
			before = append(before, f.event)
		}
	}
}

// rest reads the names of all frames until the stream ends.
func (p *page) rest() (names []string) {
	p.t.Helper()
	for {
		f, ok := p.next()
		if !ok {
			return names
		}
		names = append(names, f.event)
	}
}

// closeAfter closes the page when a time has passed.
func (p *page) closeAfter(d time.Duration) { time.AfterFunc(d, p.close) }

func conversation() parley.ConversationID { return parley.NewID[parley.ConversationID]() }

func toldBy(t *testing.T, data string) (told struct {
	Type, ID, Key string
	Sequence      int64
},
) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), &told); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return told
}

func query(format string, args ...any) string { return fmt.Sprintf(format, args...) }
