package settings

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/store"
)

// listAtOnce is how much a page of a list shows.
const listAtOnce = 100

// listing is how the list of a noun is shown.
type listing[T any] struct {
	about          string // beneath its title
	icon           string
	none, noneText string   // what it says where there are none yet
	searched       []string // the columns in which its search looks for words

	filters  []string                               // what it can be narrowed by besides, by the names of parameters
	narrowed func(r *page.Request, f *store.Filter) // by these
	within   func(r *page.Request) url.Values       // says which list it is, of several; nil: there is one
	above    func(r *page.Request) templ.Component  // the search; nil: nothing
	beside   func(r *page.Request) templ.Component  // the search, the filters
	below    templ.Component                        // the list
	rows     func(r *page.Request, found []T, may bool) (templ.Component, error)
}

// listView is the page of a list.
type listView struct {
	Title, About, Icon   string
	None, NoneText       string
	One                  string // "label", of which several are Many
	Many                 string
	Making, New          string // what making one is called, and where
	May                  bool   // one may make one
	Place, All           string // the address of the list, and of all that is in it
	ID, Live             string // of the element, and of the events that change it
	Self, First, Next    string // addresses of pages
	Query                string
	Within               url.Values
	Filtered, IsEmpty    bool
	Above, Beside, Below templ.Component
	Rows                 templ.Component
}

// showList shows a page of the list: by name if it is all of it, else the newest first.
func (n configured[T]) showList(r *page.Request) error {
	l, v := n.list, n.listView(r)
	var f store.Filter
	if l.narrowed != nil {
		l.narrowed(r, &f)
	}
	holding(r, &f, v.Query, l.searched...)
	found, next, err := n.table.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: listAtOnce, Cursor: r.Query("cursor")}, f)
	if err != nil {
		return err
	}
	if next != "" {
		v.Next = r.With("cursor", next)
	}
	if v.First == "" && next == "" {
		slices.SortStableFunc(found, func(a, b T) int {
			return cmp.Compare(strings.ToLower(n.name(a)), strings.ToLower(n.name(b)))
		})
	}
	v.IsEmpty = len(found) == 0
	if v.Rows, err = l.rows(r, found, v.May); err != nil {
		return err
	}
	return Show(r, n.place, n.plural, http.StatusOK, listPage(v))
}

// listView is the page of the list but for what is in it.
func (n configured[T]) listView(r *page.Request) listView {
	l := n.list
	v := listView{
		Title: n.plural, About: l.about, Icon: l.icon, None: l.none, NoneText: l.noneText, One: n.one, Many: lowerFirst(n.plural), Making: n.making(),
		May: r.Allows(parley.Scope(n.scopes + ":write")), Place: n.place, ID: strings.TrimPrefix(n.place, home+"/"), Live: strings.ReplaceAll(n.table.Noun(), " ", "_"),
		Self: r.URL.RequestURI(), Query: strings.TrimSpace(r.Query("q")), Below: l.below,
	}
	if l.within != nil {
		v.Within = l.within(r)
	}
	v.All, v.New = address(n.place, v.Within), address(n.place+"/new", v.Within)
	if r.Query("cursor") != "" {
		v.First = r.With()
	}
	v.Filtered = v.Query != "" || slices.ContainsFunc(l.filters, func(name string) bool { return r.Query(name) != "" })
	if l.above != nil {
		v.Above = l.above(r)
	}
	if l.beside != nil {
		v.Beside = l.beside(r)
	}
	return v
}

// address is a path with parameters, if there are any.
func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// holding lets only those rows through of which one of the columns holds each word of a
// text, whatever its case.
func holding(r *page.Request, f *store.Filter, text string, columns ...string) {
	lower := r.Site.DB.Engine().Lower
	for word := range strings.FieldsSeq(text) {
		var either store.Filter
		for _, column := range columns {
			either.And(lower(column)+` like `+lower("?")+` escape '\'`, "%"+database.Prefix(word))
		}
		f.Either(either)
	}
}

// everybody are the users of the organization by their ids, as many as fit into a form.
func everybody(r *page.Request) (users []parley.User, err error) {
	p := store.Page{Limit: 200}
	for len(users) < mostMembers {
		some, next, err := r.Site.Account.Users.List(r.Context(), r.Org(), p, store.Filter{})
		if err != nil {
			return nil, err
		}
		users = append(users, some...)
		if p.Cursor = next; next == "" {
			break
		}
	}
	slices.SortStableFunc(users, func(a, b parley.User) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return users, nil
}

// mostMembers is how many users are read to give their names.
const mostMembers = 1000

// link is a link to a page of the settings.
func link(text, url string) ui.Link { return ui.Link{Text: text, URL: url} }
