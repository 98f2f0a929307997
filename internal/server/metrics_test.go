package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"parley/internal/outbound"
	"parley/internal/server"
	"parley/internal/testing/receiver"
)

// post makes a request with a key, which must succeed, and gives the answer's id.
func post(t *testing.T, s *server.Server, key, path, body string) (id string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		t.Fatalf("POST %s was answered %s: %s (%v)", path, answer.Status, text, err)
	}
	var made struct{ ID string }
	if err := json.Unmarshal(text, &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// awaitMetrics reads the metrics until they have all of these lines.
func awaitMetrics(t *testing.T, s *server.Server, lines ...string) (metrics string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		_, metrics, _ = get(t, s.URL()+"/metrics")
		missing := ""
		for _, line := range lines {
			if !strings.Contains(metrics, "\n"+line+"\n") {
				missing = line
			}
		}
		if missing == "" {
			return metrics
		}
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("the metrics lack %s:\n%s", missing, metrics)
		}
	}
}

func TestMetricsTellOfEndpoints(t *testing.T) {
	t.Parallel()
	s := running(t, server.Config{Policy: outbound.Policy{AllowHTTP: true, AllowPrivate: true}})
	made, err := s.PlantDemo(t.Context(), "robin@example.com", "a password of some length")
	if err != nil {
		t.Fatal(err)
	}
	good, gone := receiver.New(t), receiver.New(t)
	gone.Answer(http.StatusGone)
	add := func(url string) string {
		return post(t, s, made.Key, "/v1/webhooks", fmt.Sprintf(`{"url":%q,"event_types":["custom.sold"]}`, url+"/hush"))
	}
	first, second := add(good.URL), add(gone.URL)
	for range 3 {
		post(t, s, made.Key, "/v1/events", `{"type":"custom.sold","key":"k"}`)
	}
	metrics := awaitMetrics(t, s,
		`parley_webhook_endpoint_attempts_total{endpoint="`+first+`",outcome="delivered"} 3`,
		`parley_webhook_endpoint_attempts_total{endpoint="`+first+`",outcome="failed"} 0`,
		`parley_webhook_endpoint_attempts_total{endpoint="`+second+`",outcome="delivered"} 0`,
		`parley_webhook_endpoint_attempts_total{endpoint="`+second+`",outcome="retried"} 1`,
		`parley_webhook_endpoint_latency_seconds_count{endpoint="`+first+`"} 3`,
		`parley_webhook_endpoint_latency_seconds_bucket{endpoint="`+first+`",le="+Inf"} 3`,
		`parley_webhook_endpoint_up{endpoint="`+first+`"} 1`,
		`parley_webhook_endpoint_up{endpoint="`+second+`"} 0`,
		`parley_webhook_endpoint_lag{endpoint="`+first+`"} 0`,
		`parley_webhook_endpoints_omitted 0`,
		`parley_webhook_attempts_total{outcome="delivered"} 3`,
		`parley_webhook_latency_seconds_count 4`,
		`parley_webhook_attempts_underway 0`,
	)
	if lag := regexp.MustCompile(`parley_webhook_endpoint_lag\{endpoint="` + second + `"\} [1-9]`); !lag.MatchString(metrics) {
		t.Errorf("the endpoint that is disabled is not behind:\n%s", metrics)
	}
	for _, secret := range []string{"hush", good.URL, gone.URL} {
		if strings.Contains(metrics, secret) {
			t.Errorf("the metrics have %s", secret)
		}
	}
	problems, err := promlint.New(bytes.NewBufferString(metrics)).Lint()
	if err != nil {
		t.Fatalf("the metrics cannot be parsed: %v", err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "parley_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
