package help

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

func checkArticle(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Article) error {
	var old parley.Article
	if before != nil {
		old = *before
	}
	if len(after.Body) > maxBody {
		return parley.InvalidField("body.body", "must have at most 200 KiB (%d bytes), and has %d", maxBody, len(after.Body))
	}
	if err := checkPlace(ctx, tx, by.Organization, before, after); err != nil {
		return err
	}
	if before == nil {
		after.Status = parley.DraftArticle
		if after.AuthorID == nil && by.Actor.Type == parley.ActorUser {
			after.AuthorID = new(parley.UserID(by.Actor.ID))
		}
	}
	if store.Renewed(old.AuthorID, after.AuthorID) {
		if _, err := store.Users.Refer(ctx, tx, by.Organization, "body.author_id", string(*after.AuthorID)); err != nil {
			return err
		}
	}
	var err error
	inPortal := store.Where("portal_id = ?", string(after.PortalID))
	after.Slug, err = settleSlug(ctx, tx, by.Organization, store.Articles, inPortal, slugs{before: old.Slug, after: after.Slug, from: after.Title})
	return err
}

// checkPlace sees to it that a new article is in a portal, in one of its locales, and
// that an article's category is one of both.
func checkPlace(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, after *parley.Article) error {
	if before != nil {
		_, err := categoryOf(ctx, tx, org, before.CategoryID, after)
		return err
	}
	portal, err := store.Portals.Refer(ctx, tx, org, "body.portal_id", string(after.PortalID))
	if err != nil {
		return err
	}
	category, err := categoryOf(ctx, tx, org, nil, after)
	if err != nil {
		return err
	}
	if after.Locale == "" && category != nil {
		after.Locale = category.Locale
	}
	after.Locale, err = localeIn(portal, after.Locale)
	return err
}

// categoryOf gives the category that an article is put into, nil if it stays where it
// is or under none.
func categoryOf(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before *parley.CategoryID, after *parley.Article) (*parley.Category, error) {
	const location = "body.category_id"
	if !store.Renewed(before, after.CategoryID) {
		return nil, nil
	}
	category, err := store.Categories.Refer(ctx, tx, org, location, string(*after.CategoryID))
	switch {
	case err != nil:
		return nil, err
	case category.PortalID != after.PortalID:
		return nil, parley.InvalidField(location, "is a category of another portal")
	case after.Locale != "" && category.Locale != after.Locale:
		return nil, parley.InvalidField(location, "is a category for %s, and the article is in %s", category.Locale, after.Locale)
	}
	return &category, nil
}
