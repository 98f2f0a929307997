package e2e_test

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"parley/internal/testing/receiver"
)

// troubleLimit is how long it may take until trouble shows, or is over, on a
// machine that has much else to do.
const troubleLimit = 60 * time.Second

// enough is how many more events have to be acknowledged to tell something.
const enough = 200

// loaded is a server under load whose events go to a receiver.
type loaded struct {
	*load
	process  *process
	receiver *receiver.Receiver
	env      []string
	data     string
	began    time.Time
}

func newLoaded(t *testing.T, data, databaseURL string) *loaded {
	t.Helper()
	s := &loaded{load: newLoad(), receiver: receiver.New(t), env: loadedEnv(data, databaseURL), data: data}
	s.start(t)
	s.addEndpoint(t, s.receiver)
	return s
}

func (s *loaded) start(t *testing.T) {
	t.Helper()
	s.began = time.Now()
	p := startLoaded(t, s.env, s.load, s.data)
	s.process = p
	t.Cleanup(func() {
		p.kill()
		p.checkRaces(t)
		if t.Failed() {
			t.Logf("the server's log:\n%s", unusual(p.stderr.String()))
		}
	})
}

// write has the writers write until stop is called.
func (s *loaded) write(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := s.run(ctx, rand.Uint64())
	return func() {
		select {
		case <-done:
			t.Error("the writers lost the server")
		default:
		}
		cancel()
		<-done
	}
}

// waitForMore waits until writes are acknowledged.
func (s *loaded) waitForMore(t *testing.T) {
	t.Helper()
	before := s.acknowledged()
	waitUntil(t, "events are acknowledged", func() bool { return s.acknowledged() >= before+enough })
}

// waitForRefusals waits until writers are turned away.
func (s *loaded) waitForRefusals(t *testing.T) {
	t.Helper()
	before := s.turnedAway()
	waitUntil(t, "writers are turned away", func() bool { return s.turnedAway() >= before+2*writers })
}

func (s *loaded) ask(t *testing.T, method, path, body string) reply {
	t.Helper()
	began := time.Now()
	answer, err := ask(s.server, s.key, method, path, body, nil)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if took := time.Since(began); took > answerLimit {
		t.Errorf("%s %s took %v", method, path, took)
	}
	return answer
}

// wantTurnedAway asks for what cannot be had now.
func (s *loaded) wantTurnedAway(t *testing.T, method, path, body string, status int) {
	t.Helper()
	answer := s.ask(t, method, path, body)
	if answer.status != status || answer.header.Get("Retry-After") == "" {
		t.Errorf("%s %s was answered %d, Retry-After %q, want %d and when to come again\n%s",
			method, path, answer.status, answer.header.Get("Retry-After"), status, answer.body)
	}
}

func (s *loaded) want(t *testing.T, path string, status int) {
	t.Helper()
	if answer := s.ask(t, http.MethodGet, path, ""); answer.status != status {
		t.Errorf("%s was answered %d, want %d\n%s", path, answer.status, status, answer.body)
	}
}

// waitForReadiness waits until the server says that it is ready, or that it is not
// and why.
func (s *loaded) waitForReadiness(t *testing.T, status int, why string) {
	t.Helper()
	waitUntil(t, "readiness is told as "+http.StatusText(status), func() bool {
		answer := s.ask(t, http.MethodGet, "/readyz", "")
		return answer.status == status && bytes.Contains(answer.body, []byte(why))
	})
}

// checkAll checks that everything acknowledged is in the log, and that everything
// in the log is delivered, and tells how many deliveries were duplicates.
func (s *loaded) checkAll(t *testing.T) (duplicates int) {
	t.Helper()
	logged := readLog(t, s.client(t))
	s.check(t, logged, enough)
	checkDelivered(t, s.receiver, logged)
	if n := s.receiver.Refused(); n > 0 {
		t.Errorf("%d signatures were wrong", n)
	}
	seen := map[string]bool{}
	requests := s.receiver.Requests()
	for _, q := range requests {
		seen[q.ID] = true
	}
	t.Logf("%d events acknowledged, %d in the log, %d deliveries of which %d were duplicates; writers turned away by status: %v; the longest answer took %v",
		s.acknowledged(), len(logged), len(requests), len(requests)-len(seen), s.away, s.longest)
	return len(requests) - len(seen)
}

// warning finds the name of what a server warns of.
var warning = regexp.MustCompile(`(?m)level=(?:WARN|ERROR) msg=(\S+)`)

// checkLog makes sure that trouble does not flood the server's log: beside the line
// of each request, there is no more than two lines of a kind in a second.
func (s *loaded) checkLog(t *testing.T) {
	t.Helper()
	times := map[string]int{}
	for _, found := range warning.FindAllStringSubmatch(s.process.stderr.String(), -1) {
		if found[1] != "request" {
			times[found[1]]++
		}
	}
	most := 10 + 2*int(time.Since(s.began).Seconds())
	for _, kind := range slices.Sorted(maps.Keys(times)) {
		t.Logf("%s was logged %d times", kind, times[kind])
		if times[kind] > most {
			t.Errorf("%s was logged %d times in %v, want at most %d", kind, times[kind], time.Since(s.began), most)
		}
	}
}

// waitUntil looks again and again whether something has come about.
func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.After(troubleLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for !done() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("it took over %v until %s", troubleLimit, what)
		}
	}
}
