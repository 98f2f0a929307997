package demo

import (
	"context"

	"parley"
)

// offer is a deal as it stands in the demo: at a stage, by its place in the pipeline.
type offer struct {
	title  string
	who    int // of the people; -1: nobody is known yet
	stage  int
	euros  int64 // 0: nobody knows
	whose  parley.UserID
	became parley.DealStatus
	why    string
}

// deal makes a pipeline of wholesale customers, and the deals that are in it.
func (g *gardener) deal(ctx context.Context, at scene) error {
	pipeline, err := g.Sales.Pipelines.Create(ctx, g.by, parley.Pipeline{
		Name:   "Wholesale customers",
		Stages: []parley.Stage{{Name: "Asked"}, {Name: "Tasting"}, {Name: "Offer sent"}, {Name: "Trial week"}, {Name: "Contract"}},
	})
	if err != nil {
		return err
	}
	for _, o := range []offer{
		{title: "Daily croissants for Hotel Aurora", who: 3, stage: 3, euros: 14600, whose: at.owner},
		{title: "Bread for the canteen of the harbour office", who: -1, stage: 0, whose: at.baker},
		{title: "Rye and sourdough for Café Lindqvist", who: 1, stage: 4, euros: 9800, whose: at.baker},
		{title: "Cakes for three weddings in June", who: 0, stage: 2, euros: 2150, whose: at.owner},
		{title: "Spelt rolls for the Sunday market", who: 2, stage: 1, euros: 1280},
		{title: "Breakfast boxes for a co-working house", who: -1, stage: 0, euros: 5400, whose: at.owner},
		{title: "Burger buns for the football club", who: 3, stage: 2, euros: 3600, whose: at.baker, became: parley.WonDeal},
		{title: "Baguettes for Bistro Nord", who: 0, stage: 1, euros: 4200, whose: at.owner, became: parley.LostDeal, why: "Another bakery was nearer."},
		{title: "Gluten-free range for a health shop", who: 2, stage: 1, euros: 6750, whose: at.baker},
	} {
		if err := g.offer(ctx, at, pipeline, o); err != nil {
			return err
		}
	}
	return nil
}

// offer makes a deal, and takes it where it stands.
func (g *gardener) offer(ctx context.Context, at scene, p parley.Pipeline, o offer) error {
	deal := parley.Deal{Title: o.title, PipelineID: p.ID}
	if o.who >= 0 {
		deal.ContactID = &at.people[o.who]
	}
	if o.whose != "" {
		deal.AssigneeID = &o.whose
	}
	if o.euros > 0 {
		deal.Amount, deal.Currency = new(o.euros*100), new("EUR")
	}
	made, err := g.Sales.Deals.Create(ctx, g.by, deal)
	if err != nil {
		return err
	}
	for _, stage := range p.Stages[1 : o.stage+1] {
		if made, err = g.Sales.Deals.Move(ctx, g.by, made.ID, stage.ID); err != nil {
			return err
		}
	}
	switch o.became {
	case parley.WonDeal:
		_, err = g.Sales.Deals.Win(ctx, g.by, made.ID)
	case parley.LostDeal:
		_, err = g.Sales.Deals.Lose(ctx, g.by, made.ID, &o.why)
	}
	return err
}
