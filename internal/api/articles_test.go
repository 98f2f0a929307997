package api_test

import (
	"fmt"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func articles() []scenario {
	const size = 200 << 10
	return []scenario{
		{
			does: "an article is drafted from a title", request: "POST /v1/articles", body: `{"portal_id":"$portal","title":"Do you bake gluten-free?"}`, status: 201,
			answer: `{"portal_id":"$portal","category_id":null,"title":"Do you bake gluten-free?","slug":"do-you-bake-gluten-free","description":null,"body":"",
				"author_id":null,"locale":"en","position":0,"status":"draft","published_at":null}`,
			events: []appended{{"article.created", `{"article":{"id":"$new","status":"draft"},"portal":{"id":"$portal","slug":"bakery-help"},"category":null,"previous":{}}`}},
		},
		{
			does: "an article is drafted from everything", request: "POST /v1/articles", status: 201,
			before: []string{`POST /v1/categories {"portal_id":"$portal","name":"Pedidos","locale":"pt-BR"}`},
			body: `{"portal_id":"$portal","category_id":"$category","title":"Payment","slug":"pay","description":"How to pay","body":"# Cash\n\nOr **card**.",
				"author_id":"$agent","locale":"en","position":3}`,
			answer: `{"category_id":"$category","slug":"pay","description":"How to pay","body":"# Cash\n\nOr **card**.","author_id":"$agent","position":3}`,
			events: []appended{{"article.created", `{"category":{"id":"$category","name":"Orders","slug":"orders"}}`}},
		},
		{does: "an article is read", request: "GET /v1/articles/$article", status: 200, answer: `{"id":"$article","body":"Follow the **parcel**."}`},
		{
			does: "a change tells what was before", request: "PATCH /v1/articles/$article", body: `{"title":"Where is it?","category_id":null}`, status: 200, answer: `{"slug":"where-is-my-order"}`,
			events: []appended{{"article.updated", `{"article":{"id":"$article"},"category":null,"previous":{"title":"Where is my order?","category_id":"$category"}}`}},
		},
		{
			does: "a change of what has changed meanwhile is refused", request: "PATCH /v1/articles/$article", body: `{"title":"x"}`,
			header: []string{"If-Match", `"1"`}, status: 412,
		},
		{
			does: "a category decides on the locale", with: "category", request: "POST /v1/articles", status: 201, events: []appended{{"article.created", ``}},
			before: []string{`PATCH /v1/portals/$portal {"default_locale":"pt-BR"}`},
			body:   `{"portal_id":"$portal","category_id":"$category","title":"x"}`, answer: `{"locale":"en"}`,
		},
		{
			does: "and takes no article in another", with: "category", request: "POST /v1/articles",
			body: `{"portal_id":"$portal","category_id":"$category","title":"x","locale":"pt-BR"}`, status: 422, wrong: []string{"body.category_id"},
		},
		{does: "nor of another portal", request: "PATCH /v1/articles/$article", body: `{"category_id":"$vacant"}`, status: 422, wrong: []string{"body.category_id"}},
		{does: "its slug is its own", with: "article", request: "POST /v1/articles", body: `{"portal_id":"$portal","title":"x","slug":"where-is-my-order"}`, status: 409, wrong: []string{"body.slug"}},
		{
			does: "one that is made is another", with: "article", request: "POST /v1/articles", body: `{"portal_id":"$portal","title":"Where is my Order"}`, status: 201,
			answer: `{"slug":"where-is-my-order-2"}`, events: []appended{{"article.created", ``}},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/articles", body: `{"portal_id":"x","slug":"-","position":-1,"status":"published","author_id":1}`,
			status: 422, wrong: []string{"body.title", "body.portal_id", "body.slug", "body.position", "body.status", "body.author_id"},
		},
		{
			does: "a text has 200 KiB", request: "POST /v1/articles", body: `{"portal_id":"$portal","title":"x","body":"` + strings.Repeat("bread ", size/6) + `"}`, status: 201,
			events: []appended{{"article.created", ``}},
		},
		{does: "and no more", request: "POST /v1/articles", body: `{"portal_id":"$portal","title":"x","body":"` + strings.Repeat("é", size/2+1) + `"}`, status: 422, wrong: []string{"body.body"}},
		{does: "its author is there", request: "PATCH /v1/articles/$article", body: `{"author_id":"$no_agent"}`, status: 422, wrong: []string{"body.author_id"}},
		{
			does: "it is published", request: "POST /v1/articles/$article/publish", status: 200, answer: `{"status":"published"}`, lacks: []string{`"published_at":null`},
			events: []appended{{"article.published", `{"article":{"id":"$article"},"previous":{"status":"draft","published_at":null}}`}},
		},
		{does: "once", before: []string{"POST /v1/articles/$article/publish"}, request: "POST /v1/articles/$article/publish", status: 200},
		{
			does: "it is unpublished", before: []string{"POST /v1/articles/$article/publish"}, request: "POST /v1/articles/$article/unpublish", status: 200,
			answer: `{"status":"draft","published_at":null}`, events: []appended{{"article.unpublished", `{"article":{"status":"draft","published_at":null}}`}},
		},
		{
			does: "a published one is not archived", before: []string{"POST /v1/articles/$article/publish"}, request: "POST /v1/articles/$article/archive", status: 409,
			answer: `{"detail":"The article is published, which does not allow archive: it allows unpublish."}`,
		},
		{
			does: "an archived one is restored first", before: []string{"POST /v1/articles/$article/archive"}, request: "POST /v1/articles/$article/publish", status: 409,
			answer: `{"detail":"The article is archived, which does not allow publish: it allows restore."}`,
		},
		{does: "it outlives its author", with: "article", request: "DELETE /v1/users/$agent", status: 204, events: []appended{{"user.deleted", ``}}},
		{does: "it is deleted", request: "DELETE /v1/articles/$article", status: 204, events: []appended{{"article.deleted", `{"article":{"id":"$article"},"previous":{}}`}}},
	}
}

func articleLists() []scenario {
	list := func(does, query, answer string) scenario {
		return scenario{
			does: does, request: "GET /v1/articles" + query, status: 200, answer: `{"data":[` + answer + `],"next_cursor":null}`,
			before: []string{
				"POST /v1/articles/$article/publish",
				`POST /v1/articles {"portal_id":"$portal","title":"Pão de queijo","slug":"pao","locale":"pt-BR","body":"Crème brûlée, ÖFEN, 東京都の犬小屋"}`,
			},
		}
	}
	const order, bread = `{"id":"$article"}`, `{"slug":"pao"}`
	return []scenario{
		list("all, the newest first", "", bread+","+order),
		list("by portal", "?portal_id=$portal", bread+","+order),
		list("by category", "?category_id=$category", order),
		list("of no category", "?category_id=none", bread),
		list("by status", "?status=published", order),
		list("by locale", "?locale=pt-BR", bread),
		list("by author", "?author_id=$agent", order),
		list("by slug", "?slug=pao", bread),
		list("by a word of the title", "?q=order", order),
		list("by a word of the text", "?q=parcel", order),
		list("by the beginning of a word", "?q=parc", order),
		list("not by its first letter", "?q=p", ""),
		list("not by its end", "?q=arcel", ""),
		list("by two words, wherever they stand", "?q=PARCEL+where", order),
		list("by both of them", "?q=parcel+queijo", ""),
		list("whatever the accents", "?q=pao+creme+BRULEE+öfen", bread),
		list("in a script without spaces", "?q=犬小屋", bread),
		list("a character of it", "?q=屋", bread),
		list("characters that do not follow each other", "?q=犬屋", ""),
		list("by nothing", "?q=%3F!", ""),
		list("with other filters", "?q=parcel&status=draft", ""),
		{does: "by 20 words at most", request: "GET /v1/articles?q=" + strings.Join(strings.Split("abcdefghijklmnopqrstu", ""), "+"), status: 422, wrong: []string{"query.q"}},
	}
}

// What an article is found by follows its text, and goes with it.
func TestSearchFollowsTheText(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.AddOrganization(t)).with("article")
		finds := func(words string, want int) {
			t.Helper()
			if got := len(f.page("/v1/articles", "q="+words).List("data")); got != want {
				t.Errorf("%s finds %d, want %d", words, got, want)
			}
		}
		f.do(`PATCH /v1/articles/$article {"body":"Ask the **courier**.","description":"Following"}`)
		finds("parcel", 0)
		finds("courier+order", 1)
		finds("following", 1)
		f.do(`PATCH /v1/articles/$article {"title":"Courier"}`)
		finds("order", 0)
		finds("courier", 1)
		f.do(`DELETE /v1/articles/$article`)
		finds("courier", 0)
		if left := rowsOf(t, h.DB, "article_words", "org_id", string(f.Organization.ID)); len(left) > 0 {
			t.Errorf("words of no article are kept: %v", left)
		}
	})
}

