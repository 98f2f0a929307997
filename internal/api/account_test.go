package api_test

func organization() []scenario {
	return []scenario{
		{
			does: "the key's organization", request: "GET /v1/organization", status: 200,
			answer: `{"id":"$org","name":"Example Bakery"}`,
		},
		{
			does: "the organization is renamed", request: "PATCH /v1/organization", body: `{"name":"Bread & Butter"}`, status: 200,
			answer: `{"id":"$org","name":"Bread & Butter"}`,
			events: []appended{{"organization.updated", `{"organization":{"id":"$org","name":"Bread & Butter"},"previous":{"name":"Example Bakery"}}`}},
		},
		{does: "a name that stays is no change", request: "PATCH /v1/organization", body: `{"name":"Example Bakery"}`, status: 200},
		{does: "it must have a name", request: "PATCH /v1/organization", body: `{"name":""}`, status: 422, wrong: []string{"body.name"}},
		{does: "its id is not to be set", request: "PATCH /v1/organization", body: `{"id":"$org"}`, status: 422, wrong: []string{"body.id"}},
	}
}

func users() []scenario {
	return []scenario{
		{
			does: "a user is an agent unless said otherwise", request: "POST /v1/users", body: `{"name":"Rosa","email":"rosa@example.com"}`, status: 201,
			answer: `{"name":"Rosa","email":"rosa@example.com","role":"agent"}`,
			events: []appended{{"user.created", `{"user":{"id":"$new","role":"agent"},"previous":{}}`}},
		},
		{
			does: "a user is read", request: "GET /v1/users/$agent", status: 200, answer: `{"id":"$agent","name":"Alan","role":"agent"}`,
		},
		{
			does: "users are listed, the newest first", request: "GET /v1/users", status: 200,
			answer: `{"data":[{"id":"$agent"},{"id":"$owner"}],"next_cursor":null}`,
		},
		{
			does: "a user is promoted", request: "PATCH /v1/users/$agent", body: `{"role":"admin"}`, status: 200,
			answer: `{"role":"admin"}`,
			events: []appended{{"user.updated", `{"user":{"id":"$agent","role":"admin"},"previous":{"role":"agent"}}`}},
		},
		{
			does: "an email belongs to one user, whatever its case", with: "agent", request: "POST /v1/users", body: `{"name":"Alan","email":"ALAN@example.com"}`,
			status: 409, wrong: []string{"body.email"},
		},
		{
			does: "an email that is taken cannot be changed to", with: "agent", request: "PATCH /v1/users/$owner", body: `{"email":"Alan@example.com"}`,
			status: 409, wrong: []string{"body.email"},
		},
		{
			does: "one's own email may change its case", request: "PATCH /v1/users/$agent", body: `{"email":"Alan@Example.com"}`, status: 200,
			events: []appended{{"user.updated", `{"previous":{"email":"alan@example.com"}}`}},
		},
		{
			does: "the last owner stays one", request: "PATCH /v1/users/$owner", body: `{"role":"admin"}`,
			status: 409, wrong: []string{"body.role"},
		},
		{
			does: "the last owner stays", request: "DELETE /v1/users/$owner", status: 409, wrong: []string{"path.id"},
		},
		{
			does: "one of two owners may step down", request: "PATCH /v1/users/$owner", body: `{"role":"agent"}`, status: 200,
			before: []string{`PATCH /v1/users/$agent {"role":"owner"}`},
			events: []appended{{"user.updated", `{"previous":{"role":"owner"}}`}},
		},
		{
			does: "one of two owners may leave", request: "DELETE /v1/users/$owner", status: 204,
			before: []string{`PATCH /v1/users/$agent {"role":"owner"}`}, events: []appended{{"user.deleted", `{"user":{"id":"$owner"}}`}},
		},
		{
			does: "a user goes with their personal keys", request: "DELETE /v1/users/$agent", status: 204,
			before: []string{`POST /v1/api_keys {"name":"Mine","kind":"personal","user_id":"$agent","scopes":["*"]}`},
			events: []appended{
				{"api_key.revoked", `{"api_key":{"name":"Mine","user_id":"$agent"},"previous":{"revoked_at":null}}`},
				{"user.deleted", `{"user":{"id":"$agent","name":"Alan"},"previous":{}}`},
			},
		},
		{
			does: "a user with conversations stays", request: "DELETE /v1/users/$agent", status: 409,
			before: []string{`PATCH /v1/conversations/$conversation {"assignee_id":"$agent"}`},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/users", body: `{"email":"nobody","role":"king","age":3}`,
			status: 422, wrong: []string{"body.name", "body.email", "body.role", "body.age"},
		},
	}
}

