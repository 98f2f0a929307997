package docs_test

import (
	"compress/gzip"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"parley"
	"parley/internal/web"
)

// pages are all pages and assets that can be reached from /docs, by path.
type pages map[string]string

var link = regexp.MustCompile(`(?:href|src|data-index)="([^"]*)"`)

// crawl follows every link from /docs.
func crawl(t *testing.T, door http.Handler) pages {
	t.Helper()
	all := pages{}
	for queue := []string{"/docs"}; len(queue) > 0; {
		path := queue[0]
		queue = queue[1:]
		if _, seen := all[path]; seen {
			continue
		}
		answer := get(door, path, nil)
		if answer.Code != http.StatusOK {
			t.Errorf("%s is linked to and answers %d", path, answer.Code)
		}
		all[path] = answer.Body.String()
		for _, to := range links(all[path]) {
			if path, _, _ := strings.Cut(to, "#"); strings.HasPrefix(path, "/docs") {
				queue = append(queue, path)
			}
		}
	}
	return all
}

func links(page string) (to []string) {
	for _, match := range link.FindAllStringSubmatch(page, -1) {
		to = append(to, html.UnescapeString(match[1]))
	}
	return to
}

func get(door http.Handler, path string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	answer := httptest.NewRecorder()
	door.ServeHTTP(answer, r)
	return answer
}

// has tells whether a page has an element with the id.
func has(page, id string) bool { return strings.Contains(page, ` id="`+html.EscapeString(id)+`"`) }

// document is the part of the OpenAPI document that tests look at.
type document struct {
	Paths    map[string]map[string]struct{ OperationID string }
	Webhooks map[string]any
}

