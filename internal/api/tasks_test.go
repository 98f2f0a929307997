package api_test

import "strings"

func tasks() []scenario {
	return []scenario{
		{
			does: "a task is created from a title", request: "POST /v1/tasks", body: `{"title":"Bake"}`, status: 201,
			answer: `{"title":"Bake","description":null,"status":"open","due_at":null,"assignee_id":null,"contact_id":null,"conversation_id":null,"custom_fields":{},"completed_at":null}`,
			events: []appended{{"task.created", `{"task":{"id":"$new","status":"open"},"previous":{}}`}},
		},
		{
			does: "a task is created from everything", request: "POST /v1/tasks", status: 201,
			before: []string{`POST /v1/custom_fields {"object":"task","key":"hours","name":"Hours","type":"number"}`},
			body: `{"title":"Bake","description":"Rye","due_at":"2026-11-21T08:00:00+01:00","assignee_id":"$agent","contact_id":"$contact",
				"conversation_id":"$conversation","custom_fields":{"hours":1.50}}`,
			answer: `{"title":"Bake","description":"Rye","due_at":"2026-11-21T07:00:00.000Z","assignee_id":"$agent","contact_id":"$contact",
				"conversation_id":"$conversation","custom_fields":{"hours":1.50}}`,
			events: []appended{{"task.created", `{"task":{"id":"$new","assignee_id":"$agent","custom_fields":{"hours":1.50}}}`}},
		},
		{
			does: "a task about a conversation is about its contact", request: "POST /v1/tasks", body: `{"title":"Bake","conversation_id":"$conversation"}`,
			status: 201, answer: `{"contact_id":"$contact","conversation_id":"$conversation"}`, events: []appended{{"task.created", ``}},
		},
		{
			does: "a task is read", request: "GET /v1/tasks/$task", status: 200,
			answer: `{"id":"$task","title":"Call back","contact_id":"$contact","conversation_id":"$conversation"}`,
		},
		{
			does: "a change tells what was before, the assignee among it", with: "agent", request: "PATCH /v1/tasks/$task", status: 200,
			body:   `{"title":"Call Ada","due_at":null,"assignee_id":"$agent"}`,
			answer: `{"title":"Call Ada","due_at":null,"assignee_id":"$agent","status":"open"}`,
			events: []appended{{"task.updated", `{"task":{"id":"$task"},"previous":{"title":"Call back","due_at":"2100-01-01T09:00:00.000Z","assignee_id":null}}`}},
		},
		{does: "a change that changes nothing makes no event", request: "PATCH /v1/tasks/$task", body: `{"title":"Call back"}`, status: 200},
		{
			does: "references are taken off", request: "PATCH /v1/tasks/$task", body: `{"contact_id":null,"conversation_id":null}`, status: 200,
			answer: `{"contact_id":null,"conversation_id":null}`,
			events: []appended{{"task.updated", `{"previous":{"contact_id":"$contact","conversation_id":"$conversation"}}`}},
		},
		{
			does: "a task is completed", request: "POST /v1/tasks/$task/complete", status: 200, answer: `{"id":"$task","status":"completed"}`,
			lacks:  []string{`"completed_at":null`},
			events: []appended{{"task.completed", `{"task":{"id":"$task","status":"completed"},"contact":{"id":"$contact","name":"Ada"},"previous":{"status":"open","completed_at":null}}`}},
		},
		{
			does: "completing it again changes nothing", request: "POST /v1/tasks/$task/complete", before: []string{"POST /v1/tasks/$task/complete"},
			status: 200, answer: `{"status":"completed"}`,
		},
		{
			does: "a task is reopened", request: "POST /v1/tasks/$task/reopen", before: []string{"POST /v1/tasks/$task/complete"}, status: 200,
			answer: `{"status":"open","completed_at":null}`,
			events: []appended{{"task.reopened", `{"task":{"id":"$task","status":"open","completed_at":null}}`}},
		},
		{does: "reopening an open one changes nothing", request: "POST /v1/tasks/$task/reopen", status: 200, answer: `{"status":"open"}`},
		{
			does: "a completed task can be corrected", request: "PATCH /v1/tasks/$task", before: []string{"POST /v1/tasks/$task/complete"},
			body: `{"title":"Called back"}`, status: 200, answer: `{"status":"completed","title":"Called back"}`,
			events: []appended{{"task.updated", `{"previous":{"title":"Call back"}}`}},
		},
		{
			does: "a task is deleted", request: "DELETE /v1/tasks/$task", status: 204,
			events: []appended{{"task.deleted", `{"task":{"id":"$task","title":"Call back"},"previous":{}}`}},
		},
		{does: "a task that is gone is not found", request: "POST /v1/tasks/$no_task/complete", status: 404},
		{does: "a status is changed by its verbs", request: "PATCH /v1/tasks/$task", body: `{"status":"completed"}`, status: 422, wrong: []string{"body.status"}},
		{
			does: "what is wrong is told all at once", request: "POST /v1/tasks", status: 422,
			body:  `{"title":"","description":"` + strings.Repeat("a", 10_001) + `","due_at":"tomorrow","assignee_id":7,"status":"open","completed_at":null}`,
			wrong: []string{"body.title", "body.description", "body.due_at", "body.assignee_id", "body.status", "body.completed_at"},
		},
		{does: "its assignee is there", with: "agent", request: "POST /v1/tasks", body: `{"title":"Bake","assignee_id":"$no_agent"}`, status: 422, wrong: []string{"body.assignee_id"}},
		{does: "its contact is there", request: "PATCH /v1/tasks/$task", body: `{"contact_id":"$no_contact"}`, status: 422, wrong: []string{"body.contact_id"}},
		{does: "its conversation is there", request: "PATCH /v1/tasks/$task", body: `{"conversation_id":"$no_conversation"}`, status: 422, wrong: []string{"body.conversation_id"}},
		{
			does: "another object's custom fields are not a task's", with: "field", request: "POST /v1/tasks", body: `{"title":"Bake","custom_fields":{"height":1}}`,
			status: 422, wrong: []string{"body.custom_fields.height"},
		},
		{
			does: "a change of what has changed meanwhile is refused", request: "PATCH /v1/tasks/$task", body: `{"title":"x"}`,
			header: []string{"If-Match", `"1"`}, status: 412,
		},
		{
			does: "a user with tasks stays", request: "DELETE /v1/users/$agent", before: []string{`PATCH /v1/tasks/$task {"assignee_id":"$agent"}`},
			status: 409, answer: `{"detail":"There are tasks assigned to this user: assign them to somebody else first (GET /v1/tasks?assignee_id=$agent)."}`,
		},
		{
			does: "a conversation goes, and its tasks stay", with: "task", request: "DELETE /v1/conversations/$conversation", status: 204,
			events: []appended{
				{"task.updated", `{"task":{"id":"$task","contact_id":"$contact","conversation_id":null},"previous":{"conversation_id":"$conversation"}}`},
				{"conversation.deleted", ``},
			},
		},
		{
			does: "a contact goes, and their tasks stay", request: "DELETE /v1/contacts/$contact", status: 204,
			before: []string{`PATCH /v1/tasks/$task {"conversation_id":null}`, `DELETE /v1/conversations/$conversation`},
			events: []appended{
				{"task.updated", `{"task":{"id":"$task","contact_id":null},"contact":null,"previous":{"contact_id":"$contact"}}`},
				{"contact.deleted", ``},
			},
		},
	}
}

