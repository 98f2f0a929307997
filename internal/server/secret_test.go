package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/server"
)

func TestSecretsCannotBeReadInTheDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := running(t, server.Config{Data: folder})
	made, err := s.PlantDemo(t.Context(), "robin@example.com", "a password of some length")
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/v1/webhooks",
		strings.NewReader(`{"url":"https://example.com/hook","event_types":["custom.never"],"headers":{"X-Api-Token":"hush-hush-token"}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+made.Key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "once") // whose kept answer has the secret too
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var endpoint struct{ Secret string }
	if err := json.NewDecoder(answer.Body).Decode(&endpoint); err != nil || !strings.HasPrefix(endpoint.Secret, "whsec_") {
		t.Fatalf("%s: secret %q, %v", answer.Status, endpoint.Secret, err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "parley.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("database files: %v, %v", files, err)
	}
	seen := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen = seen || bytes.Contains(content, []byte("X-Api-Token"))
		for name, secret := range map[string]string{
			"signing secret": strings.TrimPrefix(endpoint.Secret, "whsec_"), "header": "hush-hush-token",
			"API key": made.Key, "password": "a password of some length",
		} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("the %s stands in %s", name, filepath.Base(file))
			}
		}
	}
	if !seen {
		t.Error("the endpoint is in none of the files: the test looks in the wrong place")
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := listening(t, server.Config{Data: folder})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := listening(t, server.Config{Data: folder})
	if err := again.Close(); err != nil {
		t.Fatalf("the same key was refused: %v", err)
	}
	for name, config := range map[string]server.Config{
		"another key":   {SecretKey: strings.Repeat("A", 43) + "="},
		"no key at all": {SecretKey: "not a key"},
	} {
		config.Addr, config.Data = "127.0.0.1:0", folder
		wrong, err := server.New(t.Context(), config)
		if err == nil {
			_ = wrong.Close()
			t.Errorf("%s: it was taken", name)
		} else if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "--secret-key") {
			t.Errorf("%s: the error is not one line with the way out: %v", name, err)
		}
	}
}
