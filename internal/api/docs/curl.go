package docs

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// curl is a command that makes a request, as it can be pasted into a shell that
// has PARLEY_URL and PARLEY_API_KEY.
func (s *site) curl(op *huma.Operation, body tree) template.HTML {
	line := "curl "
	if op.Method != http.MethodGet && (op.Method != http.MethodPost || body == nil) {
		line += "-X " + op.Method + " "
	}
	if streams(op) {
		line += "-N "
	}
	const next = " \\\n  "
	line += `"$PARLEY_URL` + s.filled(op) + s.query(op) + `"` + next + `-H "Authorization: Bearer $PARLEY_API_KEY"`
	if body == nil {
		return escaped(line)
	}
	line += next + `-H "Content-Type: application/json"` + next + "-d '"
	quote := string(escaped("'"))
	return escaped(line) + template.HTML(strings.ReplaceAll(string(highlighted(body)), quote, quote+`\`+quote+quote)) + "'"
}

// filled is an operation's path with example values in the places of parameters.
func (s *site) filled(op *huma.Operation) string {
	path := ""
	for _, segment := range strings.Split(op.Path, "/")[1:] {
		name, ok := strings.CutPrefix(segment, "{")
		if ok {
			segment = url.PathEscape(s.pathExample(path, strings.TrimSuffix(name, "}"), op))
		}
		path += "/" + segment
	}
	return path
}

// pathExample is an example of what a parameter below a path may be: what the
// parameter gives as one, else the id or the name of what is found below the path.
func (s *site) pathExample(below, name string, op *huma.Operation) string {
	for _, p := range op.Parameters {
		if p.Name == name && p.In == "path" && len(p.Schema.Examples) > 0 {
			return said(treeOf(p.Schema.Examples[0]))
		}
	}
	if o := s.found(below); o != nil {
		for _, member := range []string{"id", name} {
			if v, ok := o.get(member); ok {
				return said(v)
			}
		}
	}
	return strings.ToUpper(name)
}

// found is an example of the objects that are listed at a path, or else are made
// there.
func (s *site) found(path string) object {
	for pattern, item := range s.doc.Paths {
		if !matches(pattern, path) {
			continue
		}
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op == nil {
				continue
			}
			if ref := s.success(op).object; ref != "" {
				o, _ := s.examples.answer(&huma.Schema{Ref: ref}).(object)
				return o
			}
		}
	}
	return nil
}

// matches tells whether a path with example values is one of a pattern with
// parameters.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}

// query are the parameters that a request must have.
func (s *site) query(op *huma.Operation) string {
	values := url.Values{}
	for _, p := range op.Parameters {
		if p.In == "query" && p.Required {
			values.Set(p.Name, said(s.examples.answer(p.Schema)))
		}
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// said is a value as it stands in an address.
func said(t tree) string {
	raw, ok := t.(json.RawMessage)
	if !ok {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
