package work

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Tickets is the verbs of tickets.
type Tickets struct {
	*noun.Noun[parley.Ticket, parley.TicketEvent]
}

func newTickets(db *database.DB, log *eventlog.Log) *Tickets {
	return &Tickets{&noun.Noun[parley.Ticket, parley.TicketEvent]{
		DB: db, Log: log, Table: store.Tickets,
		Created: parley.TicketCreated, Updated: parley.TicketUpdated, Deleted: parley.TicketDeleted,
		Data: func(t parley.Ticket, p parley.Previous) parley.TicketEvent {
			return parley.TicketEvent{Ticket: t, Previous: p}
		},
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, t *parley.Ticket, data *parley.TicketEvent) (err error) {
			data.Contact, err = store.ContactShort(ctx, tx, org, t.ContactID)
			return err
		},
		Conversation: noun.About(func(t *parley.Ticket) *parley.ConversationID { return t.ConversationID }),
		Check:        checkTicket,
	}}
}

// ticketSteps is the state machine of a ticket.
func ticketSteps() noun.Steps[parley.TicketStatus, parley.TicketEvent] {
	return noun.Steps[parley.TicketStatus, parley.TicketEvent]{
		{Verb: "pend", From: []parley.TicketStatus{parley.OpenTicket}, To: parley.PendingTicket, Event: parley.TicketUpdated},
		{Verb: "close", From: []parley.TicketStatus{parley.OpenTicket, parley.PendingTicket}, To: parley.ClosedTicket, Event: parley.TicketClosed},
		{Verb: "reopen", From: []parley.TicketStatus{parley.PendingTicket, parley.ClosedTicket}, To: parley.OpenTicket, Event: parley.TicketReopened},
	}
}

func checkTicket(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Ticket) error {
	var old parley.Ticket
	if before != nil {
		old = *before
	} else {
		after.Status = parley.OpenTicket
	}
	wanted := references{after.AssigneeID, after.TeamID, after.ContactID, after.ConversationID}
	if err := wanted.check(ctx, tx, by.Organization, references{old.AssigneeID, old.TeamID, old.ContactID, old.ConversationID}); err != nil {
		return err
	}
	after.ContactID = wanted.contact
	return store.CheckCustomFields(ctx, tx, by.Organization, "ticket", old.CustomFields, after.CustomFields)
}

// Update lets change alter a ticket; version is as in [noun.Noun.Update]. A new
// assignee or team has an event of its own, after that of other changes.
func (t *Tickets) Update(ctx context.Context, by parley.Caller, id string, version int64, change func(*parley.Ticket) error) (parley.Ticket, error) {
	var after parley.Ticket
	err := t.DB.Write(ctx, by.Organization, func(ctx context.Context, _ *database.Tx) error {
		var assignee *parley.UserID
		var team *parley.TeamID
		_, err := t.Noun.Update(ctx, by, id, version, func(ticket *parley.Ticket) error {
			before := *ticket
			if err := change(ticket); err != nil {
				return err
			}
			assignee, team = ticket.AssigneeID, ticket.TeamID
			ticket.AssigneeID, ticket.TeamID = before.AssigneeID, before.TeamID
			return nil
		})
		if err != nil {
			return err
		}
		after, err = t.UpdateAs(ctx, by, id, noun.AnyVersion, parley.TicketAssigned, func(ticket *parley.Ticket) error {
			ticket.AssigneeID, ticket.TeamID = assignee, team
			return nil
		})
		return err
	})
	return after, err
}

// Pend lets an open ticket wait for somebody else; one that waits stays as it is. One
// that is closed is a Conflict error.
func (t *Tickets) Pend(ctx context.Context, by parley.Caller, id parley.TicketID) (parley.Ticket, error) {
	return t.take(ctx, by, id, "pend", nil)
}

// Close marks a ticket as settled; one that is stays as it is.
func (t *Tickets) Close(ctx context.Context, by parley.Caller, id parley.TicketID) (parley.Ticket, error) {
	return t.take(ctx, by, id, "close", func(ticket *parley.Ticket) error {
		ticket.ClosedAt = new(parley.Now())
		return nil
	})
}

// Reopen opens a ticket that was closed or pending; one that is open stays as it is.
func (t *Tickets) Reopen(ctx context.Context, by parley.Caller, id parley.TicketID) (parley.Ticket, error) {
	return t.take(ctx, by, id, "reopen", func(ticket *parley.Ticket) error {
		ticket.ClosedAt = nil
		return nil
	})
}

func (t *Tickets) take(ctx context.Context, by parley.Caller, id parley.TicketID, verb string, also func(*parley.Ticket) error) (parley.Ticket, error) {
	status := func(ticket *parley.Ticket) *parley.TicketStatus { return &ticket.Status }
	return noun.Take(ctx, by, t.Noun, string(id), ticketSteps(), verb, status, also)
}
