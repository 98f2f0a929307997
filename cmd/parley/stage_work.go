package main

import (
	"net/http"
	"time"

	"parley"
)

func (s *stage) task() (string, error) {
	contact, err := s.contact()
	if err != nil {
		return "", err
	}
	return s.make("/v1/tasks", object{
		"title":      pick("Call back about the wedding cake", "Send the price list", "Ask whether the parcel came"),
		"due_at":     parley.Now().Add(24 * time.Hour),
		"contact_id": contact,
	})
}

func (s *stage) ticket() (string, error) {
	conversation, err := s.conversation()
	if err != nil {
		return "", err
	}
	return s.make("/v1/tickets", object{
		"subject":         pick("The oven stays cold", "A box came open", "Charged twice"),
		"description":     "Told us on the phone; photographs are to follow.",
		"conversation_id": conversation,
	})
}

func (s *stage) assignTicket() (string, error) {
	user, err := s.anyUser()
	if err != nil {
		return "", err
	}
	id, err := s.ticket()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPatch, "/v1/tickets/"+id, object{"assignee_id": user})
}

// appointment books one with an agent of its own, who is free.
func (s *stage) appointment() (string, error) {
	user, err := s.user()
	if err != nil {
		return "", err
	}
	conversation, err := s.conversation()
	if err != nil {
		return "", err
	}
	start := parley.Now().Add(48 * time.Hour)
	return s.make("/v1/appointments", object{
		"title": pick("Cake tasting", "Talk about the menu"), "user_id": user, "conversation_id": conversation,
		"starts_at": start, "ends_at": start.Add(45 * time.Minute), "time_zone": "Europe/Paris",
	})
}

func (s *stage) reschedule() (string, error) {
	id, err := s.appointment()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/appointments/"+id+"/reschedule", object{"starts_at": parley.Now().Add(72 * time.Hour)})
}
