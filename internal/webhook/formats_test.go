package webhook_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2/protocol/http"

	"parley"
	"parley/internal/testing/receiver"
)

// A program that uses the SDK of CloudEvents takes what is delivered as it comes.
func TestTheCloudEventsSDKTakesDeliveries(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		_, secret := h.subscribeSecret(r.URL, func(w *parley.Webhook) { w.Format = "cloudevents" })
		r.Verify(t, secret)
		id := h.publish("a key")[0]
		q := r.Wait(t, 1)[0]
		req, err := http.NewRequestWithContext(t.Context(), q.Method, r.URL, bytes.NewReader(q.Body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = q.Header
		e, err := cloudevents.NewEventFromHTTPRequest(req)
		if err != nil {
			t.Fatal(err)
		}
		var data struct{ Key string }
		if err := e.DataAs(&data); err != nil || e.Validate() != nil {
			t.Fatalf("the event cannot be read: %v, %v", err, e.Validate())
		}
		if e.ID() != id || e.Type() != "parley.custom.thing" || data.Key != "a key" || time.Since(e.Time()) > time.Minute {
			t.Errorf("the SDK reads %v", e)
		}
		if r.Refused() > 0 {
			t.Error("the signature is not good")
		}
	})
}
