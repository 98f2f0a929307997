package entry

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
)

// sheet is a form as it is shown: what was typed, and what is wrong with it.
type sheet struct {
	Typed   url.Values
	Wrong   map[string]string // by the field's name
	Problem string            // of the whole

	status int
	retry  time.Duration
}

// input is a field of a form.
type input struct {
	Name, Label, Type string
	Value             string // where nothing was typed yet
	Help              string
	Fill              string // what browsers fill in: the values of autocomplete
	Focus             bool
}

// value is what stands in a field. A password is typed again.
func (s sheet) value(i input) string {
	if i.Type == "password" {
		return ""
	}
	if s.Typed.Has(i.Name) {
		return s.Typed.Get(i.Name)
	}
	return i.Value
}

// refuse notes why what was typed was not taken, if its author can do something about
// it; else it gives the error back.
func (s *sheet) refuse(err error) error {
	var e *parley.Error
	if !errors.As(err, &e) {
		return err
	}
	s.status = http.StatusUnprocessableEntity
	switch e.Kind {
	case parley.Invalid, parley.Unauthenticated, parley.Forbidden:
	case parley.Conflict:
		s.status = http.StatusConflict
	case parley.TooMany:
		s.status, s.retry = http.StatusTooManyRequests, e.RetryAfter
	case parley.Unavailable:
		s.status, s.retry = http.StatusServiceUnavailable, e.RetryAfter
	default:
		return err
	}
	if len(e.Fields) == 0 {
		s.Problem = e.Detail
	}
	for _, field := range e.Fields {
		if s.Wrong == nil {
			s.Wrong = map[string]string{}
		}
		s.Wrong[field.Location[strings.LastIndex(field.Location, ".")+1:]] = field.Message
	}
	return nil
}

// head writes what the answer's head says of what was refused, and gives the status.
func (s sheet) head(r *page.Request) int {
	if s.retry > 0 {
		r.Writer.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(s.retry.Seconds()))))
	}
	return s.status
}

// alone answers with a form that has a page of its own.
func (s sheet) alone(r *page.Request, title string, content templ.Component) error {
	return r.Alone(title, s.head(r), content)
}
