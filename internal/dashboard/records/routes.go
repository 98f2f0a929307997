// Package records is the area of what an organization keeps of its customers and its
// work: contacts, tickets, tasks, appointments, orders and payments. What the pages of
// a noun are is said by one declaration of it, a [Kind]; the pages themselves are the
// same for all.
package records

import "parley/internal/dashboard/page"

// Routes are the addresses of this area.
func Routes(_ *page.Site) []page.Route {
	return []page.Route{
		{Pattern: "GET /pick/{noun}", Handle: pick},
	}
}
