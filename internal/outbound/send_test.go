package outbound

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/testing/receiver"
)

// dev is a client that may reach loopback, with a short limit.
func dev(t *testing.T) *Client {
	t.Helper()
	c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{Timeout: 5 * time.Second})
	t.Cleanup(c.Close)
	return c
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestSendDeliversWhatItWasGiven(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	r.AnswerBody(201, "taken", "Content-Type", "text/plain", "Set-Cookie", "a=b")
	c := dev(t)
	target := must(c.Target(r.URL+"/hook?a=b", http.Header{"x-api-token": {"t0ken"}}))(t)
	got := c.Send(t.Context(), &Request{
		Target: target,
		Body:   []byte(`{"id":"evt_1"}`),
		Header: http.Header{"Authorization": {"Bearer b"}},
	})
	if !got.OK() || got.Status != 201 || string(got.Body) != "taken" || got.Duration <= 0 {
		t.Fatalf("got %+v", got)
	}
	if got.Header.Get("Content-Type") != "text/plain" || got.Header.Get("Set-Cookie") != "" {
		t.Errorf("kept headers %v", got.Header)
	}
	q := r.Wait(t, 1)[0]
	if q.Method != "POST" || q.Path != "/hook?a=b" || string(q.Body) != `{"id":"evt_1"}` || q.ID != "evt_1" {
		t.Errorf("arrived: %+v", q)
	}
	for name, want := range map[string]string{
		"Content-Type":    "application/json",
		"User-Agent":      "Parley",
		"X-Api-Token":     "t0ken",
		"Authorization":   "Bearer b",
		"Content-Length":  "14",
		"Accept-Encoding": "",
		"Webhook-Id":      "",
	} {
		if got := q.Header.Get(name); got != want {
			t.Errorf("header %s: %q, want %q", name, got, want)
		}
	}
}

func TestARequestMayHaveNoBodyAndAnotherMethod(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Method: "GET"})
	if q := r.Wait(t, 1)[0]; !got.OK() || q.Method != "GET" || q.Header.Get("Content-Type") != "" {
		t.Errorf("got %+v, arrived %+v", got, q)
	}
}

func TestConnectionsAreKeptAlive(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	dials := 0
	c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials++
		return r.DialContext(ctx, network, addr)
	}})
	defer c.Close()
	target := must(c.Target(r.URL, nil))(t)
	for _, body := range []string{"", "short", strings.Repeat("long ", 4000)} {
		r.AnswerBody(200, body)
		for range 3 {
			if got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")}); !got.OK() {
				t.Fatal(got.Failure)
			}
		}
	}
	if dials != 1 {
		t.Errorf("%d connections for 9 requests, want 1", dials)
	}
}

func TestEveryStatusIsAnAnswer(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	for status, ok := range map[int]bool{200: true, 204: true, 299: true, 400: false, 404: false, 410: false, 429: false, 500: false, 503: false} {
		r.Answer(status)
		got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
		if got.Failure != nil || got.Status != status || got.OK() != ok {
			t.Errorf("%d: %+v", status, got)
		}
	}
}

func TestWhatIsKeptOfABody(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	for _, size := range []int{1, 4095, 4096, 4097, 64 << 10, 64<<10 + 1, 1 << 20} {
		body := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
		for _, status := range []int{200, 500} {
			r.AnswerBody(status, string(body))
			got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
			if got.Failure != nil || got.Status != status || got.OK() != (status == 200) {
				t.Errorf("%d bytes: %+v", size, got)
			}
			if !bytes.Equal(got.Body, body[:min(size, 4096)]) {
				t.Errorf("of %d bytes %d are kept", size, len(got.Body))
			}
		}
	}
}

func TestAnEndlessAnswerIsCutAndCounts(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	r.Endless()
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
	if !got.OK() || len(got.Body) != 4096 {
		t.Errorf("got %+v", got)
	}
}

func TestFailuresAreTold(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	for name, test := range map[string]struct {
		act  func()
		kind string
		says string
	}{
		"reset":        {func() { r.Reset() }, Reset, "closed the connection"},
		"cut":          {func() { r.Cut() }, Reset, "closed the connection"},
		"garbage":      {func() { r.Garbage() }, Protocol, "valid HTTP"},
		"large header": {func() { r.Answer(200, "X-Large", strings.Repeat("x", 65<<10)) }, TooLarge, "64 KiB"},
		"switching":    {func() { r.Answer(101, "Upgrade", "other", "Connection", "Upgrade") }, Protocol, "another protocol"},
		"hang":         {func() { r.Hang() }, Timeout, "within 50ms"},
	} {
		test.act()
		got := c.Send(t.Context(), &Request{
			Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}"), Timeout: limitFor(name),
		})
		r.Up()
		if got.OK() || got.Failure == nil || got.Failure.Kind != test.kind || !strings.Contains(got.Failure.Message, test.says) {
			t.Errorf("%s: %+v %+v, want %s", name, got, got.Failure, test.kind)
		}
	}
}

