package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Answer is what the API answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte

	t     testing.TB
	asked string
	value any // the body, once it was looked into
}

// Want ends the test unless the answer has the status.
func (a *Answer) Want(status int) *Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Fatalf("%s: want %d, got %s", a.asked, status, a)
	}
	return a
}

// At is the value at a path of the JSON body: "data.0.id". Numbers are json.Number.
// The test ends if there is nothing.
func (a *Answer) At(path string) any {
	a.t.Helper()
	if a.value == nil {
		v, err := parse(a.Body)
		if err != nil {
			a.t.Fatalf("%s: the answer is not JSON: %s", a.asked, a)
		}
		a.value = v
	}
	v := a.value
	for name := range strings.SplitSeq(path, ".") {
		inner, ok := member(v, name)
		if !ok {
			a.t.Fatalf("%s: there is no %s in %s", a.asked, path, a)
		}
		v = inner
	}
	return v
}

func member(v any, name string) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		m, ok := v[name]
		return m, ok
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(v) {
			return v[i], true
		}
	}
	return nil, false
}

// Text is the text at a path.
func (a *Answer) Text(path string) string {
	a.t.Helper()
	s, ok := a.At(path).(string)
	if !ok {
		a.t.Fatalf("%s: %s is no text in %s", a.asked, path, a)
	}
	return s
}

// Int is the whole number at a path.
func (a *Answer) Int(path string) int64 {
	a.t.Helper()
	n, ok := a.At(path).(json.Number)
	i, err := n.Int64()
	if !ok || err != nil {
		a.t.Fatalf("%s: %s is no whole number in %s", a.asked, path, a)
	}
	return i
}

// List is the list at a path.
func (a *Answer) List(path string) []any {
	a.t.Helper()
	list, ok := a.At(path).([]any)
	if !ok {
		a.t.Fatalf("%s: %s is no list in %s", a.asked, path, a)
	}
	return list
}

// Each is the text at a path below every item of data, the page's objects.
func (a *Answer) Each(path string) []string {
	a.t.Helper()
	var texts []string
	for i := range a.List("data") {
		texts = append(texts, a.Text(fmt.Sprintf("data.%d.%s", i, path)))
	}
	return texts
}

// Decode reads the body into v.
func (a *Answer) Decode(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		a.t.Fatalf("%s: decode %s: %v", a.asked, a, err)
	}
}

// Includes fails the test unless the body has everything that want has; see
// [Includes].
func (a *Answer) Includes(want string) *Answer {
	a.t.Helper()
	if err := Includes(a.Body, want); err != nil {
		a.t.Errorf("%s: %v in %s", a.asked, err, a)
	}
	return a
}

// Lacks fails the test if the body has a text in it.
func (a *Answer) Lacks(text string) *Answer {
	a.t.Helper()
	if bytes.Contains(a.Body, []byte(text)) {
		a.t.Errorf("%s: %q must not be in %s", a.asked, text, a)
	}
	return a
}

// String is the answer for a message.
func (a *Answer) String() string {
	const enough = 2000
	body := string(a.Body)
	if len(body) > enough {
		body = body[:enough] + "…"
	}
	return fmt.Sprintf("%d %s", a.Status, body)
}
