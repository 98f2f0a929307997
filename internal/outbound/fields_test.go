package outbound

import (
	"net/http"
	"strings"
	"testing"

	"parley/internal/testing/receiver"
)

func TestAHeaderThatWouldEndItsLineIsNotSent(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	for name, request := range map[string]Request{
		"value":        {Header: http.Header{"Authorization": {"Bearer a\r\nX-Injected: 1"}}},
		"method":       {Method: "GET / HTTP/1.1\r\nX-Injected: 1"},
		"name":         {Header: http.Header{"X-A: b\r\nX-Injected": {"1"}}},
		"content type": {ContentType: "text/plain\nX-Injected: 1"},
		"id":           {Signature: &Signature{ID: "evt\nX-Injected: 1", Signer: must(NewSigner(NewSecret()))(t)}},
	} {
		request.Target = must(c.Target(r.URL, nil))(t)
		if got := c.Send(t.Context(), &request); got.Failure == nil || got.Failure.Kind != Protocol || !strings.Contains(got.Failure.Message, "was not sent") {
			t.Errorf("%s: %+v %v", name, got, got.Failure)
		}
	}
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestTheLastWordOnAHeader(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := dev(t)
	target := must(c.Target(r.URL+"/a%2Fb?", http.Header{"User-Agent": {"Theirs"}, "x-one": {"a", "b"}, "x-two": {" c "}}))(t)
	c.Send(t.Context(), &Request{Target: target, Header: http.Header{
		"X-TWO": {"d"}, "content-length": {"7"}, "transfer-encoding": {"chunked"}, "host": {"other"}, "connection": {"close"}, "webhook-id": {"mine"},
	}, Signature: &Signature{ID: "evt_1", Signer: must(NewSigner(NewSecret()))(t)}})
	q := r.Wait(t, 1)[0]
	for name, want := range map[string]string{
		"User-Agent": "Theirs", "X-One": "a|b", "X-Two": "d", "Content-Length": "0", "Transfer-Encoding": "", "Connection": "", "Webhook-Id": "evt_1",
	} {
		if got := strings.Join(q.Header.Values(name), "|"); got != want {
			t.Errorf("header %s: %q, want %q", name, got, want)
		}
	}
	if q.Path != "/a%2Fb?" && q.Path != "/a%2Fb" {
		t.Errorf("path %s", q.Path)
	}
}