func readDocument(t *testing.T, door http.Handler) (doc document) {
	t.Helper()
	if err := json.Unmarshal(get(door, "/openapi.json", nil).Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestEveryOperationAndEventIsTold(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	all := crawl(t, door)
	doc := readDocument(t, door)
	told := 0
	for path, item := range doc.Paths {
		for method, op := range item {
			found := false
			for url, page := range all {
				found = found || strings.HasPrefix(url, "/docs/api/") && has(page, op.OperationID)
			}
			if told++; !found {
				t.Errorf("%s %s (%s) is told on no page", method, path, op.OperationID)
			}
		}
	}
	for name := range doc.Webhooks {
		if told++; !has(all["/docs/events/"+name], name) || !strings.Contains(all["/docs/events"], `"/docs/events/`+name+`"`) {
			t.Errorf("%s is not told", name)
		}
	}
	if least := len(parley.Catalogue()) + 50; told < least {
		t.Errorf("the document has %d operations and events, want at least %d", told, least)
	}
	for _, c := range parley.ContentTypes() {
		if id := "message-content-" + strings.ReplaceAll(c.Name, "_", "-"); !has(all["/docs/api/messages"], id) {
			t.Errorf("content of type %s is not told at %s", c.Name, id)
		}
	}
}

func TestEveryKindOfErrorIsToldWhereItLeads(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	page := get(door, "/docs", nil).Body.String()
	for kind := parley.Internal; kind <= parley.InsufficientSpace; kind++ {
		problem := web.ProblemOf(parley.Errorf(kind, "No."), "")
		path, id, _ := strings.Cut(problem.Type, "#")
		if path != "/docs" || !has(page, id) {
			t.Errorf("nothing is told at %s", problem.Type)
		}
		_, told, _ := strings.Cut(page, ` id="`+id+`"`)
		told, _, _ = strings.Cut(told, "</section>")
		if strings.Contains(told, "<p></p>") {
			t.Errorf("it is not told what %d means, or what to do", problem.Status)
		}
	}
}

func TestEveryLinkHasATarget(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	all := crawl(t, door)
	var index []struct{ U string }
	for path, page := range all {
		for _, to := range links(page) {
			if strings.HasPrefix(to, "#") {
				to = path + to
			}
			path, id, _ := strings.Cut(to, "#")
			switch {
			case path == "/openapi.json":
			case !strings.HasPrefix(path, "/docs"):
				t.Errorf("a page leads elsewhere: %s", to)
			case id != "" && !has(all[path], id):
				t.Errorf("%s has no target on %s", to, path)
			}
		}
		if strings.HasPrefix(path, "/docs/assets/search.") {
			if err := json.Unmarshal([]byte(page), &index); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, entry := range index {
		if path, id, _ := strings.Cut(entry.U, "#"); all[path] == "" || id != "" && !has(all[path], id) {
			t.Errorf("the search leads to %s, which is not there", entry.U)
		}
	}
	if len(index) < 150 {
		t.Errorf("the search knows %d places, want every operation, event and section", len(index))
	}
}

func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	id := regexp.MustCompile(` id="([^"]*)"`)
	for path, page := range crawl(t, door) {
		seen := map[string]bool{}
		for _, match := range id.FindAllStringSubmatch(page, -1) {
			if seen[match[1]] {
				t.Errorf("%s has the id %s twice", path, match[1])
			}
			seen[match[1]] = true
		}
	}
}

func TestPagesNeedNoExceptionFromThePolicy(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	inline := regexp.MustCompile(`(?i)<style|<script(>| [^>]*>[^<])|<[a-z][^>]* (style|on[a-z]+)=|javascript:|https?://[^<]*"`)
	for path, page := range crawl(t, door) {
		if strings.HasPrefix(path, "/docs/assets/") {
			continue
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s has %q", path, found)
		}
		got := get(door, path, nil).Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(got, want) || strings.Contains(got, "unsafe") {
				t.Errorf("%s has the policy %q, want %q in it and nothing unsafe", path, got, want)
			}
		}
	}
}

// The limits are what a reader waits for. Everything together is what all pages
// would take, but for those of events, of which there are many small ones; it grows
// with the API, so raise it when there is more to tell, and never the others.
func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	const aPage, anEvent, everything = 35 << 10, 8 << 10, 250 << 10
	door, _ := newAPI(t)
	total, assets, largest, events := 0, 0, 0, 0
	for path := range crawl(t, door) {
		size := len(get(door, path, http.Header{"Accept-Encoding": {"gzip"}}).Body.Bytes())
		switch {
		case strings.HasPrefix(path, "/docs/events/"):
			events = max(events, size)
			continue
		case strings.HasPrefix(path, "/docs/assets/"):
			assets += size
		default:
			largest = max(largest, size)
		}
		total += size
	}
	t.Logf("compressed: largest page %d, largest of an event %d, assets %d, everything else %d bytes", largest, events, assets, total)
	if events > anEvent {
		t.Errorf("the largest page of an event takes %d bytes, want at most %d", events, anEvent)
	}
	if largest+assets > aPage {
		t.Errorf("the largest page takes %d bytes with its assets, want at most %d", largest+assets, aPage)
	}
	if total > everything {
		t.Errorf("everything takes %d bytes, want at most %d", total, everything)
	}
}

// Nodes that serve the same API must serve the same pages, or a page of one would
// ask another for a style that it does not have.
func TestTheSameAPIGivesTheSamePages(t *testing.T) {
	t.Parallel()
	one, _ := newAPI(t)
	other, _ := newAPI(t)
	for path, page := range crawl(t, one) {
		if get(other, path, nil).Body.String() != page {
			t.Errorf("%s differs between two servers", path)
		}
	}
}

func TestServing(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	plain := get(door, "/docs", nil)
	if plain.Header().Get("Content-Encoding") != "" || !strings.HasPrefix(plain.Body.String(), "<!doctype html>") {
		t.Errorf("a client that knows no compression gets %q", plain.Body.String()[:20])
	}
	zipped := get(door, "/docs", http.Header{"Accept-Encoding": {"br, gzip;q=0.8"}})
	z, err := gzip.NewReader(zipped.Body)
	if err != nil || zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("a client that knows gzip does not get it: %v", err)
	}
	if text, err := io.ReadAll(z); err != nil || string(text) != plain.Body.String() {
		t.Errorf("the compressed page is another one: %v", err)
	}
	if a, b := plain.Header().Get("ETag"), zipped.Header().Get("ETag"); a == b || a == "" || b == "" {
		t.Errorf("the two have the entity tags %q and %q, want one each", a, b)
	}
	refused := get(door, "/docs", http.Header{"Accept-Encoding": {"gzip;q=0"}})
	if refused.Header().Get("Content-Encoding") != "" {
		t.Error("a client that refuses gzip gets it")
	}
	again := get(door, "/docs", http.Header{"If-None-Match": {`"other", ` + plain.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("a client that has the page gets %d and %d bytes", again.Code, again.Body.Len())
	}
	for path := range crawl(t, door) {
		forever := strings.Contains(get(door, path, nil).Header().Get("Cache-Control"), "immutable")
		if forever != strings.HasPrefix(path, "/docs/assets/") {
			t.Errorf("%s may be kept for ever: %v", path, forever)
		}
	}
	for path, want := range map[string]int{
		"/docs/": http.StatusMovedPermanently, "/docs/nothing": http.StatusNotFound, "/docs/missing": http.StatusNotFound,
		"/docs/assets/docs.css": http.StatusNotFound, "/docs/api": http.StatusNotFound,
	} {
		answer := get(door, path, nil)
		if answer.Code != want {
			t.Errorf("%s answers %d, want %d", path, answer.Code, want)
		}
		if want == http.StatusNotFound && !strings.Contains(answer.Body.String(), "There is no such page") {
			t.Errorf("%s says %.80q", path, answer.Body.String())
		}
	}
}
