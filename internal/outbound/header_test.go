package outbound

import (
	"net/http"
	"strings"
	"testing"
)

func TestCustomHeaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, value string
		ok          bool
	}{
		{"X-Api-Token", "secret", true},
		{"authorization", "Bearer abc", true},
		{"User-Agent", "Mine", true},
		{"X-Empty", "", true},
		{"X-Tab", "a\tb", true},
		{"X-Full", strings.Repeat("v", 4096), true},
		{"X-Over", strings.Repeat("v", 4097), false},
		{strings.Repeat("n", 257), "v", false},
		{"", "v", false},
		{"X Space", "v", false},
		{"X:Colon", "v", false},
		{"X-\u00e4", "v", false},
		{"X-Line\r\nInjected", "v", false},
		{"X-Line", "v\r\nInjected: 1", false},
		{"X-Line", "v\nInjected: 1", false},
		{"X-Null", "v\x00", false},
		{"Host", "internal.example.com", false},
		{"hOsT", "internal.example.com", false},
		{"Content-Length", "0", false},
		{"Content-Type", "text/plain", false},
		{"Transfer-Encoding", "chunked", false},
		{"Connection", "close", false},
		{"Upgrade", "other", false},
		{"Expect", "100-continue", false},
		{"Te", "trailers", false},
		{"Proxy-Authorization", "Basic eA==", false},
		{"webhook-id", "evt_1", false},
		{"WEBHOOK-SIGNATURE", "v1,x", false},
		{"Webhook-Anything", "v", false},
	} {
		if err := CheckHeader(test.name, test.value); (err == nil) != test.ok {
			t.Errorf("CheckHeader(%q, %.20q): %v, want ok %v", test.name, test.value, err, test.ok)
		}
	}
}

func TestATargetRefusesWhatMayNotBeSent(t *testing.T) {
	t.Parallel()
	c := New(Policy{}, Options{})
	defer c.Close()
	if _, err := c.Target("https://hooks.example.com", http.Header{"Host": {"other"}}); err == nil {
		t.Error("a Host header makes a target")
	}
	if _, err := c.Target("http://hooks.example.com", nil); err == nil {
		t.Error("an http:// URL makes a target")
	}
}
