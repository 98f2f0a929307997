package docs_test

import (
	"cmp"
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"parley"
	"parley/internal/account"
)

var (
	told  = regexp.MustCompile(`(?s)<section class="op[^"]*" id="([^"]*)">(.*?)</section>`)
	shown = regexp.MustCompile(`(?s)<figcaption><span>(.*?)</span>.*?<code>(.*?)</code>`)
	tags  = regexp.MustCompile(`<[^>]*>`)
)

// example is a piece of code on a page.
type example struct {
	section string // the id of the operation, event or object that it belongs to
	title   string
	text    string
}

func examples(page string) (found []example) {
	for _, section := range told.FindAllStringSubmatch(page, -1) {
		for _, code := range shown.FindAllStringSubmatch(section[2], -1) {
			found = append(found, example{section[1], code[1], plain(code[2])})
		}
	}
	return found
}

// plain is what a reader copies.
func plain(code string) string { return html.UnescapeString(tags.ReplaceAllString(code, "")) }

func TestExampleAnswersFitTheirSchemas(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	doc, err := openapi3.NewLoader().LoadFromData(get(door, "/openapi.json", nil).Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]*openapi3.Schema{} // by section and title
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for code, answer := range op.Responses.Map() {
				if content := answer.Value.Content["application/json"]; content != nil {
					schemas[op.OperationID+" "+code] = content.Schema.Value
				}
			}
		}
	}
	for name, hook := range doc.Webhooks {
		schemas[name+" standard,"] = hook.Post.RequestBody.Value.Content["application/json"].Schema.Value
	}
	checked := 0
	for path, page := range crawl(t, door) {
		for _, e := range examples(page) {
			code, _, _ := strings.Cut(e.title, " ")
			schema := schemas[e.section+" "+code]
			if schema == nil {
				continue
			}
			var value any
			if err := json.Unmarshal([]byte(e.text), &value); err != nil {
				t.Errorf("%s: %s (%s) is not JSON: %v", path, e.section, e.title, err)
			}
			checked++
			if err := schema.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors()); err != nil {
				t.Errorf("%s: the example of %s (%s) does not fit its schema: %v\n%s", path, e.section, e.title, err, e.text)
			}
		}
	}
	if least := len(schemas); checked < least {
		t.Errorf("%d examples were checked, want one for each of the %d answers and events", checked, least)
	}
}

// asked is a request that a page shows as a curl command.
type asked struct {
	method, path, body string
	header             http.Header
}

var (
	curlURL    = regexp.MustCompile(`"\$PARLEY_URL([^"]*)"`)
	curlMethod = regexp.MustCompile(`-X (\w+) `)
	curlFile   = regexp.MustCompile(`-F "(\w+)=@([^"]*)"`)
	anID       = regexp.MustCompile(`([a-z]+)_[0-9a-hjkmnp-tv-z]{26}`)
	curlHeader = regexp.MustCompile(`-H "([^:"]*): ([^"]*)"`)
)

// read reads a curl command as a shell would.
func read(command, key string) asked {
	r := asked{method: http.MethodGet, header: http.Header{}}
	if url := curlURL.FindStringSubmatch(command); url != nil {
		r.path = strings.ReplaceAll(url[1], "$NEXT_CURSOR", "")
	}
	if _, body, ok := strings.Cut(command, "-d '"); ok {
		r.method, r.body = http.MethodPost, strings.ReplaceAll(strings.TrimSuffix(body, "'"), `'\''`, "'")
	}
	if file := curlFile.FindStringSubmatch(command); file != nil {
		r.method, r.body = http.MethodPost, "--part\r\nContent-Disposition: form-data; name=\""+file[1]+"\"; filename=\""+file[2]+"\"\r\n\r\nbytes\r\n--part--\r\n"
		r.header.Set("Content-Type", "multipart/form-data; boundary=part")
	}
	if _, name, ok := strings.Cut(command, "--data-binary @"); ok {
		r.method, r.body = http.MethodPost, "the bytes of "+name
	}
	if method := curlMethod.FindStringSubmatch(command); method != nil {
		r.method = method[1]
	}
	for _, header := range curlHeader.FindAllStringSubmatch(command, -1) {
		r.header.Set(header[1], strings.ReplaceAll(header[2], "$PARLEY_API_KEY", key))
	}
	return r
}

