package outbound

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// newCertified makes a certificate that nobody signed but itself.
func newCertified(t *testing.T, name string) *tls.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		NotAfter:     time.Now().Add(time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// strictReceiver asks for one of the certificates and answers whose was shown and
// over which protocol. It counts its connections.
func strictReceiver(t *testing.T, two bool, known ...*tls.Certificate) (server *httptest.Server, connections *atomic.Int64) {
	connections = new(atomic.Int64)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if shown := r.TLS.PeerCertificates; len(shown) > 0 {
			who = shown[0].Subject.CommonName
		}
		if _, err := io.WriteString(w, who+" "+r.Proto); err != nil {
			t.Errorf("answer: %v", err)
		}
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.EnableHTTP2 = two
	server.TLS = &tls.Config{ClientCAs: x509.NewCertPool()}
	if len(known) > 0 {
		server.TLS.ClientAuth = tls.RequireAndVerifyClientCert
	}
	for _, c := range known {
		server.TLS.ClientCAs.AddCert(must(x509.ParseCertificate(c.Certificate[0]))(t))
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, connections
}

func trusting(t *testing.T, server *httptest.Server) *Client {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c := New(Policy{AllowPrivate: true}, Options{RootCAs: roots, Timeout: 5 * time.Second})
	t.Cleanup(c.Close)
	return c
}

func TestAReceiverOverTLSKeepsItsConnection(t *testing.T) {
	t.Parallel()
	for _, two := range []bool{false, true} {
		server, connections := strictReceiver(t, two)
		c := trusting(t, server)
		target := must(c.Target(server.URL, nil))(t)
		want := "nobody HTTP/1.1"
		if two {
			want = "nobody HTTP/2.0"
		}
		for range 3 {
			if got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")}); string(got.Body) != want {
				t.Errorf("got %q %v, want %q", got.Body, got.Failure, want)
			}
		}
		if n := connections.Load(); n != 1 {
			t.Errorf("%d connections for 3 requests (%s)", n, want)
		}
		if c.two.know(target.place()) != two {
			t.Errorf("remembered as HTTP/2: %v", !two)
		}
	}
}

func TestAConnectionOverTLSThatEndedWhileIdleIsNoFailure(t *testing.T) {
	t.Parallel()
	server, _ := strictReceiver(t, false)
	c := trusting(t, server)
	request := &Request{Target: must(c.Target(server.URL, nil))(t), Body: []byte("{}")}
	for range 2 {
		if got := c.Send(t.Context(), request); !got.OK() {
			t.Fatal(got.Failure)
		}
		server.CloseClientConnections()
		awaitSign(t, c, request.Target)
	}
}

// A receiver that spoke HTTP/2 may come back without it.
func TestAReceiverThatGivesUpHTTP2(t *testing.T) {
	t.Parallel()
	server, _ := strictReceiver(t, false)
	c := trusting(t, server)
	target := must(c.Target(server.URL, nil))(t)
	c.two.learn(target.place())
	for range 2 {
		if got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")}); string(got.Body) != "nobody HTTP/1.1" {
			t.Errorf("got %q %v", got.Body, got.Failure)
		}
	}
	if c.two.know(target.place()) {
		t.Error("still remembered as HTTP/2")
	}
}

func TestACertificateIsShown(t *testing.T) {
	t.Parallel()
	anna, bert, stranger := newCertified(t, "anna"), newCertified(t, "bert"), newCertified(t, "stranger")
	for _, two := range []bool{false, true} {
		server, connections := strictReceiver(t, two, anna, bert)
		c := trusting(t, server)
		proto := map[bool]string{false: " HTTP/1.1", true: " HTTP/2.0"}[two]
		for range 2 {
			for name, certificate := range map[string]*tls.Certificate{"anna": anna, "bert": bert} {
				target := must(c.TargetWith(server.URL, nil, TargetOptions{Certificate: certificate}))(t)
				if got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")}); string(got.Body) != name+proto {
					t.Errorf("%s got %q %v", name+proto, got.Body, got.Failure)
				}
			}
		}
		if n := connections.Load(); n != 2 {
			t.Errorf("%d connections for 4 requests with 2 certificates (%s)", n, proto)
		}
		for name, o := range map[string]TargetOptions{"a stranger": {Certificate: stranger}, "nobody": {}} {
			target := must(c.TargetWith(server.URL, nil, o))(t)
			got := c.Send(t.Context(), &Request{Target: target, Body: []byte("{}")})
			if got.Failure == nil || got.Failure.Kind != TLS && got.Failure.Kind != Reset {
				t.Errorf("%s%s: %+v %v", name, proto, got, got.Failure)
			}
			if got.Failure != nil && got.Failure.Kind == TLS && !strings.Contains(got.Failure.Message, "a client certificate that it accepts") {
				t.Error(got.Failure)
			}
		}
	}
}

func TestCertificatesThatMakeNoTarget(t *testing.T) {
	t.Parallel()
	c := New(Policy{AllowHTTP: true}, Options{})
	defer c.Close()
	anna, bert := newCertified(t, "anna"), newCertified(t, "bert")
	for _, test := range []struct {
		url         string
		certificate *tls.Certificate
		says        string
	}{
		{"https://hooks.example.com", &tls.Certificate{}, "is empty"},
		{"https://hooks.example.com", &tls.Certificate{Certificate: [][]byte{{1, 2}}, PrivateKey: anna.PrivateKey}, "read the client certificate"},
		{"https://hooks.example.com", &tls.Certificate{Certificate: anna.Certificate, PrivateKey: bert.PrivateKey}, "does not belong"},
		{"https://hooks.example.com", &tls.Certificate{Certificate: anna.Certificate}, "does not belong"},
		{"http://hooks.example.com", anna, "only be shown over https"},
	} {
		if target, err := c.TargetWith(test.url, nil, TargetOptions{Certificate: test.certificate}); target != nil || err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v, want %q in it", err, test.says)
		}
	}
}

func TestIdentitiesAreLimited(t *testing.T) {
	t.Parallel()
	c := New(Policy{}, Options{})
	defer c.Close()
	first := c.identity(&Target{certificate: &certificate{fingerprint: fingerprint{1}}})
	for i := range identitiesKept {
		c.identity(&Target{certificate: &certificate{fingerprint: fingerprint{2, byte(i), byte(i >> 8)}}})
	}
	if n := len(c.shown.byMark); n != identitiesKept {
		t.Errorf("%d identities are kept", n)
	}
	if c.identity(&Target{certificate: &certificate{fingerprint: fingerprint{1}}}) == first {
		t.Error("the one that was not used for longest is kept")
	}
	var s speakers
	for i := range speakersKept + 10 {
		s.learn(place{shown: fingerprint{byte(i), byte(i >> 8)}})
	}
	if n := len(s.at); n != speakersKept {
		t.Errorf("%d places are remembered as speaking HTTP/2", n)
	}
}

// A receiver that takes the connection and never says a word of TLS.
func TestTheLimitCoversTheHandshake(t *testing.T) {
	t.Parallel()
	listener := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer listener.Close()
	c := New(Policy{AllowPrivate: true}, Options{})
	defer c.Close()
	target := must(c.Target("https://"+listener.Addr().String(), nil))(t)
	got := c.Send(t.Context(), &Request{Target: target, Timeout: 50 * time.Millisecond})
	if got.Failure == nil || got.Failure.Kind != Timeout {
		t.Errorf("got %v", got.Failure)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if got = c.Send(ctx, &Request{Target: target}); got.Failure == nil || got.Failure.Kind != Cancelled {
		t.Errorf("got %v", got.Failure)
	}
}
