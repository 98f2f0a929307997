package api

import (
	"context"

	"parley"
	"parley/internal/store"
)

type paymentList struct {
	ListParams
	Status    string `query:"status" enum:"pending,paid,failed,refunded" doc:"Only payments of this status"`
	OrderID   string `query:"order_id" maxLength:"64" doc:"Only payments of this order"`
	ContactID string `query:"contact_id" maxLength:"64" doc:"Only payments of this contact"`
	Reference string `query:"reference" maxLength:"255" doc:"Only payments with this reference"`
}

func (l paymentList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	equal(&f, "order_id", l.OrderID)
	equal(&f, "contact_id", l.ContactID)
	equal(&f, "reference", l.Reference)
	return f
}

type confirmBody struct {
	Reference *string `json:"reference,omitempty" minLength:"1" maxLength:"255" doc:"What the provider calls the payment; left out: what it was called before"`
}

type failBody struct {
	Reason *string `json:"reason,omitempty" minLength:"1" maxLength:"500" doc:"Why it failed" example:"The card has expired."`
}

func (a *API) payments() {
	const plural = "payments"
	payments := a.Sales.Payments
	creatable(a, plural, payments.Noun)
	readable[parley.Payment, parley.PaymentEvent, parley.PaymentID](a, plural, payments.Noun)
	list[parley.Payment, paymentList](a, plural, "", payments.List)
	verbWith(a, plural, store.Payments, "confirm", "Confirm a payment",
		"The money came in: the payment is paid. One that is paid already stays as it is.",
		func(ctx context.Context, by parley.Caller, id parley.PaymentID, b confirmBody) (parley.Payment, error) {
			return payments.Confirm(ctx, by, id, b.Reference)
		})
	verbWith(a, plural, store.Payments, "fail", "Fail a payment",
		"No money will come. A payment that failed already stays as it is.",
		func(ctx context.Context, by parley.Caller, id parley.PaymentID, b failBody) (parley.Payment, error) {
			return payments.Fail(ctx, by, id, b.Reason)
		})
	verb(a, plural, store.Payments, "refund", "Refund a payment",
		"What was paid was given back, by the provider: Parley moves no money. Refunding twice is 409.", payments.Refund)
}
