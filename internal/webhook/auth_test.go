package webhook_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
	"parley/internal/webhook"
)

func with(a parley.Auth) func(*parley.Webhook) { return func(w *parley.Webhook) { w.Auth = a } }

func TestAReceiverSeesWhoRequestsComeFrom(t *testing.T) {
	virtual(t, func(t *testing.T) {
		r := receiver.InMemory(t)
		h := open(t, r)
		id := h.subscribe(r.URL)
		for _, test := range []struct {
			auth parley.Auth
			want string
		}{
			{parley.Auth{Type: "none"}, ""},
			{parley.Auth{Type: "basic", Username: "ada", Password: "pass:wörd"}, "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:pass:wörd"))},
			{parley.Auth{Type: "bearer", Token: "abc.def"}, "Bearer abc.def"},
			{parley.Auth{Type: "none"}, ""},
		} {
			h.change(id, with(test.auth))
			r.Forget()
			h.publish("a")
			if q := r.Wait(t, 1)[0]; q.Header.Get("Authorization") != test.want {
				t.Errorf("with %s: %q, want %q", test.auth.Type, q.Header.Get("Authorization"), test.want)
			}
		}
		h.restart()
		h.change(id, with(parley.Auth{Type: "bearer", Token: "again"}))
		h.restart()
		r.Forget()
		h.publish("a")
		if q := r.Wait(t, 1)[0]; q.Header.Get("Authorization") != "Bearer again" {
			t.Errorf("after a restart: %q", q.Header.Get("Authorization"))
		}
	})
}

// identify makes a client certificate and its key.
func identify(t testing.TB, name string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return inPEM("CERTIFICATE", der), inPEM("PRIVATE KEY", encoded)
}

func TestAReceiverThatAsksForItIsShownACertificate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		seen := make(chan string, 10)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			names := r.TLS.PeerCertificates[0].DNSNames
			seen <- names[0] + " " + r.Header.Get("webhook-id")
		}))
		server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
		server.StartTLS()
		defer server.Close()
		roots := x509.NewCertPool()
		roots.AddCert(server.Certificate())

		logger, policy := slog.New(slog.DiscardHandler), outbound.Policy{AllowHTTP: true, AllowPrivate: true}
		h := &house{t: t, db: db, log: eventlog.New(db, logger)}
		h.endpoints = endpoint.New(db, h.log, policy, sealing)
		h.client = outbound.New(policy, outbound.Options{RootCAs: roots})
		t.Cleanup(h.client.Close)
		h.Engine = webhook.New(webhook.Config{DB: db, Log: h.log, Endpoints: h.endpoints, Client: h.client, Logger: logger})
		h.org = h.organization()
		h.start()
		auth := func(name string) func(*parley.Webhook) {
			certificate, key := identify(t, name)
			return with(parley.Auth{Type: "mtls", Certificate: certificate, PrivateKey: key})
		}
		h.subscribe(server.URL, auth("one.example.com"), types("custom.thing"))
		other := h.subscribe(server.URL, auth("two.example.com"), types("custom.other"))
		check := func(kind, want string) {
			t.Helper()
			want += " " + h.publishAs(kind, "a")[0]
			if got := <-seen; got != want {
				t.Errorf("it was shown %q, want %q", got, want)
			}
		}
		check("custom.thing", "one.example.com")
		check("custom.other", "two.example.com")
		h.change(other, auth("three.example.com"))
		check("custom.other", "three.example.com")
	})
}
