package main

import (
	"net/http"
	"time"

	"parley"
)

// trigger makes a type of event happen and gives the id of the object that it is
// about, or its own id.
type trigger func(*stage) (subject string, err error)

// triggers says for each type of event what makes it happen. What the type needs
// and is not there is made first.
func triggers() map[string]trigger {
	return map[string]trigger{
		"conversation.created":           (*stage).conversation,
		"conversation.updated":           patched((*stage).conversation, "conversations", "subject", "Changed my mind"),
		"conversation.assigned":          (*stage).assign,
		"conversation.resolved":          (*stage).resolve,
		"conversation.reopened":          (*stage).reopen,
		"conversation.snoozed":           (*stage).snooze,
		"conversation.label_added":       (*stage).putLabel,
		"conversation.label_removed":     (*stage).takeLabel,
		"conversation.variables_changed": (*stage).setVariable,
		"conversation.deleted":           deleted((*stage).conversation, "conversations"),

		"message.created": (*stage).message,
		"message.updated": (*stage).rewriteMessage,
		"message.deleted": (*stage).deleteMessage,
		"note.created":    (*stage).note,
		"note.deleted":    (*stage).deleteNote,

		"task.created":   (*stage).task,
		"task.updated":   patched((*stage).task, "tasks", "title", "Bring the brown box to the shop"),
		"task.completed": posted((*stage).task, "tasks", "complete"),
		"task.reopened":  posted(posted((*stage).task, "tasks", "complete"), "tasks", "reopen"),
		"task.deleted":   deleted((*stage).task, "tasks"),

		"ticket.created":  (*stage).ticket,
		"ticket.updated":  patched((*stage).ticket, "tickets", "priority", "urgent"),
		"ticket.assigned": (*stage).assignTicket,
		"ticket.closed":   posted((*stage).ticket, "tickets", "close"),
		"ticket.reopened": posted(posted((*stage).ticket, "tickets", "close"), "tickets", "reopen"),
		"ticket.deleted":  deleted((*stage).ticket, "tickets"),

		"attachment.created":      (*stage).attachment,
		"attachment.deleted":      deleted((*stage).attachment, "attachments"),
		"appointment.booked":      (*stage).appointment,
		"appointment.updated":     patched((*stage).appointment, "appointments", "title", "Tasting for two"),
		"appointment.rescheduled": (*stage).reschedule,
		"appointment.cancelled":   posted((*stage).appointment, "appointments", "cancel"),
		"appointment.deleted":     deleted((*stage).appointment, "appointments"),

		"contact.created": (*stage).contact,
		"contact.updated": patched((*stage).contact, "contacts", "phone", "+44 20 7946 0199"),
		"contact.merged":  (*stage).mergeContacts,
		"contact.erased":  (*stage).eraseContact,
		"contact.deleted": deleted((*stage).contact, "contacts"),

		"inbox.created": (*stage).newInbox,
		"inbox.updated": patched((*stage).newInbox, "inboxes", "name", "Back door"),
		"inbox.deleted": deleted((*stage).newInbox, "inboxes"),

		"label.created":           (*stage).label,
		"label.updated":           patched((*stage).label, "labels", "color", "#0ea5e9"),
		"label.deleted":           deleted((*stage).label, "labels"),
		"canned_response.created": (*stage).cannedResponse,
		"canned_response.updated": patched((*stage).cannedResponse, "canned_responses", "name", "Closed on Monday"),
		"canned_response.deleted": deleted((*stage).cannedResponse, "canned_responses"),
		"custom_field.created":    (*stage).customField,
		"custom_field.updated":    patched((*stage).customField, "custom_fields", "name", "Shoe size (EU)"),
		"custom_field.deleted":    deleted((*stage).customField, "custom_fields"),

		"organization.updated": (*stage).renameOrganization,
		"user.created":         (*stage).user,
		"user.updated":         patched((*stage).user, "users", "name", "Kim (night shift)"),
		"user.deleted":         deleted((*stage).user, "users"),
		"team.created":         (*stage).team,
		"team.updated":         patched((*stage).team, "teams", "description", "On call at weekends too"),
		"team.deleted":         deleted((*stage).team, "teams"),
		"api_key.created":      (*stage).apiKey,
		"api_key.revoked":      deleted((*stage).apiKey, "api_keys"),

		"order.requested": (*stage).order,
		"order.updated":   (*stage).raiseOrder,
		"order.fulfilled": posted((*stage).order, "orders", "fulfil"),
		"order.cancelled": posted((*stage).order, "orders", "cancel"),

		"payment.created":  (*stage).payment,
		"payment.updated":  (*stage).mergePayer,
		"payment.paid":     posted((*stage).payment, "payments", "confirm"),
		"payment.failed":   posted((*stage).payment, "payments", "fail"),
		"payment.refunded": (*stage).refund,

		"pipeline.created": (*stage).pipeline,
		"pipeline.updated": patched((*stage).pipeline, "pipelines", "name", "Weddings and birthdays"),
		"pipeline.deleted": deleted((*stage).pipeline, "pipelines"),

		"deal.created":       (*stage).deal,
		"deal.updated":       patched((*stage).deal, "deals", "title", "Cake for 90 guests"),
		"deal.stage_changed": (*stage).moveDeal,
		"deal.won":           posted((*stage).deal, "deals", "win"),
		"deal.lost":          posted((*stage).deal, "deals", "lose"),
		"deal.reopened":      (*stage).reopenDeal,
		"deal.deleted":       deleted((*stage).deal, "deals"),

		"portal.created":   (*stage).portal,
		"portal.updated":   patched((*stage).portal, "portals", "name", "Questions and answers"),
		"portal.deleted":   deleted((*stage).portal, "portals"),
		"category.created": (*stage).category,
		"category.updated": patched((*stage).category, "categories", "name", "Collecting"),
		"category.deleted": deleted((*stage).category, "categories"),

		"article.created":     (*stage).article,
		"article.updated":     patched((*stage).article, "articles", "title", "How long does bread keep?"),
		"article.published":   posted((*stage).article, "articles", "publish"),
		"article.unpublished": posted(posted((*stage).article, "articles", "publish"), "articles", "unpublish"),
		"article.archived":    posted((*stage).article, "articles", "archive"),
		"article.restored":    posted(posted((*stage).article, "articles", "archive"), "articles", "restore"),
		"article.deleted":     deleted((*stage).article, "articles"),

		"webhook.created":        (*stage).webhook,
		"webhook.updated":        patched((*stage).webhook, "webhooks", "description", "Made by parley trigger, then changed"),
		"webhook.deleted":        deleted((*stage).webhook, "webhooks"),
		"webhook.secret_rotated": (*stage).rotateSecret,
		"webhook.test":           (*stage).testWebhook,

		"webhook.rewound":          (*stage).rewind,
		"webhook.rewind_cancelled": (*stage).cancelRewind,
	}
}

