package webhook_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
)

const echoToken = "my <own> tökén"

func echoing(token string) func(*parley.Webhook) {
	return func(w *parley.Webhook) { w.Verification = parley.Verification{Type: "token_echo", Token: token} }
}

// isToken tells whether a request asks for the token.
func isToken(q receiver.Request) bool {
	var body map[string]any
	return json.Unmarshal(q.Body, &body) == nil && len(body) == 1 && body["token"] != nil
}

// split tells how many requests asked for a token, and which events the others had.
func split(requests []receiver.Request) (asked int, events []string) {
	for _, q := range requests {
		if isToken(q) {
			asked++
		} else {
			events = append(events, q.ID)
		}
	}
	return asked, events
}

func TestAnEndpointIsSentNothingBeforeItHasAnswered(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.AnswerBody(200, "no token").Times(3).Then().AnswerBody(200, " "+echoToken+"\n").Times(1).Then().Answer(204)
		h := open(t, r)
		begun := time.Now()
		id, secret := h.subscribeSecret(r.URL, echoing(echoToken), with(parley.Auth{Type: "bearer", Token: "abc"}), func(w *parley.Webhook) {
			w.Headers = parley.Headers{"X-Key": "k"}
		})
		events := h.publish("a", "a", "a")
		time.Sleep(2 * time.Minute)
		if asked, sent := split(r.Requests()); asked != 3 || len(sent) > 0 || h.get(id).Status != parley.EndpointUnverified {
			t.Fatalf("after %d questions it was sent %v", asked, sent)
		}
		requests := r.Wait(t, 7)
		asked, sent := split(requests)
		if asked != 4 || strings.Join(sent, " ") != strings.Join(events, " ") {
			t.Errorf("after %d questions it was sent %v, want %v", asked, sent, events)
		}
		ids := map[string]bool{}
		for i, pause := range []time.Duration{0, 5 * time.Second, 35 * time.Second, 155 * time.Second} {
			q := requests[i]
			ids[q.ID] = true
			if got := q.At.Sub(begun).Round(time.Second); got != pause {
				t.Errorf("question %d came after %v, want %v", i, got, pause)
			}
			if !isToken(q) || q.Method != "POST" || q.Header.Get("Authorization") != "Bearer abc" || q.Header.Get("X-Key") != "k" ||
				q.Header.Get("Content-Type") != "application/json" {
				t.Errorf("question %d is %s with %v", i, q.Body, q.Header)
			}
		}
		if len(ids) != 4 || !verifies(t, requests[3], secret) {
			t.Errorf("the questions have the ids %v", ids)
		}
		w := h.get(id)
		if w.Status != parley.EndpointActive || w.StatusReason != nil {
			t.Errorf("it is %s", w.Status)
		}
		if got := h.events("webhook.*"); strings.Join(got, " ") != "webhook.created webhook.verified" {
			t.Errorf("the events are %v", got)
		}
	})
}

func TestOnlyTheTokenVerifies(t *testing.T) {
	for name, test := range map[string]struct {
		answer func(r *receiver.Receiver)
		want   string // "": it is verified
	}{
		"the token":               {func(r *receiver.Receiver) { r.AnswerBody(200, echoToken) }, ""},
		"in JSON":                 {func(r *receiver.Receiver) { r.AnswerBody(200, ` {"a":1,"token":"my <own> tökén"}`) }, ""},
		"what was sent":           {func(r *receiver.Receiver) { r.Func(echo) }, ""},
		"201":                     {func(r *receiver.Receiver) { r.AnswerBody(201, echoToken) }, "answered 201 Created"},
		"204":                     {func(r *receiver.Receiver) { r.Answer(204) }, "answered 204"},
		"500":                     {func(r *receiver.Receiver) { r.AnswerBody(500, echoToken) }, "answered 500"},
		"a redirect":              {func(r *receiver.Receiver) { r.Redirect(r.URL + "/other") }, "redirects are not followed"},
		"nothing":                 {func(r *receiver.Receiver) { r.Answer(200) }, "without a body"},
		"another":                 {func(r *receiver.Receiver) { r.AnswerBody(200, "hush", "Content-Type", "text/plain; charset=utf-8") }, "(4 bytes of text/plain)"},
		"more than the token":     {func(r *receiver.Receiver) { r.AnswerBody(200, echoToken+"hush") }, "something else than the token"},
		"a part of the token":     {func(r *receiver.Receiver) { r.AnswerBody(200, echoToken[:5]) }, "something else than the token"},
		"another in JSON":         {func(r *receiver.Receiver) { r.AnswerBody(200, `{"token":"hush"}`) }, "something else than the token"},
		"JSON without a token":    {func(r *receiver.Receiver) { r.AnswerBody(200, `{"hush":1}`) }, "something else than the token"},
		"a page":                  {func(r *receiver.Receiver) { r.Endless() }, "something else than the token"},
		"too late":                {func(r *receiver.Receiver) { r.Slow(11 * time.Second) }, "within 10s"},
		"a connection that broke": {func(r *receiver.Receiver) { r.Reset() }, "closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := receiver.InMemory(t)
				test.answer(r)
				h := open(t, r)
				id := h.subscribe(r.URL)
				h.stop() // what follows is asked for, and does not need an engine that runs
				h.change(id, echoing(echoToken))
				w, err := h.endpoints.Verify(t.Context(), h.caller(), id)
				if test.want == "" {
					if err != nil || w.Status != parley.EndpointActive || w.Verification.Token != "********" {
						t.Errorf("it is %s (%v)", w.Status, err)
					}
					return
				}
				if parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), test.want) {
					t.Errorf("it says %v, want %q", err, test.want)
				}
				if err != nil && (strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), echoToken)) {
					t.Errorf("it tells what it should not: %v", err)
				}
				if got := h.get(id).Status; got != parley.EndpointUnverified {
					t.Errorf("it is %s", got)
				}
			})
		})
	}
}

