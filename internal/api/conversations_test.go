package api_test

func conversations() []scenario {
	return []scenario{
		{
			does: "a conversation starts without a message", request: "POST /v1/conversations", status: 201,
			body: `{"inbox_id":"$inbox","contact_id":"$contact"}`,
			answer: `{"status":"open","inbox_id":"$inbox","contact_id":"$contact","assignee_id":null,"subject":null,"labels":[],
				"variables":{},"custom_fields":{},"snoozed_until":null,"last_message_at":null}`,
			events: []appended{{"conversation.created", `{"conversation":{"id":"$new","status":"open"},"contact":{"id":"$contact","name":"Ada","variables":{"plan":"pro"}},"inbox":{"id":"$inbox","name":"Website","channel":"api"},"first":true,"by":null,"previous":{}}`}},
		},
		{
			does: "a conversation starts with a message", with: "choice", request: "POST /v1/conversations", status: 201,
			body: `{"inbox_id":"$inbox","contact_id":"$contact","subject":"Rye","custom_fields":{"size":"small"},
				"message":{"direction":"incoming","content":{"type":"text","text":"Do you have rye?"}}}`,
			answer: `{"subject":"Rye","custom_fields":{"size":"small"}}`,
			events: []appended{
				{"conversation.created", `{"conversation":{"id":"$new","last_message_at":null}}`},
				{"message.created", `{"message":{"conversation_id":"$new","direction":"incoming","author":{"type":"contact","id":"$contact"}},
					"conversation":{"id":"$new"},"contact":{"id":"$contact"},"previous":{}}`},
			},
		},
		{
			does: "a first message goes out unless said otherwise", request: "POST /v1/conversations", status: 201,
			body: `{"inbox_id":"$widget","contact_id":"$contact","message":{"content":{"type":"text","text":"Hello"}}}`,
			events: []appended{
				{"conversation.created", ``},
				{"message.created", `{"message":{"direction":"outgoing","author":{"type":"api_key"}}}`},
			},
		},
		{
			does: "a first message that is wrong starts nothing", request: "POST /v1/conversations",
			body:   `{"inbox_id":"$widget","contact_id":"$contact","message":{"direction":"incoming","content":{"type":"text","text":"Hi"}}}`,
			status: 422, wrong: []string{"body.message.direction"},
		},
		{
			does: "a first message's content is checked", request: "POST /v1/conversations",
			body:   `{"inbox_id":"$inbox","contact_id":"$contact","message":{"content":{"type":"buttons","payload":{"title":"x","buttons":[{"title":7}]}}}}`,
			status: 422, wrong: []string{"body.message.content.payload.buttons[0].title"},
		},
		{
			does: "inbox and contact must be there", request: "POST /v1/conversations", body: `{"inbox_id":"$no_inbox","contact_id":"$contact"}`,
			status: 422, wrong: []string{"body.inbox_id"},
		},
		{
			does: "a contact must be there", request: "POST /v1/conversations", body: `{"inbox_id":"$inbox","contact_id":"$no_contact"}`,
			status: 422, wrong: []string{"body.contact_id"},
		},
		{
			does: "a conversation is read whole", with: "label", request: "GET /v1/conversations/$conversation", status: 200,
			answer: `{"id":"$conversation","status":"open","subject":"Bread","labels":["vip"]}`,
		},
		{
			does: "each kind of change has its event", with: "choice", request: "PATCH /v1/conversations/$conversation",
			body:   `{"status":"resolved","assignee_id":"$agent","subject":"Rye","custom_fields":{"size":"large"}}`,
			status: 200, answer: `{"status":"resolved","assignee_id":"$agent","subject":"Rye"}`,
			events: []appended{
				{"conversation.updated", `{"conversation":{"subject":"Rye","status":"open"},"previous":{"subject":"Bread","custom_fields":{}}}`},
				{"conversation.assigned", `{"conversation":{"assignee_id":"$agent","status":"open"},"assignee":{"id":"$agent","name":"Alan","email":"alan@example.com","role":"agent"},"by":null,"previous":{"assignee_id":null,"assignee":null}}`},
				{"conversation.resolved", `{"conversation":{"status":"resolved"},"previous":{"status":"open"}}`},
			},
		},
		{
			does: "a resolved conversation is reopened", request: "PATCH /v1/conversations/$conversation", body: `{"status":"open"}`, status: 200,
			before: []string{`PATCH /v1/conversations/$conversation {"status":"resolved"}`},
			events: []appended{{"conversation.reopened", `{"previous":{"status":"resolved"}}`}},
		},
		{
			does: "a conversation is pending", request: "PATCH /v1/conversations/$conversation", body: `{"status":"pending"}`, status: 200,
			events: []appended{{"conversation.updated", `{"conversation":{"status":"pending"},"previous":{"status":"open"}}`}},
		},
		{
			does: "a conversation is snoozed", request: "PATCH /v1/conversations/$conversation", status: 200,
			body:   `{"status":"snoozed","snoozed_until":"2100-01-01T00:00:00+01:00"}`,
			answer: `{"status":"snoozed","snoozed_until":"2099-12-31T23:00:00.000Z"}`,
			events: []appended{{"conversation.snoozed", `{"previous":{"status":"open","snoozed_until":null}}`}},
		},
		{
			does: "a snooze ends when the status does", request: "PATCH /v1/conversations/$conversation", body: `{"status":"open"}`, status: 200,
			before: []string{`PATCH /v1/conversations/$conversation {"status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`},
			answer: `{"status":"open","snoozed_until":null}`,
			events: []appended{{"conversation.reopened", `{"previous":{"status":"snoozed","snoozed_until":"2100-01-01T00:00:00.000Z"}}`}},
		},
		{
			does: "a snooze is prolonged", request: "PATCH /v1/conversations/$conversation", body: `{"snoozed_until":"2101-01-01T00:00:00Z"}`, status: 200,
			before: []string{`PATCH /v1/conversations/$conversation {"status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`},
			events: []appended{{"conversation.snoozed", `{"previous":{"snoozed_until":"2100-01-01T00:00:00.000Z"}}`}},
		},
		{
			does: "a snooze needs an end", request: "PATCH /v1/conversations/$conversation", body: `{"status":"snoozed"}`,
			status: 422, wrong: []string{"body.snoozed_until"},
		},
		{
			does: "a snooze ends in the future", request: "PATCH /v1/conversations/$conversation",
			body:   `{"status":"snoozed","snoozed_until":"2020-01-01T00:00:00Z"}`,
			status: 422, wrong: []string{"body.snoozed_until"},
		},
		{
			does: "only a snooze has an end", request: "PATCH /v1/conversations/$conversation",
			body:   `{"status":"open","snoozed_until":"2100-01-01T00:00:00Z"}`,
			status: 422, wrong: []string{"body.snoozed_until"},
		},
		{
			does: "nor when another status follows", request: "PATCH /v1/conversations/$conversation",
			before: []string{`PATCH /v1/conversations/$conversation {"status":"snoozed","snoozed_until":"2100-01-01T00:00:00Z"}`},
			body:   `{"status":"open","snoozed_until":"2101-01-01T00:00:00Z"}`,
			status: 422, wrong: []string{"body.snoozed_until"},
		},
		{
			does: "an assignee is a user", request: "PATCH /v1/conversations/$conversation", body: `{"assignee_id":"$no_agent"}`,
			status: 422, wrong: []string{"body.assignee_id"},
		},
		{
			does: "a conversation is taken from its assignee", request: "PUT /v1/conversations/$conversation/assignee", body: `{"assignee_id":null}`,
			before: []string{`PUT /v1/conversations/$conversation/assignee {"assignee_id":"$agent"}`},
			status: 200, events: []appended{{"conversation.assigned", `{"conversation":{"assignee_id":null},"assignee":null,"previous":{"assignee_id":"$agent","assignee":{"id":"$agent","name":"Alan","email":"alan@example.com","role":"agent"}}}`}},
		},
		{
			does: "an assignee must be named or null", request: "PUT /v1/conversations/$conversation/assignee", body: `{}`,
			status: 422, wrong: []string{"body.assignee_id"},
		},
		{
			does: "a status is set on its own", request: "PUT /v1/conversations/$conversation/status", body: `{"status":"resolved"}`, status: 200,
			events: []appended{{"conversation.resolved", `{"previous":{"status":"open"}}`}},
		},
		{
			does: "the same status is no change", request: "PUT /v1/conversations/$conversation/status", body: `{"status":"open"}`, status: 200,
		},
		{
			does: "labels are not set by a change", request: "PATCH /v1/conversations/$conversation", body: `{"labels":[]}`,
			status: 422, wrong: []string{"body.labels"},
		},
		{
			does: "a conversation is deleted", with: "label", request: "DELETE /v1/conversations/$conversation", status: 204,
			events: []appended{{"conversation.deleted", `{"conversation":{"id":"$conversation","labels":["vip"]},"contact":{"id":"$contact"},"previous":{}}`}},
		},
	}
}

