package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// target is an operation with all that the document says of it.
type target struct {
	operation
	said *openapi3.Operation
}

// attempt is a request, made to be a good one or not.
type attempt struct {
	method, path string
	body         string
	header       []string
}

func (a attempt) String() string {
	const enough = 3000
	body := a.body
	if len(body) > enough {
		body = fmt.Sprintf("%s… (%d bytes)", body[:enough], len(body))
	}
	return fmt.Sprintf("%s %s\nheader %q\nbody %q", a.method, a.path, a.header, body)
}

// client is an organization that requests are made in the name of.
type client struct {
	*fixture
	kinds   map[string][]string // the names of the fixture's objects, by the prefix of their ids
	foreign map[string][]string // another organization's ids, by prefix
	cursors []string
	etags   []string
}

// author makes values in the client's name.
func (c *client) author(by *choices) *author {
	return &author{choices: by, id: func(prefix string) string {
		own, foreign := c.kinds[prefix], c.foreign[prefix]
		switch {
		case len(foreign) > 0 && by.once(12):
			return pick(by, foreign)
		case len(own) > 0 && !by.once(12):
			return c.id(pick(by, own))
		}
		return prefix + "_01kaf0v3b6f3nb8h5r0z7c4q9j"
	}}
}

// request makes a request for an operation; most of them are good but for one thing
// or two.
func (c *client) request(by *choices, op target) attempt {
	a := attempt{method: op.method}
	if by.once(60) {
		a.method = pick(by, []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"})
	}
	a.path = c.path(by, op)
	a.query(c, by, op)
	a.headers(c, by, op)
	if op.said.RequestBody != nil {
		c.fillBody(&a, by, op)
	} else if by.once(15) {
		a.body = pick(by, odd)
	}
	return a
}

var pathParameter = regexp.MustCompile(`\$[a-z_]+`)

// path puts ids into an operation's path: mostly those of objects that there are.
func (c *client) path(by *choices, op target) string {
	return pathParameter.ReplaceAllStringFunc(op.template(c.t), func(name string) string {
		id := c.id(name[1:])
		prefix, _, _ := strings.Cut(id, "_")
		switch {
		case !by.once(8):
			return url.PathEscape(id)
		case len(c.foreign[prefix]) > 0 && by.once(3):
			return pick(by, c.foreign[prefix])
		}
		return pick(by, []string{
			"x", "%00", "%ff", "%2F", "%2e%2e", "..", ".", "%20", "", "null", "%F0%9F%8D%9E", strings.ToUpper(id), id + "x", id[:len(id)-1], "*", "'", "%25", prefix + "_", strings.Repeat("a", 5000),
			prefix + "_01kaf0v3b6f3nb8h5r0z7c4q9j", prefix + "_zzzzzzzzzzzzzzzzzzzzzzzzzz", "-1", "1e9", "a;b=c", "a%0Ab",
		})
	})
}

var oddParameters = []string{
	"", "x", "-1", "0", "1.5", "1e9", "201", "99999999999999999999", "%00", "%ff", "%zz", "%", "true", "%F0%9F%8D%9E", "2026-11-20T10%3A30%3A00Z", "2026-13-01T00%3A00%3A00Z", "0001-01-01T00%3A00%3A00Z",
	"%25%25%25", "_", "'%20or%201%3D1--", strings.Repeat("a", 5000), "AAAAAAAA", "custom.%2A", "conversation.%2A,%2A,message.created", ",,,", "%0a", "999999999999999", "none", "a&a=b", "[]", "%7B%7D", "a;b",
}

func (a *attempt) query(c *client, by *choices, op target) {
	var parts []string
	for _, p := range op.said.Parameters {
		if p.Value.In != openapi3.ParameterInQuery || !p.Value.Required && !by.once(3) {
			continue
		}
		value := url.QueryEscape(strings.Trim(c.author(by).value(p.Value.Name, p.Value.Schema.Value, 0).String(), `"`))
		switch {
		case p.Value.Name == "cursor" && len(c.cursors) > 0 && !by.once(4):
			value = pick(by, c.cursors)
		case strings.HasSuffix(p.Value.Name, "_id") && !by.once(3):
			value = c.author(by).id(pick(by, sortedNames(c.kinds)))
		case by.once(4):
			value = pick(by, oddParameters)
		}
		for range 1 + by.below(10)/9 {
			parts = append(parts, p.Value.Name+"="+value)
		}
	}
	if by.once(25) {
		parts = append(parts, pick(by, []string{"unknown=1", "LIMIT=1", "=", "limit", "cursor", "a[b]=1", "org_id=x", "limit=1&limit=2", "%00=1", "%zz", "&&&"}))
	}
	if len(parts) > 0 {
		a.path += "?" + strings.Join(parts, "&")
	}
}

// oddHeaders are values that a header may have without the request being refused by
// the HTTP client of the test.
var oddHeaders = []string{"x", `"x"`, `W/"1"`, `"-1"`, `"99999999999999999999"`, `"1","2"`, "1", "*", `""`, `"`, "\xff\xfe", "é", strings.Repeat("k", 255), strings.Repeat("k", 256), strings.Repeat("k", 20_000), "a\tb", " "}

func (a *attempt) headers(c *client, by *choices, op target) {
	set := func(name, value string) { a.header = append(a.header, name, value) }
	for _, p := range op.said.Parameters {
		if p.Value.In != openapi3.ParameterInHeader || !by.once(4) {
			continue
		}
		switch {
		case p.Value.Name == "If-Match" && len(c.etags) > 0 && by.once(2):
			set("If-Match", pick(by, c.etags))
		case p.Value.Name == "Idempotency-Key" && by.once(2):
			set("Idempotency-Key", pick(by, []string{"1", "2", "3"})) // so that they come again
		default:
			set(p.Value.Name, pick(by, oddHeaders))
		}
	}
	if by.once(25) {
		set("Content-Type", pick(by, []string{
			"", "text/plain", "application/json; charset=latin-1", "application/merge-patch+json", "APPLICATION/JSON", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/json, text/plain", ";", "\xff",
		}))
	}
	if by.once(40) {
		set(pick(by, []string{"Accept", "Accept-Encoding", "Content-Encoding", "If-None-Match", "X-Forwarded-For", "Cookie", "Origin", "Range", "X-Http-Method-Override"}),
			pick(by, []string{"x", "gzip", "*", "0-", "bytes=0-1", "DELETE", "application/xml"}))
	}
}

// fillBody makes a body as the document describes it, and mostly spoils it.
func (c *client) fillBody(a *attempt, by *choices, op target) {
	content := op.said.RequestBody.Value.Content
	media := pick(by, slices.Sorted(maps.Keys(content)))
	if !strings.HasSuffix(media, "json") {
		if !slices.Contains(a.header, "Content-Type") {
			a.header = append(a.header, "Content-Type", pick(by, []string{media, "application/octet-stream", "image/png", "text/html", "application/json", "x"}))
		}
		a.body = pick(by, []string{"", "\x89PNG\r\n\x1a\n", "<script>alert(1)</script>", "\x00\xff", strings.Repeat("binary", 20_000), "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--x--\r\n", "{}"})
		return
	}
	body := c.author(by).value("", content[media].Schema.Value, 0)
	if good, ok := bodies[op.id]; ok && by.once(3) {
		var known any
		if json.Unmarshal([]byte(c.says(good)), &known) == nil {
			body = nodeOf(known)
			body.fixPlaces()
		}
	}
	for range by.below(4) {
		by.spoil(body)
	}
	a.body = body.String()
	if by.once(12) {
		a.body = by.breakUp(a.body)
	}
}

// fixPlaces has the server connect nowhere that was not meant.
func (n *node) fixPlaces() {
	for i, inner := range n.inner {
		if n.open == '{' && isPlace(strings.Trim(n.names[i], `"`)) {
			*inner = *quoted(places[0])
			inner.fixed = true
		}
		inner.fixPlaces()
	}
}

// learn keeps what an answer gives for later requests.
func (c *client) learn(status int, header http.Header, body []byte) {
	const enough = 20
	if etag := header.Get("ETag"); etag != "" && len(c.etags) < enough {
		c.etags = append(c.etags, etag)
	}
	var page struct {
		NextCursor string `json:"next_cursor"`
	}
	if status == http.StatusOK && json.Unmarshal(body, &page) == nil && page.NextCursor != "" && len(c.cursors) < enough {
		c.cursors = append(c.cursors, page.NextCursor)
	}
}
