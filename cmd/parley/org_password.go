package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"parley/internal/server"
)

type orgPasswordCommand struct {
	Email               string `arg:"" help:"Email of the login."`
	WithoutSecondFactor bool   `help:"Take its second factor away as well, for somebody who has lost their phone and the recovery codes."`

	storage `embed:""`
}

// Run gives the login a new password, ends its sessions and prints the password.
func (c *orgPasswordCommand) Run(ctx context.Context, p *program) error {
	password := newPassword()
	warnings := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if err := server.GiveBack(ctx, c.config(warnings), c.Email, password, c.WithoutSecondFactor); err != nil {
		return fmt.Errorf("set the password of %s: %w", c.Email, err)
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}{c.Email, password})
}