// A page of long articles ends before it becomes too large, and the next goes on there.
func TestLongArticlesComeInShorterPages(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).with("portal")
	const all = 45
	body := strings.Repeat("bread ", 200<<10/6)
	for i := range all {
		f.do(fmt.Sprintf(`POST /v1/articles {"portal_id":"$portal","title":"Part %d","body":"%s"}`, i, body))
	}
	seen, pages := 0, 0
	for cursor := ""; ; pages++ {
		a := f.page("/v1/articles", "limit=200", "cursor="+cursor)
		if len(a.Body) > 12<<20 {
			t.Errorf("a page has %d bytes", len(a.Body))
		}
		seen += len(a.List("data"))
		if cursor = next(a); cursor == "" {
			break
		}
	}
	if seen != all || pages == 0 {
		t.Errorf("%d pages have %d articles, want %d", pages+1, seen, all)
	}
}

// What a person writes is theirs.
func TestAPersonIsTheAuthor(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	f := furnish(t, h.AddOrganization(t)).with("portal", "agent")
	agent := f.Personal(parley.UserID(f.id("agent")), "articles:write")
	a := agent.Do("POST", "/v1/articles", f.says(`{"portal_id":"$portal","title":"Mine"}`)).Want(201)
	a.Includes(f.says(`{"author_id":"$agent"}`))
}
