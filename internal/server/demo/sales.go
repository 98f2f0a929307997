package demo

import (
	"context"

	"parley"
)

// sell is what was ordered of late, and how it was paid.
func (g *gardener) sell(ctx context.Context, at scene) error {
	box, err := g.Sales.Orders.Create(ctx, g.by, parley.Order{
		ContactID: at.people[mira], ConversationID: new(at.told["Two loaves short"]), Amount: 3930, Currency: "EUR",
		Items: []parley.OrderItem{
			{Name: "Rye bread, 1 kg", SKU: new("RYE-1000"), Quantity: 6, UnitAmount: 590},
			{Name: "Delivery", Quantity: 1, UnitAmount: 390},
		},
	})
	if err != nil {
		return err
	}
	if _, err := g.Sales.Orders.Fulfil(ctx, g.by, box.ID); err != nil {
		return err
	}
	if err := g.paid(ctx, box, "card", new("ch_3Rye1000")); err != nil {
		return err
	}
	rolls, err := g.Sales.Orders.Create(ctx, g.by, parley.Order{
		ContactID: at.people[jonas], Amount: 9120, Currency: "EUR",
		Items: []parley.OrderItem{
			{Name: "Plain roll", SKU: new("ROLL-PLAIN"), Quantity: 180, UnitAmount: 38},
			{Name: "Poppy roll", SKU: new("ROLL-POPPY"), Quantity: 60, UnitAmount: 38},
		},
	})
	if err != nil {
		return err
	}
	_, err = g.Sales.Payments.Create(ctx, g.by, parley.Payment{
		OrderID: &rolls.ID, Amount: rolls.Amount, Currency: rolls.Currency, Provider: new("bank transfer"), Reference: new("RF18 5390 0754 7034"),
	})
	if err != nil {
		return err
	}
	return g.failed(ctx, at)
}

// paid makes a payment of an order that came in.
func (g *gardener) paid(ctx context.Context, o parley.Order, provider string, reference *string) error {
	p, err := g.Sales.Payments.Create(ctx, g.by, parley.Payment{OrderID: &o.ID, Amount: o.Amount, Currency: o.Currency, Provider: &provider})
	if err != nil {
		return err
	}
	_, err = g.Sales.Payments.Confirm(ctx, g.by, p.ID, reference)
	return err
}

// failed is a cake that was called off after its payment failed.
func (g *gardener) failed(ctx context.Context, at scene) error {
	cake, err := g.Sales.Orders.Create(ctx, g.by, parley.Order{
		ContactID: at.people[priya], Amount: 5400, Currency: "EUR", Items: []parley.OrderItem{{Name: "Spelt cake with plums", Quantity: 2, UnitAmount: 2700}},
	})
	if err != nil {
		return err
	}
	p, err := g.Sales.Payments.Create(ctx, g.by, parley.Payment{OrderID: &cake.ID, Amount: cake.Amount, Currency: cake.Currency, Provider: new("card")})
	if err != nil {
		return err
	}
	if _, err := g.Sales.Payments.Fail(ctx, g.by, p.ID, new("The card has expired.")); err != nil {
		return err
	}
	_, err = g.Sales.Orders.Cancel(ctx, g.by, cake.ID)
	return err
}