// beyondTrigger says why a type that exists cannot be triggered, or nothing.
func beyondTrigger(eventType string) string {
	switch eventType {
	case "webhook.failing", "webhook.recovered", "webhook.disabled":
		return "it tells how an endpoint answers; stop your receiver for a while to see it"
	case "webhook.verified":
		return "it tells that a receiver has answered its token; add an endpoint with verification token_echo to see it"
	case "webhook.events_missed":
		return "it tells that an endpoint was held for longer than the log is kept"
	}
	if _, declared := parley.Declared(eventType); declared {
		return "no request to the API causes it"
	}
	return ""
}

// patched makes an object and changes one of its fields.
func patched(make trigger, plural, field, value string) trigger {
	return func(s *stage) (string, error) {
		id, err := make(s)
		if err != nil {
			return "", err
		}
		return id, s.do(http.MethodPatch, "/v1/"+plural+"/"+id, object{field: value})
	}
}

// posted makes an object and has a verb done to it.
func posted(make trigger, plural, verb string) trigger {
	return func(s *stage) (string, error) {
		id, err := make(s)
		if err != nil {
			return "", err
		}
		return id, s.do(http.MethodPost, "/v1/"+plural+"/"+id+"/"+verb, object{})
	}
}

// deleted makes an object and deletes it.
func deleted(make trigger, plural string) trigger {
	return func(s *stage) (string, error) {
		id, err := make(s)
		if err != nil {
			return "", err
		}
		return id, s.do(http.MethodDelete, "/v1/"+plural+"/"+id, nil)
	}
}

func (s *stage) assign() (string, error) {
	user, err := s.anyUser()
	if err != nil {
		return "", err
	}
	id, err := s.conversation()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPut, "/v1/conversations/"+id+"/assignee", object{"assignee_id": user})
}

func (s *stage) resolve() (string, error) {
	id, err := s.conversation()
	if err != nil {
		return "", err
	}
	return id, s.setStatus(id, object{"status": parley.Resolved})
}

func (s *stage) reopen() (string, error) {
	id, err := s.resolve()
	if err != nil {
		return "", err
	}
	return id, s.setStatus(id, object{"status": parley.Open})
}

func (s *stage) snooze() (string, error) {
	id, err := s.conversation()
	if err != nil {
		return "", err
	}
	return id, s.setStatus(id, object{"status": parley.Snoozed, "snoozed_until": parley.Now().Add(time.Hour)})
}

func (s *stage) setStatus(id string, status object) error {
	return s.do(http.MethodPut, "/v1/conversations/"+id+"/status", status)
}

func (s *stage) putLabel() (string, error) {
	id, err := s.conversation()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/conversations/"+id+"/labels", object{"name": "from-trigger"})
}

func (s *stage) takeLabel() (string, error) {
	id, err := s.putLabel()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodDelete, "/v1/conversations/"+id+"/labels/from-trigger", nil)
}

func (s *stage) setVariable() (string, error) {
	id, err := s.conversation()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPut, "/v1/conversations/"+id+"/variables/mood", object{"value": "curious"})
}

func (s *stage) rewriteMessage() (string, error) {
	path, id, err := s.newMessage()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPatch, path, object{"content": text("It is on the shelf by the window, still warm.")})
}

func (s *stage) deleteMessage() (string, error) {
	path, id, err := s.newMessage()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodDelete, path, nil)
}

func (s *stage) deleteNote() (string, error) {
	path, id, err := s.newNote()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodDelete, path, nil)
}

func (s *stage) rotateSecret() (string, error) {
	id, err := s.webhook()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/webhooks/"+id+"/rotate_secret", object{})
}

// rewind rewinds an endpoint to its own beginning, where nothing is for it.
func (s *stage) rewind() (string, error) {
	id, err := s.webhook()
	if err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/webhooks/"+id+"/rewind", object{"to": 1})
}

// cancelRewind cancels the rewind of an endpoint that is paused, so that there is
// time for it.
func (s *stage) cancelRewind() (string, error) {
	id, err := s.webhook()
	if err != nil {
		return "", err
	}
	if err := s.do(http.MethodPost, "/v1/webhooks/"+id+"/pause", object{}); err != nil {
		return "", err
	}
	if err := s.do(http.MethodPost, "/v1/webhooks/"+id+"/rewind", object{"to": 1}); err != nil {
		return "", err
	}
	return id, s.do(http.MethodPost, "/v1/webhooks/"+id+"/cancel_rewind", object{})
}
