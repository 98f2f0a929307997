package api

import (
	"parley"
	"parley/internal/store"
)

type portalList struct {
	ListParams
	Slug string `query:"slug" maxLength:"80" doc:"Only the portal with this slug"`
}

func (l portalList) filter() (f store.Filter) {
	equal(&f, "slug", l.Slug)
	return f
}

func (a *API) portals() {
	const plural = "portals"
	resource[parley.Portal, parley.PortalEvent, parley.PortalID](a, plural, a.Help.Portals)
	list[parley.Portal, portalList](a, plural, "", a.Help.Portals.List)
}

// PlaceParams are the parameters of lists of what stands in a portal.
type PlaceParams struct {
	PortalID string `query:"portal_id" maxLength:"64" doc:"Only what is in this portal"`
	Locale   string `query:"locale" maxLength:"20" doc:"Only what is in this locale"`
	Slug     string `query:"slug" maxLength:"80" doc:"Only what has this slug"`
}

func (p PlaceParams) narrow(f *store.Filter) {
	equal(f, "portal_id", p.PortalID)
	equal(f, "locale", p.Locale)
	equal(f, "slug", p.Slug)
}

type categoryList struct {
	ListParams
	PlaceParams
}

func (l categoryList) filter() (f store.Filter) {
	l.narrow(&f)
	return f
}

func (a *API) categories() {
	const plural = "categories"
	resource[parley.Category, parley.CategoryEvent, parley.CategoryID](a, plural, a.Help.Categories)
	list[parley.Category, categoryList](a, plural, "", a.Help.Categories.List)
}
