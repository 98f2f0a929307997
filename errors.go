package parley

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong in terms that every door can answer: one table in
// package web gives each kind its HTTP status. An error without a kind is Internal.
type Kind int

// The kinds of error.
const (
	Internal          Kind = iota // our fault: logged in full, shown as nothing
	Malformed                     // the request cannot be read at all
	Invalid                       // the request was read and a field in it is wrong
	Unauthenticated               // who is asking is not known
	Forbidden                     // who is asking may not do this
	NotFound                      // absent, or another organization's
	Conflict                      // the present state does not allow it
	Stale                         // If-Match named a version that is no longer current
	TooLarge                      // the body is over its limit
	Unsupported                   // the content type is not one we read
	NotAllowed                    // the path exists, the method does not
	TooMany                       // over a rate or a quota: see RetryAfter
	Unavailable                   // cannot be served now, may be tried again: see RetryAfter
	InsufficientSpace             // no room to store it
	OutOfRange                    // the part of a file that was asked for lies behind its end
	Gone                          // it was there and is no longer kept: see FirstSequence
)

// Error is an error with a kind and a sentence for whoever caused it. The
// sentence names the reason and the way out; Err, the cause, is for the log only.
type Error struct {
	Kind   Kind
	Detail string
	Fields []FieldError
	Err    error

	RetryAfter    time.Duration // with TooMany, Unavailable and InsufficientSpace: when to try again
	RequiredScope string        // with Forbidden: the scope that the key lacks
	FirstSequence int64         // with Gone: the sequence of the oldest event that is kept
	Quota         *Quota        // with TooMany and Conflict: the quota that is used up
}

// Quota is how much an organization may have of something, and has.
type Quota struct {
	Name  string `json:"name" enum:"events_per_day,objects,storage" doc:"Which quota"`
	Limit int64  `json:"limit" doc:"How much the organization may have"`
	Used  int64  `json:"used" doc:"How much it has"`
}

// FieldError is what is wrong with one place of a request: Location is a path such
// as "body.content.payload.buttons[0].title", "query.limit" or "path.id".
type FieldError struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

func (e *Error) Error() string {
	s := e.Detail
	for _, f := range e.Fields {
		s += "; " + f.Location + ": " + f.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain, Internal without one.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Errorf makes an error of a kind with a sentence that its causer may see.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Detail: fmt.Sprintf(format, args...)}
}

// Because keeps the cause, for the log only, and returns e.
func (e *Error) Because(cause error) *Error {
	e.Err = cause
	return e
}

// InvalidField is the error for one wrong field.
func InvalidField(location, format string, args ...any) *Error {
	return InvalidFields(FieldError{location, fmt.Sprintf(format, args...)})
}

// InvalidFields is the error for several wrong fields.
func InvalidFields(fields ...FieldError) *Error {
	return &Error{Kind: Invalid, Detail: "The request has fields that are not valid.", Fields: fields}
}

// Missing is the NotFound error for an object named by an id: the same whether
// it never existed, was deleted, or belongs to another organization.
func Missing(noun string, id any) *Error {
	return Errorf(NotFound, "There is no %s %q.", noun, id)
}
