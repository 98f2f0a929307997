package main

import (
	"context"
	"fmt"
	"strings"

	"parley/cmd/parley/client"
	"parley/internal/mirror"
)

type mirrorCommand struct {
	To     string   `required:"" help:"Where to: postgres://…, sqlite:FILE or jsonl:FOLDER." placeholder:"TARGET"`
	Prefix string   `help:"What the names of tables or files begin with." placeholder:"PREFIX"`
	Except []string `help:"Leave these out." placeholder:"NOUN,…"`
	Once   bool     `help:"End when the target has caught up."`
	JSON   bool     `name:"json" help:"Print how it goes as JSON, one object a line."`

	connection `embed:""`
}

// Help implements kong.HelpProvider.
func (c *mirrorCommand) Help() string {
	var names []string
	for _, n := range mirror.Nouns() {
		names = append(names, n.Name)
	}
	return "Copies the organization's objects and events into a database of yours, and keeps following. It can be stopped at any moment, and goes on where it was. " +
		"The key needs the scope *:read, or those of what is not left out. Nouns: " + strings.Join(names, ", ") + "."
}

// Run mirrors until it is told to stop.
func (c *mirrorCommand) Run(ctx context.Context, p *program) error {
	api, err := c.client(p)
	if err != nil {
		return err
	}
	paper := newMirrorPaper(p, c.JSON)
	source := client.Source{Client: api, Broken: paper.broken}
	err = mirror.Run(ctx, mirror.Options{
		Source: source, To: c.To, Prefix: c.Prefix, Except: c.Except, Once: c.Once, Tell: paper.tell, Note: paper.note,
	})
	paper.end()
	if err != nil {
		return fmt.Errorf("mirror: %w", err)
	}
	return nil
}
