package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// published is where the server says that an event stands.
type published struct {
	ID       string `json:"id"`
	Sequence int64  `json:"sequence"`
}

// post is one request: events by their own names.
type post struct {
	key   string // idempotency key, "" for none
	names []string
}

// post asks the server once and gives the status, 0 without an answer.
func (l *load) post(ctx context.Context, p post) (status int) {
	began := time.Now()
	acked, status := l.send(ctx, p)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.longest = max(l.longest, time.Since(began))
	if comeAgain(status) {
		l.away[status]++
	}
	switch {
	case status == http.StatusCreated && len(acked) == len(p.names):
		for i, name := range p.names {
			l.acked[name] = acked[i]
		}
	case status == 0 || comeAgain(status):
		if p.key != "" {
			l.pending = append(l.pending, p)
		}
	default:
		l.refused = append(l.refused, fmt.Sprintf("%d for %d events, %d acknowledged", status, len(p.names), len(acked)))
	}
	return status
}

func (l *load) send(ctx context.Context, p post) ([]published, int) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.server+"/v1/events", strings.NewReader(p.body()))
	if err != nil {
		return nil, 0
	}
	r.Header.Set("Authorization", "Bearer "+l.key)
	r.Header.Set("Content-Type", "application/json")
	if p.key != "" {
		r.Header.Set("Idempotency-Key", p.key)
		r.GetBody = nil // or the transport would repeat it by itself
	}
	answer, err := l.http.Do(r)
	if err != nil {
		return nil, 0
	}
	defer answer.Body.Close()
	if comeAgain(answer.StatusCode) && answer.Header.Get("Retry-After") == "" {
		l.complain(fmt.Sprintf("%d without Retry-After", answer.StatusCode))
	}
	if answer.StatusCode != http.StatusCreated {
		return nil, answer.StatusCode
	}
	var said struct {
		published
		Data []published `json:"data"`
	}
	if json.NewDecoder(answer.Body).Decode(&said) != nil {
		return nil, 0 // it broke off: nothing was acknowledged
	}
	if len(p.names) == 1 {
		return []published{said.published}, answer.StatusCode
	}
	return said.Data, answer.StatusCode
}

// comeAgain tells whether a status asks to send the same request later.
func comeAgain(status int) bool {
	return status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage
}

func (p post) body() string {
	var events []string
	for i, name := range p.names {
		events = append(events, fmt.Sprintf(`{"type":%q,"key":"key-%d","data":{"name":%q}}`, loadType, i%5, name))
	}
	if len(events) == 1 {
		return events[0]
	}
	return `{"events":[` + strings.Join(events, ",") + `]}`
}
