package api

import (
	"parley"
	"parley/internal/store"
)

type ticketList struct {
	ListParams
	AboutParams
	Status   string `query:"status" enum:"open,pending,closed" doc:"Only tickets of this status"`
	Priority string `query:"priority" enum:"low,normal,high,urgent" doc:"Only tickets of this priority"`
}

func (l ticketList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	equal(&f, "priority", l.Priority)
	l.narrow(&f)
	return f
}

func (a *API) tickets() {
	n := a.Work.Tickets
	creatable(a, "tickets", n.Noun)
	readable[parley.Ticket, parley.TicketEvent, parley.TicketID](a, "tickets", n.Noun)
	changeableBy[parley.Ticket, parley.TicketID](a, "tickets", n.Table, "A new assignee or team and other changes make an event each.", n.Update)
	deletable[parley.Ticket, parley.TicketEvent, parley.TicketID](a, "tickets", n.Noun)
	list[parley.Ticket, ticketList](a, "tickets", "", n.List)
	verb(a, "tickets", store.Tickets, "pend", "Let a ticket wait",
		"It waits for somebody else, and is pending. A ticket that is pending stays as it is; one that is closed has to be reopened first.", n.Pend)
	verb(a, "tickets", store.Tickets, "close", "Close a ticket", "A ticket that is closed stays as it is.", n.Close)
	verb(a, "tickets", store.Tickets, "reopen", "Reopen a ticket", "One that was closed or pending is open again. A ticket that is open stays as it is.", n.Reopen)
}
