package record

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"parley/internal/contact"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/database"
	"parley/internal/store"
)

// How many objects a page of a list has: unless the address says otherwise, and at most.
const (
	pageSize = 50
	pageMost = 200
)

// rows are objects as a list shows them.
type rows struct {
	Heads []head
	Rows  []row
	Known names.Names
}

type head struct {
	Text   string
	Number bool
}

type row struct {
	ID, Name, URL string
	Values        []Value
	Quick         *button // what can be done with it at once
}

// listing is a page of a list.
type listing struct {
	rows
	Title, Text, Icon string
	Noun, One, Many   string
	URL, Path         string
	New               string // where another is made; "" if the viewer may not
	First             string
	Q                 string
	Searched          bool
	Filters           []chosen
	Filtered          bool   // something is hidden, or may be
	None              bool   // there is no object at all
	Begin, Next       string // pages
	Limit             string
}

func (k *Kind[T]) list(r *page.Request) error {
	l, err := k.listing(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(listPart(l))
	}
	show := k.show()
	show.Title = l.Title
	return r.Page(show, listPage(l))
}

func (k *Kind[T]) listing(r *page.Request) (l listing, err error) {
	l = listing{
		Title: label(k.Plural), Text: k.Text, Icon: k.Icon, Noun: k.Noun, One: k.one(), Many: k.many(), URL: r.URL.RequestURI(), Path: k.path(),
		First: k.First, Q: strings.TrimSpace(r.Query("q")), Searched: k.searched(), Limit: r.Query("limit"),
	}
	if k.Create != nil && r.Allows(k.write()) {
		l.New = k.path() + "/new"
	}
	if l.Filters, err = k.chosen(r); err != nil {
		return l, err
	}
	f, err := k.where(r, l.Q, l.Filters)
	if err != nil {
		return l, err
	}
	p := store.Page{Limit: pageSize, Cursor: r.Query("cursor")}
	if n, err := strconv.Atoi(l.Limit); err == nil && n > 0 {
		p.Limit = min(n, pageMost)
	}
	objs, next, err := k.Table.List(r.Context(), r.Site.DB.Read(), r.Org(), p, f)
	if err != nil {
		return l, err
	}
	if next != "" {
		l.Next = r.With("cursor", next)
	}
	if p.Cursor != "" {
		l.Begin = r.With()
	}
	l.Filtered = k.filtered(r) || slices.ContainsFunc(l.Filters, func(c chosen) bool { return c.Value != "" && c.Value != anything })
	if len(objs) == 0 && p.Cursor == "" {
		count, err := k.Table.Count(r.Context(), r.Site.DB.Read(), r.Org(), store.Filter{}, 1)
		if err != nil {
			return l, err
		}
		l.None = count == 0
	}
	l.rows, err = k.rows(r, objs, k.Columns, r.URL.RequestURI())
	return l, err
}

// searched tells whether a text can be searched in the list.
func (k *Kind[T]) searched() bool { return len(k.Search) > 0 || k.Among != "" }

// where lets only those objects through that are searched for and chosen.
func (k *Kind[T]) where(r *page.Request, q string, filters []chosen) (f store.Filter, err error) {
	for _, c := range filters {
		c.narrow(&f, r)
	}
	if q == "" || !k.searched() {
		return f, nil
	}
	var either []string
	var args []any
	for _, column := range k.Search {
		either, args = append(either, "lower("+column+`) like lower(?) escape '\'`), append(args, "%"+database.Prefix(q))
	}
	if k.Among != "" && r.Allows("contacts:read") {
		var named store.Filter
		contact.Holding(&named, q)
		contacts, _, err := store.Contacts.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: names.Most}, named)
		if err != nil {
			return f, err
		}
		for _, c := range contacts {
			either, args = append(either, k.Among+" = ?"), append(args, string(c.ID))
		}
	}
	if len(either) == 0 {
		either = []string{"1 = 0"}
	}
	f.Search("("+strings.Join(either, " or ")+")", args...)
	return f, nil
}

// rows are objects as a list shows them; back is where a row's button leads back to.
func (k *Kind[T]) rows(r *page.Request, objs []T, columns []string, back string) (all rows, err error) {
	if k.Sort != nil {
		slices.SortStableFunc(objs, k.Sort)
	}
	all.Heads = []head{{Text: k.label(cmp.Or(k.Title, k.Noun))}}
	for _, name := range columns {
		all.Heads = append(all.Heads, head{k.label(name), name == "amount"})
	}
	var ids []string
	for i := range objs {
		obj := objs[i]
		line := row{ID: k.id(&obj), Name: k.called(obj)}
		line.URL = cmp.Or(names.Path(line.ID), k.at(line.ID))
		for _, name := range columns {
			v := k.value(obj, name)
			v.short = true
			if name == "created_at" || name == "updated_at" || strings.HasPrefix(name, "last_") {
				v.ago = true
			}
			line.Values = append(line.Values, v)
			if v.id != "" {
				ids = append(ids, v.id)
			}
		}
		line.Quick = k.quick(r, obj, back)
		all.Rows = append(all.Rows, line)
	}
	all.Known, err = r.Names(r.Context(), ids...)
	return all, err
}

// quick is the button that a row of a list has.
func (k *Kind[T]) quick(r *page.Request, obj T, back string) *button {
	for _, b := range k.buttons(r, obj) {
		if k.Quick != "" && b.Name == k.Quick {
			b.Back = back
			return &b
		}
	}
	return nil
}

// hasQuick tells whether any row has a button.
func (all rows) hasQuick() bool {
	return slices.ContainsFunc(all.Rows, func(r row) bool { return r.Quick != nil })
}

// everything is the address of the list without any filter.
func (l listing) everything() string {
	for _, c := range l.Filters {
		if len(c.options) > 0 && c.Value != "" {
			return l.Path + "?" + c.Name + "=" + anything
		}
	}
	return l.Path
}
