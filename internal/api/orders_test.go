package api_test

import "strings"

func orders() []scenario {
	field := `POST /v1/custom_fields {"object":"order","key":"gift","name":"Gift","type":"boolean"}`
	return []scenario{
		{
			does: "an order is requested", with: "contact conversation", request: "POST /v1/orders", before: []string{field}, status: 201,
			body: `{"contact_id":"$contact","conversation_id":"$conversation","items":[{"name":"Rye","sku":"RYE-1","quantity":2,"unit_amount":450},
				{"name":"Delivery","quantity":1,"unit_amount":0}],"amount":1000,"currency":"EUR","custom_fields":{"gift":true}}`,
			answer: `{"status":"requested","contact_id":"$contact","conversation_id":"$conversation","amount":1000,"currency":"EUR","custom_fields":{"gift":true},
				"items":[{"name":"Rye","sku":"RYE-1","quantity":2,"unit_amount":450},{"name":"Delivery","sku":null,"quantity":1,"unit_amount":0}]}`,
			events: []appended{{"order.requested", `{"order":{"id":"$new","status":"requested","amount":1000},"contact":{"id":"$contact","email":"ada@example.com"},"previous":{}}`}},
		},
		{
			does: "little is enough", with: "contact", request: "POST /v1/orders", body: `{"contact_id":"$contact","amount":0,"currency":"JPY"}`, status: 201,
			answer: `{"conversation_id":null,"items":[],"custom_fields":{}}`, events: []appended{{"order.requested", ``}},
		},
		{
			does: "what an order needs is told all at once", request: "POST /v1/orders", body: `{"status":"fulfilled","items":[{"quantity":0,"unit_amount":-1}]}`, status: 422,
			wrong: []string{"body.contact_id", "body.amount", "body.currency", "body.status", "body.items[0].name", "body.items[0].quantity", "body.items[0].unit_amount"},
		},
		{
			does: "amounts are whole and have a limit", with: "contact", request: "POST /v1/orders", status: 422,
			body:  `{"contact_id":"$contact","amount":9.5,"currency":"EUR","items":[{"name":"Rye","quantity":1000001,"unit_amount":1000000000000001}]}`,
			wrong: []string{"body.amount", "body.items[0].quantity", "body.items[0].unit_amount"},
		},
		{
			does: "items have a limit", with: "contact", request: "POST /v1/orders", status: 422,
			body:  `{"contact_id":"$contact","amount":1,"currency":"EUR","items":[` + strings.Repeat(`{"name":"Bun","quantity":1,"unit_amount":1},`, 200) + `{"name":"Bun","quantity":1,"unit_amount":1}]}`,
			wrong: []string{"body.items"},
		},
		{
			does: "a currency is written in capitals", with: "contact", request: "POST /v1/orders", body: `{"contact_id":"$contact","amount":1,"currency":"eur"}`,
			status: 422, wrong: []string{"body.currency"},
		},
		{
			does: "a currency is one of the world's", with: "contact", request: "POST /v1/orders", body: `{"contact_id":"$contact","amount":1,"currency":"XQX"}`,
			status: 422, wrong: []string{"body.currency"},
		},
		{
			does: "the contact must be there", request: "POST /v1/orders", body: `{"contact_id":"$no_contact","amount":1,"currency":"EUR"}`,
			status: 422, wrong: []string{"body.contact_id"},
		},
		{
			does: "the conversation must be there", with: "contact", request: "POST /v1/orders",
			body:   `{"contact_id":"$contact","conversation_id":"$no_conversation","amount":1,"currency":"EUR"}`,
			status: 422, wrong: []string{"body.conversation_id"},
		},
		{
			does: "the conversation is the contact's own", with: "conversation stranger", request: "POST /v1/orders",
			body:   `{"contact_id":"$stranger","conversation_id":"$conversation","amount":1,"currency":"EUR"}`,
			status: 422, wrong: []string{"body.conversation_id"},
		},
		{
			does: "custom fields must be defined", with: "contact", request: "POST /v1/orders", body: `{"contact_id":"$contact","amount":1,"currency":"EUR","custom_fields":{"gift":true}}`,
			status: 422, wrong: []string{"body.custom_fields.gift"},
		},
		{does: "an order is read", request: "GET /v1/orders/$order", status: 200, answer: `{"id":"$order","amount":1000}`},
		{does: "none is not found", request: "GET /v1/orders/$no_order", status: 404},
		{
			does: "a change tells what was before", request: "PATCH /v1/orders/$order", status: 200,
			body:   `{"amount":450,"items":[{"name":"Rye","sku":"RYE-1","quantity":1,"unit_amount":450}],"conversation_id":null}`,
			answer: `{"amount":450,"items":[{"quantity":1}],"conversation_id":null}`,
			events: []appended{{"order.updated", `{"order":{"id":"$order"},"previous":{"amount":1000,"items":[{"name":"Rye","sku":"RYE-1","quantity":2,"unit_amount":450}],"conversation_id":"$conversation"}}`}},
		},
		{
			does: "new items take nothing from those before", request: "PATCH /v1/orders/$order", body: `{"items":[{"name":"Bun","quantity":1,"unit_amount":90}]}`, status: 200,
			answer: `{"items":[{"name":"Bun","sku":null,"quantity":1,"unit_amount":90}]}`,
			events: []appended{{"order.updated", `{"previous":{"items":[{"name":"Rye","sku":"RYE-1","quantity":2,"unit_amount":450}]}}`}},
		},
		{does: "a change that changes nothing makes no event", request: "PATCH /v1/orders/$order", body: `{"amount":1000}`, status: 200},
		{
			does: "its contact and status are not changed so", request: "PATCH /v1/orders/$order", body: `{"contact_id":"$contact","status":"cancelled"}`,
			status: 422, wrong: []string{"body.contact_id", "body.status"},
		},
		{does: "a lost race is refused", request: "PATCH /v1/orders/$order", header: []string{"If-Match", `"1"`}, body: `{"amount":1}`, status: 412},
		{
			does: "an order outlives its contact and conversation", with: "order", request: "PATCH /v1/orders/$order", before: []string{"DELETE /v1/contacts/$contact"},
			body: `{"amount":1}`, status: 200, answer: `{"contact_id":"$contact","conversation_id":"$conversation","amount":1}`,
			events: []appended{{"order.updated", `{"contact":null,"previous":{"amount":1000}}`}},
		},
		{
			does: "an order is fulfilled", request: "POST /v1/orders/$order/fulfil", status: 200, answer: `{"id":"$order","status":"fulfilled"}`,
			events: []appended{{"order.fulfilled", `{"order":{"status":"fulfilled"},"contact":{"id":"$contact"},"previous":{"status":"requested"}}`}},
		},
		{
			does: "an order is cancelled", request: "POST /v1/orders/$order/cancel", body: `{}`, status: 200, answer: `{"status":"cancelled"}`,
			events: []appended{{"order.cancelled", `{"order":{"status":"cancelled"},"previous":{"status":"requested"}}`}},
		},
		{
			does: "what is fulfilled is not cancelled", request: "POST /v1/orders/$order/cancel", before: []string{"POST /v1/orders/$order/fulfil"}, status: 409,
			answer: `{"detail":"The order is fulfilled, which does not allow cancel: nothing can be done with it any more."}`,
		},
		{does: "orders are not deleted", request: "DELETE /v1/orders/$order", status: 405},
		{
			does: "orders are listed, the newest first", with: "order basket", request: "GET /v1/orders", status: 200,
			answer: `{"data":[{"id":"$basket"},{"id":"$order"}],"next_cursor":null}`,
		},
		{
			does: "orders are listed by status", with: "order basket", request: "GET /v1/orders?status=cancelled", before: []string{"POST /v1/orders/$basket/cancel"}, status: 200,
			answer: `{"data":[{"id":"$basket"}]}`,
		},
		{
			does: "orders are listed by conversation", with: "order basket", request: "GET /v1/orders?conversation_id=$conversation", status: 200,
			answer: `{"data":[{"id":"$order"}]}`,
		},
		{
			does: "orders are listed by contact", with: "order stranger", request: "GET /v1/orders?contact_id=$stranger", status: 200, answer: `{"data":[]}`,
		},
		{does: "a status is one of three", request: "GET /v1/orders?status=lost", status: 422, wrong: []string{"query.status"}},
	}
}
