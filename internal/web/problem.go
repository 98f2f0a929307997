package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"

	"parley"
)

// Problem is an error as a client sees it (RFC 9457).
type Problem struct {
	Type          string              `json:"type" doc:"A link to what is known of this kind of error" example:"/docs#errors"`
	Title         string              `json:"title" doc:"The kind of error, in words" example:"Unprocessable Entity"`
	Status        int                 `json:"status" doc:"The HTTP status" example:"422"`
	Detail        string              `json:"detail" doc:"What went wrong, and the way out"`
	Errors        []parley.FieldError `json:"errors,omitempty" doc:"What is wrong with which field"`
	RequestID     string              `json:"request_id" doc:"Names this request in the server's log"`
	RequiredScope string              `json:"required_scope,omitempty" doc:"With 403: the scope that the API key lacks"`
	Quota         *parley.Quota       `json:"quota,omitempty" doc:"With 409 and 429: the quota of the organization that is used up"`
	FirstSequence int64               `json:"first_sequence,omitempty" doc:"With 410: the sequence of the oldest event that is still kept"`
}

// statuses is the one place where a kind of error becomes an HTTP status.
var statuses = map[parley.Kind]int{
	parley.Internal:          http.StatusInternalServerError,
	parley.Malformed:         http.StatusBadRequest,
	parley.Invalid:           http.StatusUnprocessableEntity,
	parley.Unauthenticated:   http.StatusUnauthorized,
	parley.Forbidden:         http.StatusForbidden,
	parley.NotFound:          http.StatusNotFound,
	parley.Conflict:          http.StatusConflict,
	parley.Stale:             http.StatusPreconditionFailed,
	parley.TooLarge:          http.StatusRequestEntityTooLarge,
	parley.Unsupported:       http.StatusUnsupportedMediaType,
	parley.NotAllowed:        http.StatusMethodNotAllowed,
	parley.TooMany:           http.StatusTooManyRequests,
	parley.Unavailable:       http.StatusServiceUnavailable,
	parley.InsufficientSpace: http.StatusInsufficientStorage,
	parley.OutOfRange:        http.StatusRequestedRangeNotSatisfiable,
	parley.Gone:              http.StatusGone,
}

// ProblemOf is how an error is shown. One of our own making shows its sentence,
// any other nothing but that it happened.
func ProblemOf(err error, requestID string) Problem {
	status := statuses[parley.KindOf(err)]
	p := Problem{
		Type: "/docs#error-" + strconv.Itoa(status), Title: http.StatusText(status), Status: status,
		Detail: "Something went wrong on our side. It is in the server's log under this request id.", RequestID: requestID,
	}
	var e *parley.Error
	if errors.As(err, &e) && e.Kind != parley.Internal {
		p.Detail, p.Errors, p.RequiredScope, p.FirstSequence = e.Detail, e.Fields, e.RequiredScope, e.FirstSequence
		p.Quota = e.Quota
	}
	if p.Quota != nil {
		p.Type = "/docs#quotas"
	}
	return p
}

// WriteError answers a request with an error, and keeps the error for the log line.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	facts := Facts(r.Context())
	err = causeOf(r.Context(), err)
	facts.Err = err
	p := ProblemOf(err, facts.ID)
	h := w.Header()
	var e *parley.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="parley"`)
	}
	body, _ := parley.JSON(p) // plain strings and numbers: cannot fail
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// causeOf is why a request whose context was ended for a reason of ours failed: for
// that reason, whatever the error says that came of it.
func causeOf(ctx context.Context, err error) error {
	var reason *parley.Error
	if parley.KindOf(err) != parley.Internal || !errors.As(context.Cause(ctx), &reason) {
		return err
	}
	return reason.Because(err)
}
