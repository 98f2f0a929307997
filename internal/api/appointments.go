package api

import (
	"context"

	"parley"
	"parley/internal/store"
	"parley/internal/work"
)

type appointmentList struct {
	ListParams
	Status         string `query:"status" enum:"booked,cancelled" doc:"Only appointments of this status"`
	UserID         string `query:"user_id" maxLength:"64" doc:"Only appointments of this user"`
	ContactID      string `query:"contact_id" maxLength:"64" doc:"Only appointments with this contact"`
	ConversationID string `query:"conversation_id" maxLength:"64" doc:"Only appointments made in this conversation"`
	StartsFrom     string `query:"starts_from" maxLength:"40" doc:"Only appointments that start then or later" example:"2026-11-20T00:00:00Z"`
	StartsBefore   string `query:"starts_before" maxLength:"40" doc:"Only appointments that start before this time" example:"2026-11-21T00:00:00Z"`
}

func (l appointmentList) check() error {
	for name, text := range map[string]string{"starts_from": l.StartsFrom, "starts_before": l.StartsBefore} {
		if text == "" {
			continue
		}
		if _, err := queryTime(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (l appointmentList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	equal(&f, "user_id", l.UserID)
	equal(&f, "contact_id", l.ContactID)
	equal(&f, "conversation_id", l.ConversationID)
	if from, err := queryTime("starts_from", l.StartsFrom); err == nil {
		f.And("starts_at >= ?", int64(parley.At(from)))
	}
	if before, err := queryTime("starts_before", l.StartsBefore); err == nil {
		f.And("starts_at < ?", int64(parley.At(before)))
	}
	return f
}

type rescheduleBody struct {
	StartsAt parley.Time    `json:"starts_at" required:"true" doc:"When it is to start"`
	EndsAt   *parley.Time   `json:"ends_at,omitempty" doc:"When it is to end; left out: it stays as long as it is"`
	TimeZone *string        `json:"time_zone,omitempty" format:"timezone" maxLength:"64" doc:"The zone in which the contact is told the time; left out: as before" example:"Europe/Paris"`
	UserID   *parley.UserID `json:"user_id,omitempty" doc:"The agent whose time it is; left out: as before"`
}

type cancelBody struct {
	Reason *string `json:"reason,omitempty" minLength:"1" maxLength:"500" doc:"Why it is cancelled" example:"The wedding is off."`
}

func (a *API) appointments() {
	const plural = "appointments"
	appointments := a.Work.Appointments
	resource[parley.Appointment, parley.AppointmentEvent, parley.AppointmentID](a, plural, appointments.Noun)
	list[parley.Appointment, appointmentList](a, plural, "", appointments.List)
	verbWith(a, plural, store.Appointments, "reschedule", "Reschedule an appointment",
		"Takes a booked appointment to another time or agent. One whose agent is not free then is 409, which names the other appointment.",
		func(ctx context.Context, by parley.Caller, id parley.AppointmentID, b rescheduleBody) (parley.Appointment, error) {
			return appointments.Reschedule(ctx, by, id, work.Slot(b))
		})
	verbWith(a, plural, store.Appointments, "cancel", "Cancel an appointment",
		"It is called off, and the agent is free again. An appointment that is cancelled already stays as it is.",
		func(ctx context.Context, by parley.Caller, id parley.AppointmentID, b cancelBody) (parley.Appointment, error) {
			return appointments.Cancel(ctx, by, id, b.Reason)
		})
}
