package articles_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/desk"
)

func TestArticlesByHTTP(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	draft := d.First("/v1/articles?status=draft")
	id := draft["id"].(string)

	t.Run("words are searched", func(t *testing.T) {
		_, body := d.Get(t, c, "/articles?q=hazelnut")
		if !strings.Contains(body, "What is in your bread?") || strings.Contains(body, "Where is my order?") {
			t.Error("the search for a word of one article does not find just that")
		}
		if _, body := d.Get(t, c, "/articles?status=archived"); !strings.Contains(body, "No article is like that") {
			t.Error("filters that hide everything do not say so")
		}
	})
	t.Run("a text is shown as HTML, without what does harm", func(t *testing.T) {
		d.API(http.MethodPatch, "/v1/articles/"+id, map[string]any{"body": "**bold** [x](javascript:alert(1)) " + desk.Script})
		_, body := d.Get(t, c, "/articles/"+id)
		if !strings.Contains(body, "<strong>bold</strong>") || strings.Contains(body, `href="javascript:`) || strings.Contains(body, "<img") {
			t.Error("the page of an article does not show its text safely")
		}
	})
	t.Run("who is too late loses nothing", func(t *testing.T) {
		form := url.Values{"version": {"1"}, "title": {"A title of mine"}, "body": {"Words of mine"}}
		status, _, body := d.Post(t, c, "/articles/"+id+"/edit", form)
		if status != http.StatusConflict || !strings.Contains(body, "Words of mine") || !strings.Contains(body, "Somebody else has saved") {
			t.Errorf("a lost race answers %d", status)
		}
	})
	t.Run("what is wrong is said", func(t *testing.T) {
		status, _, body := d.Post(t, c, "/articles/new", url.Values{"title": {""}, "body": {"Words of mine"}, "portal_id": {draft["portal_id"].(string)}})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Words of mine") {
			t.Errorf("an article without a title answers %d", status)
		}
	})
	t.Run("an agent sets up no portals", func(t *testing.T) {
		if status, _, _ := d.Post(t, c, "/settings/portals", url.Values{"name": {"Mine"}}); status != http.StatusForbidden {
			t.Errorf("an agent's portal answers %d", status)
		}
	})
}

func TestAnArticleIsWritten(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/articles/new")
	b.Type("#field-title", "Rolls on Sundays")
	b.Type("#field-body", "We bake **rolls**. [x](javascript:document.title='broken in') "+desk.Script)
	b.WaitText("#preview strong", "rolls")
	desk.Harmless(t, b)
	b.Click(".form-actions .primary")
	b.WaitText("h1", "Rolls on Sundays")
	desk.Harmless(t, b)
	b.Open(d.URL + "/articles/" + d.First("/v1/articles?locale=en&status=published")["id"].(string) + "/edit")
	b.WaitText("#preview", "")
	desk.Screens(t, b, "../../..", "article")
	b.Expect()
}

func TestThePagesOfArticlesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	id := d.First("/v1/articles?status=published")["id"].(string)
	b := d.Browser(t, desk.Admin)
	for path, ready := range map[string]string{"/articles": "#articles", "/articles/" + id: "#record", "/articles/" + id + "/edit": "#preview p", "/settings/portals": "#portals"} {
		desk.Inspect(t, b, d.URL+path, ready)
	}
}
