package e2e_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/cmd/parley/client"
	"parley/internal/testing/dbtest"
)

// PostgreSQL goes and comes back while the server is written to, first as it does
// when it is told to, then as in a crash. Meanwhile everybody is told to come again;
// afterwards everything goes on by itself, and nothing acknowledged is lost.
func TestDatabaseOutageLosesNothing(t *testing.T) {
	t.Parallel()
	postgres := dbtest.StartPostgres(t)
	s := newLoaded(t, filepath.Join(t.TempDir(), "data"), postgres.URL("postgres"))
	followers := []*follower{s.follow(t)}

	stop := s.write(t)
	for _, end := range []func(testing.TB){postgres.Stop, postgres.Crash} {
		s.waitForMore(t)
		end(t)
		s.waitForRefusals(t)
		s.waitForReadiness(t, http.StatusServiceUnavailable, "database")
		s.want(t, "/healthz", http.StatusOK)
		s.wantTurnedAway(t, http.MethodGet, "/readyz", "", http.StatusServiceUnavailable)
		waitUntil(t, "keys are no longer known by heart", func() bool {
			return s.ask(t, http.MethodGet, "/v1/event_types", "").status == http.StatusServiceUnavailable
		})
		s.wantTurnedAway(t, http.MethodGet, "/v1/events?limit=1", "", http.StatusServiceUnavailable)
		s.wantTurnedAway(t, http.MethodGet, "/v1/events/stream", "", http.StatusServiceUnavailable)
		late := s.follow(t)
		waitUntil(t, "a new stream is told to come again", func() bool { return late.broken.Load() > 0 })
		followers = append(followers, late)
		s.wantTurnedAway(t, http.MethodPost, "/v1/events", `{"type":"custom.refused"}`, http.StatusServiceUnavailable)
		waitUntil(t, "this process no longer counts as the one that delivers", func() bool {
			return strings.Contains(s.process.stderr.String(), "database.turn_failed")
		})
		postgres.Start(t)
		s.waitForReadiness(t, http.StatusOK, "ready")
	}
	s.waitForMore(t)
	stop()
	if len(s.away) != 1 || s.away[http.StatusServiceUnavailable] == 0 {
		t.Errorf("the writers were turned away by status %v, want only 503", s.away)
	}
	s.settle(t)
	const window = 256 // may be on its way, twice, when the turn to deliver is lost
	if n := s.checkAll(t); n > 2*window {
		t.Errorf("%d deliveries were duplicates, though the process that made them lived on: want at most %d", n, 2*window)
	}
	s.checkLog(t)
	for _, f := range followers {
		f.check(t)
	}
}

// follower reads the stream of events.
type follower struct {
	server *loaded
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // of whoever waits for ended
	place  atomic.Int64
	broken atomic.Int64
}

func (s *loaded) follow(t *testing.T) *follower {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &follower{server: s, cancel: cancel, ended: make(chan struct{})}
	t.Cleanup(func() {
		cancel()
		<-f.ended
	})
	c := s.client(t)
	following := client.Following{Broken: func(error, time.Duration) { f.broken.Add(1) }}
	go func() {
		defer close(f.ended)
		f.err = c.Follow(ctx, following, func(e client.Event) error {
			if before := f.place.Swap(e.Sequence); before+1 != e.Sequence {
				t.Errorf("the stream gave %d after %d", e.Sequence, before)
			}
			return nil
		})
	}()
	return f
}

// check makes sure that the stream has given the whole log.
func (f *follower) check(t *testing.T) {
	t.Helper()
	head, err := f.server.client(t).Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	waitUntil(t, "the stream has given all", func() bool { return f.place.Load() >= head })
	f.cancel()
	<-f.ended
	if f.err != nil {
		t.Errorf("the stream ended with %v", f.err)
	}
	t.Logf("the stream was resumed %d times", f.broken.Load())
}
