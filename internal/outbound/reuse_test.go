package outbound

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testing/receiver"
)

// caller is one connection to a receiver that is played by hand.
type caller struct {
	net.Conn
	in *bufio.Reader
}

// read reads a request with its body.
func (k caller) read() (*http.Request, []byte, bool) {
	r, err := http.ReadRequest(k.in)
	if err != nil {
		return nil, nil, false
	}
	body, err := io.ReadAll(r.Body)
	return r, body, err == nil
}

func (k caller) say(text string) bool {
	_, err := io.WriteString(k, text)
	return err == nil
}

// byHand answers each connection in turn by its own play, later ones by the last. A
// connection is closed when its play is over.
func byHand(t testing.TB, plays ...func(caller)) (url string) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	var playing sync.WaitGroup
	playing.Go(func() {
		for i := 0; ; i++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			playing.Go(func() {
				defer conn.Close()
				plays[min(i, len(plays)-1)](caller{conn, bufio.NewReader(conn)})
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		playing.Wait()
	})
	return "http://" + listener.Addr().String()
}

const taking = "HTTP/1.1 204 No Content\r\n\r\n"

// patient takes every request.
func patient(k caller) {
	for {
		if _, _, ok := k.read(); !ok || !k.say(taking) {
			return
		}
	}
}

func TestAConnectionThatEndedWhileIdleIsNoFailure(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	url := byHand(t, func(k caller) {
		k.read()
		k.say(taking)
		k.Close()
		close(ended)
	}, patient)
	c := dev(t)
	request := &Request{Target: must(c.Target(url, nil))(t), Body: []byte("{}")}
	if got := c.Send(t.Context(), request); !got.OK() {
		t.Fatal(got.Failure)
	}
	<-ended
	awaitSign(t, c, request.Target)
	if got := c.Send(t.Context(), request); !got.OK() {
		t.Errorf("the connection had ended, and: %v", got.Failure)
	}
}

// awaitSign waits until the idle connection has something to read, if only its end.
func awaitSign(t *testing.T, c *Client, target *Target) {
	t.Helper()
	k := c.pool.take(target.place())
	if k == nil {
		t.Fatal("no connection is idle")
	}
	for k.alive() {
		runtime.Gosched()
	}
	c.pool.keep(k)
}

// Whatever comes on an idle connection is no answer to the next request.
func TestWhatComesUnaskedIsNoAnswer(t *testing.T) {
	t.Parallel()
	said := make(chan struct{})
	url := byHand(t, func(k caller) {
		k.read()
		k.say(taking)
		<-said
		k.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse")
		said <- struct{}{}
		k.read()
	}, patient)
	c := dev(t)
	request := &Request{Target: must(c.Target(url, nil))(t), Body: []byte("{}")}
	c.Send(t.Context(), request)
	said <- struct{}{}
	<-said
	awaitSign(t, c, request.Target)
	if got := c.Send(t.Context(), request); got.Status != 204 {
		t.Errorf("got %+v %v", got, got.Failure)
	}
}

// The receiver has the request and then ends the connection: whether the request
// was worked on nobody knows.
func TestOnlyWhatMayRepeatIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		header http.Header
		ok     bool
	}{
		"POST":                      {"POST", nil, false},
		"GET":                       {"GET", nil, true},
		"POST with Idempotency-Key": {"POST", http.Header{"idempotency-key": {"k"}}, true},
	} {
		var requests atomic.Int64
		url := byHand(t, func(k caller) {
			k.read()
			k.say(taking)
			if _, _, ok := k.read(); ok {
				requests.Add(1)
			}
		}, func(k caller) {
			for {
				if _, _, ok := k.read(); !ok || !k.say(taking) {
					return
				}
				requests.Add(1)
			}
		})
		c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{})
		target := must(c.Target(url, test.header))(t)
		request := &Request{Target: target, Method: test.method}
		c.Send(t.Context(), request)
		got := c.Send(t.Context(), request)
		if got.OK() != test.ok || !test.ok && got.Failure.Kind != Reset {
			t.Errorf("%s: %+v %v", name, got, got.Failure)
		}
		c.Close()
		if n := requests.Load(); test.ok && n != 2 || !test.ok && n != 1 {
			t.Errorf("%s: came %d times", name, n)
		}
	}
}

func TestANewConnectionIsNotTriedTwice(t *testing.T) {
	t.Parallel()
	var connections atomic.Int64
	url := byHand(t, func(k caller) { connections.Add(1); k.read() })
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target(url, nil))(t), Method: "GET"})
	if got.Failure == nil || got.Failure.Kind != Reset || connections.Load() != 1 {
		t.Errorf("got %v after %d connections", got.Failure, connections.Load())
	}
}

func TestConnectionsThatMustNotBeUsedAgain(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"close":              "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
		"a longer answer":    "HTTP/1.1 204 No Content\r\n\r\nmore",
		"too long an answer": "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000),
		"HTTP/1.0":           "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
	} {
		var connections atomic.Int64
		url := byHand(t, func(k caller) {
			connections.Add(1)
			for {
				if _, _, ok := k.read(); !ok || !k.say(answer) {
					return
				}
			}
		})
		c := New(Policy{AllowHTTP: true, AllowPrivate: true}, Options{})
		request := &Request{Target: must(c.Target(url, nil))(t), Body: []byte("{}")}
		for range 2 {
			if got := c.Send(t.Context(), request); !got.OK() {
				t.Errorf("%s: %v", name, got.Failure)
			}
		}
		c.Close()
		if n := connections.Load(); n != 2 {
			t.Errorf("%s: %d connections for 2 requests", name, n)
		}
	}
}

