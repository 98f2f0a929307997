package api_test

func pipelines() []scenario {
	return []scenario{
		{
			does: "a pipeline is set up with its stages", request: "POST /v1/pipelines", body: `{"name":"Cakes","stages":[{"name":"Tasting"},{"name":"Offer"}]}`, status: 201,
			answer: `{"name":"Cakes","stages":[{"name":"Tasting"},{"name":"Offer"}]}`,
			events: []appended{{"pipeline.created", `{"pipeline":{"id":"$new","stages":[{"name":"Tasting"},{"name":"Offer"}]},"previous":{}}`}},
		},
		{does: "it needs a stage", request: "POST /v1/pipelines", body: `{"name":"Cakes","stages":[]}`, status: 422, wrong: []string{"body.stages"}},
		{does: "what is missing is told all at once", request: "POST /v1/pipelines", body: `{"stages":[{}]}`, status: 422, wrong: []string{"body.name", "body.stages[0].name"}},
		{
			does: "a new stage has no id yet", request: "POST /v1/pipelines", body: `{"name":"Cakes","stages":[{"name":"Tasting","id":"$stage"}]}`,
			status: 422, wrong: []string{"body.stages[0].id"},
		},
		{does: "a pipeline is read", request: "GET /v1/pipelines/$pipeline", status: 200, answer: `{"id":"$pipeline","stages":[{"id":"$tasting"},{"id":"$stage"}]}`},
		{does: "pipelines are listed", with: "pipeline empty", request: "GET /v1/pipelines", status: 200, answer: `{"data":[{"id":"$empty"},{"id":"$pipeline"}]}`},
		{
			does: "a pipeline is renamed", request: "PATCH /v1/pipelines/$pipeline", body: `{"name":"All cakes"}`, status: 200,
			events: []appended{{"pipeline.updated", `{"pipeline":{"name":"All cakes"},"previous":{"name":"Cakes"}}`}},
		},
		{
			does: "stages are turned round, renamed and added, and keep their ids", request: "PATCH /v1/pipelines/$pipeline", status: 200,
			body:   `{"stages":[{"id":"$stage","name":"Offer sent"},{"name":"Order"},{"id":"$tasting","name":"Tasting"}]}`,
			answer: `{"stages":[{"id":"$stage","name":"Offer sent"},{"name":"Order"},{"id":"$tasting","name":"Tasting"}]}`,
			events: []appended{{"pipeline.updated", `{"previous":{"stages":[{"id":"$tasting","name":"Tasting"},{"id":"$stage","name":"Offer"}]}}`}},
		},
		{
			does: "a list of new stages replaces all", request: "PATCH /v1/pipelines/$pipeline", status: 200,
			body: `{"stages":[{"name":"Order"}]}`, answer: `{"stages":[{"name":"Order"}]}`,
			events: []appended{{"pipeline.updated", ``}},
		},
		{does: "the same stages are no change", request: "PATCH /v1/pipelines/$pipeline", body: `{"stages":[{"id":"$tasting","name":"Tasting"},{"id":"$stage","name":"Offer"}]}`, status: 200},
		{
			does: "a stage stands in the list once", request: "PATCH /v1/pipelines/$pipeline", body: `{"stages":[{"id":"$stage","name":"A"},{"id":"$stage","name":"B"}]}`,
			status: 422, wrong: []string{"body.stages[1].id"},
		},
		{
			does: "a stage of no pipeline is not known", request: "PATCH /v1/pipelines/$pipeline", body: `{"stages":[{"id":"$no_stage","name":"A"}]}`,
			status: 422, wrong: []string{"body.stages[0].id"},
		},
		{
			does: "a stage with open deals stays", with: "deal", request: "PATCH /v1/pipelines/$pipeline", body: `{"stages":[{"id":"$stage","name":"Offer"}]}`,
			status: 409, wrong: []string{"body.stages"},
		},
		{
			does: "a stage with closed deals only may go", with: "deal stage", request: "PATCH /v1/pipelines/$pipeline", before: []string{"POST /v1/deals/$deal/win"},
			body: `{"stages":[{"id":"$stage","name":"Offer"}]}`, status: 200, events: []appended{{"pipeline.updated", ``}},
		},
		{
			does: "a pipeline without deals is deleted", request: "DELETE /v1/pipelines/$empty", status: 204,
			events: []appended{{"pipeline.deleted", `{"pipeline":{"id":"$empty"},"previous":{}}`}},
		},
		{does: "a pipeline with deals stays", with: "deal", request: "DELETE /v1/pipelines/$pipeline", before: []string{"POST /v1/deals/$deal/win"}, status: 409},
	}
}

