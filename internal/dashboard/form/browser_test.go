package form_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/ui"
	"parley/internal/testing/browser"
)

// What the tests take for the post of a form is what a browser posts, with its own
// ideas of what may stand in a date, a number or a colour.
func TestABrowserPostsWhatTheTestsTakeForIt(t *testing.T) {
	t.Parallel()
	forms := map[string]form.Form{}
	for name, trip := range trips {
		forms["/"+url.PathEscape(name)] = trip.form(t)
	}
	b := serve(t, forms)
	for path, f := range forms {
		b.Open(b.address + path)
		want := posts(t, drawn(t, f))
		for _, values := range want {
			for i := range values {
				values[i] = strings.ReplaceAll(values[i], "\r\n", "\n")
			}
		}
		if diff := cmp.Diff(want, b.posts()); diff != "" {
			t.Errorf("%s: a browser posts something else (-taken +posted):\n%s", path, diff)
		}
	}
	b.Expect()
}

func TestFormsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	forms := map[string]form.Form{}
	for _, name := range []string{"contact", "order", "team", "webhook"} {
		f := trips[name].form(t)
		wrong := []parley.FieldError{{Location: "query.page", Message: "is odd"}}
		for _, field := range f.Set.Fields {
			wrong = append(wrong, parley.FieldError{Location: "body." + field.Name, Message: "is not as it should be"})
		}
		failed, _ := f.Fail(parley.InvalidFields(wrong...))
		forms["/"+name], forms["/failed-"+name] = f, failed
	}
	b := serve(t, forms)
	for path := range forms {
		for _, scheme := range []browser.Scheme{browser.Light, browser.Dark} {
			b.View(360, 640, scheme)
			b.Open(b.address + path)
			if found := b.Axe(); len(found) > 0 {
				t.Errorf("%s, %s:\n%s", path, scheme, strings.Join(found, "\n"))
			}
		}
		if found := b.Overflows(); len(found) > 0 {
			t.Errorf("%s is too wide for a phone:\n%s", path, strings.Join(found, "\n"))
		}
	}
	b.Expect()
}

func TestAReferenceIsSearchedAndPicked(t *testing.T) {
	t.Parallel()
	set := form.Of[parley.Task](form.Create).Only("contact_id", "conversation_id")
	b := serve(t, map[string]form.Form{"/": {Set: set, Pick: pick}})
	b.Open(b.address + "/")
	b.Click("#field-contact_id")
	b.WaitCount("#field-contact_id-list option", 2)
	b.Type("#field-contact_id", "ada")
	b.WaitCount("#field-contact_id-list option", 1)
	picked := browser.Eval[string](b.Browser, `document.querySelector("#field-contact_id-list option").value`)
	if want := "Ada Lovelace · " + string(ada); picked != want {
		t.Errorf("the option is %q, want %q", picked, want)
	}
	b.Clear("#field-contact_id")
	b.Type("#field-contact_id", picked)
	if got := form.Body(b.posts(), set, time.UTC); string(got) != `{"contact_id":"`+string(ada)+`","conversation_id":null}` {
		t.Errorf("the body is %s", got)
	}
	b.WaitCount("#field-conversation_id-list option", 0)
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
	b := serve(t, map[string]form.Form{"/": f})
	b.Open(b.address + "/")
	if got := b.Value(`[name="name"]`); got != evil {
		t.Errorf("the name is %q", got)
	}
	if got := browser.Eval[string](b.Browser, "document.title"); strings.Contains(got, "evil") {
		t.Errorf("what was typed ran: the title is %q", got)
	}
	b.Expect()
}

// ada is a contact who can be picked.
const ada = parley.ContactID("con_01kaf0v3b6f3nb8h5r0z7c4q9j")

func pick(noun string) string { return "/pick/" + noun }

// site is a tab, and where the pages are that it opens.
type site struct {
	*browser.Browser
	address string
}

// posts are the values that the browser would post now.
func (s site) posts() url.Values {
	posted := url.Values{}
	for _, pair := range browser.Eval[[][2]string](s.Browser, `[...new FormData(document.forms[0])]`) {
		posted.Add(pair[0], pair[1])
	}
	return posted
}

// serve serves forms by path, as pages of the dashboard, and what can be picked.
func serve(t *testing.T, forms map[string]form.Form) site {
	t.Helper()
	assets := ui.NewAssets()
	mux := http.NewServeMux()
	mux.Handle("GET "+ui.AssetsPath, assets)
	mux.HandleFunc("GET /pick/{noun}", func(w http.ResponseWriter, r *http.Request) {
		var found []form.Option
		for _, o := range []form.Option{{Value: string(ada), Label: "Ada Lovelace"}, {Value: "con_01kaf0v3b6f3nb8h5r0z7c4q9k", Label: "Grace"}} {
			if typed := strings.ToLower(form.Typed(r.URL.Query())); r.PathValue("noun") == "contact" && strings.Contains(strings.ToLower(o.Label), typed) {
				found = append(found, o)
			}
		}
		draw(t, w, r, form.Picks(found))
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		inside := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := fmt.Fprintf(w, `<h1>Form</h1><form class="form" method="post">%s<button class="button">Save</button></form>`, drawn(t, forms[r.URL.EscapedPath()]))
			return err
		})
		draw(t, w, r.WithContext(templ.WithChildren(r.Context(), inside)), ui.Alone(ui.Document{Title: "Form", Assets: assets}))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return site{browser.New(t), server.URL}
}

func draw(t *testing.T, w http.ResponseWriter, r *http.Request, c templ.Component) {
	if err := c.Render(r.Context(), w); err != nil {
		t.Error(err)
	}
}