// A receiver that answers without reading is heard while the request is written.
func TestAnAnswerIsHeardWhileTheBodyIsWritten(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	url := byHand(t, func(k caller) {
		if _, err := http.ReadRequest(k.in); err == nil {
			k.say("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
		}
		<-release
	})
	c := dev(t)
	got := c.Send(t.Context(), &Request{Target: must(c.Target(url, nil))(t), Body: make([]byte, 32<<20)})
	close(release)
	if got.Status != 413 || got.Failure != nil {
		t.Errorf("got %+v %v", got, got.Failure)
	}
}

func TestBodiesOfAnySizeArriveWhole(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	target := must(c.Target(r.URL, nil))(t)
	for i, size := range []int{1, roomOfSocket - 300, roomOfSocket, roomOfSocket + 1, 1 << 20} {
		body := []byte(strings.Repeat("0123456789abcdef", size/16+1)[:size])
		if got := c.Send(t.Context(), &Request{Target: target, Body: body}); !got.OK() {
			t.Fatalf("%d bytes: %v", size, got.Failure)
		}
		if q := r.Wait(t, i+1)[i]; string(q.Body) != string(body) {
			t.Errorf("%d bytes became %d", size, len(q.Body))
		}
	}
}

// Callers with contexts of their own share connections, and end only what is theirs.
func TestTheEndOfAContextLeavesIdleConnectionsAlone(t *testing.T) {
	t.Parallel()
	dials := 0
	synctest.Test(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		c := New(Policy{AllowHTTP: true}, Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials++
			return r.DialContext(ctx, network, addr)
		}})
		t.Cleanup(c.Close)
		request := &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")}
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			if got := c.Send(ctx, request); !got.OK() {
				t.Error(got.Failure)
			}
			cancel()
			synctest.Wait()
		}
		if dials != 1 {
			t.Errorf("%d connections for 3 requests one after the other", dials)
		}

		kept, cancel := context.WithCancel(t.Context())
		defer cancel()
		if got := c.Send(kept, request); !got.OK() { // from here on the connection watches this context
			t.Error(got.Failure)
		}
		r.Hang()
		time.AfterFunc(time.Second, cancel)
		if got := c.Send(kept, request); got.Failure == nil || got.Failure.Kind != Cancelled || got.Duration != time.Second {
			t.Errorf("got %v after %v", got.Failure, got.Duration)
		}
		if got := c.Send(kept, request); got.Failure == nil || got.Failure.Kind != Cancelled || got.Duration != 0 {
			t.Errorf("begun too late: %v after %v", got.Failure, got.Duration)
		}
	})
}

// In memory nobody feels the end of an idle connection, and writing fails at once.
func TestWhatWasNotWrittenIsSentOverANewConnection(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
		request := &Request{Target: target, Body: []byte("{}")}
		c.Send(t.Context(), request)
		r.Down()
		r.Up()
		if got := c.Send(t.Context(), request); !got.OK() || len(r.Requests()) != 2 {
			t.Errorf("got %v; %d requests came", got.Failure, len(r.Requests()))
		}
	})
}

func TestAReceiverSaysHowLongItKeepsAConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dials := 0
		r := receiver.InMemory(t)
		c := New(Policy{AllowHTTP: true}, Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dials++
			return r.DialContext(ctx, network, addr)
		}})
		t.Cleanup(c.Close)
		target := must(c.Target(r.URL, nil))(t)
		for _, test := range []struct {
			says  string
			after time.Duration
			again bool
		}{
			{"timeout=5, max=100", 3 * time.Second, true},
			{"timeout=5", 4 * time.Second, false},
			{"max=100, TIMEOUT=1", 400 * time.Millisecond, true},
			{"timeout=1", 500 * time.Millisecond, false},
			{"timeout=soon", 50 * time.Second, true},
			{"", 50 * time.Second, true},
		} {
			r.Answer(204, "Keep-Alive", test.says)
			c.Send(t.Context(), &Request{Target: target})
			time.Sleep(test.after)
			before := dials
			if got := c.Send(t.Context(), &Request{Target: target}); !got.OK() || (dials == before) != test.again {
				t.Errorf("%q, after %v: used again %v, %v", test.says, test.after, dials == before, got.Failure)
			}
		}
	})
}

func TestCancellingIsNobodyElsesFailure(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	target := must(c.Target(r.URL, nil))(t)
	var sending sync.WaitGroup
	for range 8 {
		sending.Go(func() {
			for i := range 40 {
				ctx, cancel := context.WithCancel(t.Context())
				if i%2 == 0 {
					go cancel()
				}
				got := c.Send(ctx, &Request{Target: target, Body: []byte("{}")})
				cancel()
				if !got.OK() && (i%2 != 0 || got.Failure.Kind != Cancelled) {
					t.Errorf("cancelled %v: %+v %v", i%2 == 0, got, got.Failure)
				}
			}
		})
	}
	sending.Wait()
}
