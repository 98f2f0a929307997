package demo

import (
	"context"
	"time"

	"parley"
	"parley/internal/noun"
)

const day = 24 * time.Hour

// work is what the bakers have on their list this morning: a call that should have been
// made yesterday, a matter that waits for the oven's maker, a tasting on Monday.
func (g *gardener) work(ctx context.Context, at scene) error {
	team, err := g.Account.Teams.Create(ctx, g.by, parley.Team{
		Name: "Night shift", Description: new("Bakes from ten to six, and reads what came in meanwhile."), MemberIDs: []parley.UserID{at.baker},
	})
	if err != nil {
		return err
	}
	if err := g.tasks(ctx, at, team.ID); err != nil {
		return err
	}
	if err := g.tickets(ctx, at, team.ID); err != nil {
		return err
	}
	return g.appointments(ctx, at)
}

func (g *gardener) tasks(ctx context.Context, at scene, night parley.TeamID) error {
	short, rolls := at.told["Two loaves short"], at.told["Rolls for the café"]
	var last parley.Task
	for _, t := range []parley.Task{
		{
			Title: "Call Jonas about the price of rolls", Description: new("He wants 300 a day from spring on. Below 38 cents each we lose money."),
			DueAt: soon(-20 * time.Hour), AssigneeID: &at.owner, ConversationID: &rolls,
		},
		{Title: "Put two rye loaves on the noon round", DueAt: soon(3 * time.Hour), AssigneeID: &at.baker, ConversationID: &short},
		{Title: "Ask three mills for an offer on spelt", DueAt: soon(6 * day), TeamID: &night},
		{Title: "Write the sign for the Sunday hours", AssigneeID: &at.baker},
		{Title: "Thank Tomás for his kind words", AssigneeID: &at.owner, ContactID: &at.people[tomas]},
	} {
		made, err := g.Work.Tasks.Create(ctx, g.by, t)
		if err != nil {
			return err
		}
		last = made
	}
	_, err := g.Work.Tasks.Complete(ctx, g.by, last.ID)
	return err
}

func (g *gardener) tickets(ctx context.Context, at scene, night parley.TeamID) error {
	oven, err := g.Work.Tickets.Create(ctx, g.by, parley.Ticket{
		Subject: "The second oven stays cold", Priority: "high",
		Description: new("Since Monday, on every programme. The maker wants the number on the plate behind the left door."),
	})
	if err != nil {
		return err
	}
	if _, err := g.Work.Tickets.Update(ctx, g.by, string(oven.ID), noun.AnyVersion, func(t *parley.Ticket) error {
		t.Priority, t.AssigneeID, t.TeamID = "urgent", &at.baker, &night
		return nil
	}); err != nil {
		return err
	}
	if _, err := g.as(at.baker).Work.Tickets.Pend(ctx, g.as(at.baker).by, oven.ID); err != nil {
		return err
	}
	short := at.told["Two loaves short"]
	if _, err := g.Work.Tickets.Create(ctx, g.by, parley.Ticket{
		Subject: "Boxes that come short on Friday mornings", Priority: "normal", ConversationID: &short, AssigneeID: &at.owner,
		Description: new("The third box this month. Count them before they go on the van?"),
	}); err != nil {
		return err
	}
	settled, err := g.Work.Tickets.Create(ctx, g.by, parley.Ticket{Subject: "The invoice of October has the wrong street", Priority: "low", ContactID: &at.people[jonas]})
	if err != nil {
		return err
	}
	_, err = g.Work.Tickets.Close(ctx, g.by, settled.ID)
	return err
}

func (g *gardener) appointments(ctx context.Context, at scene) error {
	cake := at.told["A cake for forty"]
	morning := parley.At(time.Now().UTC().Truncate(day).Add(9 * time.Hour))
	for _, a := range []parley.Appointment{
		{
			Title: "Cake tasting", Description: new("Three sponges without nuts. Bring the list of guests."), Location: new("The shop, Harbour Street"),
			StartsAt: morning.Add(3 * day), EndsAt: morning.Add(3*day + 45*time.Minute), UserID: at.baker, ConversationID: &cake,
		},
		{
			Title: "A look at the new café", Location: new("Jonas meets us at the side door"),
			StartsAt: morning.Add(5*day + 5*time.Hour), EndsAt: morning.Add(5*day + 6*time.Hour), UserID: at.owner, ContactID: &at.people[jonas],
		},
	} {
		a.TimeZone = "Europe/London"
		if _, err := g.Work.Appointments.Create(ctx, g.by, a); err != nil {
			return err
		}
	}
	off, err := g.Work.Appointments.Create(ctx, g.by, parley.Appointment{
		Title: "A walk through the bakery", StartsAt: morning.Add(2 * day), EndsAt: morning.Add(2*day + time.Hour), TimeZone: "Europe/London",
		UserID: at.owner, ContactID: &at.people[tomas],
	})
	if err != nil {
		return err
	}
	_, err = g.Work.Appointments.Cancel(ctx, g.by, off.ID, new("Tomás has caught a cold, and will call."))
	return err
}

// soon is a time from now, or before it.
func soon(after time.Duration) *parley.Time { return new(parley.Now().Add(after)) }
