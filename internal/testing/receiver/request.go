package receiver

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"
)

// Request is one request as it arrived.
type Request struct {
	Method string
	Path   string // with its query
	Proto  string // HTTP/1.1 or HTTP/2.0
	Header http.Header
	Body   []byte
	At     time.Time
	ID     string // the webhook-id; without one, the id in the JSON body

	// Refused is why the signature does not verify; nil if it does, or if Verify
	// was not asked for.
	Refused error
}

// Decode reads the JSON body into v, or fails the test.
func (q Request) Decode(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(q.Body, v); err != nil {
		t.Fatalf("decode the body of request %s: %v", q.ID, err)
	}
}

// record remembers a request and takes the act that answers it from the script.
func (r *Receiver) record(req *http.Request, body []byte) http.HandlerFunc {
	q := Request{
		Method: req.Method,
		Path:   req.URL.RequestURI(),
		Proto:  req.Proto,
		Header: req.Header.Clone(),
		Body:   body,
		At:     time.Now(),
		ID:     req.Header.Get("webhook-id"),
	}
	if q.ID == "" {
		q.ID = idInBody(body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.verifier != nil {
		if q.Refused = r.verifier.Verify(body, req.Header); q.Refused != nil {
			r.refused++
		}
	}
	r.requests = append(r.requests, q)
	r.inFlight++
	r.most = max(r.most, r.inFlight)
	close(r.arrived)
	r.arrived = make(chan struct{})
	return r.script.next()
}

func idInBody(body []byte) string {
	var event struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &event) != nil {
		return ""
	}
	return event.ID
}

// Requests are all that have arrived, in order.
func (r *Receiver) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// IDs are the ids of all requests, in the order of arrival.
func (r *Receiver) IDs() []string {
	requests := r.Requests()
	ids := make([]string, len(requests))
	for i, q := range requests {
		ids[i] = q.ID
	}
	return ids
}

// Forget drops what was recorded, so that Wait and Requests start afresh.
func (r *Receiver) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.refused, r.most = nil, 0, r.inFlight
}

// Wait blocks until at least n requests have arrived and gives all of them. It
// fails the test after 10 seconds, in a bubble after 10 days of virtual time.
func (r *Receiver) Wait(t testing.TB, n int) []Request {
	t.Helper()
	deadline := time.NewTimer(r.patience)
	defer deadline.Stop()
	for {
		r.mu.Lock()
		requests, arrived := slices.Clone(r.requests), r.arrived
		r.mu.Unlock()
		if len(requests) >= n {
			return requests
		}
		select {
		case <-arrived:
		case <-deadline.C:
			t.Fatalf("%d of %d requests arrived within %v", len(requests), n, r.patience)
		}
	}
}

// MostAtOnce is the greatest number of requests that were in hand at one time.
func (r *Receiver) MostAtOnce() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.most
}
