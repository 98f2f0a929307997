package webhook_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"parley"
	"parley/internal/testing/receiver"
)

// verifies tells whether the Standard Webhooks project's library accepts a request
// with a secret.
func verifies(t *testing.T, q receiver.Request, secret string) bool {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return verifier.Verify(q.Body, q.Header) == nil
}

func TestBothSecretsVerifyUntilTheOverlapHasPassed(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id, old := h.subscribeSecret(r.URL)
		check := func(secret string, want bool) {
			t.Helper()
			r.Forget()
			h.publish("a")
			if q := r.Wait(t, 1)[0]; verifies(t, q, secret) != want {
				t.Errorf("verified: %v, want %v", !want, want)
			}
		}
		check(old, true)
		_, secret, err := h.endpoints.Rotate(t.Context(), h.caller(), id, 24*time.Hour)
		h.must(err)
		check(old, true)
		check(string(secret), true)
		time.Sleep(24*time.Hour - time.Minute)
		h.restart()
		check(old, true)
		check(string(secret), true)
		time.Sleep(time.Minute)
		check(old, false)
		check(string(secret), true)

		_, last, err := h.endpoints.Rotate(t.Context(), h.caller(), id, 0)
		h.must(err)
		check(string(secret), false)
		check(string(last), true)
	})
}

func TestEveryAttemptCarriesTheSameBodyToEveryEndpoint(t *testing.T) {
	virtual(t, func(t *testing.T) {
		one, two := receiver.InMemoryAt(t, "one.example.com"), receiver.InMemoryAt(t, "two.example.com")
		h := open(t, one, two)
		one.Answer(500).Times(3)
		_, secret := h.subscribeSecret(one.URL)
		h.subscribe(two.URL)
		event := h.publish("a")[0]
		one.Wait(t, 3)
		h.restart() // now it comes from the database
		attempts := append(one.Wait(t, 4), two.Wait(t, 1)...)
		stored, err := h.log.Get(t.Context(), h.org, parley.EventID(event))
		h.must(err)
		seen := map[string]bool{}
		for i, q := range attempts {
			if !bytes.Equal(q.Body, stored.JSON()) {
				t.Errorf("request %d has the body\n%s\nwant\n%s", i, q.Body, stored.JSON())
			}
			if q.ID != event {
				t.Errorf("request %d has the id %s, want %s", i, q.ID, event)
			}
			seen[q.Header.Get("webhook-timestamp")] = true
		}
		if len(seen) != 4 {
			t.Errorf("timestamps: %v, want one for each attempt", seen)
		}
		var envelope struct {
			ID, Type string
			Sequence int64
		}
		attempts[0].Decode(t, &envelope)
		if envelope.ID != event || envelope.Type != "custom.thing" || envelope.Sequence != stored.Sequence {
			t.Errorf("the envelope is %+v", envelope)
		}
		if q := attempts[3]; !verifies(t, q, secret) && time.Since(q.At) < 5*time.Minute {
			t.Error("the last attempt does not verify")
		}
	})
}

func TestHeadersOnTheWire(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL+"/hook?a=b", func(w *parley.Webhook) { w.Headers = parley.Headers{"X-Api-Token": "one", "x-other": "two"} })
		h.publish("a")
		q := r.Wait(t, 1)[0]
		for name, want := range map[string]string{
			"X-Api-Token": "one", "X-Other": "two", "Content-Type": "application/json", "User-Agent": "Parley",
			"Webhook-Id": q.ID,
		} {
			if got := q.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if q.Method != "POST" || q.Path != "/hook?a=b" || !strings.HasPrefix(q.Header.Get("Webhook-Signature"), "v1,") {
			t.Errorf("%s %s with the signature %q", q.Method, q.Path, q.Header.Get("Webhook-Signature"))
		}
		h.change(id, func(w *parley.Webhook) { w.Headers = parley.Headers{"X-Api-Token": "new"} })
		h.publish("a")
		if q := r.Wait(t, 2)[1]; q.Header.Get("X-Api-Token") != "new" || q.Header.Get("X-Other") != "" {
			t.Errorf("after the change: %v", q.Header)
		}
	})
}

