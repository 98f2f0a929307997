package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
)

type orgCommands struct {
	Create   orgCreateCommand   `cmd:"" help:"Make an organization with an owner and an API key, also while the server runs."`
	Password orgPasswordCommand `cmd:"" help:"Give a login back to its person with a new password, also while the server runs."`
	Quota    orgQuotaCommand    `cmd:"" help:"Show what an organization has and may have, and change that, also while the server runs."`
}

type orgCreateCommand struct {
	Name  string `arg:"" help:"Name of the organization."`
	Email string `help:"Email of its owner." placeholder:"owner@NAME.example.com"`
	URL   string `name:"url" help:"Where the server is reached." default:"${default_url}"`

	storage `embed:""`
}

// Run makes the organization and prints what it can be used with.
func (c *orgCreateCommand) Run(ctx context.Context, p *program) error {
	email := c.Email
	if email == "" {
		email = ownerOf(c.Name)
	}
	if parsed, err := mail.ParseAddress(email); err != nil || parsed.Address != email {
		return fmt.Errorf("--email %q is not an email address", email)
	}
	password := newPassword()
	warnings := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	made, newLogin, err := server.Found(ctx, c.config(warnings), account.Founding{
		Name: c.Name, Email: email, Owner: "Owner", Password: password, Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		return fmt.Errorf("create the organization: %w", err)
	}
	if !newLogin {
		password = ""
		fmt.Fprintf(p.stderr, "%s has a login already: its password stays as it is.\n", email)
	}
	return credentialsOf(made, c.URL, password).print(p.stdout)
}

// ownerOf makes up the email of an owner: "Demo Bakery" has owner@demo-bakery.example.com.
func ownerOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	label := strings.Join(words, "-")
	if label == "" {
		return "owner@example.com"
	}
	return "owner@" + strings.TrimRight(label[:min(len(label), 60)], "-") + ".example.com"
}
