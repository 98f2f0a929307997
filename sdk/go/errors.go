package parleyapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Error is what the server refused a request with. Status tells the kind; Errors names
// each field that was wrong, RequestID finds the request in the server's log.
type Error struct {
	Problem

	// RetryAfter is how long the server asks to wait before trying again, 0 if it does
	// not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	message := fmt.Sprintf("parley: %d %s", e.Status, e.Detail)
	for _, field := range e.Errors {
		message += "; " + field.Location + ": " + field.Message
	}
	return message
}

// maxProblem is how much of a refusal is read.
const maxProblem = 1 << 20

// refusing makes errors of answers that tell of one.
type refusing struct{ HttpRequestDoer }

// Do sends a request.
func (r refusing) Do(req *http.Request) (*http.Response, error) {
	res, err := r.HttpRequestDoer.Do(req)
	if err != nil || res.StatusCode < http.StatusBadRequest {
		return res, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxProblem))
	if err != nil {
		return nil, fmt.Errorf("read the answer %s: %w", res.Status, err)
	}
	e := &Error{}
	if json.Unmarshal(body, &e.Problem) != nil || e.Status == 0 { // of a proxy, perhaps
		e.Problem = Problem{Status: int64(res.StatusCode), Title: http.StatusText(res.StatusCode), Detail: strings.TrimSpace(string(body))}
	}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	return nil, e
}