func TestAnAnswerMustComeWithinTheEndpointsTimeLimit(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Slow(5 * time.Second)
		h := open(t, r)
		id := h.subscribe(r.URL, func(w *parley.Webhook) { w.TimeoutSeconds = 3 })
		event := h.publish("a")[0]
		time.Sleep(4 * time.Second)
		d := h.delivery(id, event)
		if d.Status != parley.Retrying || d.Error == nil || !strings.Contains(*d.Error, "within 3s") {
			t.Fatalf("it is %+v", d)
		}
		h.change(id, func(w *parley.Webhook) { w.TimeoutSeconds = 30 })
		time.Sleep(time.Minute)
		if d := h.delivery(id, event); d.Status != parley.Delivered {
			t.Errorf("with more time it is %s", d.Status)
		}
	})
}

func TestEachAttemptHasALineInTheLogWithoutSecrets(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.AnswerBody(500, "my answer").Times(1)
		var lines bytes.Buffer
		h := open(t, r)
		h.stop()
		h.logger = slog.New(slog.NewJSONHandler(&lines, nil))
		h.furnish()
		h.start()
		id, secret := h.subscribeSecret(r.URL, func(w *parley.Webhook) { w.Headers = parley.Headers{"X-Token": "my token"} })
		event := h.publish("my key")[0]
		r.Wait(t, 2)
		h.stop()
		for attempt, want := range []map[string]any{
			{"outcome": "retrying", "status": 500.0, "error": "The endpoint answered 500 Internal Server Error."},
			{"outcome": "delivered", "status": 204.0},
		} {
			line, err := lines.ReadBytes('\n')
			h.must(err)
			var got map[string]any
			h.must(json.Unmarshal(line, &got))
			want["msg"], want["level"], want["org"], want["endpoint"] = "delivery.attempted", "INFO", string(h.org), string(id)
			want["event"], want["type"], want["attempt"] = event, "custom.thing", float64(attempt+1)
			for key, value := range want {
				if got[key] != value {
					t.Errorf("attempt %d: %s is %v, want %v", attempt+1, key, got[key], value)
				}
			}
			for _, hidden := range []string{secret, "my token", "my answer", "my key"} {
				if bytes.Contains(line, []byte(hidden)) {
					t.Errorf("the line tells %q: %s", hidden, line)
				}
			}
		}
	})
}

func TestARedirectIsAFailure(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, other := receiver.InMemory(t), receiver.InMemoryAt(t, "other.example.com")
		r.Redirect(other.URL)
		h := open(t, r, other)
		id := h.subscribe(r.URL)
		event := h.publish("a")[0]
		time.Sleep(time.Second)
		if d := h.delivery(id, event); d.Status != parley.Retrying || *d.StatusCode != 302 {
			t.Errorf("it is %+v", d)
		}
		checkIDs(t, other)
	})
}

func TestWhatAReceiverSaysIsStoredWhateverItIs(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		r.AnswerBody(400, "bad \xff\x00 bytes "+strings.Repeat("ü", 5000)).Times(1).Then().
			Answer(302, "Location", "http://\xff\xfe.example.com/").Times(1)
		one := h.publish("a")[0]
		time.Sleep(time.Second)
		two := h.publish("b")[0]
		time.Sleep(time.Second)
		d := h.delivery(id, one)
		if body := *d.Attempts[0].ResponseBody; !strings.HasPrefix(body, "bad \uFFFD\uFFFD bytes ü") || len(body) > 4200 {
			t.Errorf("the body was kept as %.30q, %d bytes", body, len(body))
		}
		h.delivery(id, two)
	})
}
