package e2e_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/testing/dbtest"
)

// hangLimit is how long requests may wait for a database that hangs, on a machine
// that has much else to do.
const hangLimit = 25 * time.Second

// PostgreSQL takes connections and says nothing. Whoever asks, more of them than
// there are connections, is told to come again; once it goes on, so does everything.
func TestDatabaseThatHangsHoldsNobody(t *testing.T) {
	t.Parallel()
	postgres := dbtest.StartPostgres(t)
	s := newLoaded(t, filepath.Join(t.TempDir(), "data"), postgres.URL("postgres"))
	s.want(t, "/v1/contacts", http.StatusOK)
	follower := s.follow(t)

	postgres.Freeze(t)
	var asking sync.WaitGroup
	for range 5 {
		for _, request := range []string{
			"GET /v1/contacts", "GET /v1/events?types=custom.*", "GET /v1/organization", "GET /v1/conversations/conv_01kaf0v3b6f3nb8h5r0z7c4q9j", "GET /v1/events/stream",
			`POST /v1/contacts {"name":"Ada"}`,
		} {
			asking.Go(func() {
				method, rest, _ := strings.Cut(request, " ")
				path, body, _ := strings.Cut(rest, " ")
				begun := time.Now()
				answer, err := ask(s.server, s.key, method, path, body, nil)
				took := time.Since(begun)
				if err != nil || answer.status != http.StatusServiceUnavailable || answer.header.Get("Retry-After") == "" || took > hangLimit {
					t.Errorf("%s %s was answered %d, Retry-After %q, after %v (%v)\n%s", method, path, answer.status, answer.header.Get("Retry-After"), took, err, answer.body)
				}
				t.Logf("%s %s: turned away after %v", method, path, took)
			})
		}
	}
	asking.Wait()
	postgres.Thaw(t)

	s.waitForReadiness(t, http.StatusOK, "ready")
	waitUntil(t, "requests are answered again", func() bool {
		return s.ask(t, http.MethodGet, "/v1/contacts", "").status == http.StatusOK &&
			s.ask(t, http.MethodPost, "/v1/events", `{"type":"custom.load"}`).status == http.StatusCreated
	})
	follower.check(t)
}
