package articles

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/schema"
)

// editor is a text with what is said of it, while somebody writes.
type editor struct {
	Title   string
	Text    form.Form // title and body
	Place   form.Form // the rest
	Of      *parley.Article
	Version string // of the article that the writer knows
	Theirs  string // the body that somebody else has saved meanwhile
	Lost    bool   // somebody else was faster
	Action  string
	Cancel  string
	Error   string
}

const versionField = "version"

// sets are the fields of the editor: those of the text, and those beside it.
func sets(r *page.Request, verb form.Verb, of *parley.Article) (text, place form.Set, err error) {
	all := form.Of[parley.Article](verb)
	portals, categories, err := places(r)
	if err != nil {
		return all, all, err
	}
	called := map[parley.PortalID]string{}
	var portalOptions, categoryOptions []form.Option
	for _, p := range portals {
		called[p.ID] = p.Name
		portalOptions = append(portalOptions, form.Option{Value: string(p.ID), Label: p.Name})
	}
	slices.SortFunc(categories, func(a, b parley.Category) int {
		return cmp.Or(cmp.Compare(a.PortalID, b.PortalID), cmp.Compare(a.Locale, b.Locale), cmp.Compare(a.Position, b.Position))
	})
	for _, c := range categories {
		if of != nil && (c.PortalID != of.PortalID || c.Locale != of.Locale) {
			continue
		}
		label := c.Name
		if of == nil && len(portals) > 1 {
			label = called[c.PortalID] + ": " + c.Name
		}
		categoryOptions = append(categoryOptions, form.Option{Value: string(c.ID), Label: label})
	}
	fields := []string{"category_id", "slug", "description", "position"}
	if verb == form.Create {
		fields = []string{"portal_id", "category_id", "slug", "description", "locale", "position"}
	}
	place = all.Only(fields...)
	if len(portalOptions) > 0 && verb == form.Create {
		place = place.Options("portal_id", portalOptions...)
	}
	if len(categoryOptions) > 0 {
		place = place.Options("category_id", categoryOptions...)
	}
	return all.Only("title", "body"), place, nil
}

// all are the fields of both sets.
func all(text, place form.Set) form.Set {
	text.Fields = slices.Concat(text.Fields, place.Fields)
	return text
}

func blank(r *page.Request) error {
	text, place, err := sets(r, form.Create, nil)
	if err != nil {
		return err
	}
	values := all(text, place).Blank()
	for _, name := range []string{"portal_id", "category_id"} {
		if given := r.Query(name); given != "" {
			values.Set(name, given)
		}
	}
	for _, f := range place.Fields {
		if f.Name == "portal_id" && len(f.Options) == 1 && values.Get("portal_id") == "" {
			values.Set("portal_id", f.Options[0].Value)
		}
	}
	return showEditor(r, newEditor(r, nil, text, place, values), http.StatusOK)
}

func newEditor(r *page.Request, of *parley.Article, text, place form.Set, values url.Values) editor {
	both := form.Form{Values: values, Zone: r.Zone(), Pick: page.Pick, Title: r.Title}
	e := editor{Title: "New article", Text: both, Place: both, Of: of, Action: home + "/new", Cancel: home}
	e.Text.Set, e.Place.Set = text, place
	if of != nil {
		e.Title, e.Action, e.Cancel = "Edit article", at(of.ID)+"/edit", at(of.ID)
		e.Version = strconv.FormatInt(of.Sequence, 10)
	}
	return e
}

func showEditor(r *page.Request, e editor, status int) error {
	return r.Page(page.Show{Title: e.Title, Current: home, Status: status}, editorPage(e))
}

// refused shows the editor again with what was typed, and what is wrong with it.
func refused(r *page.Request, e editor, text, place form.Set, err error) error {
	switch parley.KindOf(err) {
	case parley.NotFound, parley.Forbidden:
		return err
	}
	whole := e.Text
	whole.Set = all(text, place)
	failed, ok := whole.Fail(err)
	if !ok {
		return err
	}
	e.Text.Errors, e.Place.Errors, e.Error = failed.Errors, failed.Errors, failed.Error
	return showEditor(r, e, http.StatusUnprocessableEntity)
}

func create(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	text, place, err := sets(r, form.Create, nil)
	if err != nil {
		return err
	}
	var article parley.Article
	schema.Defaults(&article)
	err = schema.ReadCreate(form.Body(r.PostForm, all(text, place), r.Zone()), &article)
	if err == nil {
		article, err = r.Site.Help.Articles.Create(r.Context(), r.Caller(), article)
	}
	if err != nil {
		return refused(r, newEditor(r, nil, text, place, r.PostForm), text, place, err)
	}
	return saved(r, article)
}

// saved ends what the editor was open for: a draft stays one, unless it is to be
// published too.
func saved(r *page.Request, article parley.Article) error {
	if r.PostForm.Get("then") == "publish" {
		if _, err := r.Site.Help.Articles.Publish(r.Context(), r.Caller(), article.ID); err != nil {
			return err
		}
		return r.Done(at(article.ID), "It is saved, and visitors can read it.")
	}
	if article.Status == parley.PublishedArticle {
		return r.Done(at(article.ID), "It is saved. Visitors read the new text.")
	}
	return r.Done(at(article.ID), "The draft is saved.")
}

func get(r *page.Request) (parley.Article, error) {
	return r.Site.Help.Articles.Get(r.Context(), r.Org(), r.PathValue("id"))
}

func edit(r *page.Request) error {
	article, err := get(r)
	if err != nil {
		return err
	}
	text, place, err := sets(r, form.Update, &article)
	if err != nil {
		return err
	}
	return showEditor(r, newEditor(r, &article, text, place, form.Values(article, all(text, place), r.Zone())), http.StatusOK)
}

func change(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	known, err := get(r)
	if err != nil {
		return err
	}
	text, place, err := sets(r, form.Update, &known)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(r.PostForm.Get(versionField), 10, 64)
	if err != nil || version < 1 {
		return parley.Errorf(parley.Malformed, "The form does not say which version of the article it is about. Open it again, and repeat your change.")
	}
	body := form.Body(r.PostForm, all(text, place), r.Zone())
	article, err := r.Site.Help.Articles.Update(r.Context(), r.Caller(), string(known.ID), version, func(a *parley.Article) error {
		return schema.ReadUpdate(body, a)
	})
	if err == nil {
		return saved(r, article)
	}
	e := newEditor(r, &known, text, place, r.PostForm)
	if parley.KindOf(err) == parley.Stale {
		// Saving again, knowingly, replaces what the other has written.
		e.Lost, e.Theirs = true, known.Body
		return showEditor(r, e, http.StatusConflict)
	}
	e.Version = r.PostForm.Get(versionField)
	return refused(r, e, text, place, err)
}

// preview shows the text as visitors would see it.
func (a area) preview(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	return r.Part(shown(a.markdown.HTML(r.PostForm.Get("body"))))
}

// crumbs lead from the editor back.
func (e editor) crumbs() []ui.Link {
	links := []ui.Link{{Text: "Articles", URL: home}}
	if e.Of != nil {
		links = append(links, ui.Link{Text: e.Of.Title, URL: at(e.Of.ID)})
	}
	return links
}
