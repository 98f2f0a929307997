package help

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

const (
	maxBody = 200 << 10 // bytes of an article's text
	maxPage = 4 << 20   // bytes of the texts on a page of a list, after which it ends
)

// Articles is the verbs of articles.
type Articles struct {
	*noun.Noun[parley.Article, parley.ArticleEvent]
}

func newArticles(db *database.DB, log *eventlog.Log) *Articles {
	return &Articles{&noun.Noun[parley.Article, parley.ArticleEvent]{
		DB: db, Log: log, Table: store.Articles,
		Created: parley.ArticleCreated, Updated: parley.ArticleUpdated, Deleted: parley.ArticleDeleted,
		Data: func(a parley.Article, p parley.Previous) parley.ArticleEvent {
			return parley.ArticleEvent{Article: a, Previous: p}
		},
		Beside: besideArticle,
		Check:  checkArticle,
		Index:  indexArticle,
	}}
}

// List reads a page of articles. It ends early where their texts become too many to be
// sent at once.
func (a *Articles) List(ctx context.Context, org parley.OrganizationID, p store.Page, f store.Filter) (articles []parley.Article, next string, err error) {
	const atOnce = 20
	bytes := 0
	for limit := p.Limit; limit > 0 && bytes < maxPage; limit -= atOnce {
		p.Limit = min(limit, atOnce)
		some, next, err := a.Noun.List(ctx, org, p, f)
		if err != nil {
			return nil, "", err
		}
		articles = append(articles, some...)
		for i := range some {
			bytes += len(some[i].Body)
		}
		if p.Cursor = next; next == "" {
			break
		}
	}
	return articles, p.Cursor, nil
}

func besideArticle(ctx context.Context, tx *database.Tx, org parley.OrganizationID, a *parley.Article, data *parley.ArticleEvent) error {
	portal, err := store.Portals.Get(ctx, tx, org, string(a.PortalID))
	if err != nil {
		return err
	}
	data.Portal = portal.Short()
	if a.CategoryID == nil {
		return nil
	}
	category, err := store.Categories.Get(ctx, tx, org, string(*a.CategoryID))
	data.Category = new(category.Short())
	return err
}

// articleSteps is the state machine of an article.
func articleSteps() noun.Steps[parley.ArticleStatus, parley.ArticleEvent] {
	draft, published, archived := []parley.ArticleStatus{parley.DraftArticle}, []parley.ArticleStatus{parley.PublishedArticle}, []parley.ArticleStatus{parley.ArchivedArticle}
	return noun.Steps[parley.ArticleStatus, parley.ArticleEvent]{
		{Verb: "publish", From: draft, To: parley.PublishedArticle, Event: parley.ArticlePublished},
		{Verb: "unpublish", From: published, To: parley.DraftArticle, Event: parley.ArticleUnpublished},
		{Verb: "archive", From: draft, To: parley.ArchivedArticle, Event: parley.ArticleArchived},
		{Verb: "restore", From: archived, To: parley.DraftArticle, Event: parley.ArticleRestored},
	}
}

// Publish shows a draft to visitors; one that they see already stays as it is. One in
// the archive is a Conflict error.
func (a *Articles) Publish(ctx context.Context, by parley.Caller, id parley.ArticleID) (parley.Article, error) {
	return a.take(ctx, by, id, "publish", func(article *parley.Article) error {
		article.PublishedAt = new(parley.Now())
		return nil
	})
}

// Unpublish makes a published article a draft again; a draft stays as it is. One in
// the archive is a Conflict error.
func (a *Articles) Unpublish(ctx context.Context, by parley.Caller, id parley.ArticleID) (parley.Article, error) {
	return a.take(ctx, by, id, "unpublish", func(article *parley.Article) error {
		article.PublishedAt = nil
		return nil
	})
}

// Archive puts a draft out of the way; what is in the archive stays there. A published
// article is a Conflict error.
func (a *Articles) Archive(ctx context.Context, by parley.Caller, id parley.ArticleID) (parley.Article, error) {
	return a.take(ctx, by, id, "archive", nil)
}

// Restore makes an archived article a draft again; a draft stays as it is. A published
// one is a Conflict error.
func (a *Articles) Restore(ctx context.Context, by parley.Caller, id parley.ArticleID) (parley.Article, error) {
	return a.take(ctx, by, id, "restore", nil)
}

func (a *Articles) take(ctx context.Context, by parley.Caller, id parley.ArticleID, verb string, also func(*parley.Article) error) (parley.Article, error) {
	status := func(article *parley.Article) *parley.ArticleStatus { return &article.Status }
	return noun.Take(ctx, by, a.Noun, string(id), articleSteps(), verb, status, also)
}