func conversationLists() []scenario {
	one, none := `{"data":[{"id":"$conversation"}],"next_cursor":null}`, `{"data":[],"next_cursor":null}`
	assign := []string{`PATCH /v1/conversations/$conversation {"assignee_id":"$agent"}`}
	return []scenario{
		{does: "all", request: "GET /v1/conversations", status: 200, answer: one},
		{does: "of a status", request: "GET /v1/conversations?status=open", status: 200, answer: one},
		{does: "of another status", request: "GET /v1/conversations?status=resolved", status: 200, answer: none},
		{does: "of an inbox", request: "GET /v1/conversations?inbox_id=$inbox", status: 200, answer: one},
		{does: "of another inbox", request: "GET /v1/conversations?inbox_id=$widget", status: 200, answer: none},
		{does: "with a contact", request: "GET /v1/conversations?contact_id=$contact", status: 200, answer: one},
		{does: "with another contact", request: "GET /v1/conversations?contact_id=$no_contact", status: 200, answer: none},
		{does: "of an assignee", request: "GET /v1/conversations?assignee_id=$agent", before: assign, status: 200, answer: one},
		{does: "of nobody", request: "GET /v1/conversations?assignee_id=none", status: 200, answer: one},
		{does: "of nobody, but somebody has it", request: "GET /v1/conversations?assignee_id=none", before: assign, status: 200, answer: none},
		{does: "with a label", with: "label", request: "GET /v1/conversations?label=vip", status: 200, answer: one},
		{does: "with another label", with: "label", request: "GET /v1/conversations?label=vi%25", status: 200, answer: none},
		{does: "with all of it", with: "label", request: "GET /v1/conversations?label=vip&status=open&inbox_id=$inbox&changed_after=1", status: 200, answer: one},
		{does: "the latest activity first", with: "second message", request: "GET /v1/conversations?sort=last_message_at", status: 200, answer: `{"data":[{"id":"$conversation"},{"id":"$second"}],"next_cursor":null}`},
		{does: "without a message by when it began", with: "message second", request: "GET /v1/conversations?sort=last_message_at&assignee_id=none&status=open", status: 200, answer: `{"data":[{"id":"$second"},{"id":"$conversation"}],"next_cursor":null}`},
		{does: "of another agent, the latest first", before: assign, request: "GET /v1/conversations?sort=last_message_at&assignee_id=$owner", status: 200, answer: none},
		{does: "with all of it, the latest first", with: "label", before: assign, request: "GET /v1/conversations?sort=last_message_at&label=vip&status=open&inbox_id=$inbox&assignee_id=$agent&team_id=none&contact_id=$contact", status: 200, answer: one},
		{does: "with a label and more, the latest first", with: "label", request: "GET /v1/conversations?sort=last_message_at&label=vip&inbox_id=$inbox&team_id=none", status: 200, answer: one},
		{does: "of a team, the latest first", with: "team", request: "GET /v1/conversations?sort=last_message_at&team_id=$team", status: 200, answer: none},
		{does: "of one order only", request: "GET /v1/conversations?sort=last_message_at&changed_after=1", status: 422, wrong: []string{"query.sort"}},
		{does: "by a part of the subject", request: "GET /v1/conversations?q=REA", status: 200, answer: one},
		{does: "by a part of the contact's name", request: "GET /v1/conversations?q=dA", status: 200, answer: one},
		{does: "by a part of the contact's email", request: "GET /v1/conversations?q=@EXAMPLE", status: 200, answer: one},
		{does: "by a part of the contact's phone number", before: []string{`PATCH /v1/contacts/$contact {"phone":"+44 20 7946 0000"}`}, request: "GET /v1/conversations?q=7946", status: 200, answer: one},
		{does: "by a part of a message", with: "message", request: "GET /v1/conversations?q=ELLO&sort=last_message_at", status: 200, answer: one},
		{does: "by a part of a message, of all that is right", with: "message", request: "GET /v1/conversations?q=hell&status=open&inbox_id=$inbox", status: 200, answer: one},
		{does: "by how messages are kept", with: "message", request: "GET /v1/conversations?q=type", status: 200, answer: none},
		{does: "by a sign that stands for any", with: "message", request: "GET /v1/conversations?q=%25", status: 200, answer: none},
		{
			does: "by other letters only as they are", before: []string{`PATCH /v1/conversations/$conversation {"subject":"Crème Brûlée"}`},
			request: "GET /v1/conversations?q=cr%C3%A8ME+br%C3%BBL", status: 200, answer: one,
		},
		{
			does: "by other letters in another case", before: []string{`PATCH /v1/conversations/$conversation {"subject":"Crème Brûlée"}`},
			request: "GET /v1/conversations?q=cr%C3%88me", status: 200, answer: none,
		},
		{does: "of a status that is none", request: "GET /v1/conversations?status=closed", status: 422, wrong: []string{"query.status"}},
	}
}

