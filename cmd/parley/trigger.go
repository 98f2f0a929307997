package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley"
	"parley/cmd/parley/client"
	"parley/internal/spelling"
)

type triggerCommand struct {
	Types []string `arg:"" name:"type" optional:"" help:"Type of event, such as conversation.created or custom.anything; or several."`
	List  bool     `help:"List the types that can be triggered."`
	Inbox string   `help:"Inbox for what needs one; the first of channel api if not given." placeholder:"inb_…"`
	JSON  bool     `name:"json" help:"Print the event as JSON."`

	connection `embed:""`
}

// Run makes the events happen, one after another, and prints each.
func (c *triggerCommand) Run(ctx context.Context, p *program) error {
	if c.List {
		return listTriggers(p)
	}
	if len(c.Types) == 0 {
		return errors.New("name a type of event, or see the types with --list")
	}
	for _, eventType := range c.Types {
		if _, err := triggerFor(eventType); err != nil {
			return err
		}
	}
	api, err := c.client(p)
	if err != nil {
		return err
	}
	for _, eventType := range c.Types {
		event, err := c.trigger(ctx, api, eventType)
		if err != nil {
			return fmt.Errorf("trigger %s: %w", eventType, err)
		}
		c.print(p, event)
	}
	return nil
}

// trigger makes an event happen and finds it in the log.
func (c *triggerCommand) trigger(ctx context.Context, api *client.Client, eventType string) (client.Event, error) {
	cause, err := triggerFor(eventType)
	if err != nil {
		return client.Event{}, err
	}
	before, err := api.Head(ctx)
	if err != nil {
		return client.Event{}, err
	}
	subject, err := cause(&stage{ctx: ctx, api: api, inbox: c.Inbox})
	if err != nil {
		return client.Event{}, err
	}
	return findEvent(ctx, api, eventType, subject, before)
}

func (c *triggerCommand) print(p *program, event client.Event) {
	if c.JSON {
		fmt.Fprintf(p.stdout, "%s\n", event.JSON)
		return
	}
	style := styleOf(p.stdout, p.getenv)
	fmt.Fprintf(p.stdout, "%s  %d  %s  %s\n", event.ID, event.Sequence, style.label(event.Type), event.Subject())
}

// listTriggers prints every type that can be triggered, with what it tells of.
func listTriggers(p *program) error {
	style := styleOf(p.stdout, p.getenv)
	for _, name := range slices.Sorted(maps.Keys(triggers())) {
		declared, _ := parley.Declared(name)
		fmt.Fprintf(p.stdout, "%s  %s\n", style.label(fmt.Sprintf("%-*s", typeWidth, name)), declared.Doc)
	}
	fmt.Fprintf(p.stdout, "%s  %s\n", style.label(fmt.Sprintf("%-*s", typeWidth, "custom.NAME")), "An event of your own; the name is 1 to 64 of a-z, 0-9 and _.")
	return nil
}

// triggerFor finds what makes a type of event happen, or says what to use instead.
func triggerFor(name string) (trigger, error) {
	if _, custom := parley.CustomEvent(name, "", nil); custom {
		return func(s *stage) (string, error) { return s.publish(name) }, nil
	}
	possible := triggers()
	if t := possible[name]; t != nil {
		return t, nil
	}
	if reason := beyondTrigger(name); reason != "" {
		return nil, fmt.Errorf("%s cannot be triggered: %s", name, reason)
	}
	near := nearest(name, possible)
	if len(near) == 0 {
		return nil, fmt.Errorf("there is no type of event %q: see `parley trigger --list`", name)
	}
	return nil, fmt.Errorf("there is no type of event %q: did you mean %s? See `parley trigger --list`", name, strings.Join(near, ", "))
}

// nearest are the types whose names come closest to a misspelt one: those a few
// letters away, else those of the same noun.
func nearest(name string, possible map[string]trigger) []string {
	const few = 4
	noun, _, _ := strings.Cut(name, ".")
	var close, related []string
	for candidate := range possible {
		if spelling.Distance(name, candidate) <= few {
			close = append(close, candidate)
		}
		if strings.HasPrefix(candidate, noun+".") {
			related = append(related, candidate)
		}
	}
	if len(close) == 0 {
		close = related
	}
	slices.SortFunc(close, func(a, b string) int {
		if d := spelling.Distance(name, a) - spelling.Distance(name, b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return close[:min(len(close), 3)]
}

// findEvent finds the newest event of a type about a subject: its object's id, or
// its own.
func findEvent(ctx context.Context, api *client.Client, eventType, subject string, after int64) (client.Event, error) {
	const most = 200 // what others do meanwhile
	events, err := api.Newest(ctx, client.Filter{Types: eventType, After: after}, most)
	if err != nil {
		return client.Event{}, err
	}
	for _, e := range slices.Backward(events) {
		if e.Subject() == subject || string(e.ID) == subject {
			return e, nil
		}
	}
	return client.Event{}, fmt.Errorf("%s was changed, but the log has no %s of it", subject, eventType)
}
