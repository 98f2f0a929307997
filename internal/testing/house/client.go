package house

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"parley"
)

// Client talks to the API with one key of one organization.
type Client struct {
	Organization parley.Organization
	Owner        parley.User
	Inbox        parley.Inbox
	Secret       string // the API key; "" sends none

	t     testing.TB
	house *House
}

// In is the same client for another test, such as a parallel subtest, which it
// then fails.
func (c *Client) In(t testing.TB) *Client {
	other := *c
	other.t = t
	return &other
}

// With is the client with another API key, "" for none.
func (c *Client) With(secret string) *Client {
	other := *c
	other.Secret = secret
	return &other
}

// Key is the client with a new key of the organization that has these scopes only.
func (c *Client) Key(scopes ...parley.Scope) *Client {
	c.t.Helper()
	return c.With(c.Make("/v1/api_keys", map[string]any{"name": "Another key", "scopes": scopes}).Text("key"))
}

// Personal is the client with a new personal key of a user, with these scopes.
func (c *Client) Personal(user parley.UserID, scopes ...parley.Scope) *Client {
	c.t.Helper()
	body := map[string]any{"name": "Personal key", "kind": "personal", "user_id": user, "scopes": scopes}
	return c.With(c.Make("/v1/api_keys", body).Text("key"))
}

// Make posts a body to a path, which must create something, and gives the answer.
func (c *Client) Make(path string, body any) *Answer {
	c.t.Helper()
	return c.Do(http.MethodPost, path, body).Want(http.StatusCreated)
}

// Get reads a path, which must be there.
func (c *Client) Get(path string) *Answer {
	c.t.Helper()
	return c.Do(http.MethodGet, path, "").Want(http.StatusOK)
}

// Do sends a request and checks the answer against the OpenAPI document. A body
// that is a string or bytes is sent as it is ("" sends none), any other as JSON; a
// header is given as names and values in turn, and "" removes one that Do sets.
func (c *Client) Do(method, path string, body any, header ...string) *Answer {
	c.t.Helper()
	a, err := c.Try(c.t.Context(), method, path, encode(c.t, body), header...)
	switch {
	case a == nil:
		c.t.Fatal(err)
	case err != nil:
		c.t.Errorf("%v\n%s", err, a)
	}
	return a
}

// Try is Do that leaves it to the caller what follows from an error. Without an
// answer there was none before ctx ended; with one, that is not what the OpenAPI
// document says. Of a stream it reads how it begins.
func (c *Client) Try(ctx context.Context, method, path string, body []byte, header ...string) (*Answer, error) {
	asked := method + " " + path
	req, err := http.NewRequestWithContext(ctx, method, c.house.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", asked, err)
	}
	c.dress(req, body, header)
	res, err := c.house.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", asked, err)
	}
	defer res.Body.Close()
	answered, err := readAnswer(res)
	if err != nil {
		return nil, fmt.Errorf("%s: read the answer: %w", asked, err)
	}
	a := &Answer{Status: res.StatusCode, Header: res.Header, Body: answered, t: c.t, asked: asked}
	if err := c.house.contract.check(req, body, res, answered); err != nil {
		return a, fmt.Errorf("%s: the answer is not what the OpenAPI document says: %w", asked, err)
	}
	return a, nil
}

func readAnswer(res *http.Response) ([]byte, error) {
	if res.Header.Get("Content-Type") != "text/event-stream" {
		return io.ReadAll(res.Body)
	}
	begins := make([]byte, 4096)
	n, err := res.Body.Read(begins)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return begins[:n], err
}

func encode(t testing.TB, body any) []byte {
	t.Helper()
	switch b := body.(type) {
	case string:
		return []byte(b)
	case []byte:
		return b
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatalf("encode the body: %v", err)
	}
	return raw
}

func (c *Client) dress(req *http.Request, body []byte, header []string) {
	if c.Secret != "" {
		req.Header.Set("Authorization", "Bearer "+c.Secret)
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			req.Header.Del(header[i])
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
}

// Open sends a GET whose answer is a stream; the test has to close the body.
func (c *Client) Open(path string, header ...string) *http.Response {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.house.URL+path, nil)
	if err != nil {
		c.t.Fatalf("GET %s: %v", path, err)
	}
	c.dress(req, nil, header)
	res, err := c.house.http.Do(req)
	if err != nil {
		c.t.Fatalf("GET %s: %v", path, err)
	}
	return res
}

// Head is the place of the last event of the organization's log.
func (c *Client) Head() int64 {
	c.t.Helper()
	head, err := c.house.Log.Head(c.t.Context(), c.Organization.ID)
	if err != nil {
		c.t.Fatalf("read the head of the log: %v", err)
	}
	return head
}

// Events are the events of the organization's log after a place.
func (c *Client) Events(after int64) []*parley.Event {
	c.t.Helper()
	events, err := c.house.Log.Read(c.t.Context(), c.Organization.ID, after, 1000)
	if err != nil {
		c.t.Fatalf("read the log: %v", err)
	}
	return events
}

// Types are the types of events, in order.
func Types(events []*parley.Event) []string {
	types := make([]string, len(events))
	for i, e := range events {
		types[i] = e.Type
	}
	return types
}

// Caller is the organization's owner, for calling verbs directly.
func (c *Client) Caller() parley.Caller {
	return parley.Caller{
		Organization: c.Organization.ID,
		Actor:        parley.Actor{Type: parley.ActorUser, ID: string(c.Owner.ID)},
	}
}
