package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Problem is an answer that is no success, as the server explains it.
type Problem struct {
	Status    int    `json:"status"`
	Title     string `json:"title"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`

	RetryAfter time.Duration `json:"-"` // as the server asked; 0 if it did not
}

// maxProblem bounds what is read of an explanation.
const maxProblem = 64 << 10

func readProblem(answer *http.Response) *Problem {
	p := &Problem{}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxProblem)) // what did come is shown
	if json.Unmarshal(body, p) != nil || p.Detail == "" {
		p.Detail = "The server gave no reason that Parley would give: is it one?"
	}
	p.Status, p.Title = answer.StatusCode, http.StatusText(answer.StatusCode)
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}

// Error is the problem in one line: what went wrong, with which fields, and how
// the request is called in the server's log.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the server answered %d %s: %s", p.Status, p.Title, p.Detail)
	for _, e := range p.Errors {
		fmt.Fprintf(&b, " %s %s.", e.Location, e.Message)
	}
	if p.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", p.RequestID)
	}
	return b.String()
}

// final tells whether asking again would bring the same answer.
func final(err error) bool {
	var p *Problem
	if !errors.As(err, &p) {
		return false
	}
	return p.Status >= 400 && p.Status <= 499 && p.Status != http.StatusRequestTimeout && p.Status != http.StatusTooManyRequests
}
