package api_test

func appointments() []scenario {
	const slot = `"starts_at":"2100-01-01T09:45:00Z","ends_at":"2100-01-01T10:30:00Z"`
	return []scenario{
		{
			does: "an appointment is booked with a contact", request: "POST /v1/appointments", status: 201,
			body: `{"title":"Tasting","user_id":"$agent","contact_id":"$contact",` + slot + `}`,
			answer: `{"title":"Tasting","description":null,"location":null,"status":"booked","starts_at":"2100-01-01T09:45:00.000Z","ends_at":"2100-01-01T10:30:00.000Z",
				"time_zone":"UTC","user_id":"$agent","contact_id":"$contact","conversation_id":null,"inbox_id":null,"custom_fields":{},
				"cancellation_reason":null,"cancelled_at":null}`,
			events: []appended{{"appointment.booked", `{"appointment":{"id":"$new","status":"booked"},"contact":{"id":"$contact"},"previous":{}}`}},
		},
		{
			does: "an appointment is booked from everything", request: "POST /v1/appointments", status: 201,
			before: []string{`POST /v1/custom_fields {"object":"appointment","key":"guests","name":"Guests","type":"number"}`},
			body: `{"title":"Tasting","description":"Rye","location":"Shop","time_zone":"America/Sao_Paulo","user_id":"$agent","contact_id":"$contact",
				"conversation_id":"$conversation","custom_fields":{"guests":80},` + slot + `}`,
			answer: `{"description":"Rye","location":"Shop","time_zone":"America/Sao_Paulo","conversation_id":"$conversation","inbox_id":"$inbox","custom_fields":{"guests":80}}`,
			events: []appended{{"appointment.booked", `{"appointment":{"inbox_id":"$inbox"}}`}},
		},
		{
			does: "in a conversation it is with the contact of that", request: "POST /v1/appointments", status: 201,
			body:   `{"title":"Tasting","user_id":"$agent","conversation_id":"$conversation",` + slot + `}`,
			answer: `{"contact_id":"$contact","inbox_id":"$inbox"}`, events: []appended{{"appointment.booked", ``}},
		},
		{does: "and with nobody else", request: "POST /v1/appointments", body: `{"title":"x","user_id":"$agent","contact_id":"$stranger","conversation_id":"$conversation",` + slot + `}`, status: 422, wrong: []string{"body.conversation_id"}},
		{does: "it is with somebody", request: "POST /v1/appointments", body: `{"title":"x","user_id":"$agent",` + slot + `}`, status: 422, wrong: []string{"body.contact_id"}},
		{does: "an appointment is read", request: "GET /v1/appointments/$appointment", status: 200, answer: `{"id":"$appointment","title":"Tasting"}`},
		{
			does: "its details are changed", request: "PATCH /v1/appointments/$appointment", body: `{"title":"Rye tasting","location":"Shop"}`, status: 200,
			events: []appended{{"appointment.updated", `{"appointment":{"id":"$appointment"},"previous":{"title":"Tasting","location":null}}`}},
		},
		{
			does: "its time is not one of them", request: "PATCH /v1/appointments/$appointment", body: `{"starts_at":"2100-01-01T09:45:00Z","user_id":"$owner","status":"cancelled"}`,
			status: 422, wrong: []string{"body.starts_at", "body.user_id", "body.status"},
		},
		{
			does: "it is rescheduled, and stays as long as it is", request: "POST /v1/appointments/$appointment/reschedule", body: `{"starts_at":"2100-01-02T09:00:00Z"}`, status: 200,
			answer: `{"starts_at":"2100-01-02T09:00:00.000Z","ends_at":"2100-01-02T09:45:00.000Z","time_zone":"Europe/Paris","user_id":"$agent"}`,
			events: []appended{{"appointment.rescheduled", `{"previous":{"starts_at":"2100-01-01T09:00:00.000Z","ends_at":"2100-01-01T09:45:00.000Z"}}`}},
		},
		{
			does: "it is given to another agent at another time", request: "POST /v1/appointments/$appointment/reschedule", status: 200,
			body:   `{"starts_at":"2100-01-02T09:00:00Z","ends_at":"2100-01-02T11:00:00Z","time_zone":"UTC","user_id":"$owner"}`,
			answer: `{"ends_at":"2100-01-02T11:00:00.000Z","time_zone":"UTC","user_id":"$owner"}`,
			events: []appended{{"appointment.rescheduled", `{"previous":{"user_id":"$agent","time_zone":"Europe/Paris","starts_at":"2100-01-01T09:00:00.000Z","ends_at":"2100-01-01T09:45:00.000Z"}}`}},
		},
		{
			does: "it may overlap with itself", request: "POST /v1/appointments/$appointment/reschedule", body: `{"starts_at":"2100-01-01T09:15:00Z"}`, status: 200,
			events: []appended{{"appointment.rescheduled", ``}},
		},
		{does: "to the same time is no change", request: "POST /v1/appointments/$appointment/reschedule", body: `{"starts_at":"2100-01-01T09:00:00Z"}`, status: 200},
		{
			does: "nobody has two at once", with: "appointment", request: "POST /v1/appointments", status: 409, wrong: []string{"body.starts_at"},
			body:   `{"title":"x","user_id":"$agent","contact_id":"$stranger","starts_at":"2100-01-01T08:00:00Z","ends_at":"2100-01-01T09:00:00.001Z"}`,
			answer: `{"detail":"The user has another appointment then: $appointment, from 2100-01-01T09:00:00.000Z to 2100-01-01T09:45:00.000Z. Choose another time or user, or cancel that one."}`,
		},
		{
			does: "nor one within the other", request: "POST /v1/appointments", with: "appointment", status: 409,
			body: `{"title":"x","user_id":"$agent","contact_id":"$stranger","starts_at":"2100-01-01T09:10:00Z","ends_at":"2100-01-01T09:20:00Z"}`,
		},
		{
			does: "nor when one is given to another", with: "viewing", request: "POST /v1/appointments/$appointment/reschedule", status: 409,
			body: `{"starts_at":"2100-01-01T09:30:00Z","user_id":"$owner"}`, wrong: []string{"body.starts_at"},
		},
		{
			does: "the next may begin when one ends", with: "appointment", request: "POST /v1/appointments", status: 201,
			body: `{"title":"x","user_id":"$agent","contact_id":"$stranger",` + slot + `}`, events: []appended{{"appointment.booked", ``}},
		},
		{
			does: "the time of a cancelled one is free", before: []string{"POST /v1/appointments/$appointment/cancel"}, request: "POST /v1/appointments", status: 201,
			body: `{"title":"x","user_id":"$agent","contact_id":"$stranger","starts_at":"2100-01-01T09:00:00Z","ends_at":"2100-01-01T09:45:00Z"}`, events: []appended{{"appointment.booked", ``}},
		},
		{
			does: "it is cancelled", request: "POST /v1/appointments/$appointment/cancel", body: `{"reason":"The wedding is off."}`, status: 200,
			answer: `{"status":"cancelled","cancellation_reason":"The wedding is off."}`, lacks: []string{`"cancelled_at":null`},
			events: []appended{{"appointment.cancelled", `{"previous":{"status":"booked","cancelled_at":null,"cancellation_reason":null}}`}},
		},
		{
			does: "cancelling it again changes nothing", before: []string{`POST /v1/appointments/$appointment/cancel {"reason":"First."}`},
			request: "POST /v1/appointments/$appointment/cancel", body: `{"reason":"Second."}`, status: 200, answer: `{"cancellation_reason":"First."}`,
		},
		{
			does: "a cancelled one is not rescheduled", before: []string{"POST /v1/appointments/$appointment/cancel"},
			request: "POST /v1/appointments/$appointment/reschedule", body: `{"starts_at":"2100-01-02T09:00:00Z"}`, status: 409,
			answer: `{"detail":"The appointment is cancelled, which does not allow reschedule: nothing can be done with it any more."}`,
		},
		{does: "it is deleted", request: "DELETE /v1/appointments/$appointment", status: 204, events: []appended{{"appointment.deleted", `{"appointment":{"id":"$appointment"},"previous":{}}`}}},
		{
			does: "what is wrong is told all at once", request: "POST /v1/appointments", body: `{"time_zone":"Mars/Base","starts_at":"tomorrow","user_id":"x","status":"booked"}`,
			status: 422, wrong: []string{"body.title", "body.time_zone", "body.starts_at", "body.ends_at", "body.user_id", "body.status"},
		},
		{
			does: "it ends after it starts", request: "POST /v1/appointments", status: 422, wrong: []string{"body.ends_at"},
			body: `{"title":"x","user_id":"$agent","contact_id":"$contact","starts_at":"2100-01-01T09:00:00Z","ends_at":"2100-01-01T09:00:00Z"}`,
		},
		{
			does: "it is over in a week", request: "POST /v1/appointments", status: 422, wrong: []string{"body.ends_at"},
			body: `{"title":"x","user_id":"$agent","contact_id":"$contact","starts_at":"2100-01-01T09:00:00Z","ends_at":"2100-01-08T09:00:01Z"}`,
		},
		{
			does: "a user with appointments to come stays", with: "appointment", request: "DELETE /v1/users/$agent", status: 409,
			answer: `{"detail":"The user has appointments to come: cancel them, or give them to somebody else, first (GET /v1/appointments?status=booked&user_id=$agent)."}`,
		},
		{
			does: "one without goes, and their appointments keep the id", before: []string{"POST /v1/appointments/$appointment/cancel"}, request: "DELETE /v1/users/$agent", status: 204,
			events: []appended{{"user.deleted", ``}},
		},
		{
			does: "it outlives its conversation, and stays in the inbox", with: "appointment", request: "DELETE /v1/conversations/$conversation", status: 204,
			events: []appended{
				{"appointment.updated", `{"appointment":{"inbox_id":"$inbox","conversation_id":null,"contact_id":"$contact"},"previous":{"conversation_id":"$conversation"}}`},
				{"conversation.deleted", ``},
			},
		},
		{
			does: "it outlives its contact", with: "viewing", request: "DELETE /v1/contacts/$contact", status: 204,
			events: []appended{
				{"appointment.updated", `{"appointment":{"status":"booked","contact_id":null},"contact":null,"previous":{"contact_id":"$contact"}}`},
				{"contact.deleted", ``},
			},
		},
	}
}

