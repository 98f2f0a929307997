package api_test

func webhookRewinds() []scenario {
	const path = "/v1/webhooks/$webhook"
	return []scenario{
		{
			does: "an endpoint is rewound", request: "POST " + path + "/rewind", body: `{"to":1,"pace":100}`, status: 200,
			answer: `{"webhook":{"id":"$webhook","cursor":0,"rewind":{"from":1,"pace":100}},"matching":null,"examined":null}`,
			events: []appended{{"webhook.rewound", `{"webhook":{"id":"$webhook"},"rewind":{"from":1,"pace":100}}`}},
		},
		{
			does: "a rewind goes to a time", request: "POST " + path + "/rewind", body: `{"to":"2020-01-01T00:00:00Z"}`, status: 200,
			answer: `{"webhook":{"cursor":0,"rewind":{"from":1,"pace":null}}}`, events: []appended{{"webhook.rewound", ``}},
		},
		{
			does: "a rewind is tried", request: "POST " + path + "/rewind", body: `{"to":1,"dry_run":true}`, status: 200,
			before: []string{"PATCH " + path + ` {"event_types":["organization.*"]}`},
			answer: `{"webhook":{"rewind":null},"matching":0}`,
		},
		{
			does: "a rewind begins again", request: "POST " + path + "/rewind", body: `{"to":2}`, status: 200,
			before: []string{"POST " + path + `/rewind {"to":1}`},
			answer: `{"webhook":{"cursor":1,"rewind":{"from":2}}}`, events: []appended{{"webhook.rewound", ``}},
		},
		{
			does: "a rewind is cancelled", request: "POST " + path + "/cancel_rewind", status: 200, before: []string{"POST " + path + `/rewind {"to":1}`},
			answer: `{"rewind":null}`, events: []appended{{"webhook.rewind_cancelled", `{"webhook":{"id":"$webhook"},"rewind":{"from":1}}`}},
		},
		{
			does: "a rewind ends with what happens from now on", request: "POST " + path + "/resume", body: `{"from":"now"}`, status: 200,
			before: []string{"POST " + path + `/rewind {"to":1}`},
			answer: `{"rewind":null,"lag":0}`, events: []appended{{"webhook.rewind_cancelled", ``}},
		},
		{does: "nor forth when it is tried", request: "POST " + path + "/rewind", body: `{"to":1000000,"dry_run":true}`, status: 422, wrong: []string{"body.to"}},
		{does: "what is not rewound cannot be cancelled", request: "POST " + path + "/cancel_rewind", status: 409},
		{does: "a rewind goes back only", request: "POST " + path + "/rewind", body: `{"to":1000000}`, status: 422, wrong: []string{"body.to"}},
		{does: "a rewind goes somewhere", request: "POST " + path + "/rewind", body: `{"to":"yesterday"}`, status: 422, wrong: []string{"body.to"}},
		{does: "a rewind says where it goes", request: "POST " + path + "/rewind", status: 422, wrong: []string{"body.to"}},
		{does: "a rewind has a pace", request: "POST " + path + "/rewind", body: `{"to":1,"pace":0}`, status: 422, wrong: []string{"body.pace"}},
		{does: "another organization's endpoint is not rewound", request: "POST /v1/webhooks/$no_webhook/rewind", body: `{"to":1}`, status: 404},
	}
}
