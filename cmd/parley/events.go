package main

import (
	"context"
	"fmt"
	"time"

	"parley/cmd/parley/client"
)

type eventsCommands struct {
	List eventsListCommand `cmd:"" default:"withargs" help:"Show the newest events, the newest last."`
	Tail eventsTailCommand `cmd:"" help:"Show events as they happen; what happens while the server is away comes later."`
}

// eventFlags are common to what shows events.
type eventFlags struct {
	Types string `help:"Only these types, separated by commas; conversation.* is all of a noun." placeholder:"TYPES"`
	Since since  `help:"Begin with the event at this sequence, at this time (2026-11-20T10:30:00Z), or so long ago (15m)." placeholder:"PLACE"`
	JSON  bool   `name:"json" help:"Print the events as JSON, one a line."`

	connection `embed:""`
}

type eventsListCommand struct {
	Limit int `help:"How many to show at most." default:"20"`

	eventFlags `embed:""`
}

// Run prints a part of the log.
func (c *eventsListCommand) Run(ctx context.Context, p *program) error {
	api, err := c.client(p)
	if err != nil {
		return err
	}
	events, err := api.Newest(ctx, c.Since.filter(c.Types), c.Limit)
	if err != nil {
		return err
	}
	out := newEventPrinter(p, c.JSON)
	for _, e := range events {
		out.print(e)
	}
	if len(events) == 0 && !c.JSON {
		fmt.Fprintln(p.stderr, "There are no such events.")
	}
	return nil
}

type eventsTailCommand struct {
	eventFlags `embed:""`
}

// Run prints events until it is told to stop.
func (c *eventsTailCommand) Run(ctx context.Context, p *program) error {
	api, err := c.client(p)
	if err != nil {
		return err
	}
	after, err := c.Since.after(ctx, api)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "Following events after %d of %s.\n", after, api.URL())
	out := newEventPrinter(p, c.JSON)
	following := client.Following{Types: c.Types, After: after, Broken: p.broken, Missed: p.missed}
	return api.Follow(ctx, following, func(e client.Event) error {
		out.print(e)
		return nil
	})
}

// missed says which events the server no longer keeps.
func (p *program) missed(first, last int64) {
	fmt.Fprintf(p.stderr, "The events from %d to %d are missed: the server no longer keeps them.\n", first, last)
}

// broken says that a stream broke, and when it is opened again.
func (p *program) broken(cause error, again time.Duration) {
	fmt.Fprintf(p.stderr, "%v; trying again in %v.\n", cause, again.Round(10*time.Millisecond))
}
