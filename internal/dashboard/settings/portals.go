package settings

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/noun"
	"parley/internal/store"
)

func portalNoun(s *page.Site) configured[parley.Portal] {
	return configured[parley.Portal]{
		place: portals, scopes: "portals", one: "portal", plural: "Portals",
		table: store.Portals, update: s.Help.Portals.Update, remove: s.Help.Portals.Delete,
		create: func(r *page.Request, p parley.Portal) error {
			made, err := r.Site.Help.Portals.Create(r.Context(), r.Caller(), p)
			if err != nil {
				return err
			}
			return r.Done(portals+"/"+string(made.ID), "The portal "+made.Name+" was created. Give it categories next.")
		},
		list: listing[parley.Portal]{
			about: "Help centres that visitors see: categories, and in them the articles that are published.",
			icon:  "article", none: "There are no portals yet", noneText: "A portal is a help centre. Make one, give it categories, and write articles.",
			searched: []string{"name", "slug"},
			rows: func(_ *page.Request, found []parley.Portal, may bool) (templ.Component, error) {
				return portalRows(found, may), nil
			},
		},
		id:   func(p parley.Portal) string { return string(p.ID) },
		name: func(p parley.Portal) string { return p.Name },
		drawn: func(r *page.Request, v *formView, of *parley.Portal) error {
			if of == nil {
				return nil
			}
			found, err := categoriesOf(r, of.ID)
			v.Below = categoryRows(categoryPage(r, *of, found))
			return err
		},
		going: func(p parley.Portal) deletion {
			return deletion{Verb: "Delete", Question: "Delete the portal " + p.Name + "?", Text: "Its categories go with it. A portal that has articles cannot be deleted."}
		},
	}
}

func categoryNoun(s *page.Site) configured[parley.Category] {
	return configured[parley.Category]{
		place: categories, scopes: "categories", one: "category", plural: "Categories",
		table: store.Categories, update: s.Help.Categories.Update, remove: s.Help.Categories.Delete,
		create: func(r *page.Request, c parley.Category) error {
			made, err := r.Site.Help.Categories.Create(r.Context(), r.Caller(), c)
			if err != nil {
				return err
			}
			return r.Done(portals+"/"+string(made.PortalID), "The category "+made.Name+" was created.")
		},
		id:   func(c parley.Category) string { return string(c.ID) },
		name: func(c parley.Category) string { return c.Name },
		fields: func(r *page.Request, set form.Set, of *parley.Category) (form.Set, error) {
			if of != nil {
				return set.Only("name", "slug", "description"), nil
			}
			all, more, err := r.Site.Help.Portals.List(r.Context(), r.Org(), store.Page{Limit: listAtOnce}, store.Filter{})
			var options []form.Option
			for _, p := range all {
				options = append(options, form.Option{Value: string(p.ID), Label: p.Name})
			}
			set = set.Only("portal_id", "name", "slug", "description", "locale")
			if len(options) > 0 && more == "" { // else they are searched
				set = set.Options("portal_id", options...)
			}
			return set.Change("portal_id", func(f *form.Field) { f.Default = r.Query("portal_id") }), err
		},
		drawn: func(_ *page.Request, v *formView, _ *parley.Category) error {
			v.List = ui.Link{Text: "Portals", URL: portals}
			return nil
		},
		going: func(c parley.Category) deletion {
			return deletion{Verb: "Delete", Question: "Delete the category " + c.Name + "?", Text: "A category that has articles cannot be deleted."}
		},
	}
}

// categoryRoutes are the pages of categories. Their list is on the page of the portal.
func categoryRoutes(s *page.Site) []page.Route {
	routes := slices.DeleteFunc(categoryNoun(s).routes(), func(r page.Route) bool { return r.Pattern == "GET "+categories })
	return append(routes,
		page.Route{Pattern: "GET " + categories, Scope: "categories:read", Handle: func(r *page.Request) error { return r.Redirect(portals) }},
		page.Route{Pattern: "POST " + portals + "/{id}/order", Scope: "categories:write", Handle: orderCategories},
	)
}

// categoriesOf are the categories of a portal in their order.
func categoriesOf(r *page.Request, id parley.PortalID) (all []parley.Category, err error) {
	p := store.Page{Limit: 200}
	for first := true; first || p.Cursor != ""; first = false {
		var some []parley.Category
		some, p.Cursor, err = r.Site.Help.Categories.List(r.Context(), r.Org(), p, store.Where("portal_id = ?", string(id)))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b parley.Category) int {
		return cmp.Or(cmp.Compare(a.Locale, b.Locale), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// categoryView is a page of the categories of a portal, in their order.
type categoryView struct {
	Portal      parley.Portal
	Found       []parley.Category
	Query       string
	Filtered    bool
	May         bool
	Top, Bottom parley.CategoryID // the first and the last of all, which go no further
	First, Next string
	Order       string // where an order is posted
}

// categoryPage is the page that the address names: the cursor is the category before it.
func categoryPage(r *page.Request, of parley.Portal, all []parley.Category) categoryView {
	v := categoryView{Portal: of, Query: strings.TrimSpace(r.Query("q")), May: r.Allows("categories:write"), Order: address(portals+"/"+string(of.ID)+"/order", r.URL.Query())}
	if len(all) > 0 {
		v.Top, v.Bottom = all[0].ID, all[len(all)-1].ID
	}
	v.Filtered = v.Query != ""
	words := strings.Fields(strings.ToLower(v.Query))
	all = slices.DeleteFunc(all, func(c parley.Category) bool {
		text := strings.ToLower(c.Name + " " + c.Slug + " " + said(c.Description))
		return slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	})
	if cursor := r.Query("cursor"); cursor != "" {
		v.First = r.With()
		all = all[1+slices.IndexFunc(all, func(c parley.Category) bool { return string(c.ID) == cursor }):]
	}
	if v.Found = all; len(all) > listAtOnce {
		v.Found = all[:listAtOnce]
		v.Next = r.With("cursor", string(v.Found[listAtOnce-1].ID))
	}
	return v
}

// orderCategories takes a category one place up or down. Only what changes its place is
// written.
func orderCategories(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	id := r.PathValue("id")
	all, err := categoriesOf(r, parley.PortalID(id))
	if err != nil {
		return err
	}
	at, other := moved(all, r.PostForm)
	if at < 0 {
		return parley.Errorf(parley.NotFound, "The category is not there any more.")
	}
	if other >= 0 && other < len(all) && all[other].Locale == all[at].Locale {
		all[at], all[other] = all[other], all[at]
	}
	for i, c := range all {
		if c.Position == i+1 {
			continue
		}
		_, err := r.Site.Help.Categories.Update(r.Context(), r.Caller(), string(c.ID), noun.AnyVersion, func(c *parley.Category) error {
			c.Position = i + 1
			return nil
		})
		if err != nil {
			return err
		}
	}
	return r.Done(address(portals+"/"+url.PathEscape(id), r.URL.Query()), "The order was saved.")
}

// moved is the place of the category that a button is about, and the one it goes to.
func moved(all []parley.Category, posted url.Values) (at, to int) {
	step, id := 1, posted.Get("down")
	if up := posted.Get("up"); up != "" {
		step, id = -1, up
	}
	at = slices.IndexFunc(all, func(c parley.Category) bool { return string(c.ID) == id })
	return at, at + step
}
