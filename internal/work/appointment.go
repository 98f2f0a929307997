package work

import (
	"context"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// longest is how long an appointment may be. It also bounds how far back one is looked
// for that is not over yet.
const longest = 7 * 24 * time.Hour

// Appointments is the verbs of appointments.
type Appointments struct {
	*noun.Noun[parley.Appointment, parley.AppointmentEvent]
}

func newAppointments(db *database.DB, log *eventlog.Log) *Appointments {
	return &Appointments{&noun.Noun[parley.Appointment, parley.AppointmentEvent]{
		DB: db, Log: log, Table: store.Appointments,
		Created: parley.AppointmentBooked, Updated: parley.AppointmentUpdated, Deleted: parley.AppointmentDeleted,
		Data: func(a parley.Appointment, p parley.Previous) parley.AppointmentEvent {
			return parley.AppointmentEvent{Appointment: a, Previous: p}
		},
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, a *parley.Appointment, data *parley.AppointmentEvent) (err error) {
			data.Contact, err = store.ContactShort(ctx, tx, org, a.ContactID)
			return err
		},
		Inbox: func(a *parley.Appointment) parley.InboxID {
			if a.InboxID == nil {
				return ""
			}
			return *a.InboxID
		},
		Check: checkAppointment,
	}}
}

// appointmentSteps is the state machine of an appointment. To reschedule is a step too:
// only a booked one takes it.
func appointmentSteps() noun.Steps[parley.AppointmentStatus, parley.AppointmentEvent] {
	booked := []parley.AppointmentStatus{parley.BookedAppointment}
	return noun.Steps[parley.AppointmentStatus, parley.AppointmentEvent]{
		{Verb: "reschedule", From: booked, To: parley.BookedAppointment, Event: parley.AppointmentRescheduled, Strict: true},
		{Verb: "cancel", From: booked, To: parley.CancelledAppointment, Event: parley.AppointmentCancelled},
	}
}

// Slot is when, and with whom, an appointment is to take place: what is nil stays as it
// is, and the appointment as long as it is.
type Slot struct {
	StartsAt parley.Time
	EndsAt   *parley.Time
	TimeZone *string
	UserID   *parley.UserID
}

// Reschedule takes a booked appointment to another time or agent. A time that is not
// free is a Conflict error, and so is an appointment that is cancelled.
func (a *Appointments) Reschedule(ctx context.Context, by parley.Caller, id parley.AppointmentID, to Slot) (parley.Appointment, error) {
	return a.take(ctx, by, id, "reschedule", func(apt *parley.Appointment) error {
		length := apt.EndsAt - apt.StartsAt
		apt.StartsAt, apt.EndsAt = to.StartsAt, to.StartsAt+length
		if to.EndsAt != nil {
			apt.EndsAt = *to.EndsAt
		}
		if to.TimeZone != nil {
			apt.TimeZone = *to.TimeZone
		}
		if to.UserID != nil {
			apt.UserID = *to.UserID
		}
		return nil
	})
}

// Cancel calls an appointment off, and notes why, if that is known. One that is
// cancelled stays as it is.
func (a *Appointments) Cancel(ctx context.Context, by parley.Caller, id parley.AppointmentID, reason *string) (parley.Appointment, error) {
	return a.take(ctx, by, id, "cancel", func(apt *parley.Appointment) error {
		apt.CancelledAt, apt.CancellationReason = new(parley.Now()), reason
		return nil
	})
}

func (a *Appointments) take(ctx context.Context, by parley.Caller, id parley.AppointmentID, verb string, also func(*parley.Appointment) error) (parley.Appointment, error) {
	status := func(apt *parley.Appointment) *parley.AppointmentStatus { return &apt.Status }
	return noun.Take(ctx, by, a.Noun, string(id), appointmentSteps(), verb, status, also)
}

func checkAppointment(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Appointment) error {
	var old parley.Appointment
	if before != nil {
		old = *before
	} else {
		after.Status = parley.BookedAppointment
		if err := checkParty(ctx, tx, by.Organization, after); err != nil {
			return err
		}
	}
	if err := checkSlot(ctx, tx, by.Organization, old, after); err != nil {
		return err
	}
	return store.CheckCustomFields(ctx, tx, by.Organization, "appointment", old.CustomFields, after.CustomFields)
}

// checkParty sees to it that a new appointment is with a contact, and if it was made in
// a conversation, with the contact of that.
func checkParty(ctx context.Context, tx *database.Tx, org parley.OrganizationID, apt *parley.Appointment) error {
	if apt.ConversationID != nil {
		conv, err := store.Conversations.Refer(ctx, tx, org, "body.conversation_id", string(*apt.ConversationID))
		if err != nil {
			return err
		}
		apt.InboxID = &conv.InboxID
		if apt.ContactID == nil {
			apt.ContactID = &conv.ContactID
		}
		if *apt.ContactID != conv.ContactID {
			return parley.InvalidField("body.conversation_id", "is a conversation with another contact than contact_id")
		}
		return nil
	}
	if apt.ContactID == nil {
		return parley.InvalidField("body.contact_id", "must be given, or a conversation_id")
	}
	_, err := store.Contacts.Refer(ctx, tx, org, "body.contact_id", string(*apt.ContactID))
	return err
}

// checkSlot refuses a new time or agent of an appointment unless the one has room for
// it at the other.
func checkSlot(ctx context.Context, tx *database.Tx, org parley.OrganizationID, old parley.Appointment, after *parley.Appointment) error {
	if after.StartsAt == old.StartsAt && after.EndsAt == old.EndsAt && after.UserID == old.UserID {
		return nil
	}
	switch {
	case after.EndsAt <= after.StartsAt:
		return parley.InvalidField("body.ends_at", "must be after starts_at")
	case after.EndsAt > parley.LastTime:
		return parley.InvalidField("body.ends_at", "must be in the year 9999 at the latest")
	case after.EndsAt > after.StartsAt.Add(longest):
		return parley.InvalidField("body.ends_at", "must be at most %d days after starts_at", int(longest.Hours()/24))
	}
	if after.UserID != old.UserID {
		if _, err := store.Users.Refer(ctx, tx, org, "body.user_id", string(after.UserID)); err != nil {
			return err
		}
	}
	f := store.Where("user_id = ?", string(after.UserID))
	f.And("status = 'booked'")
	f.And("starts_at < ?", int64(after.EndsAt))
	f.And("starts_at > ?", int64(after.StartsAt.Add(-longest)))
	f.And("ends_at > ?", int64(after.StartsAt))
	f.And("id <> ?", string(after.ID))
	other, taken, err := store.Appointments.Find(ctx, tx, org, f)
	if err != nil || !taken {
		return err
	}
	when := other.StartsAt.String() + " to " + other.EndsAt.String()
	return &parley.Error{
		Kind:   parley.Conflict,
		Detail: "The user has another appointment then: " + string(other.ID) + ", from " + when + ". Choose another time or user, or cancel that one.",
		Fields: []parley.FieldError{{Location: "body.starts_at", Message: "must leave the time from " + when + " free: " + string(other.ID) + " is then"}},
	}
}
