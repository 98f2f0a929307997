package articles

import (
	"strings"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/help"
	"parley/internal/store"
)

const (
	pageSize   = 50
	mostPlaces = 200 // portals and categories to choose from
	mostWords  = 20  // that are looked for at once
)

// listing is a page of the list.
type listing struct {
	Portals    []parley.Portal
	Categories []parley.Category
	Articles   []parley.Article
	Known      names.Names

	Portal, Category, Status, Text string

	Self, First, Next string
	TooMany           bool // words
	MayWrite, MaySet  bool
}

func (l listing) filtered() bool {
	return l.Portal != "" || l.Category != "" || l.Status != "" || l.Text != ""
}

func list(r *page.Request) (err error) {
	l := listing{
		Portal: r.Query("portal_id"), Category: r.Query("category_id"), Status: r.Query("status"), Text: strings.TrimSpace(r.Query("q")),
		Self: r.URL.RequestURI(), MayWrite: r.Allows("articles:write"), MaySet: r.Allows("portals:write"),
	}
	if l.Portals, l.Categories, err = places(r); err != nil {
		return err
	}
	var f store.Filter
	if words := help.Words(l.Text); len(words) > mostWords {
		l.TooMany = true
		f.And("id = ?", "")
	} else if l.Text != "" {
		f = help.Search(l.Text)
	}
	for column, value := range map[string]string{"portal_id": l.Portal, "status": l.Status} {
		if value != "" {
			f.And(column+" = ?", value)
		}
	}
	switch {
	case l.Category == "none":
		f.And("category_id is null")
	case l.Category != "":
		f.And("category_id = ?", l.Category)
	}
	cursor := r.Query("cursor")
	if l.Articles, l.Next, err = r.Site.Help.Articles.List(r.Context(), r.Org(), store.Page{Limit: pageSize, Cursor: cursor}, f); err != nil {
		return err
	}
	if l.Next != "" {
		l.Next = r.With("cursor", l.Next)
	}
	if cursor != "" {
		l.First = r.With()
	}
	if l.Known, err = r.Names(r.Context(), l.ids()...); err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(listPart(l))
	}
	return r.Page(page.Show{Title: "Articles", Current: home}, listPage(l))
}

// ids are those of what articles name.
func (l listing) ids() (ids []string) {
	for _, a := range l.Articles {
		ids = append(ids, string(a.PortalID))
		if a.CategoryID != nil {
			ids = append(ids, string(*a.CategoryID))
		}
		if a.AuthorID != nil {
			ids = append(ids, string(*a.AuthorID))
		}
	}
	return ids
}

// places are the portals and categories that an article may be in.
func places(r *page.Request) (portals []parley.Portal, categories []parley.Category, err error) {
	p := store.Page{Limit: mostPlaces}
	if r.Allows("portals:read") {
		if portals, _, err = r.Site.Help.Portals.List(r.Context(), r.Org(), p, store.Filter{}); err != nil {
			return nil, nil, err
		}
	}
	if r.Allows("categories:read") {
		categories, _, err = r.Site.Help.Categories.List(r.Context(), r.Org(), p, store.Filter{})
	}
	return portals, categories, err
}