// A receiver that is down takes connections and closes them at once, which is noticed
// while connecting or right after.
func TestAReceiverThatIsDownIsTold(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	r.Down()
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
	if got.OK() || got.Failure == nil || got.Failure.Kind != Reset && got.Failure.Kind != Connect {
		t.Errorf("%+v %+v, want reset or connect", got, got.Failure)
	}
}

func limitFor(name string) time.Duration {
	if name == "hang" {
		return 50 * time.Millisecond
	}
	return 0
}

func TestAResetIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	r.Answer(204).Then().Reset()
	c := dev(t)
	request := &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")}
	c.Send(t.Context(), request) // from here on the connection is one used before
	if got := c.Send(t.Context(), request); got.Failure == nil || got.Failure.Kind != Reset {
		t.Errorf("got %+v", got)
	}
	if n := len(r.Requests()); n != 2 {
		t.Errorf("%d requests arrived, want 2", n)
	}
}

func TestNobodyListening(t *testing.T) {
	t.Parallel()
	gone := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target("http://"+gone.Addr().String(), nil))(t)})
	if got.Failure == nil || got.Failure.Kind != Connect || !strings.Contains(got.Failure.Message, "refused the connection") {
		t.Errorf("got %+v", got.Failure)
	}
}

func TestAnIdleConnectionThatTheReceiverClosedIsReplaced(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	request := &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")}
	if got := c.Send(t.Context(), request); !got.OK() {
		t.Fatal(got.Failure)
	}
	r.Down()
	c.Send(t.Context(), request)
	r.Up()
	if got := c.Send(t.Context(), request); !got.OK() {
		t.Errorf("after the receiver came back: %v", got.Failure)
	}
}

func TestHTTP2AndCertificates(t *testing.T) {
	t.Parallel()
	r := receiver.NewTLS(t)
	c := New(Policy{AllowPrivate: true}, Options{RootCAs: r.RootCAs()})
	defer c.Close()
	r.AnswerBody(200, "over 2")
	got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
	if !got.OK() || string(got.Body) != "over 2" {
		t.Fatalf("got %+v %+v", got, got.Failure)
	}
	if q := r.Wait(t, 1)[0]; q.Proto != "HTTP/2.0" {
		t.Errorf("came by %s", q.Proto)
	}
	for name, act := range map[string]func() *receiver.Act{"reset": r.Reset, "cut": r.Cut} {
		act()
		got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
		if got.Failure == nil || got.Failure.Kind != Reset {
			t.Errorf("%s: %+v", name, got.Failure)
		}
	}
	r.Endless()
	if got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")}); !got.OK() {
		t.Errorf("endless: %+v", got.Failure)
	}

	stranger := New(Policy{AllowPrivate: true}, Options{})
	defer stranger.Close()
	got = stranger.Send(t.Context(), &Request{Target: must(stranger.Target(r.URL, nil))(t)})
	if got.Failure == nil || got.Failure.Kind != TLS || !strings.Contains(got.Failure.Message, "not trusted") {
		t.Errorf("an unknown authority: %+v", got.Failure)
	}
	wrongName := strings.Replace(r.URL, "127.0.0.1", "localhost", 1)
	got = c.Send(t.Context(), &Request{Target: must(c.Target(wrongName, nil))(t)})
	if got.Failure == nil || got.Failure.Kind != TLS || !strings.Contains(got.Failure.Message, "another name") {
		t.Errorf("another name: %+v", got.Failure)
	}
	plain := receiver.New(t)
	got = c.Send(t.Context(), &Request{Target: must(c.Target(strings.Replace(plain.URL, "http", "https", 1), nil))(t)})
	if got.Failure == nil || got.Failure.Kind != TLS || !strings.Contains(got.Failure.Message, "not TLS") {
		t.Errorf("plain HTTP: %+v", got.Failure)
	}
}

func TestAReceiverMayAnswerBeforeItHasReadTheBody(t *testing.T) {
	t.Parallel()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	serve(t, listener, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(413) })
	c := dev(t)
	target := must(c.Target("http://"+listener.Addr().String(), nil))(t)
	for range 20 {
		got := c.Send(t.Context(), &Request{Target: target, Body: make([]byte, 8<<20)})
		if got.Status != 413 && (got.Failure == nil || got.Failure.Kind != Reset) {
			t.Errorf("got %+v %+v", got, got.Failure)
		}
	}
}

// serve answers until the test ends.
func serve(t testing.TB, listener net.Listener, handler http.HandlerFunc) {
	server := &http.Server{Handler: handler}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop serving: %v", err)
		}
		serving.Wait()
	})
}
