package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"parley/internal/testing/receiver"
)

// Every range that IANA's special-purpose registries keep from the public
// internet, by an address or two in it.
var reservedAddresses = []string{
	"0.0.0.0", "0.1.2.3", // this network
	"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", // private
	"100.64.0.1", "100.127.255.255", // carriers'
	"127.0.0.1", "127.255.255.254", // loopback
	"169.254.0.1", "169.254.169.254", // link-local, clouds' metadata
	"192.0.0.1", "192.0.0.170", // protocol assignments
	"192.0.2.1", "198.51.100.1", "203.0.113.1", // documentation
	"192.31.196.1", "192.52.193.1", "192.175.48.1", // AS112, AMT
	"192.88.99.1",                // 6to4 relays
	"198.18.0.1", "198.19.255.1", // benchmarks
	"224.0.0.1", "239.255.255.250", // multicast
	"240.0.0.1", "255.255.255.255", // reserved, broadcast

	"::", "::1", // unspecified, loopback
	"::7f00:1",                                                      // IPv4-compatible
	"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", // IPv4-mapped
	"::ffff:0:127.0.0.1",                      // IPv4-translated
	"64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", // NAT64
	"64:ff9b:1::1",           // local NAT64
	"100::1", "100:0:0:1::1", // discard, dummy
	"2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", // Teredo
	"2001:1::1", "2001:2::1", "2001:3::1", "2001:4:112::1", "2001:10::1", "2001:20::1", "2001:30::1", // protocol assignments
	"2001:db8::1", "3fff::1", // documentation
	"2002:7f00:1::1", "2002:a00:1::1", // 6to4
	"2620:4f:8000::1",                     // AS112
	"5f00::1",                             // segment routing
	"fc00::1", "fd00::1", "fd00:ec2::254", // unique local, clouds' metadata
	"fe80::1", "febf::1", "fec0::1", // link-local, site-local
	"ff02::1", "ff0e::1", // multicast
}

func TestNothingConnectsToAReservedAddress(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	port := portOf(r.URL)
	for _, literal := range reservedAddresses {
		ip := netip.MustParseAddr(literal)
		c := New(Policy{AllowHTTP: true}, Options{Resolver: resolver(func(string) []netip.Addr { return []netip.Addr{ip} })})
		defer c.Close()

		byName := must(c.Target("http://hooks.example.com:"+port+"/", nil))(t)
		wantRefused(t, literal+" by name", c.Send(t.Context(), &Request{Target: byName, Body: []byte("{}")}))

		host := literal
		if ip.Is6() {
			host = "[" + literal + "]"
		}
		if _, err := c.Target("http://"+host+":"+port+"/", nil); err == nil {
			t.Errorf("%s makes a target", host)
		}
		unchecked := &Target{url: &url.URL{Scheme: "http", Host: host + ":" + port}}
		wantRefused(t, literal+" unchecked", c.Send(t.Context(), &Request{Target: unchecked, Body: []byte("{}")}))
	}
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests arrived at loopback", n)
	}
}

func wantRefused(t *testing.T, what string, got Result) {
	t.Helper()
	if got.Failure != nil && errors.Is(got.Failure.Err, syscall.EAFNOSUPPORT) {
		return // a machine without IPv6 has no socket to refuse
	}
	if got.Failure == nil || got.Failure.Kind != RefusedAddress || got.OK() {
		t.Errorf("%s: %+v, want %s", what, got.Failure, RefusedAddress)
	}
}

func TestNothingConnectsByAnOddSpelling(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	none := func(string) []netip.Addr { return nil }
	c := New(Policy{AllowHTTP: true}, Options{Resolver: resolver(none)})
	defer c.Close()
	for _, host := range []string{
		"2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "127.0.0.1.", "0",
		"127。0。0。1", "１２７.0.0.1", "localhost", "localhost.", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]",
	} {
		if _, err := c.Target("http://"+host+":"+portOf(r.URL), nil); err == nil {
			t.Errorf("%s makes a target", host)
		}
		unchecked := &Target{url: &url.URL{Scheme: "http", Host: host + ":" + portOf(r.URL)}}
		got := c.Send(t.Context(), &Request{Target: unchecked, Body: []byte("{}")})
		if got.Failure == nil || got.Failure.Kind != RefusedAddress && got.Failure.Kind != DNS {
			t.Errorf("%s: %+v, want it refused or unknown", host, got)
		}
	}
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests arrived at loopback", n)
	}
}

