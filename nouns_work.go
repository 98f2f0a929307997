package parley

// Task is a piece of work that somebody is to do, perhaps by a time. It may be about
// a contact or a conversation.
type Task struct {
	ID             TaskID          `json:"id"`
	Title          string          `json:"title" write:"create,update" required:"true" minLength:"1" maxLength:"500" doc:"What is to be done" example:"Call back about the wedding cake"`
	Description    *string         `json:"description" write:"create,update" maxLength:"10000" doc:"Whatever helps to do it" example:"Prefers the afternoon."`
	Status         TaskStatus      `json:"status" enum:"open,completed" doc:"Changed by POST /v1/tasks/{id}/complete and /reopen"`
	DueAt          *Time           `json:"due_at" write:"create,update" doc:"By when it is to be done; null: whenever"`
	AssigneeID     *UserID         `json:"assignee_id" write:"create,update" doc:"The agent who is to do it; null: nobody yet"`
	TeamID         *TeamID         `json:"team_id" write:"create,update" doc:"The team that is to do it; null: no team"`
	ContactID      *ContactID      `json:"contact_id" write:"create,update" doc:"The contact whom it is about; if none is given, that of the conversation. Null once the contact is deleted"`
	ConversationID *ConversationID `json:"conversation_id" write:"create,update" doc:"The conversation that it is about; null once that is deleted"`
	CustomFields   Values          `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for tasks, by key; on PATCH, null removes one"`
	CompletedAt    *Time           `json:"completed_at" doc:"When it was completed; null: it is open"`
	CreatedAt      Time            `json:"created_at"`
	UpdatedAt      Time            `json:"updated_at"`
	Sequence       int64           `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// TaskStatus is where a task stands.
type TaskStatus string

// The statuses of a task. Either may follow the other.
const (
	OpenTask      TaskStatus = "open"
	CompletedTask TaskStatus = "completed"
)

// Ticket is a matter that is followed until it is settled, over as many conversations
// as that takes.
type Ticket struct {
	ID             TicketID        `json:"id"`
	Subject        string          `json:"subject" write:"create,update" required:"true" minLength:"1" maxLength:"500" doc:"What it is about, in a line" example:"The oven stays cold"`
	Description    *string         `json:"description" write:"create,update" maxLength:"10000" doc:"The whole story" example:"Since Monday, on every programme."`
	Status         TicketStatus    `json:"status" enum:"open,pending,closed" doc:"pending: it waits for somebody else. Changed by POST /v1/tickets/{id}/pend, /close and /reopen"`
	Priority       string          `json:"priority" write:"create,update" enum:"low,normal,high,urgent" default:"normal"`
	AssigneeID     *UserID         `json:"assignee_id" write:"create,update" doc:"The agent who looks after it; null: nobody"`
	TeamID         *TeamID         `json:"team_id" write:"create,update" doc:"The team whose matter it is; null: no team's"`
	ContactID      *ContactID      `json:"contact_id" write:"create,update" doc:"The contact whose matter it is; if none is given, that of the conversation. Null once the contact is deleted"`
	ConversationID *ConversationID `json:"conversation_id" write:"create,update" doc:"The conversation that it came from; null once that is deleted"`
	CustomFields   Values          `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for tickets, by key; on PATCH, null removes one"`
	ClosedAt       *Time           `json:"closed_at" doc:"When it was closed; null: it is not"`
	CreatedAt      Time            `json:"created_at"`
	UpdatedAt      Time            `json:"updated_at"`
	Sequence       int64           `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// TicketStatus is where a ticket stands.
type TicketStatus string

// The statuses of a ticket. A closed one can only be reopened; from the others the way
// leads anywhere.
const (
	OpenTicket    TicketStatus = "open"
	PendingTicket TicketStatus = "pending"
	ClosedTicket  TicketStatus = "closed"
)

// Appointment is a time that a contact and an agent keep free for each other.
type Appointment struct {
	ID                 AppointmentID     `json:"id"`
	Title              string            `json:"title" write:"create,update" required:"true" minLength:"1" maxLength:"500" doc:"What it is about" example:"Cake tasting"`
	Description        *string           `json:"description" write:"create,update" maxLength:"10000" doc:"Whatever helps to prepare it" example:"Bring the list of guests."`
	Location           *string           `json:"location" write:"create,update" maxLength:"500" doc:"Where it takes place: a room, a phone number, a link" example:"The shop, 1 Example Street"`
	Status             AppointmentStatus `json:"status" enum:"booked,cancelled" doc:"Changed by POST /v1/appointments/{id}/cancel"`
	StartsAt           Time              `json:"starts_at" write:"create" required:"true" doc:"When it starts. Changed by POST /v1/appointments/{id}/reschedule"`
	EndsAt             Time              `json:"ends_at" write:"create" required:"true" doc:"When it ends: 7 days after starts_at at most"`
	TimeZone           string            `json:"time_zone" write:"create" format:"timezone" maxLength:"64" default:"UTC" doc:"The zone in which the contact is told the time, by its IANA name" example:"Europe/Paris"`
	UserID             UserID            `json:"user_id" write:"create" required:"true" doc:"The agent whose time it is; nobody has two appointments at once. Stays when that user is deleted later"`
	ContactID          *ContactID        `json:"contact_id" write:"create" doc:"With whom it is; left out or null with a conversation_id: the contact of the conversation. Null once the contact is deleted"`
	ConversationID     *ConversationID   `json:"conversation_id" write:"create" doc:"The conversation with this contact in which it was made; null once that is deleted"`
	InboxID            *InboxID          `json:"inbox_id" doc:"The inbox of its conversation, to which its events belong; stays when the conversation is deleted"`
	CustomFields       Values            `json:"custom_fields" write:"create,update" maxProperties:"200" doc:"Values of the custom fields defined for appointments, by key; on PATCH, null removes one"`
	CancellationReason *string           `json:"cancellation_reason" doc:"Why it was cancelled; null: it was not, or nobody said" example:"The wedding is off."`
	CancelledAt        *Time             `json:"cancelled_at" doc:"When it was cancelled; null: it was not"`
	CreatedAt          Time              `json:"created_at"`
	UpdatedAt          Time              `json:"updated_at"`
	Sequence           int64             `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// AppointmentStatus is where an appointment stands.
type AppointmentStatus string

// The statuses of an appointment. A booked one may be cancelled, and that is the end
// of it: another is booked instead.
const (
	BookedAppointment    AppointmentStatus = "booked"
	CancelledAppointment AppointmentStatus = "cancelled"
)
