package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestEventNumbersAreFound(t *testing.T) {
	t.Parallel()
	for envelope, want := range map[string]int{
		`{"type":"custom.bench","data":{"n":12,"text":"x"}}`: 12,
		`{"data":{"n": 7}}`:              7,
		`{"data":{"n":0}}`:               0,
		`{"data":{"n":"7"}}`:             -1,
		`{"data":{"n":`:                  -1,
		`{"data":{"n":99999999999999999`: -1,
		`{"data":{}}`:                    -1,
		``:                               -1,
	} {
		if got := eventNumber([]byte(envelope)); got != want {
			t.Errorf("%s has number %d, want %d", envelope, got, want)
		}
	}
}

// The load generator reads what net/http writes, however that frames it.
func TestTheLoadGeneratorUnderstandsServers(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 100)
		n, _ := r.Body.Read(body)
		if r.Method == http.MethodPost && string(body[:n]) != `{"a":1}` || r.Header.Get("Authorization") != "Bearer key" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		switch asked.Add(1) % 4 {
		case 0:
			w.WriteHeader(http.StatusNoContent)
		case 1:
			fmt.Fprint(w, "short")
		case 2:
			fmt.Fprint(w, strings.Repeat("long ", 10_000)) // chunked
		case 3:
			w.Header().Set("Content-Length", "50000")
			fmt.Fprint(w, strings.Repeat("long ", 10_000))
		}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	for _, method := range []string{"GET", "POST"} {
		var body []byte
		if method == "POST" {
			body = []byte(`{"a":1}`)
		}
		var sent [3]int
		err := load{
			address: address, connections: len(sent),
			next: func(connection int, buffer []byte) ([]byte, bool) {
				sent[connection]++
				return appendRequest(buffer, method, "/", "key", body), sent[connection] <= 20
			},
		}.run(t.Context())
		if err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	if asked.Load() != 120 {
		t.Errorf("the server was asked %d times, want 120", asked.Load())
	}

	err := load{address: address, connections: 2, next: func(_ int, buffer []byte) ([]byte, bool) {
		return appendRequest(buffer, "GET", "/wrong", "no key", nil), true
	}}.run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "GET /wrong HTTP/1.1 was answered 400: no") {
		t.Errorf("a refusal: %v", err)
	}
}

func TestTheReceiverCountsEachEventOnce(t *testing.T) {
	t.Parallel()
	l := newLedger(2, 10)
	r, err := newReceiver(l, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	send := func(body string) error {
		answer, err := client.Post(r.url, "application/json", strings.NewReader(body))
		if err == nil {
			answer.Body.Close()
		}
		return err
	}
	all := l.expect(2)
	large := `{"text":"` + strings.Repeat("x", 10_000) + `","n":4}`
	for _, body := range []string{`{"n":3}`, `{"n":3}`, `{"type":"something else"}`, `{"n":10}`, large} {
		if err := send(body); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.wait(t.Context(), all, time.Minute, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	if l.count.Load() != 2 || l.again.Load() != 1 || l.cameAt(1, 3) == 0 || l.cameAt(0, 3) != 0 || string(*l.sample.Load()) != `{"n":3}` {
		t.Errorf("%d came, %d again; the first was %s", l.count.Load(), l.again.Load(), *l.sample.Load())
	}
	if first, last := l.firstCame(), l.lastCame(); first != l.cameAt(1, 3) || last != l.cameAt(1, 4) || first > last {
		t.Errorf("the first came at %d, the last at %d", first, last)
	}
	r.behave(refuses)
	if err := send(`{"n":5}`); err == nil || r.refused.Load() == 0 {
		t.Errorf("a receiver that refuses: %v", err)
	}
	if r.mostConnections() == 0 {
		t.Error("nobody has ever been connected")
	}
}

func TestTheBareLoopAndTheBareHandler(t *testing.T) {
	dir := t.TempDir()
	c, err := startChild(dir, roleLoop)
	if err != nil {
		t.Fatal(err)
	}
	l := newLedger(1, 1)
	r, err := newReceiver(l, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	var sent loopAnswer
	order := loopOrder{URLs: []string{r.url}, Connections: 3, Body: []byte(`{"n":0}`), Duration: 50 * time.Millisecond}
	if err := c.tell(t.Context(), order, &sent); err != nil {
		t.Fatal(err)
	}
	if came := l.count.Load() + l.again.Load(); sent.Sent == 0 || came != sent.Sent {
		t.Errorf("the loop has sent %d, and %d came", sent.Sent, came)
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}

	if c, err = startChild(dir, roleHandler); err != nil {
		t.Fatal(err)
	}
	var at childAddress
	if err := c.tell(t.Context(), handlerOrder{http.StatusCreated, []byte(`{"id":"x"}`)}, &at); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]int{
		`{"direction":"outgoing","content":{"type":"text","text":"hi"}}`: http.StatusCreated,
		`{"direction"`: http.StatusBadRequest,
	} {
		answer, err := http.Post(at.URL, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("%s was answered %d, want %d", body, answer.StatusCode, want)
		}
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}

	if c, err = startChild(dir, "nobody"); err != nil {
		t.Fatal(err)
	}
	if err := c.tell(t.Context(), struct{}{}, &at); err == nil || !strings.Contains(err.Error(), "there is no such role") {
		t.Errorf("a child without a role: %v", err)
	}
	if err := c.stop(); err == nil {
		t.Error("its failure is not told")
	}
}
