package api_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/house"
)

// secret is an organization that others may learn nothing of.
type secret struct {
	client *house.Client
	ids    map[string][]string // of its objects, by their prefixes
	owns   map[string]bool
}

// secretWord stands in every text of the secret organization, and in no request of
// any other.
const secretWord = "zanzibarite"

// fill makes the secret organization and fills it.
func (z *fuzzer) fill(t testing.TB) secret {
	t.Helper()
	c := &client{fixture: furnish(t, z.house.AddOrganization(t)).whole(), kinds: z.kinds}
	by := choose(nil, 1, "secret", 0)
	for _, op := range z.operations {
		if op.said.RequestBody == nil || op.said.RequestBody.Value.Content["application/json"] == nil {
			continue
		}
		schema := op.said.RequestBody.Value.Content["application/json"].Schema.Value
		for range 4 {
			a := &author{choices: by, word: secretWord, id: func(prefix string) string {
				if len(c.kinds[prefix]) == 0 {
					return prefix
				}
				return c.id(pick(by, c.kinds[prefix]))
			}}
			c.Do(op.method, c.says(op.template(t)), a.value("", schema, 0).String())
		}
	}
	s := secret{c.Client, map[string][]string{}, map[string]bool{}}
	full := 0
	for _, text := range rows(t, z.house, c.Client) {
		if strings.Contains(text, secretWord) {
			full++
		}
		for _, id := range idsIn(text) {
			s.owns[id] = true
		}
	}
	if full < 10 {
		t.Fatalf("only %d tables hold a secret", full)
	}
	for _, id := range slices.Sorted(maps.Keys(s.owns)) {
		prefix, _, _ := strings.Cut(id, "_")
		s.ids[prefix] = append(s.ids[prefix], id)
	}
	return s
}

// in finds something of the secret organization in an answer that was not in the
// request.
func (s secret) in(got *house.Answer, sent attempt) string {
	said := got.Body
	for name, values := range got.Header {
		said = append(said, fmt.Sprint("\n", name, values)...)
	}
	if bytes.Contains(bytes.ToLower(said), []byte(secretWord)) {
		return secretWord
	}
	asked := strings.ToLower(sent.path + sent.body + strings.Join(sent.header, ""))
	for rest := said; ; {
		before, after, found := bytes.Cut(rest, []byte("_"))
		if !found {
			return ""
		}
		rest = after
		start := bytes.LastIndexFunc(before, func(r rune) bool { return r < 'a' || r > 'z' }) + 1
		id := string(before[start:]) + "_" + string(after[:min(len(after), 26)])
		if s.owns[id] && !strings.Contains(asked, id) {
			return id
		}
	}
}

// checkWhole checks that an organization is in order: its log has no gaps, and every
// list can be read to its end.
func (z *fuzzer) checkWhole(t *testing.T, c *client) {
	t.Helper()
	var last int64
	for {
		events := c.Events(last)
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			if e.Sequence != last+1 {
				t.Errorf("in the log, %d follows %d", e.Sequence, last)
			}
			last = e.Sequence
		}
	}
	if head := c.Head(); head != last {
		t.Errorf("the log ends at %d, and its head is %d", last, head)
	}
	for _, op := range z.operations {
		if op.method != http.MethodGet || strings.Contains(op.path, "{") || op.said.Parameters.GetByInAndName("query", "cursor") == nil {
			continue
		}
		for cursor := "start"; cursor != ""; {
			path := op.path + "?limit=200"
			if cursor != "start" {
				path += "&cursor=" + cursor
			}
			cursor = next(c.Get(path))
		}
	}
}
