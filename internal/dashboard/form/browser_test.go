package form_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/testing/browser"
)

// What the tests take for the post of a form is what a browser posts, with its own
// ideas of what may stand in a date, a number or a colour.
func TestABrowserPostsWhatTheTestsTakeForIt(t *testing.T) {
	t.Parallel()
	pages := map[string]string{}
	for name, trip := range trips {
		pages["/"+url.PathEscape(name)] = drawn(t, trip.form(t))
	}
	b := serve(t, pages)
	for path, page := range pages {
		b.Open(b.at(path))
		posted := url.Values{}
		for _, pair := range browser.Eval[[][2]string](b.Browser, `[...new FormData(document.forms[0])]`) {
			posted.Add(pair[0], pair[1])
		}
		want := posts(t, page)
		for _, values := range want {
			for i := range values {
				values[i] = strings.ReplaceAll(values[i], "\r\n", "\n")
			}
		}
		if diff := cmp.Diff(want, posted); diff != "" {
			t.Errorf("%s: a browser posts something else (-taken +posted):\n%s", path, diff)
		}
	}
	b.Expect()
}

func TestFormsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	pages := map[string]string{}
	for _, name := range []string{"contact", "order", "team", "webhook", "task", "custom field"} {
		f := trips[name].form(t)
		var wrong []parley.FieldError
		for _, field := range f.Set.Fields {
			wrong = append(wrong, parley.FieldError{Location: "body." + field.Name, Message: "is not as it should be"})
		}
		failed, _ := f.Fail(parley.InvalidFields(append(wrong, parley.FieldError{Location: "query.page", Message: "is odd"})...))
		pages["/"+url.PathEscape(name)], pages["/failed-"+url.PathEscape(name)] = drawn(t, f), drawn(t, failed)
	}
	b := serve(t, pages)
	for path := range pages {
		b.Open(b.at(path))
		if found := b.Axe(); len(found) > 0 {
			t.Errorf("%s:\n%s", path, strings.Join(found, "\n"))
		}
	}
	b.Expect()
}

func TestWhatIsTypedDoesNothingInABrowser(t *testing.T) {
	t.Parallel()
	const evil = `"><script>document.title="evil"</script><img src=x onerror='document.title="evil"'>`
	f := trips["contact"].form(t)
	for name := range f.Values {
		f.Values.Set(name, evil)
	}
	f.Title = func(string, string) string { return evil }
	f, _ = f.Fail(parley.InvalidFields(parley.FieldError{Location: "body.name", Message: evil}))
	b := serve(t, map[string]string{"/": drawn(t, f)})
	b.Open(b.at("/"))
	if got := b.Value(`[name="name"]`); got != evil {
		t.Errorf("the name is %q", got)
	}
	if got := browser.Eval[string](b.Browser, "document.title"); got != "Form" {
		t.Errorf("what was typed ran: the title is %q", got)
	}
	b.Expect()
}

// site is a tab, and where the pages are that it opens.
type site struct {
	*browser.Browser
	address string
}

func (s site) at(path string) string { return s.address + path }

// serve serves forms in pages that run no script, and in which a finger finds the inputs.
func serve(t *testing.T, pages map[string]string) site {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-size'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Form</title>
			<style nonce="size">.input { min-height: 24px }</style><main><h1>Form</h1><form method="post">%s<button>Save</button></form></main>`, pages[r.URL.EscapedPath()])
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return site{browser.New(t), server.URL}
}
