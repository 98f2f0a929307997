package api_test

func payments() []scenario {
	return []scenario{
		{
			does: "a payment of an order is its contact's", with: "order", request: "POST /v1/payments", status: 201,
			body:   `{"order_id":"$order","amount":1000,"currency":"EUR","provider":"bank","reference":"RF18"}`,
			answer: `{"status":"pending","order_id":"$order","contact_id":"$contact","amount":1000,"currency":"EUR","provider":"bank","reference":"RF18","failure_reason":null}`,
			events: []appended{{"payment.created", `{"payment":{"id":"$new","status":"pending"},"contact":{"id":"$contact","name":"Ada"},"previous":{}}`}},
		},
		{
			does: "somebody else may pay", with: "order stranger", request: "POST /v1/payments", status: 201,
			body:   `{"order_id":"$order","contact_id":"$stranger","amount":500,"currency":"EUR"}`,
			answer: `{"contact_id":"$stranger"}`, events: []appended{{"payment.created", `{"contact":{"name":"Bob"}}`}},
		},
		{
			does: "a payment needs neither", request: "POST /v1/payments", body: `{"amount":1,"currency":"EUR"}`, status: 201,
			answer: `{"order_id":null,"contact_id":null,"provider":null,"reference":null}`, events: []appended{{"payment.created", `{"contact":null}`}},
		},
		{
			does: "an order whose contact is deleted can be paid", with: "order", request: "POST /v1/payments", before: []string{"DELETE /v1/contacts/$contact"},
			body: `{"order_id":"$order","amount":1,"currency":"EUR"}`, status: 201, answer: `{"contact_id":"$contact"}`,
			events: []appended{{"payment.created", `{"contact":null}`}},
		},
		{
			does: "what is wrong is told all at once", request: "POST /v1/payments", body: `{"amount":0,"currency":"EURO","provider":"","reference":"","status":"paid"}`,
			status: 422, wrong: []string{"body.amount", "body.currency", "body.provider", "body.reference", "body.status"},
		},
		{does: "amount and currency must be given", request: "POST /v1/payments", body: `{}`, status: 422, wrong: []string{"body.amount", "body.currency"}},
		{does: "a currency is one of the world's", request: "POST /v1/payments", body: `{"amount":1,"currency":"AAA"}`, status: 422, wrong: []string{"body.currency"}},
		{
			does: "the order must be there", request: "POST /v1/payments", body: `{"order_id":"$no_order","amount":1,"currency":"EUR"}`,
			status: 422, wrong: []string{"body.order_id"},
		},
		{
			does: "the contact must be there", request: "POST /v1/payments", body: `{"contact_id":"$no_contact","amount":1,"currency":"EUR"}`,
			status: 422, wrong: []string{"body.contact_id"},
		},
		{does: "a payment is read", request: "GET /v1/payments/$payment", status: 200, answer: `{"id":"$payment","order_id":"$order"}`},
		{does: "none is not found", request: "GET /v1/payments/$no_payment", status: 404},
		{does: "a payment is not rewritten", request: "PATCH /v1/payments/$payment", body: `{"amount":1}`, status: 405},
		{does: "a payment is not deleted", request: "DELETE /v1/payments/$payment", status: 405},
		{
			does: "a payment is confirmed", request: "POST /v1/payments/$payment/confirm", status: 200, answer: `{"status":"paid","reference":null}`,
			events: []appended{{"payment.paid", `{"payment":{"status":"paid"},"contact":{"id":"$contact"},"previous":{"status":"pending"}}`}},
		},
		{
			does: "a payment is confirmed with its reference", request: "POST /v1/payments/$cash/confirm", body: `{"reference":"till 5"}`, status: 200,
			answer: `{"status":"paid","reference":"till 5"}`,
			events: []appended{{"payment.paid", `{"previous":{"status":"pending","reference":"till 4"}}`}},
		},
		{
			does: "confirming twice changes nothing", request: "POST /v1/payments/$cash/confirm", body: `{"reference":"till 6"}`,
			before: []string{`POST /v1/payments/$cash/confirm`}, status: 200, answer: `{"status":"paid","reference":"till 4"}`,
		},
		{
			does: "a payment fails for a reason", request: "POST /v1/payments/$payment/fail", body: `{"reason":"No funds."}`, status: 200,
			answer: `{"status":"failed","failure_reason":"No funds."}`,
			events: []appended{{"payment.failed", `{"payment":{"failure_reason":"No funds."},"previous":{"status":"pending","failure_reason":null}}`}},
		},
		{
			does: "a payment fails for none", request: "POST /v1/payments/$payment/fail", status: 200, answer: `{"failure_reason":null}`,
			events: []appended{{"payment.failed", ``}},
		},
		{does: "a reason is not empty", request: "POST /v1/payments/$payment/fail", body: `{"reason":""}`, status: 422, wrong: []string{"body.reason"}},
		{
			does: "what was paid is refunded", request: "POST /v1/payments/$payment/refund", before: []string{"POST /v1/payments/$payment/confirm"}, status: 200,
			answer: `{"status":"refunded"}`, events: []appended{{"payment.refunded", `{"previous":{"status":"paid"}}`}},
		},
		{
			does: "but not twice", request: "POST /v1/payments/$payment/refund", status: 409,
			before: []string{"POST /v1/payments/$payment/confirm", "POST /v1/payments/$payment/refund"},
		},
		{
			does: "what is not allowed names what is", request: "POST /v1/payments/$payment/refund", status: 409,
			answer: `{"detail":"The payment is pending, which does not allow refund: it allows confirm, fail."}`,
		},
		{
			does: "payments are listed by order", with: "payment cash", request: "GET /v1/payments?order_id=$order", status: 200,
			answer: `{"data":[{"id":"$payment"}],"next_cursor":null}`,
		},
		{does: "payments are listed by contact", with: "payment cash", request: "GET /v1/payments?contact_id=$contact", status: 200, answer: `{"data":[{"id":"$payment"}]}`},
		{does: "payments are listed by reference", with: "payment cash", request: "GET /v1/payments?reference=till%204", status: 200, answer: `{"data":[{"id":"$cash"}]}`},
		{
			does: "payments are listed by status", with: "payment cash", request: "GET /v1/payments?status=paid", before: []string{"POST /v1/payments/$cash/confirm"},
			status: 200, answer: `{"data":[{"id":"$cash"}]}`,
		},
	}
}
