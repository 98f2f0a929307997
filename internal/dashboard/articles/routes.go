// Package articles are the pages of the help centre's articles: a list, the text of
// each as visitors will see it, and an editor that shows it while it is written.
package articles

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/markdown"
	"parley/internal/store"
)

const home = "/articles"

// area is what the pages share.
type area struct{ markdown *markdown.Renderer }

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	a := area{markdown.New()}
	whole := slices.DeleteFunc(a.kind(s).Routes(), func(r page.Route) bool { return r.Pattern == "GET /articles" })
	return append(whole, []page.Route{
		{Pattern: "GET /articles", Scope: "articles:read", Handle: list},
		{Pattern: "GET /articles/new", Scope: "articles:write", Command: "New article", Handle: blank},
		{Pattern: "POST /articles/new", Scope: "articles:write", Handle: create},
		{Pattern: "POST /articles/preview", Scope: "articles:write", Handle: a.preview},
		{Pattern: "GET /articles/{id}/edit", Scope: "articles:write", Handle: edit},
		{Pattern: "POST /articles/{id}/edit", Scope: "articles:write", Handle: change},
	}...)
}

// tones are what the statuses of an article mean.
var tones = map[string]ui.Tone{string(parley.DraftArticle): ui.Warn, string(parley.PublishedArticle): ui.Good, string(parley.ArchivedArticle): ui.Plain}

func (a area) kind(s *page.Site) *record.Kind[parley.Article] {
	articles := s.Help.Articles
	return &record.Kind[parley.Article]{
		Noun: "article", Plural: "articles", Icon: "article", Table: store.Articles,
		Delete: func(ctx context.Context, by parley.Caller, id string) error { return articles.Delete(ctx, by, id) },
		Keep:   "Visitors cannot read it any more. This cannot be undone.",
		Verbs: []record.Verb[parley.Article]{
			{Name: "publish", Label: "Publish", From: []string{"draft"}, Key: "p", Main: true, Done: "Visitors can read it now.", Do: record.ByID(articles.Publish)},
			{Name: "unpublish", Label: "Unpublish", From: []string{"published"}, Key: "u", Done: "It is a draft again.", Do: record.ByID(articles.Unpublish)},
			{Name: "archive", Label: "Archive", From: []string{"draft"}, Done: "It is in the archive.", Do: record.ByID(articles.Archive)},
			{Name: "restore", Label: "Restore", From: []string{"archived"}, Key: "r", Done: "It is a draft again.", Do: record.ByID(articles.Restore)},
		},
		Title: "title", Tones: tones,
		Facts: []string{"portal_id", "category_id", "slug", "locale", "author_id", "position", "published_at", "description"},
		More: func(_ *page.Request, article parley.Article) (templ.Component, error) {
			return whole(a.markdown.HTML(article.Body)), nil
		},
		Actions: func(r *page.Request, article parley.Article) []record.Action {
			if !r.Allows("articles:write") {
				return nil
			}
			return []record.Action{{Text: "Edit", URL: at(article.ID) + "/edit", Icon: "edit", Key: "e"}}
		},
	}
}

func at(id parley.ArticleID) string { return home + "/" + string(id) }
