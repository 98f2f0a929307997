package settings

import (
	"errors"
	"net/url"
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

// requests are the parts of an error that tell a program what to ask the API, and each of
// what it is told to ask.
var (
	requests = regexp.MustCompile(`\s*\(GET /v1/[^)]*\)`)
	request  = regexp.MustCompile(`GET /v1/([a-z_]+)\??([^), ]*)`)
)

// plainly tells people what an error tells programs: a request of the API becomes a link
// to the page that shows the same.
func plainly(text string) (plain string, ways []ui.Link) {
	found := request.FindAllStringSubmatch(strings.Join(requests.FindAllString(text, -1), ""), -1)
	for _, part := range found {
		way := ui.Link{Text: "Show them.", URL: "/" + part[1]}
		if len(found) > 1 {
			way.Text = "Show the " + strings.ReplaceAll(part[1], "_", " ") + "."
		}
		q, _ := url.ParseQuery(part[2]) // what it cannot read is left out
		switch part[1] {
		case "conversations":
			way.URL = "/inbox"
		case "categories": // they are on the page of their portal
			way.URL = portals + "/" + url.PathEscape(q.Get("portal_id"))
			q = nil
		}
		way.URL = address(way.URL, q)
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
