package settings

import (
	"errors"
	"regexp"
	"strings"

	"parley"
	"parley/internal/dashboard/ui"
)

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// said is a text that may not be there.
func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeio") {
		return "an " + noun
	}
	return "a " + noun
}

// requests are the parts of an error that tell a program what to ask the API.
var requests = regexp.MustCompile(`\s*\(GET /v1/([a-z_]+)\??([^)]*)\)`)

// plainly tells people what an error tells programs: a request of the API becomes a link
// to the page that shows the same.
func plainly(text string) (plain string, ways []ui.Link) {
	for _, found := range requests.FindAllStringSubmatch(text, -1) {
		path := "/" + found[1]
		if path == "/conversations" {
			path = "/inbox"
		}
		way := ui.Link{Text: "Show them.", URL: path}
		if found[2] != "" {
			way.URL += "?" + found[2]
		}
		ways = append(ways, way)
	}
	return requests.ReplaceAllString(text, ""), ways
}

// reason is why a verb refused something.
func reason(err error) string {
	var e *parley.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if len(e.Fields) == 0 {
		return e.Detail
	}
	said := make([]string, 0, len(e.Fields))
	for _, f := range e.Fields {
		said = append(said, f.Message)
	}
	return "This " + strings.Join(said, "; ") + "."
}

func pick(noun string) string { return "/pick/" + noun }
