package webhook_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"parley/internal/outbound"
	"parley/webhook"
)

// Whatever the headers say, nothing verifies that was not signed with the key; and what
// was signed is no longer good once a byte of it is another.
func FuzzVerify(f *testing.F) {
	body := []byte(`{"id":"evt_1","type":"webhook.test","data":{}}`)
	good := signed(f, "evt_1", time.Now(), body)
	signature, timestamp := good.Get("webhook-signature"), good.Get("webhook-timestamp")
	f.Add("evt_1", timestamp, signature, body)
	f.Add("evt_1", timestamp, "v1,"+signature+" v1a,AAAA v2,AAAA", []byte("{}"))
	f.Add("evt.1", "1.7", "v1", []byte(nil))
	f.Add("", "-1", ",,, ,", []byte{0xff})
	other := outbound.NewSecret()
	private := outbound.NewPrivateKey()
	public := must(private.Public())(f)
	stranger := must(webhook.NewVerifier(string(other), public))(f)
	ours := must(webhook.NewVerifier(string(secret)))(f)
	signer := must(outbound.NewPrivateSigner([]outbound.PrivateKey{private}, other))(f)
	f.Fuzz(func(t *testing.T, id, timestamp, signature string, body []byte) {
		h := http.Header{}
		h.Set("webhook-id", id)
		h.Set("webhook-timestamp", timestamp)
		h.Set("webhook-signature", signature)
		if stranger.Verify(h, body) == nil {
			t.Fatalf("%v %q verifies with keys that nobody has", h, body)
		}
		if id == "" {
			return
		}
		h = header(signer, id, time.Now(), body)
		if err := stranger.Verify(h, body); err != nil {
			t.Fatalf("%v %q does not verify: %v", h, body, err)
		}
		if stranger.Verify(h, append(bytes.Clone(body), 0)) == nil || ours.Verify(h, body) == nil {
			t.Fatalf("%v %q verifies as what it is not", h, body)
		}
	})
}

// What is read as an event is one, and is read the same way each time.
func FuzzParse(f *testing.F) {
	_, body := bodyOf(f, "conversation.assigned", 7)
	f.Add(body)
	f.Add([]byte(`{"id":"evt_1","type":"custom.a","data":null}`))
	f.Add([]byte(`{"ID":"evt_1","Type":"a","DATA":[1e400],"sequence":1.5}`))
	f.Add([]byte(`{"id":"evt_1","type":"a","data":{},"timestamp":"9999-12-31T23:59:60Z","cause":{}}`))
	f.Add([]byte(`{"specversion":"1.0","id":"evt_1","type":"parley.a","sequence":"0007","causeeventid":"evt_2","causedepth":"1","data":{}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := webhook.Parse(body)
		if err != nil {
			return
		}
		if e.ID == "" || e.Type == "" || !json.Valid(e.Data) || !bytes.Equal(e.Body, body) {
			t.Fatalf("%q is read as %+v", body, e)
		}
	})
}
