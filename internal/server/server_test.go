package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/internal/server"
	"parley/internal/testing/dbtest"
)

// running starts a server on a free port, and stops it when the test ends.
func running(t *testing.T, c server.Config) *server.Server {
	t.Helper()
	s := listening(t, c)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return s
}

func listening(t *testing.T, c server.Config) *server.Server {
	t.Helper()
	c.Addr, c.Version = "127.0.0.1:0", "test"
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	s, err := server.New(t.Context(), c)
	if err != nil {
		t.Fatalf("new: %v", err)
	}
	return s
}

func get(t *testing.T, url string) (status int, body string, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("get %s: %v", url, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("get %s: %v", url, err)
	}
	return answer.StatusCode, string(text), answer.Header
}

func TestReadinessIsThatOfTheDatabase(t *testing.T) {
	t.Parallel()
	postgres := dbtest.StartPostgres(t)
	s := running(t, server.Config{DatabaseURL: postgres.URL("postgres")})
	atWork(t, s)
	ask := func(path string, want int) {
		t.Helper()
		if status, body, _ := get(t, s.URL()+path); status != want {
			t.Errorf("GET %s answered %d, want %d: %s", path, status, want, body)
		}
	}
	ask("/readyz", http.StatusOK)
	postgres.Stop(t)
	ask("/readyz", http.StatusServiceUnavailable)
	ask("/healthz", http.StatusOK)
	ask("/metrics", http.StatusOK)
	postgres.Start(t)
	ask("/readyz", http.StatusOK)
}

// atWork waits until every part of a server that has just started is at work: the
// last to be is the delivery, which shows when it takes up an endpoint.
func atWork(t *testing.T, s *server.Server) {
	t.Helper()
	made, err := s.PlantDemo(t.Context(), "robin@example.com", "a password of some length")
	if err != nil {
		t.Fatal(err)
	}
	body := strings.NewReader(`{"url":"https://example.com/hook","event_types":["custom.never"]}`)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/v1/webhooks", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+made.Key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatalf("add an endpoint: %s", answer.Status)
	}
	deadline := time.After(10 * time.Second)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		if _, metrics, _ := get(t, s.URL()+"/metrics"); strings.Contains(metrics, "\nparley_webhook_endpoints 1\n") {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatal("no endpoint is delivered to")
		}
	}
}

// The start of the dashboard: of a new server the set-up, later the sign-in, with
// nothing in it that does not come from us.
func TestHomeLeadsInAndTrustsNobody(t *testing.T) {
	t.Parallel()
	s := running(t, server.Config{})
	look := func(title string) {
		t.Helper()
		status, page, header := get(t, s.URL()+"/")
		if status != http.StatusOK || !strings.Contains(page, "<h1>"+title+"</h1>") {
			t.Errorf("GET / leads to %d %s, want %s", status, page, title)
		}
		policy := header.Get("Content-Security-Policy")
		nonce, _, _ := strings.Cut(policy[strings.Index(policy, "'nonce-")+len("'nonce-"):], "'")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'nonce-"+nonce+"'; style-src 'nonce-"+nonce+"';") || strings.Contains(policy, "unsafe") {
			t.Errorf("the page's policy is %q", policy)
		}
		if n := strings.Count(page, "<script"); n != 1 || !strings.Contains(page, `nonce="`+nonce+`"`) {
			t.Errorf("the page has %d scripts: %s", n, page)
		}
		for _, unwanted := range []string{"javascript:", "onclick", "style=", "http://", "https://"} {
			if strings.Contains(page, unwanted) {
				t.Errorf("the page has %q", unwanted)
			}
		}
	}
	look("Set up Parley")
	if _, err := s.PlantDemo(t.Context(), "robin@example.com", "a password of some length"); err != nil {
		t.Fatal(err)
	}
	look("Sign in")
}

