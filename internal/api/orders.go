package api

import (
	"parley"
	"parley/internal/store"
)

type orderList struct {
	ListParams
	Status         string `query:"status" enum:"requested,fulfilled,cancelled" doc:"Only orders of this status"`
	ContactID      string `query:"contact_id" maxLength:"64" doc:"Only orders of this contact"`
	ConversationID string `query:"conversation_id" maxLength:"64" doc:"Only orders made in this conversation"`
}

func (l orderList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	equal(&f, "contact_id", l.ContactID)
	equal(&f, "conversation_id", l.ConversationID)
	return f
}

// equal lets through only rows of which a column has the value, if one is given.
func equal(f *store.Filter, column, value string) {
	if value != "" {
		f.And(column+" = ?", value)
	}
}

// equalOrNone is equal for a reference that an object may lack: it does if the value is
// "none".
func equalOrNone(f *store.Filter, column, value string) {
	if value == "none" {
		f.And(column + " is null")
		return
	}
	equal(f, column, value)
}

func (a *API) orders() {
	const plural = "orders"
	orders := a.Sales.Orders
	creatable(a, plural, orders.Noun)
	readable[parley.Order, parley.OrderEvent, parley.OrderID](a, plural, orders.Noun)
	changeable[parley.Order, parley.OrderEvent, parley.OrderID](a, plural, orders.Noun)
	list[parley.Order, orderList](a, plural, "", orders.List)
	verb(a, plural, store.Orders, "fulfil", "Fulfil an order",
		"The contact got what was ordered. An order that is fulfilled already stays as it is.", orders.Fulfil)
	verb(a, plural, store.Orders, "cancel", "Cancel an order",
		"Orders are not deleted: this calls one off. An order that is cancelled already stays as it is.", orders.Cancel)
}
