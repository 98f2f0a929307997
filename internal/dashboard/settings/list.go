package settings

import (
	"cmp"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/store"
)

// listAtOnce is how much a page of a list shows.
const listAtOnce = 100

// pager leads through the pages of a list.
type pager struct{ First, Next string }

// listed reads a page of a list: by name if it is all of it, else the newest first.
func listed[T any](r *page.Request, t *store.Table[T], f store.Filter, name func(T) string) (objs []T, p pager, err error) {
	cursor := r.Query("cursor")
	objs, next, err := t.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: listAtOnce, Cursor: cursor}, f)
	if err != nil {
		return nil, p, err
	}
	if cursor != "" {
		p.First = r.With()
	}
	if next != "" {
		p.Next = r.With("cursor", next)
	}
	if cursor == "" && next == "" {
		slices.SortStableFunc(objs, func(a, b T) int { return cmp.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))) })
	}
	return objs, p, nil
}

// holding lets only those rows through of which one of the columns holds each word of a
// text, whatever the case of a to z.
func holding(f *store.Filter, text string, columns ...string) {
	for word := range strings.FieldsSeq(text) {
		var either store.Filter
		for _, column := range columns {
			either.And("lower("+column+`) like lower(?) escape '\'`, "%"+database.Prefix(word))
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
