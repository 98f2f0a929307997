package records

import (
	"net/url"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func orders(s *page.Site, payments *record.Kind[parley.Payment]) *record.Kind[parley.Order] {
	verbs := s.Sales.Orders
	requested := []string{"requested"}
	return &record.Kind[parley.Order]{
		Noun: "order", Plural: "orders", Icon: "order",
		Text:  "What contacts asked to be sold.",
		First: "An order is what a contact asked to be sold: here, in a conversation, or by your shop over the API.",
		Table: store.Orders, Create: verbs.Create, Update: verbs.Update,
		Verbs: []record.Verb[parley.Order]{
			{Name: "fulfil", Label: "Fulfil", From: requested, Key: "x", Main: true, Done: "The order is fulfilled.", Do: record.ByID(verbs.Fulfil)},
			{
				Name: "cancel", Label: "Cancel the order", From: requested, Bad: true, Done: "The order is cancelled.", Do: record.ByID(verbs.Cancel),
				Confirm: "Cancel the order?", Text: "It stays cancelled: whoever wants it after all orders again.",
			},
		},

		Called:  func(o parley.Order) string { return "Order of " + names.Money(o.Amount, o.Currency) },
		Columns: []string{"status", "contact_id", "items", "created_at"},
		Facts:   []string{"amount", "contact_id", "conversation_id"},
		Tones:   map[string]ui.Tone{"requested": ui.Accent, "fulfilled": ui.Good, "cancelled": ui.Plain},
		Show: map[string]func(parley.Order) record.Value{
			"items": func(o parley.Order) record.Value { return record.Text(ordered(o)) },
		},
		More:    func(_ *page.Request, o parley.Order) (templ.Component, error) { return items(o), nil },
		Related: []record.Relation{record.By[parley.Payment]{Kind: payments, Column: "order_id", Columns: []string{"status", "provider", "reference", "created_at"}}},

		Search: []string{"items"}, Among: "contact_id",
		Filters: []record.Filter{
			record.Words("status", "Any status", "requested", "fulfilled", "cancelled"), since("created"),
			record.Of("contact_id"), record.Of("conversation_id"),
		},

		Form:  []string{"contact_id", "conversation_id", "items", "amount", "currency", "custom_fields"},
		Blank: func(r *page.Request, values url.Values) { values.Set("currency", currency(r)) },
	}
}

// since is a filter by when something was made.
func since(name string) record.Filter {
	return record.Filter{Name: name, Label: "Made", Choices: []record.Choice{
		record.Any("Made any time"), record.Days("today", "Made today", "created_at", 0, 1),
		record.Days("week", "In the last 7 days", "created_at", -6, 1), record.Days("month", "In the last 30 days", "created_at", -29, 1),
	}}
}

// ordered says what was ordered, in a line.
func ordered(o parley.Order) string {
	switch len(o.Items) {
	case 0:
		return "–"
	case 1:
		return o.Items[0].Name
	}
	return o.Items[0].Name + " and " + ui.Plural(len(o.Items)-1, "other", "others")
}

// currency is that of the newest order: most likely that of the next.
func currency(r *page.Request) string {
	newest, _, err := r.Site.Sales.Orders.List(r.Context(), r.Org(), store.Page{Limit: 1}, store.Filter{})
	if err != nil || len(newest) == 0 {
		return ""
	}
	return newest[0].Currency
}

// together is the price of all of an item, as far as it can be counted.
func together(i parley.OrderItem) int64 {
	const most = 1 << 62
	if i.UnitAmount > 0 && int64(i.Quantity) > most/i.UnitAmount {
		return most
	}
	return int64(i.Quantity) * i.UnitAmount
}
