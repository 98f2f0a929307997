package sales

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Payments are the verbs of payments. A payment is a record: but for its status it
// does not change, unless its contact is merged into another, and nobody deletes it.
type Payments struct {
	*noun.Noun[parley.Payment, parley.PaymentEvent]
}

func newPayments(db *database.DB, log *eventlog.Log) Payments {
	return Payments{&noun.Noun[parley.Payment, parley.PaymentEvent]{
		DB: db, Log: log, Table: store.Payments,
		Created: parley.PaymentCreated, Updated: parley.PaymentUpdated,
		Data: func(p parley.Payment, previous parley.Previous) parley.PaymentEvent {
			return parley.PaymentEvent{Payment: p, Previous: previous}
		},
		Beside: func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, p *parley.Payment, data *parley.PaymentEvent) (err error) {
			data.Contact, err = store.ContactShort(ctx, tx, org, p.ContactID)
			return err
		},
		Conversation: conversationOfPayment,
		Check:        checkPayment,
	}}
}

// conversationOfPayment is that of the order which it pays.
func conversationOfPayment(ctx context.Context, tx *database.Tx, org parley.OrganizationID, p *parley.Payment) (*parley.ConversationID, error) {
	if p.OrderID == nil {
		return nil, nil
	}
	order, err := store.Orders.Get(ctx, tx, org, string(*p.OrderID))
	return order.ConversationID, err
}

// paymentSteps are the ways that a payment's status goes. Money is given back once.
func paymentSteps() noun.Steps[parley.PaymentStatus, parley.PaymentEvent] {
	pending, paid := []parley.PaymentStatus{parley.PendingPayment}, []parley.PaymentStatus{parley.PaidPayment}
	return noun.Steps[parley.PaymentStatus, parley.PaymentEvent]{
		{Verb: "confirm", From: pending, To: parley.PaidPayment, Event: parley.PaymentPaid},
		{Verb: "fail", From: pending, To: parley.FailedPayment, Event: parley.PaymentFailed},
		{Verb: "refund", From: paid, To: parley.RefundedPayment, Event: parley.PaymentRefunded, Strict: true},
	}
}

// Confirm notes that the money came in, and unless reference is nil by what the
// provider knows it. A payment that is paid stays as it is; one that failed or was
// refunded is a Conflict error.
func (p Payments) Confirm(ctx context.Context, by parley.Caller, id parley.PaymentID, reference *string) (parley.Payment, error) {
	return p.take(ctx, by, id, "confirm", func(payment *parley.Payment) error {
		if reference != nil {
			payment.Reference = reference
		}
		return nil
	})
}

// Fail notes that no money will come, and why, if that is known. A payment that
// failed stays as it is; one that was paid is a Conflict error.
func (p Payments) Fail(ctx context.Context, by parley.Caller, id parley.PaymentID, reason *string) (parley.Payment, error) {
	return p.take(ctx, by, id, "fail", func(payment *parley.Payment) error {
		payment.FailureReason = reason
		return nil
	})
}

// Refund notes that what was paid was given back. What was not paid, and what was
// refunded already, is a Conflict error.
func (p Payments) Refund(ctx context.Context, by parley.Caller, id parley.PaymentID) (parley.Payment, error) {
	return p.take(ctx, by, id, "refund", nil)
}

func (p Payments) take(ctx context.Context, by parley.Caller, id parley.PaymentID, verb string, also func(*parley.Payment) error) (parley.Payment, error) {
	status := func(payment *parley.Payment) *parley.PaymentStatus { return &payment.Status }
	return noun.Take(ctx, by, p.Noun, string(id), paymentSteps(), verb, status, also)
}

func checkPayment(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Payment) error {
	if before != nil {
		return nil // only its status changes
	}
	after.Status = parley.PendingPayment
	if after.OrderID != nil {
		order, err := store.Orders.Refer(ctx, tx, by.Organization, "body.order_id", string(*after.OrderID))
		if err != nil {
			return err
		}
		if after.ContactID == nil {
			after.ContactID = &order.ContactID
			return checkCurrency(after.Currency) // the contact may be deleted: the order knows it
		}
	}
	if after.ContactID != nil {
		if _, err := store.Contacts.Refer(ctx, tx, by.Organization, "body.contact_id", string(*after.ContactID)); err != nil {
			return err
		}
	}
	return checkCurrency(after.Currency)
}
