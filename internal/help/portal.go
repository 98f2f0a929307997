package help

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

func newPortals(db *database.DB, log *eventlog.Log, deleting func(context.Context, *database.Tx, parley.Caller, *parley.Portal) error) *noun.Noun[parley.Portal, parley.PortalEvent] {
	return &noun.Noun[parley.Portal, parley.PortalEvent]{
		DB: db, Log: log, Table: store.Portals,
		Created: parley.PortalCreated, Updated: parley.PortalUpdated, Deleted: parley.PortalDeleted,
		Data: func(p parley.Portal, previous parley.Previous) parley.PortalEvent {
			return parley.PortalEvent{Portal: p, Previous: previous}
		},
		Check:    checkPortal,
		Deleting: deleting,
	}
}

func checkPortal(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Portal) error {
	var old parley.Portal
	if before != nil {
		old = *before
	} else if len(after.Locales) == 0 {
		after.Locales = []string{after.DefaultLocale}
	}
	if err := checkLocales(ctx, tx, by.Organization, old, after); err != nil {
		return err
	}
	var err error
	after.Slug, err = settleSlug(ctx, tx, by.Organization, store.Portals, store.Filter{}, slugs{before: old.Slug, after: after.Slug, from: after.Name})
	return err
}

// checkLocales sees to it that the default locale is one of the portal's, and lets none
// go that something is written in.
func checkLocales(ctx context.Context, tx *database.Tx, org parley.OrganizationID, old parley.Portal, after *parley.Portal) error {
	for i, locale := range after.Locales {
		if slices.Contains(after.Locales[:i], locale) {
			return parley.InvalidField(fmt.Sprintf("body.locales[%d]", i), "must not stand in the list twice")
		}
	}
	if !slices.Contains(after.Locales, after.DefaultLocale) {
		return parley.InvalidField("body.default_locale", "must be one of locales, which are %s", strings.Join(after.Locales, ", "))
	}
	for _, locale := range old.Locales {
		if slices.Contains(after.Locales, locale) {
			continue
		}
		if err := localeInUse(ctx, tx, org, old.ID, locale); err != nil {
			return err
		}
	}
	return nil
}

func localeInUse(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id parley.PortalID, locale string) error {
	in := store.Where("portal_id = ?", string(id))
	in.And("locale = ?", locale)
	articles, err := store.Articles.Count(ctx, tx, org, in, 1)
	if err != nil {
		return err
	}
	categories, err := store.Categories.Count(ctx, tx, org, in, 1)
	if err != nil || articles+categories == 0 {
		return err
	}
	return &parley.Error{
		Kind:   parley.Conflict,
		Detail: fmt.Sprintf("There are categories or articles in %s: delete them first (GET /v1/categories?portal_id=%s&locale=%s, GET /v1/articles?portal_id=%s&locale=%s).", locale, id, locale, id, locale),
		Fields: []parley.FieldError{{Location: "body.locales", Message: "leaves out " + locale + ", which there are categories or articles in"}},
	}
}

// deletingPortal refuses to delete a portal that has articles. Its categories go before
// it, each with its own event.
func (h *Help) deletingPortal(ctx context.Context, tx *database.Tx, by parley.Caller, p *parley.Portal) error {
	if err := articlesIn(ctx, tx, by.Organization, "portal", "portal_id", string(p.ID)); err != nil {
		return err
	}
	categories, _, err := store.Categories.List(ctx, tx, by.Organization, store.Page{Limit: maxCategories}, store.Where("portal_id = ?", string(p.ID)))
	if err != nil {
		return err
	}
	for _, c := range categories {
		if err := h.Categories.Delete(ctx, by, string(c.ID)); err != nil {
			return err
		}
	}
	return nil
}
