package api_test

func webhooks() []scenario {
	const path = "/v1/webhooks/$webhook"
	return []scenario{
		{
			does: "an endpoint is added", request: "POST /v1/webhooks", status: 201,
			body: `{"url":"https://hooks.example.com/a","event_types":["*"]}`,
			answer: `{"url":"https://hooks.example.com/a","description":"","event_types":["*"],"inbox_ids":[],"format":"standard","headers":{},
				"ordering":"key","retry":{"preset":"standard"},"timeout_seconds":10,"status":"active","status_reason":null,"lag":0}`,
			events: []appended{{"webhook.created", `{"webhook":{"id":"$new"},"previous":{}}`}},
		},
		{
			does: "an endpoint is added with everything", request: "POST /v1/webhooks", status: 201,
			body: `{"url":"https://hooks.example.com/a","description":"CRM","event_types":["conversation.*","custom.sold"],"inbox_ids":["$inbox"],
				"format":"standard","headers":{"X-Token":"hush"},"ordering":"strict","retry":{"preset":"custom","delays":[5,300]},"timeout_seconds":3,"start":1}`,
			answer: `{"description":"CRM","inbox_ids":["$inbox"],"headers":{"X-Token":"********"},"ordering":"strict","retry":{"preset":"custom","delays":[5,300]},
				"timeout_seconds":3,"cursor":0}`,
			lacks: []string{"hush"}, events: []appended{{"webhook.created", `{"webhook":{"headers":{"X-Token":"********"}}}`}},
		},
		{
			does: "an endpoint begins at a time", request: "POST /v1/webhooks", status: 201,
			body:   `{"url":"https://hooks.example.com/a","event_types":["*"],"start":"2020-01-01T00:00:00Z"}`,
			answer: `{"cursor":0}`, events: []appended{{"webhook.created", ``}},
		},
		{
			does: "an endpoint has a filter", request: "POST /v1/webhooks", status: 201,
			body:   `{"url":"https://hooks.example.com/a","event_types":["conversation.*"],"filter":" data.conversation.labels.exists(l, l == 'vip') "}`,
			answer: `{"filter":"data.conversation.labels.exists(l, l == 'vip')"}`,
			events: []appended{{"webhook.created", `{"webhook":{"filter":"data.conversation.labels.exists(l, l == 'vip')"}}`}},
		},
		{
			does: "a filter is checked against the events it is for", request: "POST /v1/webhooks", status: 422,
			body:  `{"url":"https://hooks.example.com/a","event_types":["conversation.*"],"filter":"data.conversation.state == 'open'"}`,
			wrong: []string{"body.filter"},
		},
		{
			does: "other types may not fit the filter", request: "PATCH " + path, status: 422, body: `{"event_types":["label.*"]}`,
			before: []string{"PATCH " + path + ` {"event_types":["conversation.*"],"filter":"data.conversation.status == 'open'"}`},
			wrong:  []string{"body.filter"},
		},
		{
			does: "an endpoint is read, without its secret", request: "GET " + path, status: 200,
			answer: `{"id":"$webhook","headers":{"X-Token":"********"}}`, lacks: []string{"hush", "secret", "whsec"},
		},
		{does: "endpoints are listed, without their secrets", with: "webhook", request: "GET /v1/webhooks", status: 200, lacks: []string{"hush", "whsec"}},
		{
			does: "an endpoint is changed", request: "PATCH " + path, body: `{"description":"CRM","headers":{"X-Other":"1"}}`, status: 200,
			answer: `{"description":"CRM","headers":{"X-Other":"********","X-Token":"********"}}`,
			events: []appended{{"webhook.updated", `{"webhook":{"description":"CRM"},"previous":{"description":"","headers":{"X-Token":"********"}}}`}},
		},
		{
			does: "a header is removed", request: "PATCH " + path, body: `{"headers":{"X-Token":null}}`, status: 200, answer: `{"headers":{}}`,
			events: []appended{{"webhook.updated", ``}},
		},
		{
			does: "a header sent back as it was shown is no change", request: "PATCH " + path, body: `{"headers":{"X-Token":"********"}}`, status: 200,
		},
		{
			does: "what is kept secret goes to no other host", request: "PATCH " + path, body: `{"url":"https://elsewhere.example.com/"}`,
			status: 422, wrong: []string{"body.headers.X-Token"},
		},
		{
			does: "nor does it when it is sent back as it was shown", request: "PATCH " + path, status: 422, wrong: []string{"body.headers.X-Token", "body.auth.token"},
			before: []string{"PATCH " + path + ` {"auth":{"type":"bearer","token":"hush"}}`},
			body:   `{"url":"https://elsewhere.example.com/","headers":{"X-Token":"********"},"auth":{"type":"bearer","token":"********"}}`,
		},
		{
			does: "nor to another token endpoint", request: "PATCH " + path, status: 422, wrong: []string{"body.auth.client_secret"},
			before: []string{"PATCH " + path + ` {"auth":{"type":"oauth2","token_url":"https://id.example.com/t","client_id":"a","client_secret":"hush"}}`},
			body:   `{"auth":{"type":"oauth2","token_url":"https://elsewhere.example.com/t","client_id":"a","client_secret":"********"}}`,
		},
		{
			does: "an endpoint moves with secrets that are given again", request: "PATCH " + path, status: 200,
			before: []string{"PATCH " + path + ` {"auth":{"type":"bearer","token":"hush"}}`},
			body:   `{"url":"https://elsewhere.example.com/","headers":{"X-Token":"hush"},"auth":{"type":"bearer","token":"hush"}}`,
			answer: `{"url":"https://elsewhere.example.com/","headers":{"X-Token":"********"},"auth":{"type":"bearer","token":"********"}}`,
			lacks:  []string{"hush"}, events: []appended{{"webhook.updated", ``}},
		},
		{
			does: "an endpoint begins in the log, not beyond", request: "POST /v1/webhooks", status: 422, wrong: []string{"body.start"},
			body: `{"url":"https://hooks.example.com/a","event_types":["*"],"start":1000000}`,
		},
		{
			does: "an endpoint does not begin in the future", request: "POST /v1/webhooks", status: 422, wrong: []string{"body.start"},
			body: `{"url":"https://hooks.example.com/a","event_types":["*"],"start":"2999-01-01T00:00:00Z"}`,
		},
		{
			does: "an endpoint is deleted", request: "DELETE " + path, status: 204,
			events: []appended{{"webhook.deleted", `{"webhook":{"id":"$webhook"},"previous":{}}`}},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/webhooks",
			body: `{"url":"ftp://example.com","event_types":["conversation.*","conversation.sung"],"inbox_ids":["$no_inbox"],
				"headers":{"Host":"x","webhook-id":"y"},"retry":{"preset":"custom"}}`,
			status: 422,
			wrong:  []string{"body.url", "body.event_types[1]", "body.inbox_ids[0]", "body.headers.Host", "body.headers.webhook-id", "body.retry.delays"},
		},
		{
			does: "delays go with a custom retry", request: "PATCH " + path, body: `{"retry":{"preset":"short","delays":[1]}}`,
			status: 422, wrong: []string{"body.retry.delays"},
		},
		{
			does: "limits hold", request: "POST /v1/webhooks",
			body:   `{"url":"https://hooks.example.com/a","event_types":[],"timeout_seconds":31,"ordering":"random","format":"xml"}`,
			status: 422, wrong: []string{"body.event_types", "body.timeout_seconds", "body.ordering", "body.format"},
		},
		{
			does: "headers do not pile up", request: "PATCH " + path, body: headers("b", 15), status: 422, wrong: []string{"body.headers"},
			before: []string{"PATCH " + path + " " + headers("a", 15)},
		},
		{
			does: "a start is a place or a time", request: "POST /v1/webhooks",
			body:   `{"url":"https://hooks.example.com/a","event_types":["*"],"start":-1}`,
			status: 422, wrong: []string{"body.start"},
		},
		{
			does: "an endpoint has auth, whose secrets are not shown", request: "POST /v1/webhooks", status: 201,
			body: `{"url":"https://hooks.example.com/a","event_types":["*"],"auth":{"type":"oauth2","token_url":"https://login.example.com/token",
				"client_id":"parley","client_secret":"hush","scopes":["write"]},"signing":"both"}`,
			answer: `{"auth":{"type":"oauth2","token_url":"https://login.example.com/token","client_id":"parley","client_secret":"********","scopes":["write"]},"signing":"both"}`,
			lacks:  []string{"hush", "whsk_"},
			events: []appended{{"webhook.created", `{"webhook":{"auth":{"client_secret":"********"},"signing":"both"}}`}},
		},
		{
			does: "another auth replaces the whole", request: "PATCH " + path, status: 200, body: `{"auth":{"type":"bearer","token":"hush"}}`,
			before: []string{"PATCH " + path + ` {"auth":{"type":"basic","username":"ada","password":"hush-hush"}}`},
			answer: `{"auth":{"type":"bearer","token":"********"}}`, lacks: []string{"hush", "username", "password"},
			events: []appended{{"webhook.updated", `{"webhook":{"auth":{"type":"bearer","token":"********"}},"previous":{"auth":{"type":"basic","username":"ada","password":"********"}}}`}},
		},
		{
			does: "auth sent back as it was shown is no change", request: "PATCH " + path, status: 200, body: `{"auth":{"type":"bearer","token":"********"}}`,
			before: []string{"PATCH " + path + ` {"auth":{"type":"bearer","token":"hush"}}`},
		},
		{
			does: "auth has what its type needs", request: "PATCH " + path, status: 422, body: `{"auth":{"type":"basic","username":"a:b","token":"x"}}`,
			wrong: []string{"body.auth.username", "body.auth.password", "body.auth.token"},
		},
		{
			does: "auth and a header of one's own exclude each other", request: "PATCH " + path, status: 422,
			body: `{"auth":{"type":"bearer","token":"x"},"headers":{"Authorization":"y"}}`, wrong: []string{"body.headers.Authorization"},
		},
		{
			does: "an endpoint asks for verification", request: "POST /v1/webhooks", status: 201,
			body:   `{"url":"https://hooks.example.com/a","event_types":["*"],"verification":{"type":"token_echo","token":"hush"}}`,
			answer: `{"status":"unverified","verification":{"type":"token_echo","token":"********"},"auth":{"type":"none"},"signing":"v1","public_key":null}`,
			lacks:  []string{"hush"}, events: []appended{{"webhook.created", `{"webhook":{"status":"unverified","verification":{"token":"********"}}}`}},
		},
		{
			does: "verification needs a token", request: "PATCH " + path, status: 422, body: `{"verification":{"type":"token_echo"}}`,
			wrong: []string{"body.verification.token"},
		},
		{
			does: "an endpoint that is not verified is not resumed", request: "POST " + path + "/resume", status: 409,
			before: []string{"PATCH " + path + ` {"verification":{"type":"token_echo","token":"hush"}}`},
		},
		{
			does: "an endpoint that does not answer is not verified", request: "POST " + path + "/verify", status: 409,
			before: []string{"PATCH " + path + ` {"url":"http://127.0.0.1:1/","headers":{"X-Token":null},"verification":{"type":"token_echo","token":"hush"}}`}, lacks: []string{"hush"},
		},
		{
			does: "public keys are read, which are not those that sign", request: "GET " + path + "/public_keys", status: 200,
			before: []string{"PATCH " + path + ` {"signing":"v1a"}`}, scopes: scopes("webhooks:read"),
			answer: `{"data":[{"expires_at":null}],"next_cursor":null}`, lacks: []string{"whsk_"},
		},
		{does: "without v1a there is no public key", request: "GET " + path + "/public_keys", status: 200, answer: `{"data":[]}`},
		{
			does: "a status is set by verbs only", request: "PATCH " + path, body: `{"status":"paused"}`, status: 422, wrong: []string{"body.status"},
		},
	}
}

