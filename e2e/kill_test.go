package e2e_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/cmd/parley/client"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

const (
	kills = 20

	// The server is killed at a random moment between these.
	shortestLife = 50 * time.Millisecond
	longestLife  = 500 * time.Millisecond

	// A kill may repeat what was on its way, which is one window, and what had
	// arrived and was not recorded yet, which is one flush interval (architecture.md).
	window        = 256
	flushInterval = 50 * time.Millisecond
)

// The process is killed at random moments while it is written to. Whatever was
// acknowledged is in the log, the log has no gap, and everything in it is delivered.
func TestKillsLoseNothing(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killAndCheck(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killAndCheck(t, dbtest.PostgresURL(t))
	})
}

// loadedEnv is the environment of a server under load, with SQLite if no other
// database is named.
func loadedEnv(data, databaseURL string) []string {
	env := append(os.Environ(), "PARLEY_DATA="+data, "PARLEY_RATE_LIMIT=0")
	if databaseURL != "" {
		env = append(env, "PARLEY_DATABASE_URL="+databaseURL)
	}
	return env
}

func killAndCheck(t *testing.T, databaseURL string) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	env := loadedEnv(data, databaseURL)
	random := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	r := receiver.New(t)

	l := newLoad()
	var killed []time.Time
	for round := range kills {
		server := startLoaded(t, env, l, data)
		if round == 0 {
			l.addEndpoint(t, r)
		}
		life := shortestLife + time.Duration(random.Int64N(int64(longestLife-shortestLife)))
		ctx, stop := context.WithCancel(t.Context())
		done := l.run(ctx, random.Uint64())
		<-time.After(life)
		killed = append(killed, time.Now())
		server.kill()
		server.checkRaces(t)
		stop()
		<-done
	}
	server := startLoaded(t, env, l, data)
	defer func() {
		server.kill()
		server.checkRaces(t)
		if t.Failed() {
			t.Logf("the last server's log:\n%s", unusual(server.stderr.String()))
		}
	}()
	l.settle(t)

	logged := readLog(t, l.client(t))
	l.check(t, logged, kills*10)
	checkDelivered(t, r, logged)
	checkDuplicates(t, r.Requests(), killed)
	if n := r.Refused(); n > 0 {
		t.Errorf("%d signatures were wrong", n)
	}
	t.Logf("%d kills: %d events acknowledged, %d in the log", kills, l.acknowledged(), len(logged))
}

// startLoaded starts the server and tells the load where it is.
func startLoaded(t *testing.T, env []string, l *load, data string) *process {
	t.Helper()
	p, addr, err := startServer(filepath.Dir(data), env, "dev")
	if err != nil {
		t.Fatalf("start the server: %v", err)
	}
	l.moveTo(t, "http://"+addr, filepath.Join(data, "dev-credentials.json"))
	return p
}

// readLog reads the whole log, which must have no gap.
func readLog(t *testing.T, c *client.Client) []client.Event {
	t.Helper()
	events, err := c.Oldest(t.Context(), client.Filter{}, math.MaxInt)
	if err != nil {
		t.Fatalf("read the log: %v", err)
	}
	for i, e := range events {
		if e.Sequence != int64(i)+1 {
			t.Fatalf("sequence %d stands at place %d of the log", e.Sequence, i+1)
		}
	}
	head, err := c.Head(t.Context())
	if err != nil {
		t.Fatalf("read the head: %v", err)
	}
	if head != int64(len(events)) {
		t.Fatalf("the head is %d and the log has %d events", head, len(events))
	}
	return events
}

// checkDelivered waits until the receiver has had every event that its endpoint
// subscribes to.
func checkDelivered(t *testing.T, r *receiver.Receiver, logged []client.Event) {
	t.Helper()
	missing := map[string]int64{}
	for _, e := range logged {
		if e.Type == loadType {
			missing[string(e.ID)] = e.Sequence
		}
	}
	deadline := time.After(checkLimit)
	look := time.NewTicker(checkPause)
	defer look.Stop()
	for seen := 0; ; {
		ids := r.IDs()
		for _, id := range ids[seen:] {
			delete(missing, id)
		}
		seen = len(ids)
		if len(missing) == 0 {
			return
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("%d events were never delivered, such as those of %v", len(missing), sample(missing))
		}
	}
}

func sample(missing map[string]int64) (sequences []int64) {
	for seq := range maps.Values(missing) {
		if len(sequences) < 10 {
			sequences = append(sequences, seq)
		}
	}
	return sequences
}

// checkDuplicates counts what came again after each kill.
func checkDuplicates(t *testing.T, requests []receiver.Request, killed []time.Time) {
	t.Helper()
	seen := map[string]bool{}
	again := make([]int, len(killed)) // after each kill
	allowed := len(killed) * window
	round := -1
	for _, q := range requests {
		for round+1 < len(killed) && q.At.After(killed[round+1]) {
			round++
		}
		if round+1 < len(killed) && killed[round+1].Sub(q.At) <= flushInterval {
			allowed++
		}
		if seen[q.ID] && round >= 0 {
			again[round]++
		}
		seen[q.ID] = true
	}
	total := 0
	for _, n := range again {
		total += n
	}
	t.Logf("duplicates after each kill: %v", again)
	t.Logf("%d of %d deliveries were duplicates, at most %d after one kill; a window and a flush interval for each of the %d kills are %d",
		total, len(requests), slices.Max(again), len(killed), allowed)
	if total > allowed {
		t.Errorf("%d deliveries were duplicates, want at most %d", total, allowed)
	}
}

// settle stops when nothing is left to be posted again: what was not acknowledged
// and has an idempotency key.
func (l *load) settle(t *testing.T) {
	t.Helper()
	for _, p := range l.takePending() {
		if status := l.post(t.Context(), p); status != http.StatusCreated {
			t.Errorf("a request that was repeated with its idempotency key was answered %d", status)
		}
	}
}
