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
	if op.Method != http.MethodGet && (op.Method != http.MethodPost || body == nil && formOf(op) == nil) {
		line += "-X " + op.Method + " "
	}
	if streams(op) {
		line += "-N "
	}
	if sendsFile(op) {
		line += "-OJ "
	}
	const next = " \\\n  "
	command := escaped(line+`"$PARLEY_URL`) + breakable(s.filled(op)+s.query(op)) +
		escaped(`"`+next+`-H "Authorization: Bearer $PARLEY_API_KEY"`)
	if formOf(op) != nil {
		return command + escaped(next+`-F "file=@oven.jpg"`)
	}
	if body == nil {
		return command
	}
	command += escaped(next + `-H "Content-Type: application/json"` + next + "-d '")
	quote := string(escaped("'"))
	return command + template.HTML(strings.ReplaceAll(string(highlighted(body)), quote, quote+`\`+quote+quote)) + "'"
}

// filled is an operation's path with example values in the places of parameters.
func (s *site) filled(op *huma.Operation) string {
	return parameter.ReplaceAllStringFunc(op.Path, func(p string) string {
		return url.PathEscape(s.pathExample(op, strings.Trim(p, "{}")))
	})
}

// pathExample is an example of what a parameter of an operation's path may be: what
// the parameter gives as one, else the id or the name of what is found below it.
func (s *site) pathExample(op *huma.Operation, name string) string {
	for _, p := range op.Parameters {
		if p.Name == name && p.In == "path" && len(p.Schema.Examples) > 0 {
			return said(treeOf(p.Schema.Examples[0]))
		}
	}
	below, _, _ := strings.Cut(op.Path, "/{"+name+"}")
	if strings.HasSuffix(name, "id") {
		name = "id"
	}
	for _, member := range []string{name, "name"} {
		if v, ok := s.found(below).get(member); ok {
			return said(v)
		}
	}
	return strings.ToUpper(name)
}

// found is an example of the objects that are found at a path or right below it.
func (s *site) found(path string) object {
	for pattern, item := range s.doc.Paths {
		below, ok := strings.CutPrefix(pattern, path)
		if item.Get == nil || !ok || below != "" && parameter.FindString(below) != below[1:] {
			continue
		}
		if ref := s.success(item.Get).object; ref != "" {
			o, _ := s.examples.answer(&huma.Schema{Ref: ref}).(object)
			return o
		}
	}
	return nil
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
