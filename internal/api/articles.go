package api

import (
	"parley"
	"parley/internal/help"
	"parley/internal/store"
)

type articleList struct {
	ListParams
	PlaceParams
	CategoryID string `query:"category_id" maxLength:"64" doc:"Only articles of this category; none: of no category"`
	Status     string `query:"status" enum:"draft,published,archived" doc:"Only articles of this status"`
	AuthorID   string `query:"author_id" maxLength:"64" doc:"Only articles by this user; none: by nobody that is known"`
	Q          string `query:"q" maxLength:"200" doc:"Only articles that have, for each of these words (20 at most), one that begins with it (a single letter: that is it), in title, description or body, of which the first 5,000 different words count. Case and accents do not matter" example:"track parcel"`
}

// maxQueried is how many words are looked for at once.
const maxQueried = 20

func (l articleList) check() error {
	if len(help.Words(l.Q)) > maxQueried {
		return parley.InvalidField("query.q", "must have at most %d words", maxQueried)
	}
	return nil
}

func (l articleList) filter() (f store.Filter) {
	if l.Q != "" {
		f = help.Search(l.Q)
	}
	l.narrow(&f)
	equalOrNone(&f, "category_id", l.CategoryID)
	equal(&f, "status", l.Status)
	equalOrNone(&f, "author_id", l.AuthorID)
	return f
}

func (a *API) articles() {
	const plural = "articles"
	articles := a.Help.Articles
	resource[parley.Article, parley.ArticleEvent, parley.ArticleID](a, plural, articles.Noun)
	list[parley.Article, articleList](a, plural, "A page ends early once its articles come to 4 MiB.", articles.List)
	verb(a, plural, store.Articles, "publish", "Publish an article",
		"Visitors can read a draft from now on. An article that is published already stays as it is; one in the archive has to be restored first.", articles.Publish)
	verb(a, plural, store.Articles, "unpublish", "Unpublish an article",
		"Visitors cannot read it any more: it is a draft again. A draft stays as it is.", articles.Unpublish)
	verb(a, plural, store.Articles, "archive", "Archive an article",
		"A draft goes out of the way. What is in the archive stays as it is; a published article has to be unpublished first.", articles.Archive)
	verb(a, plural, store.Articles, "restore", "Restore an article",
		"An article from the archive is a draft again. A draft stays as it is.", articles.Restore)
}
