package api_test

import "strings"

func contacts() []scenario {
	return []scenario{
		{
			does: "a contact is created from nothing", request: "POST /v1/contacts", body: `{}`, status: 201,
			answer: `{"name":null,"email":null,"phone":null,"external_id":null,"custom_fields":{},"variables":{}}`,
			events: []appended{{"contact.created", `{"contact":{"id":"$new","name":null},"previous":{}}`}},
		},
		{
			does: "a contact is created from everything", with: "field", request: "POST /v1/contacts", status: 201,
			body: `{"name":"Bob","email":"bob@example.com","phone":"+44 20 7946 0000","external_id":"customer-2",
				"custom_fields":{"height":181.50},"variables":{"plan":"free","since":"2026-01-01","paid":true,"orders":3}}`,
			answer: `{"name":"Bob","email":"bob@example.com","phone":"+44 20 7946 0000","external_id":"customer-2",
				"custom_fields":{"height":181.50},"variables":{"plan":"free","since":"2026-01-01","paid":true,"orders":3}}`,
			events: []appended{{"contact.created", `{"contact":{"id":"$new","custom_fields":{"height":181.50}}}`}},
		},
		{
			does: "a contact is read", request: "GET /v1/contacts/$contact", status: 200,
			answer: `{"id":"$contact","name":"Ada","variables":{"plan":"pro"}}`,
		},
		{
			does: "a change tells what was before, and nothing else", request: "PATCH /v1/contacts/$contact",
			body: `{"name":"Ada Lovelace","email":"ada@example.com","phone":null}`, status: 200,
			answer: `{"id":"$contact","name":"Ada Lovelace"}`,
			events: []appended{{"contact.updated", `{"contact":{"id":"$contact","name":"Ada Lovelace"},"previous":{"name":"Ada"}}`}},
		},
		{
			does: "custom fields and variables are merged, and null removes one", with: "field", request: "PATCH /v1/contacts/$contact",
			before: []string{`PATCH /v1/contacts/$contact {"variables":{"a":1,"b":2}}`},
			body:   `{"variables":{"a":null,"plan":"free"},"custom_fields":{"height":170}}`, status: 200,
			answer: `{"variables":{"b":2,"plan":"free"},"custom_fields":{"height":170}}`, lacks: []string{`"a"`},
			events: []appended{{"contact.updated", `{"previous":{"custom_fields":{},"variables":{"a":1,"b":2,"plan":"pro"}}}`}},
		},
		{
			does: "a change that changes nothing makes no event", request: "PATCH /v1/contacts/$contact",
			body: `{"name":"Ada"}`, status: 200, answer: `{"name":"Ada"}`,
		},
		{
			does: "text is text everywhere", request: "POST /v1/contacts", status: 422,
			body:  `{"name":"a\u0000b","email":"\ud800@example.com","external_id":"\udc00\ud800","variables":{"n":1e999,"t":"\u0000"}}`,
			wrong: []string{"body.name", "body.email", "body.external_id", "body.variables.n", "body.variables.t"},
		},
		{
			does: "limits are counted in characters", request: "POST /v1/contacts", status: 422,
			body:  `{"name":"` + strings.Repeat("é", 201) + `","phone":"1","external_id":"","email":"` + strings.Repeat("a", 250) + `@example.com"}`,
			wrong: []string{"body.name", "body.phone", "body.external_id", "body.email"},
		},
		{
			does: "what fits the limits is kept", request: "POST /v1/contacts", status: 201,
			body:   `{"name":"` + strings.Repeat("🍞", 200) + `","external_id":"` + strings.Repeat("é", 255) + `"}`,
			answer: `{"name":"` + strings.Repeat("🍞", 200) + `"}`, events: []appended{{"contact.created", ``}},
		},
		{
			does: "null empties a field", request: "PATCH /v1/contacts/$contact", body: `{"external_id":null}`, status: 200,
			answer: `{"external_id":null}`,
			events: []appended{{"contact.updated", `{"previous":{"external_id":"customer-1"}}`}},
		},
		{
			does: "a contact goes with its conversations, they first", request: "DELETE /v1/contacts/$contact", status: 204,
			events: []appended{
				{"conversation.deleted", `{"conversation":{"id":"$conversation"},"contact":{"id":"$contact"},"previous":{}}`},
				{"contact.deleted", `{"contact":{"id":"$contact","name":"Ada"},"previous":{}}`},
			},
		},
		{
			does: "a merge moves all that belonged to the contact that goes", with: "conversation task ticket order payment deal", request: "POST /v1/contacts/$stranger/merge",
			body: `{"contact_id":"$contact"}`, status: 200,
			answer: `{"id":"$stranger","name":"Bob","email":"ada@example.com","external_id":"customer-1","variables":{"plan":"pro"}}`,
			events: []appended{
				{"conversation.updated", `{"conversation":{"id":"$conversation","contact_id":"$stranger"},"contact":{"id":"$stranger"},"previous":{"contact_id":"$contact"}}`},
				{"task.updated", `{"task":{"id":"$task","contact_id":"$stranger"},"contact":{"id":"$stranger"},"previous":{"contact_id":"$contact"}}`},
				{"ticket.updated", `{"ticket":{"id":"$ticket","contact_id":"$stranger"},"previous":{"contact_id":"$contact"}}`},
				{"order.updated", `{"order":{"id":"$order","contact_id":"$stranger"},"previous":{"contact_id":"$contact"}}`},
				{"payment.updated", `{"payment":{"id":"$payment","contact_id":"$stranger"},"contact":{"name":"Bob"},"previous":{"contact_id":"$contact"}}`},
				{"deal.updated", `{"deal":{"id":"$deal","contact_id":"$stranger"},"previous":{"contact_id":"$contact"}}`},
				{"contact.deleted", `{"contact":{"id":"$contact","external_id":"customer-1"},"merged_into":"$stranger","previous":{}}`},
				{"contact.merged", `{"contact":{"id":"$stranger","external_id":"customer-1"},"merged":{"id":"$contact","name":"Ada"},"previous":{"email":null,"external_id":null,"variables":{}}}`},
			},
		},
		{
			does: "a contact is not merged into itself", request: "POST /v1/contacts/$contact/merge", body: `{"contact_id":"$contact"}`,
			status: 422, wrong: []string{"body.contact_id"},
		},
		{
			does: "what was merged is no more", request: "GET /v1/contacts/$contact", status: 404,
			before: []string{`POST /v1/contacts/$stranger/merge {"contact_id":"$contact"}`},
		},
		{
			does: "a merge happens once", request: "POST /v1/contacts/$stranger/merge", body: `{"contact_id":"$contact"}`, status: 404, wrong: []string{"body.contact_id"},
			before: []string{`POST /v1/contacts/$stranger/merge {"contact_id":"$contact"}`}, answer: `{"status":404}`,
		},
		{
			does: "an external_id belongs to one contact", with: "contact", request: "POST /v1/contacts", body: `{"external_id":"customer-1"}`,
			status: 409, wrong: []string{"body.external_id"},
		},
		{
			does: "an external_id that is taken cannot be changed to", request: "PATCH /v1/contacts/$contact", body: `{"external_id":"customer-2"}`,
			before: []string{`POST /v1/contacts {"external_id":"customer-2"}`}, status: 409, wrong: []string{"body.external_id"},
		},
		{
			does: "a contact is found by email whatever its case", request: "GET /v1/contacts?email=ADA@example.com", status: 200,
			answer: `{"data":[{"id":"$contact"}],"next_cursor":null}`,
		},
		{
			does: "a contact is found by phone", request: "GET /v1/contacts?phone=%2B4420", status: 200,
			before: []string{`PATCH /v1/contacts/$contact {"phone":"+4420"}`}, answer: `{"data":[{"id":"$contact"}]}`,
		},
		{
			does: "a contact is found by external_id", request: "GET /v1/contacts?external_id=customer-1", status: 200,
			answer: `{"data":[{"id":"$contact"}]}`,
		},
		{
			does: "a search looks into every field", request: "GET /v1/contacts?q=OMER-1", status: 200,
			answer: `{"data":[{"id":"$contact"}]}`,
		},
		{
			does: "a search finds other letters as they were written", request: "GET /v1/contacts?q=%C3%89lise", status: 200,
			before: []string{`PATCH /v1/contacts/$contact {"name":"Élise Ödegård"}`}, answer: `{"data":[{"id":"$contact"}]}`,
		},
		{
			does: "a search takes its text as it is", with: "contact", request: "GET /v1/contacts?q=%25", status: 200, answer: `{"data":[]}`,
		},
		{
			does: "no injection in a search", with: "contact", request: "GET /v1/contacts?q=%27+or+1=1+--%5C&email=%27%3B+drop+table+contacts", status: 200,
			answer: `{"data":[]}`,
		},
	}
}

