// Package records is the area of what an organization keeps of its customers and its
// work: contacts, tickets, tasks, appointments, orders and payments. What the pages of
// a noun are is said by one declaration of it, in the file of its name; package record
// makes them. What contacts need beside that is here too.
package records

import (
	"slices"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
)

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	tickets, tasks, appointments, payments := tickets(s), tasks(s), appointments(s), payments(s)
	orders := orders(s, payments)
	contacts := contacts(s,
		conversations(),
		record.By[parley.Ticket]{Kind: tickets, Column: "contact_id", Columns: []string{"status", "priority", "assignee_id", "updated_at"}},
		record.By[parley.Task]{Kind: tasks, Column: "contact_id", Columns: []string{"status", "due_at", "assignee_id"}},
		record.By[parley.Appointment]{Kind: appointments, Column: "contact_id", Columns: []string{"starts_at", "status", "user_id"}},
		record.By[parley.Order]{Kind: orders, Column: "contact_id", Columns: []string{"status", "items", "created_at"}},
		record.By[parley.Payment]{Kind: payments, Column: "contact_id", Columns: []string{"status", "order_id", "provider", "created_at"}},
		deals(),
	)
	return slices.Concat(
		contacts.Routes(),
		privacyRoutes(contacts),
		tickets.Routes(),
		tasks.Routes(),
		appointments.Routes(),
		orders.Routes(),
		payments.Routes(),
		[]page.Route{{Pattern: "GET /pick/{noun}", Handle: pick}},
	)
}