// before orders requests so that each finds what it asks for: what is made comes
// first, near the root before far from it, and what names little before what names
// much; what is cancelled comes after what begins it; what is deleted comes last, and
// the other way round.
func before(a, b asked) int {
	deletes := func(r asked) int { return strings.Count(r.method, http.MethodDelete) }
	reads := func(r asked) int { return 1 - strings.Count(r.method, http.MethodPost) }
	depth := func(r asked) int { return strings.Count(r.path, "/") }
	names := func(r asked) int { return len(anID.FindAllString(r.body, -1)) }
	cancels := func(r asked) int { return strings.Count(r.path, "/cancel_") }
	order := cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(reads(a), reads(b)), cmp.Compare(names(a), names(b)), cmp.Compare(cancels(a), cancels(b)), strings.Compare(a.path, b.path), strings.Compare(a.body, b.body))
	if deletes(a)+deletes(b) == 2 {
		return -order
	}
	return cmp.Or(cmp.Compare(deletes(a), deletes(b)), order)
}

// Every request on the pages is made. Its ids are made up; in their places stand
// those of what the requests before it made.
func TestExampleRequestsWork(t *testing.T) {
	t.Parallel()
	door, accounts := newAPI(t)
	founded, err := accounts.Found(t.Context(), account.Founding{
		Name: "Example Bakery", Owner: "Alan", Email: "alan@example.com", Password: "a password for tests", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]asked{}
	for _, page := range crawl(t, door) {
		for _, code := range shown.FindAllStringSubmatch(page, -1) {
			if text := plain(code[2]); strings.HasPrefix(text, "curl ") && !strings.HasPrefix(text, "curl -N") {
				commands[text] = read(text, founded.Key)
			}
		}
	}
	if len(commands) < 50 {
		t.Fatalf("the pages have %d requests, want one for each operation", len(commands))
	}
	real := map[string]string{"inb": string(founded.Inbox.ID), "usr": string(founded.Owner.ID)}
	known := func(text string) string {
		return anID.ReplaceAllStringFunc(text, func(found string) string {
			prefix, _, _ := strings.Cut(found, "_")
			return cmp.Or(real[prefix], found)
		})
	}
	earlier := map[string]string{} // for a body that names another object of the kind that the path does
	for _, r := range slices.SortedFunc(maps.Values(commands), before) {
		body := known(r.body)
		if id := anID.FindStringSubmatch(known(r.path)); id != nil {
			body = strings.ReplaceAll(body, id[0], cmp.Or(earlier[id[1]], id[0]))
		}
		sent := httptest.NewRequest(r.method, known(r.path), strings.NewReader(body))
		sent.Header = r.header
		answer := httptest.NewRecorder()
		door.ServeHTTP(answer, sent)
		undelivered := answer.Code == http.StatusNotFound && strings.Contains(r.path, "/dlv_")                            // nothing delivers here
		needed := answer.Code == http.StatusConflict && r.method != http.MethodPost                                       // by what another one made
		overtaken := answer.Code == http.StatusConflict && strings.Contains(answer.Body.String(), "which does not allow") // by another one's verb
		if answer.Code >= 300 && !undelivered && !needed && !overtaken {
			t.Errorf("%s %s answers %s\n%s", r.method, known(r.path), answer.Body, r.body)
		}
		var made struct{ ID string }
		if json.Unmarshal(answer.Body.Bytes(), &made) == nil && answer.Code == http.StatusCreated {
			prefix, _, _ := strings.Cut(made.ID, "_")
			earlier[prefix], real[prefix] = real[prefix], made.ID
			for _, id := range anID.FindAllStringSubmatch(answer.Body.String(), -1) {
				real[id[1]] = cmp.Or(real[id[1]], id[0]) // of a part
			}
		}
	}
}
