package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// api is the server's API, for what is not measured.
type api struct {
	url, key string
	http     http.Client
}

func newAPI(url, key string) *api {
	return &api{url: url, key: key, http: http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{}}}
}

func (a *api) close() { a.http.CloseIdleConnections() }

// do sends a request and reads the answer, which must be a success, into into
// unless that is nil.
func (a *api) do(ctx context.Context, method, path string, body, into any) error {
	answer, err := a.ask(ctx, method, path, body)
	if err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

// ask sends a request and gives the answer's bytes; it must be a success.
func (a *api) ask(ctx context.Context, method, path string, body any) ([]byte, error) {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.url+path, text)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+a.key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := a.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	if answer.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s %s was answered %s: %s", method, path, answer.Status, got[:min(len(got), 500)])
	}
	return got, nil
}