// A name that leads to a public address when somebody looks, and to a private one
// when the connection is made.
func TestRebindingANameDoesNotConnect(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	public, private := netip.MustParseAddr("9.9.9.9"), netip.MustParseAddr("127.0.0.1")
	var rebound atomic.Bool
	c := New(Policy{AllowHTTP: true}, Options{Resolver: resolver(func(string) []netip.Addr {
		if rebound.Load() {
			return []netip.Addr{private}
		}
		return []netip.Addr{public}
	})})
	defer c.Close()
	errPermitted := errors.New("permitted, but not for a test")
	c.checked.Control = func(network, address string, raw syscall.RawConn) error {
		if err := c.refuse(network, address, raw); err != nil {
			return err
		}
		return errPermitted
	}
	request := &Request{Target: must(c.Target("http://rebinding.example.com:"+portOf(r.URL), nil))(t), Body: []byte("{}")}

	if got := c.Send(t.Context(), request); got.Failure == nil || !errors.Is(got.Failure.Err, errPermitted) {
		t.Errorf("the public address: %+v, want it permitted", got.Failure)
	}
	rebound.Store(true)
	wantRefused(t, "the private address", c.Send(t.Context(), request))
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests arrived at loopback", n)
	}
}

func TestOfSeveralAddressesNoPrivateOneIsConnectedTo(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	c := New(Policy{AllowHTTP: true}, Options{Resolver: resolver(func(string) []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	})})
	defer c.Close()
	target := must(c.Target("http://several.example.com:"+portOf(r.URL), nil))(t)
	wantRefused(t, "several", c.Send(t.Context(), &Request{Target: target}))
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d requests arrived at loopback", n)
	}
}

func TestTheOperatorsHostsAndNetworksAreConnectedTo(t *testing.T) {
	t.Parallel()
	r := receiver.New(t)
	loopback := resolver(func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("127.0.0.1")} })
	for name, p := range map[string]Policy{
		"host":     {AllowHosts: []string{"hooks.corp.example"}},
		"wildcard": {AllowHosts: []string{"*.corp.example"}},
		"network":  {AllowHTTP: true, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		"dev":      {AllowHTTP: true, AllowPrivate: true},
	} {
		c := New(p, Options{Resolver: loopback})
		defer c.Close()
		target := must(c.Target("http://hooks.corp.example:"+portOf(r.URL)+"/"+name, nil))(t)
		if got := c.Send(t.Context(), &Request{Target: target}); !got.OK() {
			t.Errorf("%s: %+v", name, got.Failure)
		}
	}
	if n := len(r.Requests()); n != 4 {
		t.Errorf("%d requests arrived, want 4", n)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	r, private := receiver.New(t), receiver.New(t)
	c := dev(t)
	for location, named := range map[string]string{
		private.URL + "/?token=tell-nobody": strings.TrimPrefix(private.URL, "http://"),
		"http://169.254.169.254/latest/":    "169.254.169.254",
		"/elsewhere":                        strings.TrimPrefix(r.URL, "http://"),
		"":                                  "another place",
		"http://a b/":                       "another place",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			r.Answer(status, "Location", location)
			got := c.Send(t.Context(), &Request{Target: must(c.Target(r.URL, nil))(t), Body: []byte("{}")})
			if got.OK() || got.Status != status || got.Failure == nil || got.Failure.Kind != Redirect {
				t.Fatalf("%d to %q: %+v", status, location, got)
			}
			if want := fmt.Sprintf("answered %d to %s,", status, named); !strings.Contains(got.Failure.Message, want) {
				t.Errorf("%d to %q: %s; want %q in it", status, location, got.Failure.Message, want)
			}
			if strings.Contains(got.Failure.Message, "tell-nobody") {
				t.Errorf("the message tells a secret: %s", got.Failure.Message)
			}
		}
	}
	if n := len(private.Requests()); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func TestNoProxyIsUsed(t *testing.T) {
	proxy, r := receiver.New(t), receiver.New(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	c := New(Policy{AllowHosts: []string{"hooks.example.com"}}, Options{Resolver: resolver(func(string) []netip.Addr {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	})})
	defer c.Close()
	target := must(c.Target("http://hooks.example.com:"+portOf(r.URL), nil))(t)
	if got := c.Send(t.Context(), &Request{Target: target}); !got.OK() {
		t.Error(got.Failure)
	}
	if len(proxy.Requests()) != 0 || len(r.Requests()) != 1 {
		t.Errorf("%d requests at the proxy, %d at the receiver", len(proxy.Requests()), len(r.Requests()))
	}
}

func portOf(rawURL string) string {
	return rawURL[strings.LastIndexByte(rawURL, ':')+1:]
}