func contactVariables() []scenario {
	return []scenario{
		{
			does: "variables are listed by name", request: "GET /v1/contacts/$contact/variables", status: 200,
			before: []string{`PATCH /v1/contacts/$contact {"variables":{"a":1.50,"born":"1815-12-10","vip":true}}`},
			answer: `{"data":[{"name":"a","type":"number","value":1.50},{"name":"born","type":"date","value":"1815-12-10"},
				{"name":"plan","type":"text","value":"pro"},{"name":"vip","type":"boolean","value":true}],"next_cursor":null}`,
		},
		{
			does: "a variable is set", request: "PUT /v1/contacts/$contact/variables/plan", body: `{"value":"free"}`, status: 200,
			answer: `{"name":"plan","type":"text","value":"free"}`,
			events: []appended{{"contact.updated", `{"contact":{"variables":{"plan":"free"}},"previous":{"variables":{"plan":"pro"}}}`}},
		},
		{
			does: "setting it to the same is no change", request: "PUT /v1/contacts/$contact/variables/plan", body: `{"value":"pro"}`, status: 200,
		},
		{
			does: "a variable is removed", request: "DELETE /v1/contacts/$contact/variables/plan", status: 204,
			events: []appended{{"contact.updated", `{"contact":{"variables":{}},"previous":{"variables":{"plan":"pro"}}}`}},
		},
		{does: "removing none is no error", request: "DELETE /v1/contacts/$contact/variables/none", status: 204},
		{
			does: "a variable's name may be of any language", request: "PUT /v1/contacts/$contact/variables/gr%C3%B6%C3%9Fe", body: `{"value":7}`, status: 200,
			answer: `{"name":"größe","type":"number","value":7}`,
			events: []appended{{"contact.updated", `{"contact":{"variables":{"größe":7,"plan":"pro"}}}`}},
		},
		{
			does: "a variable's name has no spaces", request: "PUT /v1/contacts/$contact/variables/a%20b", body: `{"value":7}`,
			status: 422, wrong: []string{"path.name"},
		},
		{
			does: "a variable is no object", request: "PUT /v1/contacts/$contact/variables/a", body: `{"value":{}}`,
			status: 422, wrong: []string{"body.value"},
		},
		{
			does: "a variable is not null", request: "PUT /v1/contacts/$contact/variables/a", body: `{"value":null}`,
			status: 422, wrong: []string{"body.value"},
		},
	}
}
