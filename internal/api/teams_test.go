package api_test

import "strings"

func teams() []scenario {
	return []scenario{
		{
			does: "a team is created from a name", request: "POST /v1/teams", body: `{"name":" Day shift "}`, status: 201,
			answer: `{"name":"Day shift","description":null,"member_ids":[]}`,
			events: []appended{{"team.created", `{"team":{"id":"$new","name":"Day shift"},"previous":{}}`}},
		},
		{
			does: "a team is created from everything", request: "POST /v1/teams", status: 201,
			body:   `{"name":"Day shift","description":"From six to two","member_ids":["$owner","$agent"]}`,
			answer: `{"name":"Day shift","description":"From six to two","member_ids":["$owner","$agent"]}`,
			events: []appended{{"team.created", `{"team":{"member_ids":["$owner","$agent"]}}`}},
		},
		{does: "a team is read", request: "GET /v1/teams/$team", status: 200, answer: `{"id":"$team","name":"Night shift","member_ids":["$agent"]}`},
		{
			does: "a change tells what was before", request: "PATCH /v1/teams/$team", body: `{"member_ids":["$owner"]}`, status: 200,
			answer: `{"name":"Night shift","member_ids":["$owner"]}`,
			events: []appended{{"team.updated", `{"team":{"id":"$team","member_ids":["$owner"]},"previous":{"member_ids":["$agent"]}}`}},
		},
		{does: "a change that changes nothing makes no event", request: "PATCH /v1/teams/$team", body: `{"name":"Night shift","member_ids":["$agent"]}`, status: 200},
		{
			does: "a change of what has changed meanwhile is refused", request: "PATCH /v1/teams/$team", body: `{"name":"x"}`,
			header: []string{"If-Match", `"1"`}, status: 412,
		},
		{does: "no two teams have a name", with: "team", request: "POST /v1/teams", body: `{"name":"Night shift"}`, status: 409, wrong: []string{"body.name"}},
		{does: "nor by a change", with: "team", request: "PATCH /v1/teams/$idle", body: `{"name":"Night shift "}`, status: 409, wrong: []string{"body.name"}},
		{does: "a blank name is none", request: "POST /v1/teams", body: `{"name":"  "}`, status: 422, wrong: []string{"body.name"}},
		{does: "members are users", request: "POST /v1/teams", body: `{"name":"x","member_ids":["$owner","$no_agent"]}`, status: 422, wrong: []string{"body.member_ids[1]"}},
		{does: "nobody is in a team twice", request: "POST /v1/teams", body: `{"name":"x","member_ids":["$owner","$owner"]}`, status: 422, wrong: []string{"body.member_ids[1]"}},
		{
			does: "a team has 500 members at most", request: "POST /v1/teams", body: `{"name":"x","member_ids":["$owner"` + strings.Repeat(`,"$owner"`, 500) + `]}`,
			status: 422, wrong: []string{"body.member_ids"},
		},
		{
			does: "a team is deleted", request: "DELETE /v1/teams/$team", status: 204,
			events: []appended{{"team.deleted", `{"team":{"id":"$team","name":"Night shift"},"previous":{}}`}},
		},
		{
			does: "whoever is deleted leaves their teams", with: "team idle", request: "DELETE /v1/users/$agent", status: 204,
			events: []appended{
				{"team.updated", `{"team":{"id":"$team","member_ids":[]},"previous":{"member_ids":["$agent"]}}`},
				{"user.deleted", ``},
			},
		},
		{does: "teams of a user", with: "team idle", request: "GET /v1/teams?member_id=$agent", status: 200, answer: `{"data":[{"id":"$team"}],"next_cursor":null}`},
		{does: "teams of nobody", with: "team", request: "GET /v1/teams?member_id=%25", status: 200, answer: `{"data":[],"next_cursor":null}`},
	}
}

// teamWork is what is given to teams.
func teamWork() []scenario {
	return []scenario{
		{
			does: "a conversation is given to a team", with: "team", request: "PATCH /v1/conversations/$conversation", body: `{"team_id":"$team"}`, status: 200,
			answer: `{"team_id":"$team","assignee_id":null}`,
			events: []appended{{"conversation.assigned", `{"conversation":{"id":"$conversation","team_id":"$team"},"previous":{"team_id":null}}`}},
		},
		{
			does: "a team and an agent at once are one event", with: "team", request: "PATCH /v1/conversations/$conversation",
			body: `{"team_id":"$team","assignee_id":"$agent"}`, status: 200,
			events: []appended{{"conversation.assigned", `{"previous":{"team_id":null,"assignee_id":null,"assignee":null},"assignee":{"id":"$agent"}}`}},
		},
		{
			does: "a new agent leaves the team", before: []string{`PATCH /v1/conversations/$conversation {"team_id":"$team"}`},
			request: "PUT /v1/conversations/$conversation/assignee", body: `{"assignee_id":"$agent"}`, status: 200, answer: `{"team_id":"$team","assignee_id":"$agent"}`,
			events: []appended{{"conversation.assigned", ``}},
		},
		{
			does: "conversations of a team", before: []string{`PATCH /v1/conversations/$conversation {"team_id":"$team"}`}, with: "second",
			request: "GET /v1/conversations?team_id=$team", status: 200, answer: `{"data":[{"id":"$conversation"}],"next_cursor":null}`,
		},
		{
			does: "conversations of no team", before: []string{`PATCH /v1/conversations/$conversation {"team_id":"$team"}`}, with: "second",
			request: "GET /v1/conversations?team_id=none", status: 200, answer: `{"data":[{"id":"$second"}],"next_cursor":null}`,
		},
		{
			does: "a task is given to a team", with: "team", request: "PATCH /v1/tasks/$task", body: `{"team_id":"$team"}`, status: 200, answer: `{"team_id":"$team"}`,
			events: []appended{{"task.updated", `{"previous":{"team_id":null}}`}},
		},
		{
			does: "tasks of a team", before: []string{`PATCH /v1/tasks/$task {"team_id":"$team"}`, `POST /v1/tasks {"title":"Another"}`},
			request: "GET /v1/tasks?team_id=$team", status: 200, answer: `{"data":[{"id":"$task"}],"next_cursor":null}`,
		},
		{
			does: "a ticket is given to a team, apart from other changes", with: "team", request: "PATCH /v1/tickets/$ticket",
			body: `{"team_id":"$team","priority":"low"}`, status: 200, answer: `{"team_id":"$team"}`,
			events: []appended{{"ticket.updated", `{"ticket":{"team_id":null}}`}, {"ticket.assigned", `{"previous":{"team_id":null}}`}},
		},
		{
			does: "a team with tickets stays", before: []string{`PATCH /v1/tickets/$ticket {"team_id":"$team"}`}, request: "DELETE /v1/teams/$team", status: 409,
			answer: `{"detail":"There are tickets assigned to this team: assign them to somebody else first (GET /v1/tickets?team_id=$team)."}`,
		},
		{
			does: "a team with conversations stays", before: []string{`PATCH /v1/conversations/$conversation {"team_id":"$team"}`},
			request: "DELETE /v1/teams/$team", status: 409,
		},
		{does: "a team is there", request: "PATCH /v1/conversations/$conversation", body: `{"team_id":"$no_team"}`, status: 422, wrong: []string{"body.team_id"}},
	}
}
