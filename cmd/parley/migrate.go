package main

import (
	"context"
	"fmt"
	"log/slog"

	"parley/internal/server"
)

type migrateCommand struct {
	storage `embed:""`
}

// Run migrates and says which version the schema has now.
func (c *migrateCommand) Run(ctx context.Context, p *program) error {
	warnings := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	version, err := server.Migrate(ctx, c.config(warnings))
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The schema is up to date: version %d.\n", version)
	return nil
}
