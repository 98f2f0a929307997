package api_test

func tickets() []scenario {
	return []scenario{
		{
			does: "a ticket is created from a subject", request: "POST /v1/tickets", body: `{"subject":"Burnt"}`, status: 201,
			answer: `{"subject":"Burnt","description":null,"status":"open","priority":"normal","assignee_id":null,"contact_id":null,"conversation_id":null,"custom_fields":{},"closed_at":null}`,
			events: []appended{{"ticket.created", `{"ticket":{"id":"$new","priority":"normal"},"previous":{}}`}},
		},
		{
			does: "a ticket is created from everything", request: "POST /v1/tickets", status: 201,
			before: []string{`POST /v1/custom_fields {"object":"ticket","key":"batch","name":"Batch","type":"text"}`},
			body: `{"subject":"Burnt","description":"All of it","priority":"urgent","assignee_id":"$agent","contact_id":"$contact",
				"conversation_id":"$conversation","custom_fields":{"batch":"A7"}}`,
			answer: `{"subject":"Burnt","description":"All of it","priority":"urgent","assignee_id":"$agent","contact_id":"$contact",
				"conversation_id":"$conversation","custom_fields":{"batch":"A7"}}`,
			events: []appended{{"ticket.created", `{"ticket":{"id":"$new","assignee_id":"$agent","custom_fields":{"batch":"A7"}}}`}},
		},
		{
			does: "a ticket from a conversation is its contact's", request: "POST /v1/tickets", body: `{"subject":"Burnt","conversation_id":"$conversation"}`,
			status: 201, answer: `{"contact_id":"$contact"}`, events: []appended{{"ticket.created", ``}},
		},
		{does: "a ticket is read", request: "GET /v1/tickets/$ticket", status: 200, answer: `{"id":"$ticket","subject":"Stale bread","status":"open"}`},
		{
			does: "a change tells what was before", request: "PATCH /v1/tickets/$ticket", body: `{"subject":"Stale","description":"Hard"}`, status: 200,
			answer: `{"subject":"Stale","description":"Hard"}`,
			events: []appended{{"ticket.updated", `{"ticket":{"id":"$ticket"},"previous":{"subject":"Stale bread","description":null}}`}},
		},
		{
			does: "a ticket is assigned", request: "PATCH /v1/tickets/$ticket", body: `{"assignee_id":"$agent"}`, status: 200, answer: `{"assignee_id":"$agent"}`,
			events: []appended{{"ticket.assigned", `{"ticket":{"id":"$ticket","assignee_id":"$agent"},"previous":{"assignee_id":null}}`}},
		},
		{
			does: "a ticket becomes nobody's", request: "PATCH /v1/tickets/$ticket", before: []string{`PATCH /v1/tickets/$ticket {"assignee_id":"$agent"}`},
			body: `{"assignee_id":null}`, status: 200, answer: `{"assignee_id":null}`,
			events: []appended{{"ticket.assigned", `{"previous":{"assignee_id":"$agent"}}`}},
		},
		{
			does: "a new assignee and other changes make an event each", with: "agent", request: "PATCH /v1/tickets/$ticket", status: 200,
			body: `{"assignee_id":"$agent","priority":"low"}`, answer: `{"assignee_id":"$agent","priority":"low"}`,
			events: []appended{
				{"ticket.updated", `{"ticket":{"priority":"low","assignee_id":null},"previous":{"priority":"normal"}}`},
				{"ticket.assigned", `{"ticket":{"priority":"low","assignee_id":"$agent"},"previous":{"assignee_id":null}}`},
			},
		},
		{
			does: "if one of the two is wrong, none is made", with: "agent", request: "PATCH /v1/tickets/$ticket",
			body: `{"assignee_id":"$no_agent","priority":"low"}`, status: 422, wrong: []string{"body.assignee_id"},
		},
		{does: "a change that changes nothing makes no event", request: "PATCH /v1/tickets/$ticket", body: `{"priority":"normal","assignee_id":null}`, status: 200},
		{
			does: "a change of what has changed meanwhile is refused", request: "PATCH /v1/tickets/$ticket", body: `{"subject":"x"}`,
			header: []string{"If-Match", `"1"`}, status: 412,
		},
		{
			does: "a ticket waits", request: "POST /v1/tickets/$ticket/pend", status: 200, answer: `{"status":"pending"}`,
			events: []appended{{"ticket.updated", `{"ticket":{"id":"$ticket","status":"pending"},"previous":{"status":"open"}}`}},
		},
		{
			does: "a ticket is closed", request: "POST /v1/tickets/$ticket/close", status: 200, answer: `{"status":"closed"}`, lacks: []string{`"closed_at":null`},
			events: []appended{{"ticket.closed", `{"ticket":{"id":"$ticket","status":"closed"},"contact":{"id":"$contact","name":"Ada"},"previous":{"status":"open","closed_at":null}}`}},
		},
		{
			does: "a ticket is reopened", request: "POST /v1/tickets/$ticket/reopen", before: []string{"POST /v1/tickets/$ticket/close"}, status: 200,
			answer: `{"status":"open","closed_at":null}`,
			events: []appended{{"ticket.reopened", `{"ticket":{"id":"$ticket","status":"open","closed_at":null}}`}},
		},
		{
			does: "a closed ticket does not wait", request: "POST /v1/tickets/$ticket/pend", before: []string{"POST /v1/tickets/$ticket/close"}, status: 409,
			answer: `{"detail":"The ticket is closed, which does not allow pend: it allows reopen."}`,
		},
		{does: "closing it again changes nothing", request: "POST /v1/tickets/$ticket/close", before: []string{"POST /v1/tickets/$ticket/close"}, status: 200},
		{
			does: "a ticket is deleted", request: "DELETE /v1/tickets/$ticket", status: 204,
			events: []appended{{"ticket.deleted", `{"ticket":{"id":"$ticket"},"previous":{}}`}},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/tickets", body: `{"priority":"very","contact_id":"x","status":"closed","closed_at":null}`,
			status: 422, wrong: []string{"body.subject", "body.priority", "body.contact_id", "body.status", "body.closed_at"},
		},
		{does: "its contact is there", request: "POST /v1/tickets", body: `{"subject":"x","contact_id":"x"}`, status: 422, wrong: []string{"body.contact_id"}},
		{
			does: "its conversation is there", with: "conversation", request: "POST /v1/tickets", body: `{"subject":"x","conversation_id":"$no_conversation"}`,
			status: 422, wrong: []string{"body.conversation_id"},
		},
		{
			does: "another object's custom fields are not a ticket's", with: "field", request: "POST /v1/tickets", body: `{"subject":"x","custom_fields":{"height":1}}`,
			status: 422, wrong: []string{"body.custom_fields.height"},
		},
		{
			does: "a user with tickets stays", request: "DELETE /v1/users/$agent", before: []string{`PATCH /v1/tickets/$ticket {"assignee_id":"$agent"}`},
			status: 409, answer: `{"detail":"There are tickets assigned to this user: assign them to somebody else first (GET /v1/tickets?assignee_id=$agent)."}`,
		},
		{
			does: "a contact goes with their conversations, and tickets stay", with: "ticket", request: "DELETE /v1/contacts/$contact", status: 204,
			events: []appended{
				{"ticket.updated", `{"ticket":{"id":"$ticket","conversation_id":null},"previous":{"conversation_id":"$conversation"}}`},
				{"conversation.deleted", ``},
				{"ticket.updated", `{"ticket":{"id":"$ticket","contact_id":null},"previous":{"contact_id":"$contact"}}`},
				{"contact.deleted", ``},
			},
		},
	}
}

func ticketLists() []scenario {
	list := func(does, query, answer string) scenario {
		return scenario{
			does: does, request: "GET /v1/tickets" + query, status: 200, answer: `{"data":[` + answer + `],"next_cursor":null}`,
			before: []string{
				`PATCH /v1/tickets/$ticket {"assignee_id":"$agent"}`,
				`POST /v1/tickets {"subject":"Burnt","priority":"urgent"}`, `POST /v1/tickets/$ticket/close`,
			},
		}
	}
	const stale, burnt = `{"id":"$ticket"}`, `{"subject":"Burnt"}`
	return []scenario{
		list("all, the newest first", "", burnt+","+stale),
		list("by status", "?status=closed", stale),
		list("by priority", "?priority=urgent", burnt),
		list("by assignee", "?assignee_id=$agent", stale),
		list("nobody's", "?assignee_id=none", burnt),
		list("by contact", "?contact_id=$contact", stale),
		list("by conversation", "?conversation_id=$conversation&status=open", ""),
		{does: "by what is no priority", request: "GET /v1/tickets?priority=very", status: 422, wrong: []string{"query.priority"}},
	}
}
