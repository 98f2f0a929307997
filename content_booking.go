package parley

import "encoding/json"

// BookingPayload offers the visitor appointments of a kind.
type BookingPayload struct {
	EventID  json.RawMessage  `json:"event_id" types:"integer,string" minLength:"1" maxLength:"200" doc:"The kind of appointment, as the calendar's own system names it"`
	Duration *BookingDuration `json:"duration,omitempty" doc:"How long it takes"`
	Title    string           `json:"title" minLength:"1" maxLength:"200" doc:"What is offered" example:"Cake tasting"`
}

// BookingDuration is how long an appointment takes.
type BookingDuration struct {
	Label string  `json:"label" maxLength:"50" doc:"The unit" example:"minutes"`
	Value float64 `json:"value" exclusiveMinimum:"0" maximum:"1000000" example:"45"`
}

func (p *BookingPayload) plain() string { return p.Title }

// BookingResponsePayload is what became of an offer of appointments.
type BookingResponsePayload struct {
	EventID            json.RawMessage   `json:"event_id" types:"integer,string" minLength:"1" maxLength:"200" doc:"The kind of appointment, as the calendar's own system names it"`
	IsBookingConfirmed bool              `json:"is_booking_confirmed" doc:"Whether an appointment was made"`
	IsBookingFailed    *bool             `json:"is_booking_failed,omitempty" doc:"Whether an attempt to make one failed"`
	EventName          *string           `json:"event_name,omitempty" maxLength:"200" example:"Cake tasting"`
	VisitorTimezone    *string           `json:"visitor_timezone,omitempty" maxLength:"100" example:"(GMT+01:00) Europe/Paris"`
	Variables          []BookingVariable `json:"variables,omitzero" maxItems:"100" doc:"What is known of the appointment and the visitor"`
}

// BookingVariable is one thing that is known of an appointment.
type BookingVariable struct {
	Type  string          `json:"type" enum:"text,number,boolean,date"`
	Name  string          `json:"name" minLength:"1" maxLength:"200" example:"slot_time"`
	Value json.RawMessage `json:"value" types:"string,number,boolean,null" maxLength:"10000"`
}

// Check finds an appointment that was made and was not.
func (p *BookingResponsePayload) Check() []FieldError {
	if p.IsBookingConfirmed && given(p.IsBookingFailed) {
		return []FieldError{{"payload.is_booking_failed", "must be false when is_booking_confirmed is true"}}
	}
	return nil
}

func (p *BookingResponsePayload) plain() string {
	outcome := ""
	switch {
	case p.IsBookingConfirmed:
		outcome = "booked"
	case given(p.IsBookingFailed):
		outcome = "not booked"
	}
	return enumerate(given(p.EventName), outcome)
}
