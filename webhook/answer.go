package webhook

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"
)

// answer is what a request is answered with.
type answer struct {
	status int
	text   string
	later  time.Duration // with 503: when to come again
}

var taken = answer{status: http.StatusNoContent}

func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	switch a.status {
	case http.StatusNoContent:
		w.WriteHeader(a.status)
		return
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", strconv.FormatInt(int64(math.Ceil(a.later.Seconds())), 10))
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.text) // who went away does not miss it
}

// Later is the error of a handler that cannot work now, because of err: Parley sends
// the endpoint nothing for this long, and then the event again.
func Later(after time.Duration, err error) error { return &later{after, err} }

type later struct {
	after time.Duration
	cause error
}

func (l *later) Error() string {
	if l.cause == nil {
		return "not before " + l.after.String()
	}
	return l.cause.Error()
}

// Unwrap gives the cause.
func (l *later) Unwrap() error { return l.cause }

// failed says no more than that: the cause is for the log.
func failed(err error) answer {
	if l := (*later)(nil); errors.As(err, &l) {
		return answer{status: http.StatusServiceUnavailable, text: "not now", later: max(l.after, 0)}
	}
	return answer{status: http.StatusInternalServerError, text: "the event could not be handled: the receiver's log says why"}
}

// verification tells whether a body is the question that Parley asks an endpoint with
// verification: the token to be sent back, and nothing else. Whoever asks has signed
// it, so any token is sent back.
func verification(body []byte) (token string, ok bool) {
	const longest = 4 << 10
	var members map[string]json.RawMessage
	if len(body) > longest || json.Unmarshal(body, &members) != nil || len(members) != 1 {
		return "", false
	}
	return token, json.Unmarshal(members["token"], &token) == nil && token != ""
}
