package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"parley/internal/web"
)

func TestTheAddressBehindAProxy(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, test := range []struct {
		name, from string
		forwarded  []string
		want       string
	}{
		{"the proxy's client", "10.0.0.1:4000", []string{"192.0.2.7"}, "192.0.2.7:0"},
		{"what the client wrote itself counts for nothing", "10.0.0.1:4000", []string{"198.51.100.1, 192.0.2.7"}, "192.0.2.7:0"},
		{"also in a header of its own", "10.0.0.1:4000", []string{"198.51.100.1", "192.0.2.7"}, "192.0.2.7:0"},
		{"a proxy before the proxy", "10.0.0.1:4000", []string{"198.51.100.1, 192.0.2.7, 10.0.0.2"}, "192.0.2.7:0"},
		{"nobody but proxies", "10.0.0.1:4000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3:0"},
		{"a port", "10.0.0.1:4000", []string{"192.0.2.7:81"}, "192.0.2.7:0"},
		{"IPv6", "[fd00::1]:4000", []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"IPv6 with a port", "[fd00::1]:4000", []string{"[2001:db8::7]:81"}, "[2001:db8::7]:0"},
		{"IPv4 as IPv6", "[::ffff:10.0.0.1]:4000", []string{"::ffff:192.0.2.7"}, "192.0.2.7:0"},
		{"a stranger who says he is a proxy", "192.0.2.7:4000", []string{"198.51.100.1"}, "192.0.2.7:4000"},
		{"no header", "10.0.0.1:4000", nil, "10.0.0.1:4000"},
		{"no address", "10.0.0.1:4000", []string{"unknown"}, "10.0.0.1:4000"},
		{"no address before a proxy", "10.0.0.1:4000", []string{"<script>, 10.0.0.2"}, "10.0.0.2:0"},
		{"no address at all", "@", []string{"198.51.100.1"}, "@"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			r.RemoteAddr = test.from
			r.Header["X-Forwarded-For"] = test.forwarded
			got := ""
			web.Behind(proxies, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
			if got != test.want {
				t.Errorf("the request seems to come from %s, want %s", got, test.want)
			}
		})
	}
}
