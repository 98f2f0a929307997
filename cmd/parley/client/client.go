// Package client speaks to a Parley server over its public API. It turns problems
// into readable errors, and follows the event log through restarts and broken
// connections without losing or repeating an event.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerLimit is how long a request may take that is not a stream.
const answerLimit = 30 * time.Second

// idleConnections are kept open for requests to come.
const idleConnections = 16

// Client is a server and the API key that it is spoken to with. It is safe for
// concurrent use.
type Client struct {
	base string
	key  string
	http http.Client
}

// New makes a Client for the server at a URL like http://127.0.0.1:8080.
func New(serverURL, key string) (*Client, error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the server's URL %q is not one like http://127.0.0.1:8080", serverURL)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = idleConnections
	return &Client{base: strings.TrimRight(serverURL, "/"), key: key, http: http.Client{Transport: transport}}, nil
}

// URL is the server's.
func (c *Client) URL() string { return c.base }

// Do sends a request and reads the answer into into, unless that is nil. A body
// that is not nil goes as JSON. An answer that is no success is a [*Problem].
func (c *Client) Do(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	request, err := c.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	answer, err := c.send(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if into == nil || answer.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

func (c *Client) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encode the body of %s %s: %w", method, path, err)
		}
		text = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, text)
	if err != nil {
		return nil, fmt.Errorf("make the request %s %s: %w", method, path, err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("User-Agent", "parley-cli")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// send gives an answer that is a success, whose body the caller closes.
func (c *Client) send(request *http.Request) (*http.Response, error) {
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if answer.StatusCode >= 200 && answer.StatusCode <= 299 {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, readProblem(answer)
}

// unreachable says that the server could not be asked, without repeating the URL
// of the request.
func (c *Client) unreachable(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "dial" {
		return fmt.Errorf("cannot reach %s: is Parley running there? (%w)", c.base, network.Err)
	}
	return fmt.Errorf("cannot reach %s: %w", c.base, err)
}
