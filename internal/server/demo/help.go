package demo

import (
	"context"

	"parley"
)

// leaflet is an article as it stands in the demo.
type leaflet struct {
	category           int
	title, about, body string
	draft              bool
}

// explain makes the help centre: a portal with two categories, and articles in them.
func (g *gardener) explain(ctx context.Context) error {
	portal, err := g.Help.Portals.Create(ctx, g.by, parley.Portal{
		Name: "Demo Bakery Help", Slug: "help", Description: new("Orders, deliveries, and what our bread is made of."),
		Color: "#b4530a", DefaultLocale: "en", Locales: []string{"en"},
	})
	if err != nil {
		return err
	}
	var categories []parley.CategoryID
	for i, c := range []parley.Category{
		{Name: "Orders and delivery", Description: new("How to order, and what becomes of it.")},
		{Name: "Our bread", Description: new("What is in it, and how it keeps.")},
	} {
		c.PortalID, c.Position = portal.ID, i+1
		made, err := g.Help.Categories.Create(ctx, g.by, c)
		if err != nil {
			return err
		}
		categories = append(categories, made.ID)
	}
	for i, l := range leaflets() {
		made, err := g.Help.Articles.Create(ctx, g.by, parley.Article{
			PortalID: portal.ID, CategoryID: &categories[l.category], Title: l.title, Description: &l.about, Body: l.body, Position: i + 1,
		})
		if err != nil {
			return err
		}
		if l.draft {
			continue
		}
		if _, err := g.Help.Articles.Publish(ctx, g.by, made.ID); err != nil {
			return err
		}
	}
	return nil
}

func leaflets() []leaflet {
	return []leaflet{
		{0, "Where is my order?", "How to follow a parcel.", `Orders leave the bakery at **5 in the morning**, and again at noon.

1. Open the link in the message that says *Your order is on its way*.
2. The map shows where the van is, to the street.
3. If it stands still for more than half an hour, write to us here: the driver has a phone.

An order that says *baking* has not left yet. It can still be changed until **8 in the evening** of the day before.
`, false},
		{0, "Changing or cancelling an order", "Until when, and how.", `You can change an order until **8 in the evening of the day before**. Answer the message with which we confirmed it, and say what is to be different.

| When | What can be done |
|---|---|
| Until 8 in the evening | Everything, at no cost |
| Later | We bake already: ask, and we see what can be done |
| On the way | Refuse it at the door; we take half |

Cakes to order are another matter: their date is fixed *three days* ahead.
`, false},
		{0, "Delivery for cafés and shops", "Rounds, crates and minimum orders.", `We deliver wholesale on two rounds, **5 to 7** and **12 to 14** o'clock, every day but Sunday.

- The smallest order is 40 EUR a day.
- Crates are ours: put yesterday's in front of the door.
- Standing orders can be changed in writing until noon of the day before.

Would you like to taste first? Write to us, and we bring a box.
`, false},
		{1, "What is in your bread?", "Flour, water, salt, time, and allergens.", `Flour, water, salt and time. Rye and sourdough have **no yeast** added.

## Allergens

All our bread has *gluten*. In the same room we use:

- milk and eggs (croissants, cakes)
- hazelnuts and walnuts
- sesame

So we cannot promise that a loaf is free of traces.
`, false},
		{1, "How to keep a loaf fresh", "In a bag of paper, not in the fridge.", `Keep it **in paper, cut side down**, at room temperature. A rye loaf is at its best on the second day.

> The fridge makes bread old: starch sets fastest at 4 °C.

To freeze it, slice it first. Ten minutes in the oven at 180 °C bring it back.
`, false},
		{1, "Gluten-free bread", "What we plan for the autumn.", `We are building a **second bakehouse** for bread without gluten. Until it is ready we sell none: one oven cannot do both safely.

*To do: the date, and a photo of the new oven.*
`, true},
	}
}
