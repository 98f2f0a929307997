package outbound

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/testing/receiver"
)

// inBubble runs a test in virtual time against a receiver over pipes.
func inBubble(t *testing.T, test func(t *testing.T, c *Client, r *receiver.Receiver, target *Target)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		c := New(Policy{AllowHTTP: true}, Options{DialContext: r.DialContext})
		t.Cleanup(c.Close)
		test(t, c, r, must(c.Target(r.URL, nil))(t))
	})
}

func TestTheLimitCoversTheWholeExchange(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*receiver.Receiver){
		"no answer":                func(r *receiver.Receiver) { r.Hang() },
		"an answer too late":       func(r *receiver.Receiver) { r.Slow(10*time.Second + time.Millisecond) },
		"a body that never ends":   func(r *receiver.Receiver) { r.Drip(time.Second) },
		"a body that stops midway": func(r *receiver.Receiver) { r.Drip(time.Hour) },
	} {
		inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
			act(r)
			got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")})
			if got.OK() || got.Failure == nil || got.Failure.Kind != Timeout || got.Duration != 10*time.Second {
				t.Fatalf("%s: %+v %+v", name, got, got.Failure)
			}
			if !strings.Contains(got.Failure.Message, "no complete answer within 10s") {
				t.Errorf("%s: %s", name, got.Failure.Message)
			}
		})
	}
}

func TestARequestsOwnLimit(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
		r.Slow(20 * time.Second)
		if got := c.Send(t.Context(), &Request{Target: target, Timeout: 30 * time.Second}); !got.OK() || got.Duration != 20*time.Second {
			t.Errorf("with 30 s: %+v", got)
		}
		if got := c.Send(t.Context(), &Request{Target: target, Timeout: time.Second}); got.OK() || got.Duration != time.Second {
			t.Errorf("with 1 s: %+v", got)
		}
	})
}

func TestTheLimitCoversConnecting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(Policy{AllowHTTP: true}, Options{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		defer c.Close()
		got := c.Send(t.Context(), &Request{Target: must(c.Target("http://blackhole.example.com", nil))(t), Body: []byte("{}")})
		if got.Failure == nil || got.Failure.Kind != Timeout || got.Duration != 10*time.Second {
			t.Fatalf("got %+v", got)
		}
		if !strings.Contains(got.Failure.Message, "No connection to blackhole.example.com came about within 10s") {
			t.Error(got.Failure.Message)
		}
	})
}

func TestCancellingEndsASend(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
		r.Hang()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		got := c.Send(ctx, &Request{Target: target, Body: []byte("{}")})
		if got.Failure == nil || got.Failure.Kind != Cancelled || got.Duration != 3*time.Second {
			t.Errorf("got %+v %+v", got, got.Failure)
		}
	})
}

func TestACallersDeadlineIsATimeout(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
		r.Hang()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		got := c.Send(ctx, &Request{Target: target})
		if got.Failure == nil || got.Failure.Kind != Timeout || !strings.Contains(got.Failure.Message, "within 2s") {
			t.Errorf("got %+v %+v", got, got.Failure)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, c *Client, r *receiver.Receiver, target *Target) {
		at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
		for value, want := range map[string]time.Duration{
			"":                     0,
			"0":                    0,
			"120":                  2 * time.Minute,
			"86400":                24 * time.Hour,
			"86401":                24 * time.Hour,
			"18446744073709551615": 24 * time.Hour,
			"99999999999999999999": 0,
			"-5":                   0,
			"1.5":                  0,
			"soon":                 0,
			at(time.Minute):        time.Minute,
			at(48 * time.Hour):     24 * time.Hour,
			at(-time.Minute):       0,
		} {
			r.Answer(503, "Retry-After", value)
			if got := c.Send(t.Context(), &Request{Target: target}); got.RetryAfter != want {
				t.Errorf("Retry-After %q: %v, want %v", value, got.RetryAfter, want)
			}
		}
	})
}
