package webhook_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/endpoint"
	"parley/internal/store"
	"parley/internal/testing/receiver"
)

// Endpoints of every kind, whose receivers and token endpoints repeat what they are
// sent, leave their secrets neither in the log nor in what is answered, in events or
// in the files of the database.
func TestNoSecretGetsOut(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r, login, strict := receiver.InMemory(t), newIssuer(t), receiver.InMemoryAt(t, "strict.example.com")
		var lines bytes.Buffer
		h := open(t, r, login.Receiver, strict)
		h.stop()
		h.logger = slog.New(slog.NewJSONHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
		h.furnish()
		h.start()
		r.Answer(500).Times(2).Then().AnswerBody(200, "hush-echo")
		strict.Answer(401)
		_, key := identify(t, "example.com")
		hidden := []string{"hush-", strings.Split(key, "\n")[1]}
		answers := []any{}
		for _, auth := range []parley.Auth{
			{Type: "basic", Username: "ada", Password: "hush-password"},
			{Type: "bearer", Token: "hush-token"},
			{Type: "oauth2", TokenURL: login.URL, ClientID: "parley", ClientSecret: "hush-client"},
		} {
			for _, to := range []*receiver.Receiver{r, strict} {
				made, secret, err := h.endpoints.Create(t.Context(), h.caller(), parley.Webhook{
					URL: to.URL, EventTypes: []string{"custom.*"}, Format: "standard", Ordering: "key", Signing: "both", TimeoutSeconds: 10,
					Headers: parley.Headers{"X-Key": "hush-header"}, Retry: parley.Retry{Preset: "standard"}, Auth: auth,
					Verification: parley.Verification{Type: "token_echo", Token: "hush-echo"},
				}, endpoint.Start{})
				h.must(err)
				hidden = append(hidden, string(secret)[len("whsec_"):])
				sub, err := h.endpoints.Load(t.Context(), endpoint.Name{Org: h.org, ID: made.ID})
				h.must(err)
				hidden = append(hidden, string(sub.Private[0])[len("whsk_"):])
				answers = append(answers, made)
			}
		}
		h.publishMany(20, 20)
		time.Sleep(time.Hour)
		login.set(func() { login.fail, login.problem = 400, `{"error":"hush-client","error_description":"hush-client"}` })
		h.publishMany(20, 20)
		time.Sleep(time.Hour)
		all, _, err := h.endpoints.List(t.Context(), h.org, store.Page{Limit: 100}, store.Filter{})
		h.must(err)
		for _, w := range all {
			answers = append(answers, w, h.deliveries(w.ID))
			w, secret, err := h.endpoints.Rotate(t.Context(), h.caller(), w.ID, time.Hour)
			h.must(err)
			hidden = append(hidden, string(secret)[len("whsec_"):])
			changed, err := h.endpoints.Update(t.Context(), h.caller(), w.ID, -1, func(w *parley.Webhook) error {
				w.Auth, w.Verification = parley.Auth{Type: "none"}, parley.Verification{Type: "none"}
				return nil
			})
			h.must(err)
			_, err = h.endpoints.Verify(t.Context(), h.caller(), w.ID)
			answers = append(answers, w, changed, err)
		}
		h.stop()
		events, err := h.log.Read(t.Context(), h.org, 0, 1000)
		h.must(err)
		for _, e := range events {
			answers = append(answers, string(e.JSON()))
		}
		answered, err := json.Marshal(answers)
		h.must(err)
		places := map[string][]byte{"the log": lines.Bytes(), "an answer or event": answered}
		for _, end := range []string{"", "-wal"} {
			if b, err := os.ReadFile(h.path + end); err == nil {
				places["the database's file "+end] = b
			}
		}
		for place, text := range places {
			if len(text) < 1000 {
				t.Errorf("%s has %d bytes: that proves nothing", place, len(text))
			}
			for _, secret := range hidden {
				if i := bytes.Index(text, []byte(secret)); i >= 0 {
					t.Errorf("%s has %q: …%s…", place, secret, text[max(0, i-100):min(len(text), i+100)])
				}
			}
		}
		if asked, sent := split(r.Requests()); asked == 0 || len(sent) == 0 {
			t.Errorf("it was asked %d times and sent %d events: that proves nothing", asked, len(sent))
		}
	})
}