func headers(prefix string, n int) string {
	body := `{"headers":{`
	for i := range n {
		if i > 0 {
			body += ","
		}
		body += `"X-` + prefix + string(rune('a'+i)) + `":"1"`
	}
	return body + `}}`
}

func webhookActions() []scenario {
	const path = "/v1/webhooks/$webhook"
	return []scenario{
		{
			does: "an endpoint is paused", request: "POST " + path + "/pause", status: 200, answer: `{"id":"$webhook","status":"paused"}`,
			events: []appended{{"webhook.updated", `{"webhook":{"status":"paused"},"previous":{"status":"active","status_reason":null}}`}},
		},
		{does: "pausing again changes nothing", request: "POST " + path + "/pause", before: []string{"POST " + path + "/pause"}, status: 200},
		{
			does: "an endpoint is resumed with what it missed", request: "POST " + path + "/resume", status: 200,
			before: []string{"POST " + path + "/pause", `POST /v1/contacts {}`}, answer: `{"status":"active","status_reason":null}`,
			events: []appended{{"webhook.updated", `{"webhook":{"status":"active"}}`}},
		},
		{
			does: "an endpoint is resumed without what it missed", request: "POST " + path + "/resume", body: `{"from":"now"}`, status: 200,
			before: []string{"POST " + path + "/pause", `POST /v1/contacts {}`}, answer: `{"status":"active","lag":0}`,
			events: []appended{{"webhook.updated", ``}},
		},
		{
			does: "an answer that is kept for an idempotency key tells the same", request: "POST " + path + "/resume", body: `{"from":"now"}`,
			header: []string{"Idempotency-Key", "once"}, status: 200,
			before: []string{"POST " + path + "/pause", `POST /v1/contacts {}`}, answer: `{"status":"active","lag":0}`,
			events: []appended{{"webhook.updated", ``}},
		},
		{
			does: "resuming says from where", request: "POST " + path + "/resume", body: `{"from":"tomorrow"}`, status: 422, wrong: []string{"body.from"},
		},
		{
			does: "a secret is rotated", request: "POST " + path + "/rotate_secret", body: `{"overlap_seconds":0}`, status: 200,
			answer: `{"id":"$webhook","headers":{"X-Token":"********"}}`, events: []appended{{"webhook.secret_rotated", `{"webhook":{"id":"$webhook"},"previous":{}}`}},
		},
		{
			does: "an overlap has an end", request: "POST " + path + "/rotate_secret", body: `{"overlap_seconds":604801}`,
			status: 422, wrong: []string{"body.overlap_seconds"},
		},
		{
			does: "an endpoint is tested", request: "POST " + path + "/test", status: 202,
			events: []appended{{"webhook.test", `{"webhook":{"id":"$webhook"}}`}},
		},
		{
			does: "an endpoint is tested with the example of a type", request: "POST " + path + "/test", body: `{"type":"deal.won"}`, status: 202,
			events: []appended{{"webhook.test", `{"webhook":{"id":"$webhook"},"sample":"deal.won"}`}},
		},
		{
			does: "only what is declared has an example", request: "POST " + path + "/test", body: `{"type":"custom.baked"}`, status: 422, wrong: []string{"body.type"},
		},
		{does: "a test takes nothing else", request: "POST " + path + "/test", body: `{"x":1}`, status: 422, wrong: []string{"body.x"}},
	}
}

