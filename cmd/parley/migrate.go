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

// Run migrates and says what it did.
func (c *migrateCommand) Run(ctx context.Context, p *program) error {
	warnings := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	from, to, err := server.Migrate(ctx, c.config(warnings))
	if err != nil {
		return err
	}
	if from == to {
		fmt.Fprintf(p.stdout, "The schema is up to date: version %d.\n", to)
		return nil
	}
	fmt.Fprintf(p.stdout, "The schema was migrated from version %d to version %d.\n", from, to)
	return nil
}
