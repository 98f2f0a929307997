package help

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// maxCategories is how many categories a portal may have: they go with it at once.
const maxCategories = 1000

func newCategories(db *database.DB, log *eventlog.Log) *noun.Noun[parley.Category, parley.CategoryEvent] {
	return &noun.Noun[parley.Category, parley.CategoryEvent]{
		DB: db, Log: log, Table: store.Categories,
		Created: parley.CategoryCreated, Updated: parley.CategoryUpdated, Deleted: parley.CategoryDeleted,
		Data: func(c parley.Category, p parley.Previous) parley.CategoryEvent {
			return parley.CategoryEvent{Category: c, Previous: p}
		},
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, c *parley.Category, data *parley.CategoryEvent) error {
			portal, err := store.Portals.Get(ctx, tx, org, string(c.PortalID))
			data.Portal = portal.Short()
			return err
		},
		Check: checkCategory,
		Deleting: func(ctx context.Context, tx *database.Tx, by parley.Caller, c *parley.Category) error {
			return articlesIn(ctx, tx, by.Organization, "category", "category_id", string(c.ID))
		},
	}
}

func checkCategory(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Category) error {
	var old parley.Category
	inPortal := store.Where("portal_id = ?", string(after.PortalID))
	if before != nil {
		old = *before
	} else {
		portal, err := store.Portals.Refer(ctx, tx, by.Organization, "body.portal_id", string(after.PortalID))
		if err != nil {
			return err
		}
		if after.Locale, err = localeIn(portal, after.Locale); err != nil {
			return err
		}
		if err := store.Categories.CheckRoom(ctx, tx, by.Organization, inPortal, maxCategories, "A portal"); err != nil {
			return err
		}
	}
	var err error
	after.Slug, err = settleSlug(ctx, tx, by.Organization, store.Categories, inPortal, slugs{before: old.Slug, after: after.Slug, from: after.Name})
	return err
}

// localeIn is the locale that is wanted, if it is one of the portal's: its default one
// if none is.
func localeIn(portal parley.Portal, wanted string) (string, error) {
	switch {
	case wanted == "":
		return portal.DefaultLocale, nil
	case slices.Contains(portal.Locales, wanted):
		return wanted, nil
	}
	return "", parley.InvalidField("body.locale", "is not a locale of the portal, which has %s", strings.Join(portal.Locales, ", "))
}
