package parley

// The data of the events of tasks, tickets and appointments.
type (
	// TaskEvent is the data of task.*.
	TaskEvent struct {
		Task     Task          `json:"task"`
		Contact  *ContactShort `json:"contact" doc:"Whom it is about; null: nobody was named, or the contact is deleted"`
		Previous Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// TicketEvent is the data of ticket.*.
	TicketEvent struct {
		Ticket   Ticket        `json:"ticket"`
		Contact  *ContactShort `json:"contact" doc:"Whose matter it is; null: nobody was named, or the contact is deleted"`
		Previous Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// AppointmentEvent is the data of appointment.*.
	AppointmentEvent struct {
		Appointment Appointment   `json:"appointment"`
		Contact     *ContactShort `json:"contact" doc:"With whom it is; null: the contact is deleted"`
		Previous    Previous      `json:"previous" doc:"The fields that changed, with their old values"`
	}
)

// The types of event of tasks, tickets and appointments.
var (
	TaskCreated   = declare("task.created", "A task was created.", sampleTask(OpenTask, nil))
	TaskUpdated   = declare("task.updated", "A task's details, assignee or references were changed.", sampleTask(OpenTask, Previous{"title": "Call back"}))
	TaskCompleted = declare("task.completed", "A task was completed.", sampleTask(CompletedTask, Previous{"status": OpenTask, "completed_at": nil}))
	TaskReopened  = declare("task.reopened", "A task that was completed is open again.", sampleTask(OpenTask, Previous{"status": CompletedTask, "completed_at": sampleTime}))
	TaskDeleted   = declare("task.deleted", "A task was deleted.", sampleTask(OpenTask, nil))

	TicketCreated  = declare("ticket.created", "A ticket was created.", sampleTicket(OpenTicket, nil))
	TicketUpdated  = declare("ticket.updated", "A ticket's details or references were changed, or it is pending.", sampleTicket(PendingTicket, Previous{"status": OpenTicket}))
	TicketAssigned = declare("ticket.assigned", "A ticket was given to an agent or a team, or taken from one.", sampleTicket(OpenTicket, Previous{"assignee_id": nil}))
	TicketClosed   = declare("ticket.closed", "A ticket was closed.", sampleTicket(ClosedTicket, Previous{"status": OpenTicket, "closed_at": nil}))
	TicketReopened = declare("ticket.reopened", "A ticket that was closed or pending is open again.", sampleTicket(OpenTicket, Previous{"status": ClosedTicket, "closed_at": sampleTime}))
	TicketDeleted  = declare("ticket.deleted", "A ticket was deleted.", sampleTicket(ClosedTicket, nil))

	AppointmentBooked      = declare("appointment.booked", "A contact and an agent made an appointment.", sampleAppointment(BookedAppointment, nil))
	AppointmentUpdated     = declare("appointment.updated", "An appointment's details or references were changed, and not its time.", sampleAppointment(BookedAppointment, Previous{"title": "Tasting"}))
	AppointmentRescheduled = declare("appointment.rescheduled", "An appointment is at another time, in another time zone or with another agent.", sampleAppointment(BookedAppointment, Previous{"starts_at": sampleTime + 4_200_000, "ends_at": sampleTime + 6_900_000}))
	AppointmentCancelled   = declare("appointment.cancelled", "An appointment was called off.", sampleAppointment(CancelledAppointment, Previous{"status": BookedAppointment, "cancelled_at": nil, "cancellation_reason": nil}))
	AppointmentDeleted     = declare("appointment.deleted", "An appointment was deleted.", sampleAppointment(CancelledAppointment, nil))
)

func sampleTask(status TaskStatus, previous Previous) TaskEvent {
	t := Task{
		ID: "task_01kaf0v3bhfn2q8d6w4r1t7y5x", Title: "Call back about the wedding cake", Description: ptr("Prefers the afternoon."),
		Status: status, DueAt: ptr(sampleTime + 1_800_000), AssigneeID: ptr(aUser.ID),
		ContactID: ptr(aContact.ID), ConversationID: ptr(aConversation.ID), CustomFields: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 12,
	}
	if status == CompletedTask {
		t.CompletedAt = ptr(sampleTime)
	}
	return TaskEvent{t, ptr(aContact.Short()), previous}
}

func sampleTicket(status TicketStatus, previous Previous) TicketEvent {
	t := Ticket{
		ID: "tkt_01kaf0v3bjf7m5c3x9z1s8v4kp", Subject: "The oven stays cold", Description: ptr("Since Monday, on every programme."),
		Status: status, Priority: "high", AssigneeID: ptr(aUser.ID),
		ContactID: ptr(aContact.ID), ConversationID: ptr(aConversation.ID), CustomFields: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 13,
	}
	if status == ClosedTicket {
		t.ClosedAt = ptr(sampleTime)
	}
	return TicketEvent{t, ptr(aContact.Short()), previous}
}

func sampleAppointment(status AppointmentStatus, previous Previous) AppointmentEvent {
	a := Appointment{
		ID: "apt_01kaf0v3bsfm9r3x7c1k5t8d2w", Title: "Cake tasting", Description: ptr("Bring the list of guests."), Location: ptr("The shop, 1 Example Street"),
		Status: status, StartsAt: sampleTime + 600_000, EndsAt: sampleTime + 3_300_000, TimeZone: "Europe/Paris", UserID: aUser.ID,
		ContactID: ptr(aContact.ID), ConversationID: ptr(aConversation.ID), InboxID: ptr(anInbox.ID), CustomFields: Values{},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 19,
	}
	if status == CancelledAppointment {
		a.CancelledAt, a.CancellationReason = ptr(sampleTime), ptr("The wedding is off.")
	}
	return AppointmentEvent{a, ptr(aContact.Short()), previous}
}
