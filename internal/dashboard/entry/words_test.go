package entry

import "testing"

func TestDevicesInWords(t *testing.T) {
	t.Parallel()
	for userAgent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0":        "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.0 Safari/605.1.15":                "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile/15E148 Safari/604": "Chrome on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0":                                                               "Firefox on Linux",
		"Mozilla/5.0 (Linux; Android 16; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/150.0 Mobile Safari/537":  "Samsung Internet on Android",
		"curl/8.14.1":             "curl",
		"Go-http-client/1.1":      "A Go program",
		"Something (Windows NT)":  "A browser on Windows",
		"":                        "An unknown browser",
		"<script>alert(1)</scrip": "An unknown browser",
	} {
		if got := device(userAgent); got != want {
			t.Errorf("%q is %q, want %q", userAgent, got, want)
		}
	}
}

func TestAddressesAreLimitedByTheirNetwork(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7", "[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64", "[::ffff:192.0.2.7]:80": "::ffff:192.0.2.7",
		"[fe80::1%eth0]:80": "fe80::/64", "nowhere": "nowhere", "": "",
	} {
		if got := network(remote); got != want {
			t.Errorf("%q is %q, want %q", remote, got, want)
		}
	}
}