// echo answers with the body that came.
func echo(w http.ResponseWriter, r *http.Request) {
	var body struct{ Token string }
	if json.NewDecoder(r.Body).Decode(&body) != nil { // the receiver has read it already
		body.Token = echoToken
	}
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func TestAnotherURLHasToAnswerForItself(t *testing.T) {
	virtual(t, func(t *testing.T) {
		one, two := receiver.InMemoryAt(t, "one.example.com"), receiver.InMemoryAt(t, "two.example.com")
		one.AnswerBody(200, echoToken)
		two.AnswerBody(404, "")
		h := open(t, one, two)
		id := h.subscribe(one.URL, echoing(echoToken))
		h.await(id, parley.EndpointActive, time.Second)
		h.change(id, func(w *parley.Webhook) { w.URL = two.URL })
		event := h.publish("a")[0]
		time.Sleep(time.Second)
		two.AnswerBody(200, echoToken)
		two.Wait(t, 3)
		asked, sent := split(two.Requests())
		if asked != 2 || len(sent) != 1 || sent[0] != event {
			t.Errorf("the new URL was asked %d times and sent %v", asked, sent)
		}
		if asked, sent := split(one.Requests()); asked != 1 || len(sent) > 0 {
			t.Errorf("the old URL was asked %d times and sent %v", asked, sent)
		}
	})
}

// A change during a pause between attempts begins them anew, and so does a resume.
func TestAChangeHasItAskedAtOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL, echoing("other"))
		asked := func(want int) {
			t.Helper()
			time.Sleep(time.Second)
			if n, _ := split(r.Requests()); n != want {
				t.Errorf("it was asked %d times, want %d", n, want)
			}
		}
		time.Sleep(time.Minute)
		asked(3)
		h.change(id, func(w *parley.Webhook) { w.Description = "Other" })
		asked(3)
		h.change(id, echoing("third"))
		asked(4)
		time.Sleep(time.Minute)
		asked(6)
		_, err := h.endpoints.Pause(t.Context(), h.caller(), id)
		h.must(err)
		asked(6)
		_, err = h.endpoints.Resume(t.Context(), h.caller(), id, false)
		h.must(err)
		asked(7)
		time.Sleep(time.Hour)
		asked(11)
		time.Sleep(24 * time.Hour)
		asked(11) // that is enough, until somebody asks
		r.AnswerBody(200, "third").Times(1)
		if w, err := h.endpoints.Verify(t.Context(), h.caller(), id); err != nil || w.Status != parley.EndpointActive {
			t.Errorf("it is %s (%v)", w.Status, err)
		}
	})
}

func TestARestartGoesOnAsking(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Answer(500).Times(2).Then().AnswerBody(200, echoToken).Times(1).Then().Answer(204)
		h := open(t, r)
		id := h.subscribe(r.URL, echoing(echoToken))
		event := h.publish("a")[0]
		time.Sleep(time.Minute)
		h.crash()
		requests := r.Wait(t, 4)
		if asked, sent := split(requests); asked != 3 || len(sent) != 1 || sent[0] != event {
			t.Errorf("it was asked %d times and sent %v", asked, sent)
		}
		synctest.Wait()
		if got := h.get(id).Status; got != parley.EndpointActive {
			t.Errorf("it is %s", got)
		}
	})
}

func TestVerificationOnEachDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		r := receiver.New(t)
		r.AnswerBody(200, `{"token":"other"}`)
		h := &house{t: t, db: db, wire: &wire{to: r.DialContext}}
		h.furnish()
		h.org = h.organization()
		h.start()
		id := h.subscribe(r.URL, echoing(echoToken), func(w *parley.Webhook) { w.Signing = "both" })
		r.Wait(t, 1)
		event := h.publish("a")[0]
		if _, err := h.endpoints.Verify(t.Context(), h.caller(), id); parley.KindOf(err) != parley.Conflict {
			t.Errorf("it is verified: %v", err)
		}
		r.AnswerBody(200, echoToken)
		if w, err := h.endpoints.Verify(t.Context(), h.caller(), id); err != nil || w.Status != parley.EndpointActive {
			t.Errorf("it is %s (%v)", w.Status, err)
		}
		asked, sent := split(r.Wait(t, 4))
		if asked < 3 || len(sent) != 1 || sent[0] != event {
			t.Errorf("it was asked %d times and sent %v", asked, sent)
		}
	})
}

// Nobody waits for an answer in the database.
func TestOthersWriteWhileAnEndpointIsAsked(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		r.Hang()
		h := open(t, r)
		id := h.subscribe(r.URL, echoing(echoToken))
		done := make(chan error)
		go func() {
			_, err := h.endpoints.Verify(context.Background(), h.caller(), id)
			done <- err
		}()
		synctest.Wait()
		begun := time.Now()
		h.publish("a")
		if passed := time.Since(begun); passed > time.Second {
			t.Errorf("a write took %v", passed)
		}
		if err := <-done; parley.KindOf(err) != parley.Conflict {
			t.Errorf("it says %v", err)
		}
	})
}
