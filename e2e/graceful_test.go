package e2e_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A request that has begun when the server is told to stop is answered, and what it
// did is kept. Nobody new is let in meanwhile.
func TestStopAnswersRequestsInFlight(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	finish := s.beginRequest(t, `{"type":"custom.in_flight"}`)
	s.signal(t, syscall.SIGTERM)
	s.waitFor(t, "msg=server.stopping")
	s.waitUntilClosed(t)
	if status := finish(t); status != http.StatusCreated {
		t.Errorf("the request in flight was answered %d, want 201", status)
	}
	s.waitForEnd(t, true)

	again := s.start(t)
	answer, err := ask(again.url, again.key(t), http.MethodGet, "/v1/events?types=custom.in_flight", "", nil)
	if err != nil || answer.status != http.StatusOK || !bytes.Contains(answer.body, []byte(`"type":"custom.in_flight"`)) {
		t.Errorf("the log does not hold what the request in flight did: %s %v", answer.body, err)
	}
}

// Streams do not keep a server from stopping: they end, and their readers come back.
func TestStopEndsStreams(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/v1/events/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key(t))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	begun := time.Now()
	s.signal(t, syscall.SIGTERM)
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	s.waitForEnd(t, true)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("stopping took %v with an open stream", took)
	}
}

// Whoever cannot wait says so twice.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.beginRequest(t, `{"type":"custom.never_finished"}`)
	s.signal(t, syscall.SIGTERM)
	s.waitFor(t, "msg=server.stopping")
	s.signal(t, syscall.SIGTERM)
	s.waitForEnd(t, false)
	s.waitFor(t, "parley: stopped at once")
}

// The credentials are there, and said, within a second of starting. A busy machine
// has three tries.
func TestFirstStartIsQuick(t *testing.T) {
	t.Parallel()
	quickest := time.Hour
	for range 3 {
		begun := time.Now()
		s := newServer(t)
		s.waitFor(t, "Stop it with Ctrl-C")
		if quickest = min(quickest, time.Since(begun)); quickest <= time.Second {
			break
		}
	}
	t.Logf("from start to ready, with sample data: %v", quickest)
	if quickest > time.Second && !raceDetector { // which makes it slow
		t.Errorf("the first start took %v, want at most a second", quickest)
	}
}

// runningServer is a `parley dev` of a Go test.
type runningServer struct {
	*process
	dir, url string
}

func newServer(t *testing.T) *runningServer {
	t.Helper()
	s := &runningServer{dir: t.TempDir()}
	return s.start(t)
}

// start starts a server on the same data.
func (s *runningServer) start(t *testing.T) *runningServer {
	t.Helper()
	p, addr, err := startServer(s.dir, os.Environ(), "dev")
	if err != nil {
		t.Fatalf("start the server: %v", err)
	}
	t.Cleanup(func() {
		p.kill()
		p.checkRaces(t)
	})
	return &runningServer{p, s.dir, "http://" + addr}
}

func (s *runningServer) key(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "data", "dev-credentials.json"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := lookUp(text, ".api_key")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// beginRequest sends half of a POST to /v1/events; finish sends the rest and gives
// the status of the answer.
func (s *runningServer) beginRequest(t *testing.T, body string) (finish func(*testing.T) int) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	head := fmt.Sprintf("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", s.key(t), len(body))
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	// The server asks for the body: so it is at work on the request.
	lines := bufio.NewReader(conn)
	if line, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("the server does not ask for the body: %q %v", line, err)
	}
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T) int {
		t.Helper()
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatalf("send the rest of the request: %v", err)
		}
		answer, err := http.ReadResponse(lines, nil)
		if err != nil {
			t.Fatalf("read the answer: %v", err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
}

func (s *runningServer) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Fatalf("signal the server: %v", err)
	}
}

// waitFor waits until the server has said something.
func (s *runningServer) waitFor(t *testing.T, text string) {
	t.Helper()
	deadline := time.After(startLimit)
	for {
		out, moreOut := s.stdout.read()
		err, moreErr := s.stderr.read()
		if strings.Contains(out+err, text) {
			return
		}
		select {
		case <-moreOut:
		case <-moreErr:
		case <-deadline:
			t.Fatalf("the server does not say %q but\n%s%s", text, out, err)
		}
	}
}

// waitUntilClosed waits until the server takes no more connections.
func (s *runningServer) waitUntilClosed(t *testing.T) {
	t.Helper()
	deadline := time.After(startLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			return
		}
		conn.Close()
		select {
		case <-look.C:
		case <-deadline:
			t.Fatal("the server still takes connections")
		}
	}
}

// waitForEnd waits until the process has ended, well or not.
func (s *runningServer) waitForEnd(t *testing.T, well bool) {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(exitLimit):
		t.Fatalf("the server did not end\n%s", s.stderr)
	}
	if well != (s.err == nil) {
		t.Errorf("the server ended with %v\n%s", s.err, s.stderr)
	}
}
