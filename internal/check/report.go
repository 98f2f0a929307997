package check

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Verdict is what a check came to.
type Verdict string

// The verdicts. A warning is something that works, but not as well as it should.
const (
	Pass    Verdict = "pass"
	Warning Verdict = "warning"
	Fail    Verdict = "fail"
	NotMade Verdict = "not_made"
)

// Report is what the checks of a receiver came to.
type Report struct {
	URL       string    `json:"url"`
	StartedAt time.Time `json:"started_at"`
	Took      float64   `json:"took_seconds"`
	Passed    int       `json:"passed"`
	Warnings  int       `json:"warnings"`
	Failed    int       `json:"failed"`
	NotMade   int       `json:"not_made"`
	Checks    []Outcome `json:"checks"`
}

// Outcome is what one check came to. It never holds the secret or the token.
type Outcome struct {
	Name     string  `json:"name"`
	Promise  string  `json:"promise"` // what a good receiver does: "refuses a bad signature"
	Verdict  Verdict `json:"verdict"`
	Sent     string  `json:"sent"`     // "" if nothing was
	Received string  `json:"received"` // "" if nothing was sent
	Mend     string  `json:"mend"`     // unless it passed: how to change that, in a sentence
	Took     float64 `json:"took_seconds"`
}

func (r *Report) add(o Outcome) {
	r.Checks = append(r.Checks, o)
	switch o.Verdict {
	case Pass:
		r.Passed++
	case Warning:
		r.Warnings++
	case Fail:
		r.Failed++
	case NotMade:
		r.NotMade++
	}
}

// Grade says in a line what the report comes to: "19 of 22 passed, 1 failed,
// 2 warnings".
func (r Report) Grade() string {
	s := fmt.Sprintf("%d of %d passed", r.Passed, len(r.Checks))
	if r.Failed > 0 {
		s += fmt.Sprintf(", %d failed", r.Failed)
	}
	if r.Warnings == 1 {
		s += ", 1 warning"
	} else if r.Warnings > 1 {
		s += fmt.Sprintf(", %d warnings", r.Warnings)
	}
	if r.NotMade > 0 {
		s += fmt.Sprintf(", %d not made", r.NotMade)
	}
	return s
}

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
