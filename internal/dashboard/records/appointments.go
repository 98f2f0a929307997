package records

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
	"parley/internal/work"
)

func appointments(s *page.Site) *record.Kind[parley.Appointment] {
	verbs := s.Work.Appointments
	booked := []string{"booked"}
	return &record.Kind[parley.Appointment]{
		Noun: "appointment", Plural: "appointments", Icon: "calendar",
		Text:  "Times that contacts and agents keep free for each other.",
		First: "An appointment keeps a time free for a contact and an agent. Nobody has two at once.",
		Table: store.Appointments, Create: verbs.Create, Update: verbs.Update, Delete: verbs.Delete,
		Verbs: []record.Verb[parley.Appointment]{
			{
				Name: "reschedule", Label: "Reschedule", From: booked, Key: "r", Done: "The appointment is rescheduled.",
				Text: "It goes to another time or agent, if that one is free then.",
				Asks: func() form.Set { return form.Of[slot](form.Create) }, Values: slotOf,
				Do: record.With(func(ctx context.Context, by parley.Caller, id parley.AppointmentID, to slot) (parley.Appointment, error) {
					return verbs.Reschedule(ctx, by, id, work.Slot{StartsAt: to.StartsAt, EndsAt: &to.EndsAt, TimeZone: &to.TimeZone, UserID: &to.UserID})
				}),
			},
			{
				Name: "cancel", Label: "Cancel the appointment", From: booked, Bad: true, Done: "The appointment is cancelled.",
				Text: "The agent is free again then. A cancelled appointment stays so: another is booked instead.",
				Asks: func() form.Set { return form.Of[cancelling](form.Create) },
				Do: record.With(func(ctx context.Context, by parley.Caller, id parley.AppointmentID, c cancelling) (parley.Appointment, error) {
					return verbs.Cancel(ctx, by, id, c.Reason)
				}),
			},
		},

		Title:   "title",
		Columns: []string{"starts_at", "ends_at", "status", "user_id", "contact_id", "location"},
		Body:    []string{"description", "cancellation_reason"},
		Facts:   []string{"starts_at", "ends_at", "time_zone", "user_id", "contact_id", "location", "conversation_id", "inbox_id", "cancelled_at"},
		Tones:   map[string]ui.Tone{"booked": ui.Accent, "cancelled": ui.Plain},
		Sort:    func(a, b parley.Appointment) int { return cmp.Compare(a.StartsAt, b.StartsAt) },

		Labels: map[string]string{"user_id": "Agent"},
		Help: map[string]string{
			"ends_at": "At most 7 days after it starts.", "time_zone": "In which the contact is told the time: Europe/Paris, for example.",
			"user_id": "Whose time it is. Nobody has two appointments at once.", "contact_id": "With whom it is; empty: the contact of the conversation.",
		},

		Search: []string{"title", "description", "location"}, Among: "contact_id",
		Filters: []record.Filter{
			{Name: "when", Label: "When", Choices: []record.Choice{
				record.Days("next", "Today and later", "starts_at", 0, record.Ever), record.Days("today", "Today", "starts_at", 0, 1),
				record.Days("tomorrow", "Tomorrow", "starts_at", 1, 2), record.Days("week", "In 7 days", "starts_at", 0, 7),
				record.Days("past", "Before today", "starts_at", -record.Ever, 0), record.Any("Any time"),
			}},
			record.Words("status", "Booked or cancelled", "booked", "cancelled"),
			record.Whose("user_id", "Anybody's"),
			record.Of("contact_id"), record.Of("conversation_id"),
		},

		Form: []string{"title", "description", "location", "starts_at", "ends_at", "time_zone", "user_id", "contact_id", "conversation_id", "custom_fields"},
		Blank: func(r *page.Request, values url.Values) {
			values.Set("time_zone", r.Zone().String())
			values.Set("user_id", string(r.User.ID))
			hour := time.Now().In(r.Zone()).Truncate(time.Hour)
			values.Set("starts_at", hour.Add(time.Hour).Format("2006-01-02T15:04"))
			values.Set("ends_at", hour.Add(90*time.Minute).Format("2006-01-02T15:04"))
		},
	}
}

// slot is what rescheduling asks for.
type slot struct {
	StartsAt parley.Time   `json:"starts_at" write:"create" required:"true"`
	EndsAt   parley.Time   `json:"ends_at" write:"create" required:"true"`
	TimeZone string        `json:"time_zone" write:"create" format:"timezone" required:"true" maxLength:"64" doc:"The zone in which the contact is told the time"`
	UserID   parley.UserID `json:"user_id" write:"create" required:"true" doc:"The agent whose time it is"`
}

func slotOf(a parley.Appointment) any { return slot{a.StartsAt, a.EndsAt, a.TimeZone, a.UserID} }

// cancelling is what calling an appointment off asks for.
type cancelling struct {
	Reason *string `json:"reason" write:"create" minLength:"1" maxLength:"500" doc:"Why it is cancelled" example:"The wedding is off."`
}
