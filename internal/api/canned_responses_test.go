package api_test

import (
	"strings"

	"parley"
)

func cannedResponses() []scenario {
	return []scenario{
		{
			does: "a canned response is created", request: "POST /v1/canned_responses", status: 201,
			body:   `{"shortcut":"sorry","name":" Apology ","text":"We are sorry, {{contact.name}}."}`,
			answer: `{"shortcut":"sorry","name":"Apology","text":"We are sorry, {{contact.name}}."}`,
			events: []appended{{"canned_response.created", `{"canned_response":{"id":"$new","shortcut":"sorry"},"previous":{}}`}},
		},
		{does: "a canned response is read", request: "GET /v1/canned_responses/$canned", status: 200, answer: `{"id":"$canned","shortcut":"hours"}`},
		{
			does: "a change tells what was before", request: "PATCH /v1/canned_responses/$canned", body: `{"shortcut":"open"}`, status: 200,
			answer: `{"shortcut":"open","name":"Opening hours"}`,
			events: []appended{{"canned_response.updated", `{"canned_response":{"id":"$canned"},"previous":{"shortcut":"hours"}}`}},
		},
		{does: "a change that changes nothing makes no event", request: "PATCH /v1/canned_responses/$canned", body: `{"shortcut":"hours"}`, status: 200},
		{
			does: "no two have a shortcut", with: "canned", request: "POST /v1/canned_responses", body: `{"shortcut":"hours","name":"x","text":"x"}`,
			status: 409, wrong: []string{"body.shortcut"},
		},
		{
			does: "nor by a change", before: []string{`POST /v1/canned_responses {"shortcut":"sorry","name":"x","text":"x"}`},
			request: "PATCH /v1/canned_responses/$canned", body: `{"shortcut":"sorry"}`, status: 409, wrong: []string{"body.shortcut"},
		},
		{does: "a shortcut has no capitals", request: "POST /v1/canned_responses", body: `{"shortcut":"Hi","name":"x","text":"x"}`, status: 422, wrong: []string{"body.shortcut"}},
		{does: "a shortcut begins with a letter or digit", request: "POST /v1/canned_responses", body: `{"shortcut":"-hi","name":"x","text":"x"}`, status: 422, wrong: []string{"body.shortcut"}},
		{
			does: "a shortcut has 40 characters at most", request: "POST /v1/canned_responses", body: `{"shortcut":"` + strings.Repeat("a", 41) + `","name":"x","text":"x"}`,
			status: 422, wrong: []string{"body.shortcut"},
		},
		{does: "a blank name is none", request: "POST /v1/canned_responses", body: `{"shortcut":"hi","name":"  ","text":"x"}`, status: 422, wrong: []string{"body.name"}},
		{does: "a blank text is none", request: "POST /v1/canned_responses", body: `{"shortcut":"hi","name":"x","text":" "}`, status: 422, wrong: []string{"body.text"}},
		{
			does: "a text has 10,000 characters at most", request: "POST /v1/canned_responses", body: `{"shortcut":"hi","name":"x","text":"` + strings.Repeat("a", 10_001) + `"}`,
			status: 422, wrong: []string{"body.text"},
		},
		{does: "what is not an agent's to write", request: "POST /v1/canned_responses", scopes: []parley.Scope{"canned_responses:read"}, body: `{"shortcut":"hi","name":"x","text":"x"}`, status: 403},
		{
			does: "found by its shortcut", with: "canned", before: []string{`POST /v1/canned_responses {"shortcut":"sorry","name":"x","text":"x"}`},
			request: "GET /v1/canned_responses?shortcut=hours", status: 200, answer: `{"data":[{"id":"$canned"}],"next_cursor":null}`,
		},
		{
			does: "a canned response is deleted", request: "DELETE /v1/canned_responses/$canned", status: 204,
			events: []appended{{"canned_response.deleted", `{"canned_response":{"id":"$canned"},"previous":{}}`}},
		},
	}
}
