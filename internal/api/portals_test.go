package api_test

func portals() []scenario {
	return []scenario{
		{
			does: "a portal is created from a name", request: "POST /v1/portals", body: `{"name":"Crème & Croûte: Help"}`, status: 201,
			answer: `{"name":"Crème & Croûte: Help","slug":"creme-croute-help","description":null,"color":"#2563eb","default_locale":"en","locales":["en"]}`,
			events: []appended{{"portal.created", `{"portal":{"id":"$new","slug":"creme-croute-help"},"previous":{}}`}},
		},
		{
			does: "a portal is created from everything", request: "POST /v1/portals", status: 201,
			body:   `{"name":"Help","slug":"ajuda-1","description":"All","color":"#ff0000","default_locale":"pt-BR","locales":["en","pt-BR"]}`,
			answer: `{"name":"Help","slug":"ajuda-1","description":"All","color":"#ff0000","default_locale":"pt-BR","locales":["en","pt-BR"]}`,
			events: []appended{{"portal.created", ``}},
		},
		{does: "a portal is read", request: "GET /v1/portals/$portal", status: 200, answer: `{"id":"$portal","slug":"bakery-help"}`},
		{does: "a portal is found by its slug", with: "closed", request: "GET /v1/portals?slug=bakery-help", before: []string{"GET /v1/portals/$portal"}, status: 200, answer: `{"data":[{"id":"$portal"}],"next_cursor":null}`},
		{
			does: "a change tells what was before", request: "PATCH /v1/portals/$portal", body: `{"slug":"help","locales":["en","pt-BR","de"]}`, status: 200,
			events: []appended{{"portal.updated", `{"portal":{"slug":"help"},"previous":{"slug":"bakery-help","locales":["en","pt-BR"]}}`}},
		},
		{does: "a name that is taken makes another slug", with: "portal", request: "POST /v1/portals", body: `{"name":"Bakery help"}`, status: 201, answer: `{"slug":"bakery-help-2"}`, events: []appended{{"portal.created", ``}}},
		{does: "a slug that is taken is refused", with: "portal", request: "POST /v1/portals", body: `{"name":"x","slug":"bakery-help"}`, status: 409, wrong: []string{"body.slug"}},
		{does: "also by a change", with: "portal", request: "PATCH /v1/portals/$closed", body: `{"slug":"bakery-help"}`, status: 409, wrong: []string{"body.slug"}},
		{does: "a name without letters of a to z has a slug too", request: "POST /v1/portals", body: `{"name":"ヘルプ"}`, status: 201, answer: `{"slug":"portal"}`, events: []appended{{"portal.created", ``}}},
		{
			does: "what is wrong is told all at once", request: "POST /v1/portals", body: `{"slug":"Help!","color":"red","default_locale":"english","locales":["en","EN"]}`,
			status: 422, wrong: []string{"body.name", "body.slug", "body.color", "body.default_locale", "body.locales[1]"},
		},
		{does: "the default locale is one of the locales", request: "PATCH /v1/portals/$portal", body: `{"default_locale":"de"}`, status: 422, wrong: []string{"body.default_locale"}},
		{does: "no locale is named twice", request: "POST /v1/portals", body: `{"name":"x","locales":["en","en"]}`, status: 422, wrong: []string{"body.locales[1]"}},
		{
			does: "a locale that is written in stays", with: "category", request: "PATCH /v1/portals/$portal", body: `{"locales":["pt-BR"],"default_locale":"pt-BR"}`,
			status: 409, wrong: []string{"body.locales"},
		},
		{does: "one that is not goes", with: "article", request: "PATCH /v1/portals/$portal", body: `{"locales":["en"]}`, status: 200, events: []appended{{"portal.updated", ``}}},
		{
			does: "a portal with articles stays", with: "article", request: "DELETE /v1/portals/$portal", status: 409,
			before: []string{`POST /v1/articles {"portal_id":"$portal","title":"Another"}`},
			answer: `{"detail":"The portal has 2 articles: empty it first (GET /v1/articles?portal_id=$portal)."}`,
		},
		{
			does: "a portal without goes, its categories first", with: "vacant", request: "DELETE /v1/portals/$closed", status: 204,
			events: []appended{{"category.deleted", `{"category":{"id":"$vacant"},"portal":{"id":"$closed","slug":"closed"}}`}, {"portal.deleted", `{"portal":{"id":"$closed"},"previous":{}}`}},
		},
		{
			does: "a change of what has changed meanwhile is refused", request: "PATCH /v1/portals/$portal", body: `{"name":"x"}`,
			header: []string{"If-Match", `"1"`}, status: 412,
		},
	}
}

func categories() []scenario {
	return []scenario{
		{
			does: "a category is created from a name", request: "POST /v1/categories", body: `{"portal_id":"$portal","name":"Opening hours"}`, status: 201,
			answer: `{"portal_id":"$portal","name":"Opening hours","slug":"opening-hours","description":null,"locale":"en","position":0}`,
			events: []appended{{"category.created", `{"category":{"id":"$new"},"portal":{"id":"$portal","name":"Bakery help","slug":"bakery-help"},"previous":{}}`}},
		},
		{
			does: "a category is created in another locale", request: "POST /v1/categories", status: 201, events: []appended{{"category.created", ``}},
			body: `{"portal_id":"$portal","name":"Pedidos","slug":"pedidos","description":"Tudo","locale":"pt-BR","position":7}`, answer: `{"locale":"pt-BR","position":7}`,
		},
		{does: "not in one that the portal has not", request: "POST /v1/categories", body: `{"portal_id":"$portal","name":"Zeiten","locale":"de"}`, status: 422, wrong: []string{"body.locale"}},
		{does: "nor in no portal", request: "POST /v1/categories", body: `{"portal_id":"port_x","name":"Zeiten"}`, status: 422, wrong: []string{"body.portal_id"}},
		{
			does: "it is changed", request: "PATCH /v1/categories/$category", body: `{"name":"Your order","position":2}`, status: 200, answer: `{"name":"Your order","slug":"orders"}`,
			events: []appended{{"category.updated", `{"previous":{"name":"Orders","position":1}}`}},
		},
		{does: "it stays in its portal and its locale", request: "PATCH /v1/categories/$category", body: `{"portal_id":"$closed","locale":"pt-BR"}`, status: 422, wrong: []string{"body.portal_id", "body.locale"}},
		{does: "its slug is its own", with: "category", request: "POST /v1/categories", body: `{"portal_id":"$portal","name":"x","slug":"orders"}`, status: 409, wrong: []string{"body.slug"}},
		{does: "in its portal", with: "category", request: "POST /v1/categories", body: `{"portal_id":"$closed","name":"x","slug":"orders"}`, status: 201, events: []appended{{"category.created", ``}}},
		{does: "categories of a portal", with: "category vacant", request: "GET /v1/categories?portal_id=$portal", status: 200, answer: `{"data":[{"id":"$category"}],"next_cursor":null}`},
		{does: "categories of a locale", with: "category vacant", request: "GET /v1/categories?locale=pt-BR", status: 200, answer: `{"data":[],"next_cursor":null}`},
		{
			does: "one with articles stays", with: "article", request: "DELETE /v1/categories/$category", status: 409,
			answer: `{"detail":"The category has 1 article: empty it first (GET /v1/articles?category_id=$category)."}`,
		},
		{does: "one without goes", request: "DELETE /v1/categories/$vacant", status: 204, events: []appended{{"category.deleted", `{"category":{"id":"$vacant"},"previous":{}}`}}},
	}
}
