package developers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"parley"
)

// keysWith is the list of keys of a status that have a text in their names.
func keysWith(status, text string) string {
	q := url.Values{}
	for name, value := range map[string]string{"status": status, "q": text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return keys
	}
	return keys + "?" + q.Encode()
}

// invalid marks an input that something is wrong with.
func invalid(message string) templ.Attributes {
	if message == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true"}
}

// spaced is a name of our words as people write it.
func spaced(name string) string {
	text := strings.ReplaceAll(name, "_", " ")
	if rest, ok := strings.CutPrefix(text, "api "); ok {
		return "API " + rest
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func scopeWord(action string) string {
	switch action {
	case "read":
		return "read"
	case "write":
		return "read and write"
	}
	return "nothing"
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// shortID is the end of an id, enough to tell it from others beside it.
func shortID(id string) string {
	prefix, rest, found := strings.Cut(id, "_")
	if !found || len(rest) != 26 {
		return id
	}
	return prefix + "_…" + rest[len(rest)-6:]
}

func eventAddress(id parley.EventID) string { return events + "/" + string(id) }