func conversationVariables() []scenario {
	return []scenario{
		{
			does: "a variable is new", request: "PUT /v1/conversations/$conversation/variables/plan", body: `{"value":"pro"}`, status: 200,
			answer: `{"name":"plan","type":"text","value":"pro"}`,
			events: []appended{{"conversation.variables_changed", `{"conversation":{"id":"$conversation","variables":{"plan":"pro"}},"previous":{"variables":{"plan":null}}}`}},
		},
		{
			does: "a variable is changed, and previous tells of no other", request: "PUT /v1/conversations/$conversation/variables/plan",
			before: []string{
				`PUT /v1/conversations/$conversation/variables/plan {"value":"pro"}`,
				`PUT /v1/conversations/$conversation/variables/count {"value":1}`,
			},
			body: `{"value":true}`, status: 200,
			events: []appended{{"conversation.variables_changed", `{"conversation":{"variables":{"plan":true,"count":1}},"previous":{"variables":{"plan":"pro"}}}`}},
		},
		{
			does: "a variable is removed", request: "DELETE /v1/conversations/$conversation/variables/plan", status: 204,
			before: []string{`PUT /v1/conversations/$conversation/variables/plan {"value":"pro"}`},
			events: []appended{{"conversation.variables_changed", `{"conversation":{"variables":{}},"previous":{"variables":{"plan":"pro"}}}`}},
		},
		{does: "removing none is no change", request: "DELETE /v1/conversations/$conversation/variables/plan", status: 204},
		{
			does: "variables are listed", request: "GET /v1/conversations/$conversation/variables", status: 200,
			before: []string{`PUT /v1/conversations/$conversation/variables/at {"value":"2026-11-20T10:30:00Z"}`},
			answer: `{"data":[{"name":"at","type":"date","value":"2026-11-20T10:30:00Z"}],"next_cursor":null}`,
		},
		{
			does: "a list is no value", request: "PUT /v1/conversations/$conversation/variables/a", body: `{"value":[1]}`,
			status: 422, wrong: []string{"body.value"},
		},
		{
			does: "a value must be given", request: "PUT /v1/conversations/$conversation/variables/a", body: `{}`,
			status: 422, wrong: []string{"body.value"},
		},
		{
			does: "a name has limits", request: "PUT /v1/conversations/$conversation/variables/a%2Fb", body: `{"value":1}`,
			status: 422, wrong: []string{"path.name"},
		},
	}
}

