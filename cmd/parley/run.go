package main

import (
	"context"
	"io"

	"github.com/alecthomas/kong"
)

// commands are what the program can be told to do.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Dev     devCommand     `cmd:"" help:"Run a server for development: with sample data, a key and a login, and webhooks to this machine allowed."`
	Org     orgCommands    `cmd:"" help:"Organizations."`
	Listen  listenCommand  `cmd:"" help:"Post every event, signed, to a URL on this machine: webhooks without a tunnel."`
	Trigger triggerCommand `cmd:"" help:"Make a realistic event happen."`
	Events  eventsCommands `cmd:"" help:"Show the event log."`
	Mirror  mirrorCommand  `cmd:"" help:"Copy objects and events into a database of yours, and keep following."`
	Check   checkCommand   `cmd:"" help:"Grade a webhook receiver: send it what Parley would, and what it must refuse."`
	Bench   benchCommand   `cmd:"" help:"Measure Parley on this machine and compare each figure with its bound."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the OpenAPI document of the API, to lint it or to make a client from it."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date, without running the server."`
	Version versionCommand `cmd:"" help:"Show the version."`
}

// program is what a command has to do with the world.
type program struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// run is the program: it does what args say and returns when that is done, or soon
// after ctx ends. A flag that is not among args is taken from its environment
// variable, then from the file that --config names.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	helped := false
	settings := &settings{getenv: getenv}
	parser, err := kong.New(&commands{},
		kong.Name("parley"),
		kong.Description("Customer conversations, with a log of everything that happens and webhooks that are never lost."),
		kong.Writers(stdout, stderr),
		kong.Vars{"default_url": defaultURL},
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(settings),
		kong.ValueFormatter(describe),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return err
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run(&program{getenv, stdout, stderr})
}
