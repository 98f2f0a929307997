package records

import (
	"context"
	"net/url"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func payments(s *page.Site) *record.Kind[parley.Payment] {
	verbs := s.Sales.Payments
	pending := []string{"pending"}
	return &record.Kind[parley.Payment]{
		Noun: "payment", Plural: "payments", Icon: "payment",
		Text:  "Money that contacts are to pay, paid, or got back.",
		First: "A payment notes money that a contact is to pay. Parley moves no money: your shop or your bank does, and says so over the API.",
		Table: store.Payments, Create: verbs.Create,
		Verbs: []record.Verb[parley.Payment]{
			{
				Name: "confirm", Label: "Confirm", From: pending, Key: "x", Main: true, Done: "The payment is paid.",
				Text: "The money came in.",
				Asks: func() form.Set { return form.Of[confirming](form.Create) },
				Do: record.With(func(ctx context.Context, by parley.Caller, id parley.PaymentID, c confirming) (parley.Payment, error) {
					return verbs.Confirm(ctx, by, id, c.Reference)
				}),
			},
			{
				Name: "fail", Label: "Fail", From: pending, Bad: true, Done: "The payment has failed.",
				Text: "No money will come. After a failure another payment is made.",
				Asks: func() form.Set { return form.Of[failing](form.Create) },
				Do: record.With(func(ctx context.Context, by parley.Caller, id parley.PaymentID, f failing) (parley.Payment, error) {
					return verbs.Fail(ctx, by, id, f.Reason)
				}),
			},
			{
				Name: "refund", Label: "Refund", From: []string{"paid"}, Bad: true, Done: "The payment is refunded.", Do: record.ByID(verbs.Refund),
				Confirm: "Note that the money was given back?", Text: "Parley moves no money: give it back first.",
			},
		},

		Called:  func(p parley.Payment) string { return "Payment of " + names.Money(p.Amount, p.Currency) },
		Columns: []string{"status", "contact_id", "order_id", "provider", "reference", "created_at"},
		Body:    []string{"failure_reason"},
		Facts:   []string{"amount", "contact_id", "order_id", "provider", "reference"},
		Tones:   map[string]ui.Tone{"pending": ui.Warn, "paid": ui.Good, "failed": ui.Bad, "refunded": ui.Plain},

		Search: []string{"reference", "provider"}, Among: "contact_id",
		Filters: []record.Filter{
			record.Words("status", "Any status", "pending", "paid", "failed", "refunded"), since("created"),
			record.Of("contact_id"), record.Of("order_id"),
		},

		Form:  []string{"order_id", "contact_id", "amount", "currency", "provider", "reference"},
		Blank: owed,
	}
}

// owed fills in a payment what its order tells, if the address names one.
func owed(r *page.Request, values url.Values) {
	values.Set("currency", currency(r))
	order, err := r.Site.Sales.Orders.Get(r.Context(), r.Org(), r.Query("order_id"))
	if err != nil || !r.Allows("orders:read") {
		return // then it is filled in by hand
	}
	values.Set("contact_id", string(order.ContactID))
	values.Set("amount", form.Units(order.Amount, order.Currency))
	values.Set("currency", order.Currency)
}

// confirming is what it takes to note that money came in.
type confirming struct {
	Reference *string `json:"reference" write:"create" minLength:"1" maxLength:"255" doc:"What the provider calls the payment; empty: what it was called before"`
}

// failing is what it takes to note that none will.
type failing struct {
	Reason *string `json:"reason" write:"create" minLength:"1" maxLength:"500" doc:"Why it failed" example:"The card has expired."`
}
