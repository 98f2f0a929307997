package main

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley"
	"parley/cmd/parley/client"
)

// stage is where triggers play: a server, on which they make what they need.
type stage struct {
	ctx   context.Context
	api   *client.Client
	inbox string // chosen by the caller, or found when it is first needed
}

// object is a JSON object that is sent.
type object map[string]any

func text(s string) object { return object{"type": "text", "text": s} }

func (s *stage) do(method, path string, body any) error {
	return s.api.Do(s.ctx, method, path, body, nil)
}

// make creates an object and gives its id.
func (s *stage) make(path string, body object) (string, error) {
	var made struct {
		ID string `json:"id"`
	}
	err := s.api.Do(s.ctx, http.MethodPost, path, body, &made)
	return made.ID, err
}

// first gives the id of the first object of a list that is fit, "" if none is.
func (s *stage) first(path string, fit func(listed) bool) (string, error) {
	var page struct{ Data []listed }
	if err := s.api.Do(s.ctx, http.MethodGet, path, nil, &page); err != nil {
		return "", err
	}
	for _, o := range page.Data {
		if fit(o) {
			return o.ID, nil
		}
	}
	return "", nil
}

// listed is what is of interest in the objects of a list.
type listed struct{ ID, Channel, Status string }

// anyInbox is the inbox for what needs one.
func (s *stage) anyInbox() (string, error) {
	if s.inbox != "" {
		return s.inbox, nil
	}
	id, err := s.first("/v1/inboxes?limit=200", func(o listed) bool { return o.Channel == "api" })
	if err == nil && id == "" {
		id, err = s.newInbox()
	}
	s.inbox = id
	return id, err
}

func (s *stage) newInbox() (string, error) {
	return s.make("/v1/inboxes", object{"name": "Front desk", "channel": "api"})
}

func (s *stage) contact() (string, error) {
	first, last := pick("Ines", "Malik", "Sofia", "Henrik", "Yara"), pick("Almeida", "Novak", "Brandt", "Osei", "Tanaka")
	return s.make("/v1/contacts", object{
		"name":        first + " " + last,
		"email":       strings.ToLower(first + "." + last + "@example.com"),
		"external_id": "trigger-" + word(),
	})
}

// mergeContacts merges a contact into another one.
func (s *stage) mergeContacts() (string, error) {
	other, err := s.contact()
	if err != nil {
		return "", err
	}
	return s.mergeContact(other)
}

// eraseContact has a contact erased, and waits until that has come to its end.
func (s *stage) eraseContact() (string, error) {
	id, err := s.contact()
	if err != nil {
		return "", err
	}
	path := "/v1/contacts/" + id
	if err := s.do(http.MethodPost, path+"/erase", object{}); err != nil {
		return "", err
	}
	var erasure parley.Erasure
	for range 300 {
		if err := s.api.Do(s.ctx, http.MethodGet, path+"/erasure", nil, &erasure); err != nil || erasure.Status == parley.ErasureFinished {
			return id, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-s.ctx.Done():
			return "", s.ctx.Err()
		}
	}
	return "", fmt.Errorf("the erasure of %s has not come to its end within 30 s; GET %s/erasure tells how far it is", id, path)
}

// mergeContact merges a contact into a new one.
func (s *stage) mergeContact(other string) (string, error) {
	id, err := s.contact()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/contacts/"+id+"/merge", object{"contact_id": other})
}

func (s *stage) conversation() (string, error) {
	inbox, err := s.anyInbox()
	if err != nil {
		return "", err
	}
	contact, err := s.contact()
	if err != nil {
		return "", err
	}
	return s.make("/v1/conversations", object{
		"inbox_id": inbox, "contact_id": contact,
		"subject": pick("Pick-up time", "A parcel for my neighbour", "Gift card", "Opening hours on Friday"),
		"message": object{"content": text(pick("Thanks for writing. How can I help?", "Good morning! What can I do for you?"))},
	})
}

