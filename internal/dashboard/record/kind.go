// Package record makes the pages of a noun from one declaration of it, a [Kind]: a list
// with filters and search, an object with its history, forms that make and change one,
// and its verbs. The pages act through the verbs that the declaration names, always in
// the organization of whoever asks, and an object of another is not there.
package record

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// Kind declares what the pages of a noun are. Fields of T are named as JSON names them;
// a name that T does not have is a programmer's mistake, and a panic of [Kind.Routes].
type Kind[T any] struct {
	// What it is called.
	Noun   string // "task": its objects, its events, its custom fields
	Plural string // "tasks": its address, and its scopes
	Icon   string
	Text   string // what the list is there for
	First  string // what to do where there is none yet

	// What is done with its objects. What is nil is not offered.
	Table  *store.Table[T]
	Create func(ctx context.Context, by parley.Caller, obj T) (T, error)
	Update func(ctx context.Context, by parley.Caller, id string, version int64, change func(*T) error) (T, error)
	Delete func(ctx context.Context, by parley.Caller, id string) error
	Verbs  []Verb[T]

	// What is shown of an object.
	Title   string                                          // the field that it is called by; "": Called tells
	Called  func(T) string                                  // nil: Title
	Columns []string                                        // in lists, after what it is called
	Body    []string                                        // texts that stand at large
	Facts   []string                                        // beside them
	Show    map[string]func(T) Value                        // fields that are not shown as their type is
	Tones   map[string]ui.Tone                              // of what a field that is one of a few can be
	More    func(*page.Request, T) (templ.Component, error) // stands below the body; nil: nothing does
	Actions func(*page.Request, T) []Action                 // beside the verbs; nil: none
	Related []Relation                                      // other objects that refer to it

	// Fields that are called otherwise than they are named, and what is said of them in
	// forms where the API's words do not help.
	Labels map[string]string
	Help   map[string]string

	// The list.
	Filters []Filter
	Search  []string         // columns in which a text is searched, beside the names of contacts
	Among   string           // the column of the contact by whose name it is found too; "": none
	Quick   string           // the verb that a row offers
	Sort    func(a, b T) int // within a page; nil: the newest first

	// The forms.
	Form  []string                        // the fields, in order
	Blank func(*page.Request, url.Values) // fills in what is likely; nil: nothing is
	Keep  string                          // what deleting one does, to be asked before
}

// Action is a place where more can be done with an object.
type Action struct {
	Text, URL, Icon string
	Key             string // that leads there; "" for none
	Bad             bool   // it is the end of something
	Download        bool   // it is a file
}

func (k *Kind[T]) path() string          { return "/" + k.Plural }
func (k *Kind[T]) at(id string) string   { return k.path() + "/" + url.PathEscape(id) }
func (k *Kind[T]) read() parley.Scope    { return parley.Scope(k.Plural + ":read") }
func (k *Kind[T]) write() parley.Scope   { return parley.Scope(k.Plural + ":write") }
func (k *Kind[T]) id(obj *T) string      { return k.Table.ID(obj) }
func (k *Kind[T]) sequence(obj *T) int64 { return k.Table.Sequence(obj) }
func (k *Kind[T]) one() string           { return strings.ReplaceAll(k.Noun, "_", " ") }
func (k *Kind[T]) many() string          { return strings.ReplaceAll(k.Plural, "_", " ") }
func (k *Kind[T]) crumb() ui.Link        { return ui.Link{Text: form.Label(k.Plural), URL: k.path()} }
func (k *Kind[T]) show() page.Show       { return page.Show{Current: k.path()} }

// called is what an object is called.
func (k *Kind[T]) called(obj T) string {
	if k.Called != nil {
		return k.Called(obj)
	}
	return field(obj, k.Title).String()
}

// get reads the object that the request is about.
func (k *Kind[T]) get(r *page.Request) (T, error) {
	return k.Table.Get(r.Context(), r.Site.DB.Read(), r.Org(), r.PathValue("id"))
}

// Routes are the addresses of the noun's pages.
func (k *Kind[T]) Routes() []page.Route {
	k.check()
	one := k.path() + "/{id}"
	routes := []page.Route{
		{Pattern: "GET " + k.path(), Scope: k.read(), Handle: k.list},
		{Pattern: "GET " + one, Scope: k.read(), Handle: k.detail},
		{Pattern: "GET " + one + "/history", Scope: k.read(), Handle: k.history},
	}
	both := func(path, command string, show, act func(*page.Request) error) {
		routes = append(routes,
			page.Route{Pattern: http.MethodGet + " " + path, Scope: k.write(), Command: command, Handle: show},
			page.Route{Pattern: http.MethodPost + " " + path, Scope: k.write(), Handle: act})
	}
	if k.Create != nil {
		both(k.path()+"/new", "New "+k.one(), k.blank, k.create)
	}
	if k.Update != nil {
		both(one+"/edit", "", k.edit, k.change)
	}
	if k.Delete != nil {
		routes = append(routes, page.Route{Pattern: "POST " + one + "/delete", Scope: k.write(), Handle: k.remove})
	}
	for _, v := range k.Verbs {
		if v.asks() {
			both(one+"/"+v.Name, "", k.ask(v), k.do(v))
			continue
		}
		routes = append(routes, page.Route{Pattern: "POST " + one + "/" + v.Name, Scope: k.write(), Handle: k.do(v)})
	}
	return routes
}

// check finds the mistakes of the declaration.
func (k *Kind[T]) check() {
	var obj T
	for _, names := range [][]string{k.Columns, k.Body, k.Facts} {
		for _, name := range names {
			field(obj, name)
		}
	}
	if k.Title != "" {
		field(obj, k.Title)
	}
	if len(k.Form) > 0 {
		k.fields(form.Create, nil)
	}
}