func deliveries() []scenario {
	return []scenario{
		{
			does: "deliveries are listed", with: "delivery", request: "GET /v1/webhooks/$webhook/deliveries", status: 200,
			answer: `{"data":[{"id":"$delivery","webhook_id":"$webhook","event_id":"$event","event_type":"custom.baked","status":"retrying","attempt_count":0}],"next_cursor":null}`,
		},
		{does: "of a status", with: "delivery", request: "GET /v1/webhooks/$webhook/deliveries?status=failed", status: 200, answer: `{"data":[]}`},
		{does: "of a type", with: "delivery", request: "GET /v1/webhooks/$webhook/deliveries?types=custom.*", status: 200, answer: `{"data":[{"id":"$delivery"}]}`},
		{does: "of another type", with: "delivery", request: "GET /v1/webhooks/$webhook/deliveries?types=custom.bought,conversation.*", status: 200, answer: `{"data":[]}`},
		{
			does: "a delivery is read", request: "GET /v1/deliveries/$delivery", status: 200,
			answer: `{"id":"$delivery","status":"retrying","status_code":null,"error":null,"last_attempt_at":null}`,
		},
		{does: "a delivery is made again", request: "POST /v1/deliveries/$delivery/redeliver", status: 202, answer: `{"id":"$delivery","status":"retrying"}`},
		{does: "a delivery that is none", request: "GET /v1/deliveries/dlv_00000000000000000000000000", status: 404},
		{does: "a delivery that is none is not made", request: "POST /v1/deliveries/dlv_00000000000000000000000000/redeliver", status: 404},
		{does: "a status that is none", request: "GET /v1/webhooks/$webhook/deliveries?status=lost", status: 422, wrong: []string{"query.status"}},
	}
}