func inboxes() []scenario {
	return []scenario{
		{
			does: "an inbox is of channel api unless said otherwise", request: "POST /v1/inboxes", body: `{"name":"Orders"}`, status: 201,
			answer: `{"name":"Orders","channel":"api"}`,
			events: []appended{{"inbox.created", `{"inbox":{"id":"$new","channel":"api"},"previous":{}}`}},
		},
		{does: "an inbox is read", request: "GET /v1/inboxes/$widget", status: 200, answer: `{"id":"$widget","channel":"widget"}`},
		{does: "inboxes are listed", request: "GET /v1/inboxes", status: 200, answer: `{"data":[{"id":"$widget"},{"id":"$inbox"}]}`},
		{
			does: "an inbox is renamed", request: "PATCH /v1/inboxes/$widget", body: `{"name":"Talk"}`, status: 200,
			events: []appended{{"inbox.updated", `{"inbox":{"name":"Talk"},"previous":{"name":"Chat"}}`}},
		},
		{
			does: "a channel is for ever", request: "PATCH /v1/inboxes/$widget", body: `{"channel":"api"}`,
			status: 422, wrong: []string{"body.channel"},
		},
		{
			does: "an empty inbox is deleted", request: "DELETE /v1/inboxes/$widget", status: 204,
			events: []appended{{"inbox.deleted", `{"inbox":{"id":"$widget"},"previous":{}}`}},
		},
		{does: "an inbox with conversations stays", with: "conversation", request: "DELETE /v1/inboxes/$inbox", status: 409},
	}
}

func customFields() []scenario {
	return []scenario{
		{
			does: "a field is defined and numbered", with: "field choice", request: "POST /v1/custom_fields", status: 201,
			body:   `{"object":"contact","key":"birthday","name":"Birthday","type":"date"}`,
			answer: `{"object":"contact","key":"birthday","name":"Birthday","type":"date","options":[],"system_id":3}`,
			events: []appended{{"custom_field.created", `{"custom_field":{"id":"$new","system_id":3},"previous":{}}`}},
		},
		{does: "a field is read", with: "field", request: "GET /v1/custom_fields/$field", status: 200, answer: `{"key":"height","system_id":1}`},
		{
			does: "fields are listed by object", with: "field choice", request: "GET /v1/custom_fields?object=conversation", status: 200,
			answer: `{"data":[{"id":"$choice","system_id":2}]}`,
		},
		{
			does: "a field is changed", request: "PATCH /v1/custom_fields/$choice", body: `{"name":"How big","options":["large"]}`, status: 200,
			events: []appended{{"custom_field.updated", `{"previous":{"name":"Size","options":["small","large"]}}`}},
		},
		{
			does: "a field is deleted, and its values stay", request: "DELETE /v1/custom_fields/$field", status: 204,
			events: []appended{{"custom_field.deleted", `{"custom_field":{"id":"$field"},"previous":{}}`}},
		},
		{
			does: "a key is taken once for an object", with: "field", request: "POST /v1/custom_fields",
			body:   `{"object":"contact","key":"height","name":"Again","type":"text"}`,
			status: 409, wrong: []string{"body.key"},
		},
		{
			does: "and again for another object", with: "field", request: "POST /v1/custom_fields",
			body:   `{"object":"conversation","key":"height","name":"Again","type":"text"}`,
			status: 201, events: []appended{{"custom_field.created", ``}},
		},
		{
			does: "a choice needs options", request: "POST /v1/custom_fields",
			body:   `{"object":"contact","key":"a","name":"A","type":"select"}`,
			status: 422, wrong: []string{"body.options"},
		},
		{
			does: "only a choice has options", request: "PATCH /v1/custom_fields/$field", body: `{"options":["a"]}`,
			status: 422, wrong: []string{"body.options"},
		},
		{
			does: "options differ", request: "PATCH /v1/custom_fields/$choice", body: `{"options":["a","a"]}`,
			status: 422, wrong: []string{"body.options"},
		},
		{
			does: "a type is for ever", request: "PATCH /v1/custom_fields/$field", body: `{"type":"text"}`,
			status: 422, wrong: []string{"body.type"},
		},
	}
}