func deals() []scenario {
	const removed = `PATCH /v1/pipelines/$pipeline {"stages":[{"id":"$stage","name":"Offer"}]}`
	return []scenario{
		{
			does: "a deal begins at the first stage", with: "pipeline tasting", request: "POST /v1/deals", body: `{"title":"A cake","pipeline_id":"$pipeline"}`, status: 201,
			answer: `{"title":"A cake","status":"open","pipeline_id":"$pipeline","stage_id":"$tasting","contact_id":null,"assignee_id":null,"amount":null,"currency":null,"lost_reason":null,"custom_fields":{}}`,
			events: []appended{{"deal.created", `{"deal":{"id":"$new"},"stage":{"id":"$tasting","name":"Tasting"},"contact":null,"previous":{}}`}},
		},
		{
			does: "or where it is said to", with: "stage contact agent", request: "POST /v1/deals", status: 201,
			before: []string{`POST /v1/custom_fields {"object":"deal","key":"guests","name":"Guests","type":"number"}`},
			body: `{"title":"A cake","pipeline_id":"$pipeline","stage_id":"$stage","contact_id":"$contact","assignee_id":"$agent","amount":32000,"currency":"EUR",
				"custom_fields":{"guests":80}}`,
			answer: `{"stage_id":"$stage","contact_id":"$contact","assignee_id":"$agent","amount":32000,"currency":"EUR","custom_fields":{"guests":80}}`,
			events: []appended{{"deal.created", `{"stage":{"name":"Offer"},"contact":{"name":"Ada"}}`}},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/deals", body: `{"status":"won","amount":-1,"currency":"eur","stage_id":"x"}`,
			status: 422, wrong: []string{"body.title", "body.pipeline_id", "body.status", "body.amount", "body.currency", "body.stage_id"},
		},
		{does: "an amount has a currency", with: "pipeline", request: "POST /v1/deals", body: `{"title":"X","pipeline_id":"$pipeline","amount":1}`, status: 422, wrong: []string{"body.currency"}},
		{does: "a currency has an amount", request: "PATCH /v1/deals/$deal", body: `{"amount":null}`, status: 422, wrong: []string{"body.amount"}},
		{does: "a currency is one of the world's", request: "PATCH /v1/deals/$deal", body: `{"currency":"ZZZ"}`, status: 422, wrong: []string{"body.currency"}},
		{does: "the pipeline must be there", request: "POST /v1/deals", body: `{"title":"X","pipeline_id":"$no_pipeline"}`, status: 422, wrong: []string{"body.pipeline_id"}},
		{
			does: "the stage is one of the pipeline's", with: "stage empty", request: "POST /v1/deals", body: `{"title":"X","pipeline_id":"$empty","stage_id":"$stage"}`,
			status: 422, wrong: []string{"body.stage_id"},
		},
		{does: "the contact must be there", request: "PATCH /v1/deals/$deal", body: `{"contact_id":"$no_contact"}`, status: 422, wrong: []string{"body.contact_id"}},
		{does: "the assignee must be there", request: "PATCH /v1/deals/$deal", body: `{"assignee_id":"$no_agent"}`, status: 422, wrong: []string{"body.assignee_id"}},
		{does: "custom fields must be defined", request: "PATCH /v1/deals/$deal", body: `{"custom_fields":{"guests":80}}`, status: 422, wrong: []string{"body.custom_fields.guests"}},
		{does: "a deal is read", request: "GET /v1/deals/$deal", status: 200, answer: `{"id":"$deal","amount":32000}`},
		{
			does: "a change tells what was before", with: "agent", request: "PATCH /v1/deals/$deal", body: `{"title":"A large cake","amount":40000,"assignee_id":"$agent"}`, status: 200,
			events: []appended{{"deal.updated", `{"deal":{"amount":40000},"previous":{"title":"A cake","amount":32000,"assignee_id":null}}`}},
		},
		{
			does: "stage, pipeline and status are not changed so", request: "PATCH /v1/deals/$deal", body: `{"stage_id":"$stage","pipeline_id":"$pipeline","status":"won"}`,
			status: 422, wrong: []string{"body.stage_id", "body.pipeline_id", "body.status"},
		},
		{
			does: "a deal is moved", request: "POST /v1/deals/$deal/move", body: `{"stage_id":"$stage"}`, status: 200, answer: `{"stage_id":"$stage"}`,
			events: []appended{{"deal.stage_changed", `{"deal":{"stage_id":"$stage"},"stage":{"name":"Offer"},"previous":{"stage_id":"$tasting"}}`}},
		},
		{does: "to where it is, is no move", request: "POST /v1/deals/$deal/move", body: `{"stage_id":"$tasting"}`, status: 200, answer: `{"stage_id":"$tasting"}`},
		{does: "a move needs a stage", request: "POST /v1/deals/$deal/move", body: `{}`, status: 422, wrong: []string{"body.stage_id"}},
		{does: "a move needs a body", request: "POST /v1/deals/$deal/move", status: 400},
		{does: "a move leads to a stage of the pipeline", request: "POST /v1/deals/$deal/move", body: `{"stage_id":"$no_stage"}`, status: 422, wrong: []string{"body.stage_id"}},
		{
			does: "a closed deal does not move", request: "POST /v1/deals/$deal/move", before: []string{"POST /v1/deals/$deal/win"}, body: `{"stage_id":"$stage"}`, status: 409,
			answer: `{"detail":"The deal is won, which does not allow move: it allows reopen."}`,
		},
		{
			does: "a deal is won", request: "POST /v1/deals/$deal/win", status: 200, answer: `{"status":"won"}`,
			events: []appended{{"deal.won", `{"deal":{"status":"won"},"contact":{"id":"$contact"},"previous":{"status":"open"}}`}},
		},
		{
			does: "a deal is lost for a reason", request: "POST /v1/deals/$deal/lose", body: `{"reason":"Too far away."}`, status: 200, answer: `{"status":"lost","lost_reason":"Too far away."}`,
			events: []appended{{"deal.lost", `{"previous":{"status":"open","lost_reason":null}}`}},
		},
		{
			does: "a deal is reopened", request: "POST /v1/deals/$deal/reopen", before: []string{`POST /v1/deals/$deal/lose {"reason":"Too far away."}`}, status: 200,
			answer: `{"status":"open","lost_reason":null}`,
			events: []appended{{"deal.reopened", `{"previous":{"status":"lost","lost_reason":"Too far away."}}`}},
		},
		{
			does: "a closed deal outlives its stage", with: "deal stage", request: "PATCH /v1/deals/$deal", before: []string{"POST /v1/deals/$deal/win", removed}, body: `{"title":"The cake"}`, status: 200,
			answer: `{"stage_id":"$tasting"}`, events: []appended{{"deal.updated", `{"stage":null}`}},
		},
		{
			does: "and is reopened at the first that is left", with: "deal stage", request: "POST /v1/deals/$deal/reopen", before: []string{"POST /v1/deals/$deal/win", removed}, status: 200,
			answer: `{"stage_id":"$stage"}`, events: []appended{{"deal.reopened", `{"stage":{"id":"$stage"},"previous":{"status":"won","stage_id":"$tasting"}}`}},
		},
		{
			does: "a deal outlives its contact", with: "deal", request: "POST /v1/deals/$deal/win", before: []string{"DELETE /v1/contacts/$contact"}, status: 200,
			answer: `{"contact_id":"$contact"}`, events: []appended{{"deal.won", `{"contact":null}`}},
		},
		{does: "a user with deals stays", request: "DELETE /v1/users/$agent", before: []string{`PATCH /v1/deals/$deal {"assignee_id":"$agent"}`}, status: 409},
		{does: "a deal is deleted", request: "DELETE /v1/deals/$deal", status: 204, events: []appended{{"deal.deleted", `{"deal":{"id":"$deal"},"previous":{}}`}}},
		{does: "deals are listed", with: "deal lost", request: "GET /v1/deals", status: 200, answer: `{"data":[{"id":"$lost"},{"id":"$deal"}],"next_cursor":null}`},
		{does: "deals are listed by contact", with: "deal lost", request: "GET /v1/deals?contact_id=$contact", status: 200, answer: `{"data":[{"id":"$deal"}]}`},
		{
			does: "deals are listed by stage", with: "deal lost", request: "GET /v1/deals?stage_id=$stage&pipeline_id=$pipeline",
			before: []string{`POST /v1/deals/$lost/move {"stage_id":"$stage"}`}, status: 200, answer: `{"data":[{"id":"$lost"}]}`,
		},
		{
			does: "deals are listed by status", with: "deal lost", request: "GET /v1/deals?status=lost", before: []string{"POST /v1/deals/$lost/lose"}, status: 200,
			answer: `{"data":[{"id":"$lost"}]}`,
		},
		{
			does: "deals are listed by who looks after them", with: "deal lost", request: "GET /v1/deals?assignee_id=none", before: []string{`PATCH /v1/deals/$lost {"assignee_id":"$owner"}`}, status: 200,
			answer: `{"data":[{"id":"$deal"}]}`,
		},
	}
}