func conversationLabels() []scenario {
	return []scenario{
		{
			does: "a label that is new is created", with: "label", request: "POST /v1/conversations/$conversation/labels", status: 201,
			body:   `{"name":"a/b","color":"#FF0000"}`,
			answer: `{"name":"a/b","color":"#FF0000","description":""}`,
			events: []appended{
				{"label.created", `{"label":{"id":"$new","name":"a/b"},"previous":{}}`},
				{"conversation.label_added", `{"conversation":{"labels":["a/b","vip"]},"label":"a/b","contact":{"id":"$contact"},"inbox":{"channel":"api"},"by":null,"previous":{"labels":["vip"]}}`},
			},
		},
		{
			does: "a label that is there is used", with: "conversation", request: "POST /v1/conversations/$conversation/labels", status: 201,
			before: []string{`POST /v1/labels {"name":"new","color":"#00ff00"}`}, body: `{"name":"new"}`, answer: `{"color":"#00ff00"}`,
			events: []appended{{"conversation.label_added", `{"label":"new"}`}},
		},
		{
			does: "a label that it has is no change", request: "POST /v1/conversations/$conversation/labels", body: `{"name":" vip "}`, status: 201,
			answer: `{"id":"$label"}`,
		},
		{
			does: "a blank label is none", request: "POST /v1/conversations/$conversation/labels", body: `{"name":"  "}`,
			status: 422, wrong: []string{"body.name"},
		},
		{
			does: "labels are listed by name", with: "label", request: "GET /v1/conversations/$conversation/labels", status: 200,
			before: []string{`POST /v1/conversations/$conversation/labels {"name":"a"}`},
			answer: `{"data":[{"name":"a"},{"name":"vip"}],"next_cursor":null}`,
		},
		{
			does: "a label is taken off", with: "label", request: "DELETE /v1/conversations/$conversation/labels/vip", status: 204,
			events: []appended{{"conversation.label_removed", `{"conversation":{"labels":[]},"label":"vip","previous":{"labels":["vip"]}}`}},
		},
		{
			does: "a label with a slash is taken off", request: "DELETE /v1/conversations/$conversation/labels/a%2Fb", status: 204,
			before: []string{`POST /v1/conversations/$conversation/labels {"name":"a/b"}`},
			events: []appended{{"conversation.label_removed", `{"label":"a/b"}`}},
		},
		{does: "a label that it has not cannot be taken off", request: "DELETE /v1/conversations/$conversation/labels/none", status: 404},
	}
}