func (s *stage) message() (string, error) {
	_, id, err := s.newMessage()
	return id, err
}

// newMessage writes a message and tells its path too.
func (s *stage) newMessage() (path, id string, err error) {
	conversation, err := s.conversation()
	if err != nil {
		return "", "", err
	}
	path = "/v1/conversations/" + conversation + "/messages"
	id, err = s.make(path, object{"content": text("It is on the shelf by the window.")})
	return path + "/" + id, id, err
}

func (s *stage) note() (string, error) {
	_, id, err := s.newNote()
	return id, err
}

// newNote adds a note and tells its path too.
func (s *stage) newNote() (path, id string, err error) {
	conversation, err := s.conversation()
	if err != nil {
		return "", "", err
	}
	path = "/v1/conversations/" + conversation + "/notes"
	id, err = s.make(path, object{"text": "Called back, no answer. Trying again tomorrow."})
	return path + "/" + id, id, err
}

func (s *stage) label() (string, error) {
	return s.make("/v1/labels", object{"name": "trigger-" + word(), "description": "Made by parley trigger"})
}

func (s *stage) cannedResponse() (string, error) {
	return s.make("/v1/canned_responses", object{"shortcut": "trigger-" + word(), "name": "Made by parley trigger", "text": "Hello {{contact.name}}, we are closed on Mondays."})
}

func (s *stage) customField() (string, error) {
	return s.make("/v1/custom_fields", object{"object": "contact", "key": "trigger_" + word(), "name": "Shoe size", "type": "number"})
}

func (s *stage) user() (string, error) {
	return s.make("/v1/users", object{"name": "Kim", "email": "kim." + word() + "@example.com"})
}

func (s *stage) anyUser() (string, error) {
	id, err := s.first("/v1/users", func(listed) bool { return true })
	if err == nil && id == "" {
		return s.user()
	}
	return id, err
}

// apiKey makes a key that may do little, and not for long.
func (s *stage) apiKey() (string, error) {
	return s.make("/v1/api_keys", object{
		"name": "Made by parley trigger", "scopes": []string{"labels:read"}, "expires_at": parley.Now().Add(time.Hour),
	})
}

// renameOrganization renames the organization, and gives it back the name it had.
func (s *stage) renameOrganization() (string, error) {
	var org struct{ ID, Name string }
	if err := s.api.Do(s.ctx, http.MethodGet, "/v1/organization", nil, &org); err != nil {
		return "", err
	}
	if err := s.do(http.MethodPatch, "/v1/organization", object{"name": cut(org.Name, 190) + " & Co"}); err != nil {
		return "", err
	}
	return org.ID, s.do(http.MethodPatch, "/v1/organization", object{"name": org.Name})
}

// webhook adds an endpoint that is sent nothing: nobody publishes what it waits for.
func (s *stage) webhook() (string, error) {
	return s.make("/v1/webhooks", object{
		"url": "https://example.com/webhooks/parley", "description": "Made by parley trigger",
		"event_types": []string{"custom.nothing_" + word()},
	})
}

// testWebhook has a test sent to an endpoint that is there.
func (s *stage) testWebhook() (string, error) {
	id, err := s.first("/v1/webhooks?limit=200", func(o listed) bool { return o.Status == string(parley.EndpointActive) })
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", errors.New("there is no active webhook endpoint to send a test to: add one first (POST /v1/webhooks)")
	}
	return id, s.do(http.MethodPost, "/v1/webhooks/"+url.PathEscape(id)+"/test", object{})
}

func (s *stage) publish(eventType string) (string, error) {
	return s.make("/v1/events", object{"type": eventType, "key": "trigger", "data": object{"message": "Hello from parley trigger"}})
}

func pick(choices ...string) string { return choices[rand.N(len(choices))] }

// word is text that nobody has used before.
func word() string { return strings.ToLower(crand.Text()[:10]) }

// cut is the text with at most n characters.
func cut(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), n)])
}
