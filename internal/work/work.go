// Package work holds the verbs of what agents have to do: tasks, tickets and
// appointments. Each verb is one transaction.
package work

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Work is the verbs.
type Work struct {
	Tasks   *Tasks
	Tickets *Tickets

	Appointments *Appointments
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log) *Work {
	return &Work{newTasks(db, log), newTickets(db, log), newAppointments(db, log)}
}

// ConversationGone takes a conversation off the tasks and tickets that are about it and
// the appointments made in it, in a transaction that removes the conversation. They stay.
func (w *Work) ConversationGone(ctx context.Context, tx *database.Tx, by parley.Caller, id parley.ConversationID) error {
	const column = "conversation_id"
	if err := each(ctx, tx, by, w.Tasks.Noun, column, string(id), func(t *parley.Task) { t.ConversationID = nil }); err != nil {
		return err
	}
	if err := each(ctx, tx, by, w.Tickets.Noun, column, string(id), func(t *parley.Ticket) { t.ConversationID = nil }); err != nil {
		return err
	}
	return each(ctx, tx, by, w.Appointments.Noun, column, string(id), func(a *parley.Appointment) { a.ConversationID = nil })
}

// ContactGone takes a contact off the tasks and tickets that are about them and their
// appointments, in a transaction that removes the contact. They stay.
func (w *Work) ContactGone(ctx context.Context, tx *database.Tx, by parley.Caller, id parley.ContactID) error {
	const column = "contact_id"
	if err := each(ctx, tx, by, w.Tasks.Noun, column, string(id), func(t *parley.Task) { t.ContactID = nil }); err != nil {
		return err
	}
	if err := each(ctx, tx, by, w.Tickets.Noun, column, string(id), func(t *parley.Ticket) { t.ContactID = nil }); err != nil {
		return err
	}
	return each(ctx, tx, by, w.Appointments.Noun, column, string(id), func(a *parley.Appointment) { a.ContactID = nil })
}

// maxAtOnce bounds how many objects of a noun change with the one that they refer to.
const maxAtOnce = 1000

// each changes the objects whose column holds an id, each with its own event.
func each[T, D any](ctx context.Context, tx *database.Tx, by parley.Caller, n *noun.Noun[T, D], column, id string, change func(*T)) error {
	found, next, err := n.Table.List(ctx, tx, by.Organization, store.Page{Limit: maxAtOnce}, store.Where(column+" = ?", id))
	if err != nil {
		return err
	}
	if next != "" {
		one := n.Table.Noun()
		return parley.Errorf(parley.Conflict, "Over %d %ss are about %s: delete some of them first (GET /v1/%ss?%s=%s).", maxAtOnce, one, id, one, column, id)
	}
	for i := range found {
		_, err := n.Update(ctx, by, n.Table.ID(&found[i]), noun.AnyVersion, func(obj *T) error {
			change(obj)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// references are what a task or a ticket refers to.
type references struct {
	assignee     *parley.UserID
	team         *parley.TeamID
	contact      *parley.ContactID
	conversation *parley.ConversationID
}

// check refuses references to what is not there. A new conversation brings its contact
// along if there is none.
func (r *references) check(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before references) error {
	if store.Renewed(before.assignee, r.assignee) {
		if _, err := store.Users.Refer(ctx, tx, org, "body.assignee_id", string(*r.assignee)); err != nil {
			return err
		}
	}
	if store.Renewed(before.team, r.team) {
		if _, err := store.Teams.Refer(ctx, tx, org, "body.team_id", string(*r.team)); err != nil {
			return err
		}
	}
	if store.Renewed(before.contact, r.contact) {
		if _, err := store.Contacts.Refer(ctx, tx, org, "body.contact_id", string(*r.contact)); err != nil {
			return err
		}
	}
	if !store.Renewed(before.conversation, r.conversation) {
		return nil
	}
	conv, err := store.Conversations.Refer(ctx, tx, org, "body.conversation_id", string(*r.conversation))
	if err != nil {
		return err
	}
	if r.contact == nil {
		r.contact = &conv.ContactID
	}
	return nil
}