// What is unknown is a page for those who read pages, and a problem for programs.
// Behind a proxy that is trusted, the limits of sign-in are those of its clients.
func TestLimitsBehindAProxyAreItsClients(t *testing.T) {
	t.Parallel()
	s := running(t, server.Config{SignInLimit: 1, TrustProxy: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if _, err := s.PlantDemo(t.Context(), "robin@example.com", "a password of some length"); err != nil {
		t.Fatal(err)
	}
	signIn := func(from, email string) int {
		t.Helper()
		form := url.Values{"email": {email}, "password": {"wrong"}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", from)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	statuses := map[int]int{}
	for i := range 6 {
		statuses[signIn("192.0.2.7", fmt.Sprintf("ada%d@example.com", i))]++
	}
	if statuses[http.StatusTooManyRequests] == 0 {
		t.Errorf("six attempts from one address were answered %v", statuses)
	}
	if got := signIn("192.0.2.8", "grace@example.com"); got == http.StatusTooManyRequests {
		t.Error("another client of the proxy is held to have tried as well")
	}
}

func TestWhatIsUnknownIsSaidSo(t *testing.T) {
	t.Parallel()
	s := running(t, server.Config{})
	for _, test := range []struct {
		path, accept, want string
		status             int
	}{
		{"/nothing/here", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", http.StatusNotFound},
		{"/nothing/here", "", "text/html; charset=utf-8", http.StatusNotFound},
		{"/nothing/here", "application/json", "application/problem+json", http.StatusNotFound},
		{"/v1/nothing", "text/html", "application/problem+json", http.StatusUnauthorized}, // the API tells strangers nothing
		{"/v1/nothing", "", "application/problem+json", http.StatusUnauthorized},
		{"/assets/nothing.js", "*/*", "text/plain; charset=utf-8", http.StatusNotFound},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.accept != "" {
			r.Header.Set("Accept", test.accept)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != test.status || answer.Header.Get("Content-Type") != test.want {
			t.Errorf("%s for %q is answered %s %s: %s (%v)", test.path, test.accept, answer.Status, answer.Header.Get("Content-Type"), body, err)
		}
	}
}

// answers tells whether the server of TestStartAndStop does: another test's may have
// its port by now.
func answers(t *testing.T, s *server.Server) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return strings.Contains(string(body), `version="started and stopped"`)
}

// A whole server is started and stopped again and again on the same data.
func TestStartAndStop(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for range 5 {
		s, err := server.New(t.Context(), server.Config{Addr: "127.0.0.1:0", Data: data, Version: "started and stopped"})
		if err != nil {
			t.Fatalf("new: %v", err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- s.Run(ctx) }()
		if status, body, _ := get(t, s.URL()+"/readyz"); status != http.StatusOK {
			t.Errorf("it is not ready: %d %s", status, body)
		}
		if !answers(t, s) {
			t.Error("it does not say which version it is")
		}
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("run: %v", err)
		}
		if answers(t, s) {
			t.Error("it still takes connections")
		}
	}
}

// A server whose loop ends by itself stops as a whole and says why.
func TestAFailureStopsEverything(t *testing.T) {
	t.Parallel()
	s := listening(t, server.Config{})
	if err := s.CloseListener(); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("run: %v, want that the listener is closed", err)
	}
}

func TestAFailedStartLeavesNothing(t *testing.T) {
	t.Parallel()
	first := listening(t, server.Config{})
	if _, err := server.New(t.Context(), server.Config{Addr: first.Addr(), Data: t.TempDir()}); err == nil || !strings.HasSuffix(err.Error(), "is in use: choose another with --addr") {
		t.Errorf("a second server on the port: %v", err)
	}
	addr := first.Addr()
	if err := first.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if _, err := server.New(t.Context(), server.Config{Addr: addr, Data: "/dev/null/data"}); err == nil || !strings.Contains(err.Error(), "cannot be made") {
		t.Errorf("a server without a data folder: %v", err)
	}
	second, err := server.New(t.Context(), server.Config{Addr: addr, Data: t.TempDir()})
	if err != nil {
		t.Fatalf("the port was not given back: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestOneServerForEachDataFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	config := server.Config{Addr: "127.0.0.1:0", Data: data}
	first, err := server.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.New(t.Context(), config); err == nil || !strings.Contains(err.Error(), "is in use by another Parley") {
		t.Errorf("a second server on the data: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	second, err := server.New(t.Context(), config)
	if err != nil {
		t.Fatalf("the data was not given back: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}