func valuesOfCustomFields() []scenario {
	field := func(key, kind string) string {
		return `POST /v1/custom_fields {"object":"contact","key":"` + key + `","name":"X","type":"` + kind + `"}`
	}
	all := []string{field("word", "text"), field("count", "number"), field("sure", "boolean"), field("day", "date")}
	return []scenario{
		{
			does: "every type takes its values", request: "PATCH /v1/contacts/$contact", before: all, status: 200,
			body:   `{"custom_fields":{"word":"2026-01-01","count":-1e3,"sure":false,"day":"2026-11-20T10:30:00Z"}}`,
			answer: `{"custom_fields":{"word":"2026-01-01","count":-1e3,"sure":false,"day":"2026-11-20T10:30:00Z"}}`,
			events: []appended{{"contact.updated", `{"previous":{"custom_fields":{}}}`}},
		},
		{
			does: "every type refuses others", request: "PATCH /v1/contacts/$contact", before: all,
			body:   `{"custom_fields":{"word":1,"count":"1","sure":"true","day":"tomorrow","none":1}}`,
			status: 422, wrong: []string{
				"body.custom_fields.word", "body.custom_fields.count", "body.custom_fields.sure",
				"body.custom_fields.day", "body.custom_fields.none",
			},
		},
		{
			does: "a choice is one of its options", with: "choice", request: "PATCH /v1/conversations/$conversation", body: `{"custom_fields":{"size":"huge"}}`,
			status: 422, wrong: []string{"body.custom_fields.size"},
		},
		{
			does: "a new contact's fields are checked", with: "field", request: "POST /v1/contacts", body: `{"custom_fields":{"height":"tall"}}`,
			status: 422, wrong: []string{"body.custom_fields.height"},
		},
		{
			does: "null is no value", with: "field", request: "POST /v1/contacts", body: `{"custom_fields":{"height":null}}`, status: 201,
			answer: `{"custom_fields":{}}`, events: []appended{{"contact.created", ``}},
		},
		{
			does: "the value of a field that is gone does not stand in the way", with: "contact field", request: "PATCH /v1/contacts/$contact", status: 200,
			before: []string{`PATCH /v1/contacts/$contact {"custom_fields":{"height":168}}`, `DELETE /v1/custom_fields/$field`},
			body:   `{"name":"Ada L."}`, answer: `{"custom_fields":{"height":168}}`, events: []appended{{"contact.updated", ``}},
		},
		{
			does: "but cannot be set again", request: "PATCH /v1/contacts/$contact",
			before: []string{`DELETE /v1/custom_fields/$field`}, body: `{"custom_fields":{"height":168}}`,
			status: 422, wrong: []string{"body.custom_fields.height"},
		},
	}
}

func apiKeys() []scenario {
	return []scenario{
		{
			does: "a key is shown once", request: "POST /v1/api_keys", body: `{"name":"Sync","scopes":["contacts:write","*:read"]}`, status: 201,
			answer: `{"name":"Sync","kind":"organization","user_id":null,"scopes":["contacts:write","*:read"],"expires_at":null,"revoked_at":null}`,
			events: []appended{{"api_key.created", `{"api_key":{"id":"$new","name":"Sync"},"previous":{}}`}},
		},
		{
			does: "and never again", request: "GET /v1/api_keys/$key", status: 200, answer: `{"id":"$key","scopes":["*:read"]}`,
			lacks: []string{`"key"`, `"hash"`},
		},
		{does: "keys are listed without themselves", request: "GET /v1/api_keys", status: 200, lacks: []string{`"key":`, "hash"}},
		{
			does: "a key is revoked and stays listed", request: "DELETE /v1/api_keys/$key", status: 204,
			events: []appended{{"api_key.revoked", `{"api_key":{"id":"$key"},"previous":{"revoked_at":null}}`}},
		},
		{
			does: "revoking again changes nothing", request: "DELETE /v1/api_keys/$key", before: []string{"DELETE /v1/api_keys/$key"}, status: 204,
		},
		{
			does: "a personal key needs its person", request: "POST /v1/api_keys", body: `{"name":"Mine","kind":"personal","scopes":["*"]}`,
			status: 422, wrong: []string{"body.user_id"},
		},
		{
			does: "a personal key needs a person of the organization", request: "POST /v1/api_keys",
			body:   `{"name":"Mine","kind":"personal","user_id":"$no_agent","scopes":["*"]}`,
			status: 422, wrong: []string{"body.user_id"},
		},
		{
			does: "an organization's key has no person", request: "POST /v1/api_keys", body: `{"name":"X","user_id":"$agent","scopes":["*"]}`,
			status: 422, wrong: []string{"body.user_id"},
		},
		{
			does: "scopes are named exactly", request: "POST /v1/api_keys", body: `{"name":"X","scopes":["contacts","cats:read","contacts:purr","*:write"]}`,
			status: 422, wrong: []string{"body.scopes[0]", "body.scopes[1]", "body.scopes[2]", "body.scopes[3]"},
		},
		{
			does: "a key has at most the scopes of its maker", request: "POST /v1/api_keys", scopes: scopes("api_keys:write", "contacts:read"),
			body:   `{"name":"X","scopes":["contacts:read","contacts:write","*:read","*"]}`,
			status: 422, wrong: []string{"body.scopes[1]", "body.scopes[2]", "body.scopes[3]"},
			events: nil,
		},
		{
			does: "a key expires in the future", request: "POST /v1/api_keys", body: `{"name":"X","scopes":["*"],"expires_at":"2020-01-01T00:00:00Z"}`,
			status: 422, wrong: []string{"body.expires_at"},
		},
		{
			does: "a key has scopes", request: "POST /v1/api_keys", body: `{"name":"X","scopes":[]}`, status: 422, wrong: []string{"body.scopes"},
		},
		{
			does: "a key's prefix is not the client's to set", request: "POST /v1/api_keys", body: `{"name":"X","scopes":["*"],"prefix":"parley_mine"}`,
			status: 422, wrong: []string{"body.prefix"},
		},
	}
}