func appointmentLists() []scenario {
	list := func(does, query, answer string) scenario {
		return scenario{
			does: does, request: "GET /v1/appointments" + query, status: 200, answer: `{"data":[` + answer + `],"next_cursor":null}`,
			before: []string{"POST /v1/appointments/$appointment/cancel", `POST /v1/appointments/$viewing/reschedule {"starts_at":"2100-05-01T09:00:00Z"}`},
		}
	}
	const tasting, viewing = `{"id":"$appointment"}`, `{"id":"$viewing"}`
	return []scenario{
		list("all, the newest first", "", viewing+","+tasting),
		list("by status", "?status=cancelled", tasting),
		list("by user", "?user_id=$owner", viewing),
		list("by contact", "?contact_id=$contact", viewing+","+tasting),
		list("by conversation", "?conversation_id=$conversation", tasting),
		list("from a time", "?starts_from=2100-05-01T09:00:00Z", viewing),
		list("before a time", "?starts_before=2100-05-01T09:00:00Z", tasting),
		list("between two times", "?starts_from=2100-01-01T09:00:00Z&starts_before=2100-01-02T00:00:00Z", tasting),
		{does: "a time is one", request: "GET /v1/appointments?starts_from=soon", status: 422, wrong: []string{"query.starts_from"}},
	}
}
