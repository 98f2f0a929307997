package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

const answerFile = "answer.json"

// use takes credentials from a file.
func use(ts *testscript.TestScript, _ bool, args []string) {
	var c struct {
		APIKey         string `json:"api_key"`
		OrganizationID string `json:"organization_id"`
		InboxID        string `json:"inbox_id"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &c))
	ts.Setenv("PARLEY_API_KEY", c.APIKey)
	ts.Setenv("ORG", c.OrganizationID)
	ts.Setenv("INBOX", c.InboxID)
}

// request asks the server: METHOD PATH STATUS [BODY] [HEADER=VALUE…].
func request(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	body, header := "", http.Header{}
	for _, arg := range args[3:] {
		if name, value, ok := strings.Cut(arg, "="); ok && !strings.HasPrefix(arg, "{") {
			header.Set(name, value)
		} else if file, ok := strings.CutPrefix(arg, "@"); ok {
			body = ts.ReadFile(file)
		} else {
			body = arg
		}
	}
	answer, err := ask(ts.Getenv("PARLEY_URL"), ts.Getenv("PARLEY_API_KEY"), args[0], args[1], body, header)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(answerFile), answer.body, 0o600))
	ts.Setenv("REPLAYED", answer.header.Get("Idempotency-Replayed"))
	if answer.status != want {
		ts.Fatalf("%s %s answered %d, want %d\n%s", args[0], args[1], answer.status, want, answer.body)
	}
}

// follow asks for a link: LINK STATUS [PATTERN].
func follow(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := ask("", "", http.MethodGet, args[0], "", nil)
	ts.Check(err)
	if strconv.Itoa(answer.status) != args[1] {
		ts.Fatalf("%s answered %d, want %s\n%s", args[0], answer.status, args[1], answer.body)
	}
	if len(args) == 2 {
		return
	}
	page, err := answer.page()
	ts.Check(err)
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	if !pattern.Match(page) {
		ts.Fatalf("%s answered\n%s\nwant %q", args[0], page, args[2])
	}
}

// page is an answer's headers and body.
func (r reply) page() ([]byte, error) {
	var page bytes.Buffer
	err := r.header.Write(&page)
	page.Write(r.body)
	return page.Bytes(), err
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// ask makes a request and reads its answer.
func ask(server, key, method, path, body string, header http.Header) (reply, error) {
	client := http.Client{Timeout: 30 * time.Second}
	r, err := http.NewRequest(method, server+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Close = true // a connection that was kept might be one that a story has cut
	answer, err := client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, text}, err
}

// save sets a variable to a value of the answer: NAME .path.
func save(ts *testscript.TestScript, _ bool, args []string) {
	value, err := lookUp([]byte(ts.ReadFile(answerFile)), args[1])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	ts.Setenv(args[0], value)
}

// lookUp finds a value in JSON by a path like .data[0].id and gives it as text;
// .data.length is how many a list has.
func lookUp(text []byte, path string) (string, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", fmt.Errorf("the answer is not JSON: %w\n%s", err, text)
	}
	steps := strings.FieldsFunc(strings.NewReplacer("[", ".", "]", "").Replace(path), func(r rune) bool { return r == '.' })
	for _, step := range steps {
		next, err := into(value, step)
		if err != nil {
			return "", fmt.Errorf("%s: %w in\n%s", path, err, text)
		}
		value = next
	}
	if s, ok := value.(string); ok {
		return s, nil
	}
	encoded, err := json.Marshal(value)
	return string(encoded), err
}

func into(value any, step string) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		if next, ok := v[step]; ok {
			return next, nil
		}
	case []any:
		if step == "length" {
			return len(v), nil
		}
		if i, err := strconv.Atoi(step); err == nil && i < len(v) {
			return v[i], nil
		}
	}
	return nil, fmt.Errorf("there is no %q", step)
}