func labels() []scenario {
	return []scenario{
		{
			does: "a label is created", request: "POST /v1/labels", body: `{"name":" late "}`, status: 201,
			answer: `{"name":"late","color":"#64748b","description":""}`, events: []appended{{"label.created", `{"label":{"id":"$new","name":"late"},"previous":{}}`}},
		},
		{does: "a label is read", request: "GET /v1/labels/$label", status: 200, answer: `{"id":"$label","name":"vip"}`},
		{does: "labels are listed", request: "GET /v1/labels", status: 200, answer: `{"data":[{"id":"$label"}]}`},
		{does: "a name is taken once", with: "label", request: "POST /v1/labels", body: `{"name":"vip"}`, status: 409, wrong: []string{"body.name"}},
		{does: "a name is not blank", request: "POST /v1/labels", body: `{"name":" "}`, status: 422, wrong: []string{"body.name"}},
		{
			does: "a name that is taken cannot be changed to", request: "PATCH /v1/labels/$label", body: `{"name":"late"}`,
			before: []string{`POST /v1/labels {"name":"late"}`}, status: 409, wrong: []string{"body.name"},
		},
		{
			does: "a colour is a colour", request: "PATCH /v1/labels/$label", body: `{"color":"red"}`, status: 422, wrong: []string{"body.color"},
		},
		{
			does: "a colour is changed", request: "PATCH /v1/labels/$label", body: `{"color":"#000000"}`, status: 200,
			events: []appended{{"label.updated", `{"previous":{"color":"#64748b"}}`}},
		},
		{
			does: "a new name is put on every conversation", request: "PATCH /v1/labels/$label", body: `{"name":"dear"}`, status: 200,
			events: []appended{
				{"conversation.label_removed", `{"conversation":{"labels":[]},"label":"vip","label_id":"$label"}`},
				{"conversation.label_added", `{"conversation":{"labels":["dear"]},"label":"dear","label_id":"$label","previous":{"labels":[]}}`},
				{"label.updated", `{"label":{"name":"dear"},"previous":{"name":"vip"}}`},
			},
		},
		{
			does: "a label is taken off every conversation before it goes", request: "DELETE /v1/labels/$label", status: 204,
			events: []appended{
				{"conversation.label_removed", `{"conversation":{"id":"$conversation","labels":[]},"label":"vip","previous":{"labels":["vip"]}}`},
				{"label.deleted", `{"label":{"id":"$label","name":"vip"},"previous":{}}`},
			},
		},
	}
}
