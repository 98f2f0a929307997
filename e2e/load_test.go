package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"parley/cmd/parley/client"
	"parley/internal/testing/receiver"
)

const (
	loadType = "custom.load"
	writers  = 8
	largest  = 40 // events in a batch

	// answerLimit is how long the server may take to answer, whatever is wrong.
	answerLimit = 10 * time.Second
	// turnedAwayPause is how long a writer rests that was turned away.
	turnedAwayPause = 20 * time.Millisecond
)

// load posts events from several writers and remembers what became of each.
type load struct {
	server, key string
	http        http.Client

	mu      sync.Mutex
	next    int
	acked   map[string]published // by the event's own name
	pending []post               // not acknowledged, to be posted again
	away    map[int]int          // how often the writers were asked to come again, by status
	refused []string
	longest time.Duration // that an answer took
}

func newLoad() *load {
	return &load{
		acked: map[string]published{}, away: map[int]int{},
		http: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}, Timeout: answerLimit},
	}
}

// moveTo says where the server is now.
func (l *load) moveTo(t *testing.T, server, credentials string) {
	t.Helper()
	text, err := os.ReadFile(credentials)
	if err != nil {
		t.Fatalf("read the credentials: %v", err)
	}
	if l.key, err = lookUp(text, ".api_key"); err != nil {
		t.Fatal(err)
	}
	l.server = server
	l.http.CloseIdleConnections()
}

func (l *load) client(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(l.server, l.key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (l *load) addEndpoint(t *testing.T, r *receiver.Receiver) {
	t.Helper()
	body := map[string]any{"url": r.URL, "event_types": []string{loadType}}
	var made struct{ Secret string }
	if err := l.client(t).Do(t.Context(), http.MethodPost, "/v1/webhooks", body, &made); err != nil {
		t.Fatalf("add an endpoint: %v", err)
	}
	r.Verify(t, made.Secret)
}

// run posts until ctx ends or the server is gone; then done is closed. Each writer
// waits for its last answer. One that is asked to come again comes again.
func (l *load) run(ctx context.Context, seed uint64) (done <-chan struct{}) {
	var running sync.WaitGroup
	for i := range writers {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		running.Go(func() {
			for ctx.Err() == nil {
				switch status := l.post(context.WithoutCancel(ctx), l.draw(random)); {
				case status == 0:
					return
				case comeAgain(status):
					select {
					case <-time.After(turnedAwayPause):
					case <-ctx.Done():
					}
				}
			}
		})
	}
	all := make(chan struct{})
	go func() {
		running.Wait()
		close(all)
	}()
	return all
}

// draw gives what to post next: what is left from before the last kill, else a
// single event or a batch, half of them with an idempotency key.
func (l *load) draw(random *rand.Rand) post {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.pending); n > 0 {
		p := l.pending[n-1]
		l.pending = l.pending[:n-1]
		return p
	}
	var p post
	n := 1
	if random.IntN(2) == 0 {
		n = 1 + random.IntN(largest)
	}
	for range n {
		l.next++
		p.names = append(p.names, fmt.Sprintf("event-%d", l.next))
	}
	if random.IntN(2) == 0 {
		p.key = p.names[0]
	}
	return p
}

func (l *load) complain(about string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = append(l.refused, about)
}

// turnedAway is how often writers were asked to come again.
func (l *load) turnedAway() (times int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range l.away {
		times += n
	}
	return times
}

func (l *load) takePending() []post {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := l.pending
	l.pending = nil
	return left
}

func (l *load) acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acked)
}

// check compares the log with what was acknowledged: every event where the server
// said it is, and none twice. At least so many must have been acknowledged.
func (l *load) check(t *testing.T, logged []client.Event, least int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	found := map[string]published{}
	for _, e := range logged {
		if e.Type != loadType {
			continue
		}
		var name string
		if err := json.Unmarshal(e.Data["name"], &name); err != nil {
			t.Fatalf("read event %s: %v", e.ID, err)
		}
		if before, twice := found[name]; twice {
			t.Errorf("%s is in the log twice: at %d and %d", name, before.Sequence, e.Sequence)
		}
		found[name] = published{string(e.ID), e.Sequence}
	}
	lost := 0
	for name, where := range l.acked {
		if found[name] != where {
			lost++
			if lost <= 5 {
				t.Errorf("%s was acknowledged as %v and the log has %v", name, where, found[name])
			}
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d acknowledged events are not where the server said", lost, len(l.acked))
	}
	if len(l.acked) < least {
		t.Errorf("only %d events were acknowledged: that tells little", len(l.acked))
	}
	for i, refusal := range l.refused {
		if i < 5 {
			t.Errorf("a request was refused: %s", refusal)
		}
	}
	if n := len(l.refused); n > 5 {
		t.Errorf("%d requests were refused", n)
	}
}
