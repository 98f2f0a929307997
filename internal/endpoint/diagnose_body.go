package endpoint

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/textproto"
	"reflect"
	"strings"
)

// parseHeaders reads headers as people paste them: lines "Name: value", also with what
// curl -v or -H puts around them, the environment of a CGI program, or a JSON object. The
// names are in small letters; of several values the first counts.
func parseHeaders(text string) map[string]string {
	headers := map[string]string{}
	put := func(name, value string) {
		name = strings.ToLower(strings.TrimSpace(name))
		if cgi, ok := strings.CutPrefix(name, "http_"); ok {
			name = strings.ReplaceAll(cgi, "_", "-")
		}
		if value = strings.TrimSpace(value); headers[name] == "" {
			headers[name] = value
		}
	}
	var members map[string]any
	if unmarshal([]byte(text), &members) == nil {
		for name, value := range members {
			if several, ok := value.([]any); ok && len(several) > 0 {
				value = several[0]
			}
			put(name, fmt.Sprint(value))
		}
		return headers
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(strings.TrimSpace(line), `\ ,`)
		for _, before := range []string{"curl ", ">", "<", "--header", "-H"} {
			line = strings.TrimSpace(strings.TrimPrefix(line, before))
		}
		line = strings.Trim(line, `'"`)
		name, value, found := strings.Cut(line, ":")
		if !found {
			name, value, found = strings.Cut(line, "=")
		}
		if found {
			put(strings.Trim(name, `'" `), strings.Trim(strings.TrimSpace(value), `'"`))
		}
	}
	return headers
}

// encodes tells whether a text is the base64 of so many bytes.
func encodes(text string, size int) bool {
	b, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(b) == size
}

// quoted is a text of the request's as it may stand in a sentence.
func quoted(text string) string {
	const enough = 80
	if len(text) > enough {
		text = text[:enough] + "…"
	}
	return fmt.Sprintf("%q", textproto.TrimString(text))
}

// maxRespelled is how many bytes a body may have of which other spellings are tried.
const maxRespelled = 512 << 10

// respelled are the ways in which a body is often changed unawares, undone.
func respelled(body []byte) (all []wording) {
	if len(body) > maxRespelled {
		return nil
	}
	add := func(other []byte, says string) {
		if !bytes.Equal(other, body) {
			all = append(all, wording{other, says})
		}
	}
	lines := bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	add(bytes.TrimRight(body, "\r\n"), "it has line breaks at its end that were not there")
	add(bytes.TrimSpace(body), "it has spaces or line breaks around it that were not there")
	add(append(bytes.Clone(body), '\n'), "the line break at its end is missing")
	add(lines, "its line breaks are \\r\\n and were \\n")
	add(bytes.TrimPrefix(body, []byte("\ufeff")), "it begins with a byte order mark that was not there")
	var compact bytes.Buffer
	if json.Compact(&compact, body) != nil {
		return all
	}
	add(compact.Bytes(), "it is the same JSON written with other spaces, as if it had been parsed and written anew")
	for _, indent := range []string{"  ", "    ", "\t"} {
		var indented bytes.Buffer
		if json.Indent(&indented, body, "", indent) == nil {
			add(indented.Bytes(), "it is the same JSON written without its indentation, as if it had been parsed and written anew")
		}
	}
	return all
}

// differing says in which way a body differs from what was sent.
func differing(sent, body []byte) string {
	var a, b any
	if unmarshal(sent, &a) == nil && unmarshal(body, &b) == nil && reflect.DeepEqual(a, b) {
		return "with the same content, and it was parsed and written anew since: its spaces, the order of its members or its escapes are others"
	}
	at := 0
	for at < len(sent) && at < len(body) && sent[at] == body[at] {
		at++
	}
	return fmt.Sprintf("with other content: the two differ from byte %d on, of %d sent and %d here", at+1, len(sent), len(body))
}

func unmarshal(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

// memberID is the member id of a body that is a JSON object; "": it has none.
func memberID(body []byte) string {
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	return object.ID
}
