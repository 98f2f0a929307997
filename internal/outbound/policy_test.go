package outbound

import (
	"net/netip"
	"strings"
	"testing"
)

func TestCheckAcceptsPublicHTTPS(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"https://hooks.example.com",
		"https://hooks.example.com/a/b?c=d&e=%20",
		"HTTPS://Hooks.Example.COM:8443/",
		"https://hooks.example.com./",
		"https://xn--bcher-kva.example/",
		"https://under_score.example.com/",
		"https://9.9.9.9/",
		"https://[2606:4700::1111]:9443/",
		"https://1e100.example.com/",
		"https://hooks.example.com/" + strings.Repeat("a", 2000-len("https://hooks.example.com/")),
	} {
		if err := (Policy{}).Check(url); err != nil {
			t.Errorf("Check(%q): %v", url, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	const (
		scheme   = "must be an https:// URL"
		shape    = "must be a URL like"
		blanks   = "must not contain spaces"
		userinfo = "user name or password"
		public   = "must lead to a public"
		spelling = "four decimal numbers"
		letters  = "letters, digits and hyphens"
	)
	for url, want := range map[string]string{
		"":                                     scheme,
		"hooks.example.com/a":                  scheme,
		"//hooks.example.com/a":                scheme,
		"http://hooks.example.com/":            scheme,
		"ftp://hooks.example.com/":             scheme,
		"file:///etc/passwd":                   scheme,
		"javascript:alert(1)":                  shape,
		"https:hooks.example.com":              shape,
		"https://":                             "must name a host",
		"https:///path":                        "must name a host",
		"https://:443/":                        "must name a host",
		"https://hooks.example.com:/":          "port",
		"https://hooks.example.com:0/":         "port",
		"https://hooks.example.com:65536/":     "port",
		"https://hooks.example.com:x/":         shape,
		"https://hooks.example.com/#":          "fragment",
		"https://hooks.example.com/#a":         "fragment",
		"https://hooks.example.com/a b":        blanks,
		"https://hooks.example.com/\r\nHost:x": blanks,
		"https://hooks.example.com/\x00":       blanks,
		"https://127.0.0.1\\@example.com/":     blanks,
		"https://example.com\\.evil.example/":  blanks,
		" https://hooks.example.com/":          blanks,
		"https://hooks.example.com/\xff":       blanks,

		"https://user@example.com/":              userinfo,
		"https://user:pass@example.com/":         userinfo,
		"https://@example.com/":                  userinfo,
		"https://hooks.example.com@127.0.0.1/":   userinfo,
		"https://hooks.example.com:443@[::1]/":   userinfo,
		"https://127.0.0.1#@hooks.example.com/":  "fragment",
		"https://127.0.0.1/?@hooks.example.com/": public,

		"https://localhost/":                  public,
		"https://LOCALHOST./":                 public,
		"https://a.localhost/":                public,
		"https://printer.local/":              public,
		"https://metadata.google.internal/":   public,
		"https://router.home.arpa/":           public,
		"https://intranet/":                   public,
		"https://127.0.0.1/":                  public,
		"https://10.1.2.3:8080/":              public,
		"https://169.254.169.254/latest/":     public,
		"https://[::1]/":                      public,
		"https://[::]/":                       public,
		"https://[::ffff:127.0.0.1]/":         public,
		"https://[::ffff:7f00:1]/":            public,
		"https://[::127.0.0.1]/":              public,
		"https://[64:ff9b::7f00:1]/":          public,
		"https://[2002:7f00:1::]/":            public,
		"https://[2001:0:4136:e378::f5ff:1]/": public,
		"https://[fe80::1%25eth0]/":           "network interface",
		"https://[fe80::1]/":                  public,

		"https://2130706433/":                                    spelling,
		"https://0x7f000001/":                                    spelling,
		"https://0x7f.0.0.1/":                                    spelling,
		"https://0177.0.0.1/":                                    spelling,
		"https://017700000001/":                                  spelling,
		"https://127.1/":                                         spelling,
		"https://127.0.1/":                                       spelling,
		"https://127.0.0.1./":                                    spelling,
		"https://127.0.0.0x1/":                                   spelling,
		"https://256.256.256.256/":                               spelling,
		"https://1.2.3.4.5/":                                     spelling,
		"https://0/":                                             spelling,
		"https://0x/":                                            spelling,
		"https://[127.0.0.1]/":                                   shape,
		"https://[example.com]/":                                 shape,
		"https://%31%32%37.0.0.1/":                               shape,
		"https://127。0。0。1/":                                     letters,
		"https://１２７.０.０.１/":                                     letters,
		"https://ⓛocalhost/":                                     letters,
		"https://bücher.example/":                                letters,
		"https://-a.example.com/":                                letters,
		"https://a..example.com/":                                "1 to 63",
		"https://.example.com/":                                  "1 to 63",
		"https://a,b.example.com/":                               letters,
		"https://example.com%2f@a.b/":                            userinfo,
		"https://" + strings.Repeat("a", 64) + ".example.com/":   "1 to 63",
		"https://" + strings.Repeat("a.", 130) + "example.com/":  "253",
		"https://hooks.example.com/" + strings.Repeat("a", 2000): "2,000",
		"https://hooks.example.com/" + strings.Repeat("\u00e9", 2000-5): "2,000",
	} {
		err := (Policy{}).Check(url)
		if err == nil {
			t.Errorf("Check(%q) accepts it", url)
		} else if !strings.Contains(err.Error(), want) {
			t.Errorf("Check(%q): %v; want it to say %q", url, err, want)
		}
	}
}

func TestCheckOnADevelopersMachine(t *testing.T) {
	t.Parallel()
	dev := Policy{AllowHTTP: true, AllowPrivate: true}
	for url, ok := range map[string]bool{
		"http://localhost:8080/hook":        true,
		"http://127.0.0.1:8080/":            true,
		"http://[::1]:8080/":                true,
		"http://192.168.1.20/":              true,
		"http://100.64.0.1/":                true,
		"http://receiver:8080/":             true,
		"http://host.docker.internal/":      true,
		"https://hooks.example.com/":        true,
		"http://169.254.169.254/latest/":    false,
		"http://[fe80::1]/":                 false,
		"http://224.0.0.1/":                 false,
		"http://0.0.0.0/":                   false,
		"http://[64:ff9b::7f00:1]/":         false,
		"http://2130706433/":                false,
		"http://user:secret@localhost:8080": false,
		"ftp://localhost/":                  false,
	} {
		if err := dev.Check(url); (err == nil) != ok {
			t.Errorf("Check(%q) on a developer's machine: %v; want ok %v", url, err, ok)
		}
	}
}

func TestCheckWithTheOperatorsAllowList(t *testing.T) {
	t.Parallel()
	p := Policy{
		AllowHosts:    []string{"Hooks.Internal", "*.corp.example", "10.9.9.9"},
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/8")},
	}
	for url, ok := range map[string]bool{
		"https://hooks.internal/":        true,
		"http://HOOKS.internal.:8080/":   true,
		"http://a.b.corp.example/":       true,
		"http://corp.example/":           false, // public, so only https
		"https://corp.example/":          true,
		"https://other.internal/":        false,
		"https://evilhooks.internal/":    false,
		"https://a.hooks.internal/":      false,
		"http://10.0.0.7/":               true,
		"https://10.0.0.7/":              true,
		"https://[::ffff:10.0.0.7]/":     true,
		"https://10.0.1.7/":              false,
		"https://10.9.9.9/":              true,
		"http://[fd12::1]/":              true,
		"https://[fc00::1]/":             false,
		"http://hooks.example.com/":      false,
		"https://hooks.example.com/":     true,
		"https://x:y@hooks.internal/":    false,
		"https://hooks.internal/#anchor": false,
	} {
		if err := p.Check(url); (err == nil) != ok {
			t.Errorf("Check(%q): %v; want ok %v", url, err, ok)
		}
	}
}

func TestAnAddressBehindNAT64IsJudgedByTheAddressBehind(t *testing.T) {
	t.Parallel()
	p := Policy{AllowNetworks: []netip.Prefix{netip.MustParsePrefix("64:ff9b::/96")}}
	for ip, want := range map[string]bool{
		"64:ff9b::9.9.9.9":         true,
		"64:ff9b::127.0.0.1":       false,
		"64:ff9b::169.254.169.254": false,
		"64:ff9b:1::9.9.9.9":       false,
	} {
		if got := p.permits(netip.MustParseAddr(ip)); got != want {
			t.Errorf("permits(%s) = %v, want %v", ip, got, want)
		}
	}
}
