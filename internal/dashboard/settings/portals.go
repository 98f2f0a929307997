package settings

import (
	"cmp"
	"context"
	"net/url"
	"slices"

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
		list: listPortals,
		id:   func(p parley.Portal) string { return string(p.ID) },
		name: func(p parley.Portal) string { return p.Name },
		drawn: func(r *page.Request, v *formView, of *parley.Portal) error {
			if of == nil {
				return nil
			}
			found, err := categoriesOf(r.Context(), r.Site, r.Org(), of.ID)
			v.Below = categoryRows(*of, found, r.Allows("categories:write"))
			return err
		},
		going: func(p parley.Portal) deletion {
			return deletion{Verb: "Delete", Question: "Delete the portal " + p.Name + "?", Text: "A portal can be deleted once it has no categories and no articles."}
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
			all, _, err := r.Site.Help.Portals.List(r.Context(), r.Org(), store.Page{Limit: listAtOnce}, store.Filter{})
			var options []form.Option
			for _, p := range all {
				options = append(options, form.Option{Value: string(p.ID), Label: p.Name})
			}
			set = set.Only("portal_id", "name", "slug", "description", "locale")
			if len(options) > 0 {
				set = set.Options("portal_id", options...)
			}
			return set.Change("portal_id", func(f *form.Field) { f.Default = r.Query("portal_id") }), err
		},
		drawn: func(_ *page.Request, v *formView, _ *parley.Category) error {
			v.List = ui.Link{Text: "Portals", URL: portals}
			return nil
		},
		going: func(c parley.Category) deletion {
			return deletion{Verb: "Delete", Question: "Delete the category " + c.Name + "?", Text: "What stands under it is told if it cannot be deleted."}
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
func categoriesOf(ctx context.Context, s *page.Site, org parley.OrganizationID, id parley.PortalID) ([]parley.Category, error) {
	all, _, err := s.Help.Categories.List(ctx, org, store.Page{Limit: 200}, store.Where("portal_id = ?", string(id)))
	slices.SortFunc(all, func(a, b parley.Category) int {
		return cmp.Or(cmp.Compare(a.Locale, b.Locale), cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// orderCategories takes a category one place up or down. Only what changes its place is
// written.
func orderCategories(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	id := r.PathValue("id")
	all, err := categoriesOf(r.Context(), r.Site, r.Org(), parley.PortalID(id))
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
	return r.Done(portals+"/"+url.PathEscape(id), "The order was saved.")
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

func listPortals(r *page.Request) (templ.Component, error) {
	found, p, err := listed(r, store.Portals, store.Filter{}, func(p parley.Portal) string { return p.Name })
	if err != nil {
		return nil, err
	}
	return portalList(found, p, r.Allows("portals:write"), r.With()), nil
}