func taskLists() []scenario {
	list := func(does, query, answer string) scenario {
		return scenario{
			does: does, request: "GET /v1/tasks" + query, status: 200, answer: `{"data":[` + answer + `],"next_cursor":null}`,
			before: []string{
				`PATCH /v1/tasks/$task {"assignee_id":"$agent"}`,
				`POST /v1/tasks {"title":"Sweep","due_at":"2026-01-01T00:00:00Z"}`, `POST /v1/tasks {"title":"Bake"}`,
			},
		}
	}
	const call, sweep, bake = `{"title":"Call back"}`, `{"title":"Sweep"}`, `{"title":"Bake"}`
	return []scenario{
		list("all, the newest first", "", bake+","+sweep+","+call),
		list("by status", "?status=completed", ""),
		list("by assignee", "?assignee_id=$agent", call),
		list("nobody's", "?assignee_id=none", bake+","+sweep),
		list("by contact", "?contact_id=$contact", call),
		list("by conversation", "?conversation_id=$conversation", call),
		list("what is due", "?due_before=2026-01-01T00:00:00.001Z", sweep),
		list("what is due, to the millisecond", "?due_before=2026-01-01T00:00:00Z", ""),
		list("what is due, in another zone", "?status=open&due_before=2100-01-01T12:00:00%2B02:00", sweep+","+call),
		list("by several filters at once", "?assignee_id=none&contact_id=$contact", ""),
		{does: "by what is no time", request: "GET /v1/tasks?due_before=soon", status: 422, wrong: []string{"query.due_before"}},
		{does: "by what is no status", request: "GET /v1/tasks?status=done", status: 422, wrong: []string{"query.status"}},
	}
}
