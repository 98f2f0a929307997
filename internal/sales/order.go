package sales

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Orders are the verbs of orders. Nobody deletes one: it is cancelled.
type Orders struct {
	*noun.Noun[parley.Order, parley.OrderEvent]
}

func newOrders(db *database.DB, log *eventlog.Log) Orders {
	return Orders{&noun.Noun[parley.Order, parley.OrderEvent]{
		DB: db, Log: log, Table: store.Orders,
		Created: parley.OrderRequested, Updated: parley.OrderUpdated,
		Data: func(o parley.Order, p parley.Previous) parley.OrderEvent {
			return parley.OrderEvent{Order: o, Previous: p}
		},
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, o *parley.Order, data *parley.OrderEvent) (err error) {
			data.Contact, err = store.ContactShort(ctx, tx, org, &o.ContactID)
			return err
		},
		Conversation: noun.About(func(o *parley.Order) *parley.ConversationID { return o.ConversationID }),
		Check:        checkOrder,
	}}
}

// orderSteps are the ways that an order's status goes.
func orderSteps() noun.Steps[parley.OrderStatus, parley.OrderEvent] {
	requested := []parley.OrderStatus{parley.RequestedOrder}
	return noun.Steps[parley.OrderStatus, parley.OrderEvent]{
		{Verb: "fulfil", From: requested, To: parley.FulfilledOrder, Event: parley.OrderFulfilled},
		{Verb: "cancel", From: requested, To: parley.CancelledOrder, Event: parley.OrderCancelled},
	}
}

// Fulfil notes that the contact got what was ordered. An order that is fulfilled
// stays so; a cancelled one is a Conflict error.
func (o Orders) Fulfil(ctx context.Context, by parley.Caller, id parley.OrderID) (parley.Order, error) {
	return o.take(ctx, by, id, "fulfil")
}

// Cancel calls an order off. One that is cancelled stays so; a fulfilled one is a
// Conflict error.
func (o Orders) Cancel(ctx context.Context, by parley.Caller, id parley.OrderID) (parley.Order, error) {
	return o.take(ctx, by, id, "cancel")
}

func (o Orders) take(ctx context.Context, by parley.Caller, id parley.OrderID, verb string) (parley.Order, error) {
	status := func(order *parley.Order) *parley.OrderStatus { return &order.Status }
	return noun.Take(ctx, by, o.Noun, string(id), orderSteps(), verb, status, nil)
}

func checkOrder(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Order) error {
	var old parley.Order
	if before == nil {
		after.Status = parley.RequestedOrder
		if _, err := store.Contacts.Refer(ctx, tx, by.Organization, "body.contact_id", string(after.ContactID)); err != nil {
			return err
		}
	} else {
		old = *before
	}
	if store.Renewed(old.ConversationID, after.ConversationID) {
		conv, err := store.Conversations.Refer(ctx, tx, by.Organization, "body.conversation_id", string(*after.ConversationID))
		if err != nil {
			return err
		}
		if conv.ContactID != after.ContactID {
			return parley.InvalidField("body.conversation_id", "is a conversation with another contact than contact_id")
		}
	}
	if err := checkCurrency(after.Currency); err != nil {
		return err
	}
	return store.CheckCustomFields(ctx, tx, by.Organization, "order", old.CustomFields, after.CustomFields)
}
