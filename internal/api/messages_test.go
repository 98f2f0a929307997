package api_test

func messages() []scenario {
	const path = "/v1/conversations/$conversation/messages"
	resolve := []string{`PATCH /v1/conversations/$conversation {"status":"resolved"}`}
	return []scenario{
		{
			does: "a message goes out", with: "label", request: "POST " + path, body: `{"content":{"type":"text","text":"Yes."}}`, status: 201,
			answer: `{"conversation_id":"$conversation","direction":"outgoing","author":{"type":"api_key"},"content":{"type":"text","text":"Yes."}}`,
			events: []appended{{"message.created", `{"message":{"id":"$new"},"conversation":{"id":"$conversation","labels":["vip"]},"contact":{"id":"$contact"},"previous":{}}`}},
		},
		{
			does: "a message comes in, from the contact", request: "POST " + path, body: `{"direction":"incoming","content":{"type":"text","text":"No."}}`, status: 201,
			answer: `{"direction":"incoming","author":{"type":"contact","id":"$contact"}}`, events: []appended{{"message.created", ``}},
		},
		{
			does: "a message that comes in opens what was resolved", request: "POST " + path, before: resolve,
			body: `{"direction":"incoming","content":{"type":"text","text":"One more thing"}}`, status: 201,
			events: []appended{
				{"message.created", `{"conversation":{"status":"resolved"}}`},
				{"conversation.reopened", `{"conversation":{"status":"open"},"previous":{"status":"resolved"}}`},
			},
		},
		{
			does: "a message that comes in ends a snooze", request: "POST " + path,
			before: []string{`PATCH /v1/conversations/$conversation {"status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`},
			body:   `{"direction":"incoming","content":{"type":"text","text":"One more thing"}}`, status: 201,
			events: []appended{
				{"message.created", ``},
				{"conversation.reopened", `{"conversation":{"status":"open","snoozed_until":null},"previous":{"status":"snoozed","snoozed_until":"2100-01-01T00:00:00.000Z"}}`},
			},
		},
		{
			does: "a message that goes out opens nothing", request: "POST " + path, before: resolve,
			body: `{"content":{"type":"text","text":"Good bye"}}`, status: 201, events: []appended{{"message.created", `{"conversation":{"status":"resolved"}}`}},
		},
		{
			does: "typed content is kept as it is", request: "POST " + path, status: 201,
			body:   `{"content":{"type":"buttons","payload":{"title":"Go on?","buttons":[{"title":"Yes"},{"title":"No"}]}}}`,
			answer: `{"content":{"type":"buttons","payload":{"title":"Go on?","buttons":[{"title":"Yes"},{"title":"No"}]}}}`,
			events: []appended{{"message.created", `{"message":{"content":{"payload":{"buttons":[{"title":"Yes"},{"title":"No"}]}}}}`}},
		},
		{
			does: "an answer comes in only", request: "POST " + path, body: `{"content":{"type":"button.response","payload":{"title":"Yes"}}}`,
			status: 422,
		},
		{
			does: "content has a known type", request: "POST " + path, body: `{"content":{"type":"telegram"}}`,
			status: 422, wrong: []string{"body.content.type"},
		},
		{
			does: "content is required", request: "POST " + path, body: `{}`, status: 422, wrong: []string{"body.content"},
		},
		{
			does: "an author is not the client's to set", request: "POST " + path,
			body:   `{"author":{"type":"user","id":"$owner"},"content":{"type":"text","text":"Hi"}}`,
			status: 422, wrong: []string{"body.author"},
		},
		{
			does: "messages are listed, the newest first", with: "message reply", request: "GET " + path, status: 200,
			answer: `{"data":[{"id":"$reply"},{"id":"$message"}],"next_cursor":null}`,
		},
		{does: "a message is read", request: "GET " + path + "/$message", status: 200, answer: `{"id":"$message","direction":"incoming"}`},
		{
			does: "a message is changed", request: "PATCH " + path + "/$reply", body: `{"content":{"type":"text","text":"Good evening"}}`, status: 200,
			answer: `{"content":{"text":"Good evening"}}`,
			events: []appended{{"message.updated", `{"message":{"id":"$reply"},"previous":{"content":{"type":"text","text":"Good morning"}}}`}},
		},
		{
			does: "a message that goes out does not become an answer", request: "PATCH " + path + "/$reply",
			body:   `{"content":{"type":"slider.response","payload":{"value":"7"}}}`,
			status: 422,
		},
		{
			does: "the same content is no change", request: "PATCH " + path + "/$reply", body: `{"content":{"type":"text","text":"Good morning"}}`, status: 200,
		},
		{
			does: "a direction is for ever", request: "PATCH " + path + "/$reply", body: `{"direction":"incoming"}`,
			status: 422, wrong: []string{"body.direction"},
		},
		{
			does: "a message is deleted", request: "DELETE " + path + "/$reply", status: 204,
			events: []appended{{"message.deleted", `{"message":{"id":"$reply"},"conversation":{"id":"$conversation"},"contact":{"id":"$contact"},"previous":{}}`}},
		},
	}
}

func notes() []scenario {
	const path = "/v1/conversations/$conversation/notes"
	return []scenario{
		{
			does: "a note is added", request: "POST " + path, body: `{"text":"Call back"}`, status: 201,
			answer: `{"conversation_id":"$conversation","text":"Call back","author":{"type":"api_key"}}`,
			events: []appended{{"note.created", `{"note":{"id":"$new","text":"Call back"},"conversation":{"id":"$conversation"},"contact":{"id":"$contact"},"previous":{}}`}},
		},
		{does: "notes are listed", request: "GET " + path, status: 200, answer: `{"data":[{"id":"$note"}],"next_cursor":null}`},
		{does: "a note is read", request: "GET " + path + "/$note", status: 200, answer: `{"id":"$note","text":"Likes rye"}`},
		{
			does: "a note is deleted", request: "DELETE " + path + "/$note", status: 204,
			events: []appended{{"note.deleted", `{"note":{"id":"$note","text":"Likes rye"},"previous":{}}`}},
		},
		{does: "a note says something", request: "POST " + path, body: `{"text":""}`, status: 422, wrong: []string{"body.text"}},
	}
}
