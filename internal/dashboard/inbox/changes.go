package inbox

import (
	"encoding/json"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// shownChanges are the types of events that a thread tells of between its messages.
var shownChanges = []string{
	"conversation.created", "conversation.updated", "conversation.assigned", "conversation.resolved", "conversation.reopened",
	"conversation.snoozed", "conversation.label_added", "conversation.label_removed",
}

// readChanges reads what became of a conversation in a time from the log.
func readChanges(r *page.Request, s subject, since, until parley.Time) (items []item, err error) {
	f := store.Where("seq <= ?", s.Sequence)
	f.And("seq > ?", s.Sequence-eventsWithin)
	f.And("key = ?", string(s.ID))
	f.And("created_at >= ?", int64(since))
	f.And("created_at < ?", int64(until))
	var types store.Filter
	for _, t := range shownChanges {
		types.And("type = ?", t)
	}
	f.Either(types)
	events, err := r.Site.Log.Query(r.Context(), r.Org(), f, true, eventsAtMost)
	for _, e := range events {
		if text := s.tell(r, e); text != "" {
			items = append(items, item{ID: string(e.ID), At: e.CreatedAt, Change: text, Actor: e.Actor, Author: s.author(e.Actor)})
		}
	}
	return items, err
}

// change is what an event of a conversation may tell.
type change struct {
	Conversation struct {
		Status       parley.Status
		Subject      *string
		AssigneeID   *parley.UserID `json:"assignee_id"`
		TeamID       *parley.TeamID `json:"team_id"`
		SnoozedUntil *parley.Time   `json:"snoozed_until"`
	}
	Label    string
	Assignee *parley.UserShort
	Previous map[string]json.RawMessage
}

// tell says in words what an event tells: "" if it is of no interest here.
func (s subject) tell(r *page.Request, e *parley.Event) string {
	var c change
	if json.Unmarshal(e.Data, &c) != nil {
		return "" // written by another release: nothing that could be shown
	}
	was := func(name string) bool { _, ok := c.Previous[name]; return ok }
	switch e.Type {
	case "conversation.created":
		return "started the conversation"
	case "conversation.resolved":
		return "resolved it"
	case "conversation.reopened":
		return "opened it again"
	case "conversation.snoozed":
		if c.Conversation.SnoozedUntil != nil {
			return "snoozed it until " + c.Conversation.SnoozedUntil.Std().In(r.Zone()).Format("Mon 2 Jan, 15:04")
		}
		return "snoozed it"
	case "conversation.label_added":
		return "added the label " + c.Label
	case "conversation.label_removed":
		return "removed the label " + c.Label
	case "conversation.assigned":
		return s.tellAssigned(e, c, was)
	}
	switch {
	case was("status") && c.Conversation.Status == parley.Pending:
		return "set it to pending"
	case was("subject") && c.Conversation.Subject != nil:
		return "changed the subject to “" + *c.Conversation.Subject + "”"
	case was("subject"):
		return "removed the subject"
	case was("contact_id"):
		return "moved it to this contact"
	case was("custom_fields"):
		return "changed its fields"
	}
	return ""
}

func (s subject) tellAssigned(e *parley.Event, c change, was func(string) bool) string {
	text := ""
	switch {
	case !was("assignee_id"):
	case c.Assignee == nil:
		text = "unassigned it"
	case e.Actor.Type == parley.ActorUser && e.Actor.ID == string(c.Assignee.ID):
		text = "took it"
	default:
		text = "assigned it to " + c.Assignee.Name
	}
	if !was("team_id") {
		return text
	}
	if text != "" {
		text += " and "
	}
	if team := s.Team(c.Conversation.TeamID); team != "" {
		return text + "gave it to the team " + team
	}
	return text + "took it from its team"
}
