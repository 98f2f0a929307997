package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/internal/outbound"
	"parley/internal/server"
	"parley/internal/server/demo"
)

type devCommand struct {
	Addr      string `help:"Address to listen on; by default only this machine can reach it." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	RateLimit int    `help:"Requests per minute and API key; 0 is no limit." default:"600000"`
	SignUp    bool   `name:"sign-up" help:"Let strangers make organizations of their own at /sign-up." default:"true" negatable:""`

	storage     `embed:""`
	serverFlags `embed:""`
}

// Validate implements kong's check of a command.
func (c *devCommand) Validate() error { return errors.Join(checkRateLimit(c.RateLimit), c.check()) }

// Run serves until it is told to stop. Before, it says how to log in and which key
// to use.
func (c *devCommand) Run(ctx context.Context, p *program) error {
	logger := c.logger(p.stderr)
	config := c.config(logger)
	config.Addr, config.RateLimit, config.SignUp = c.Addr, c.RateLimit, c.SignUp
	c.apply(&config)
	config.Dev = true
	config.Policy = outbound.Policy{AllowHTTP: true, AllowPrivate: true, AllowHosts: c.AllowHost, AllowNetworks: c.AllowNetwork}
	s, err := server.New(ctx, config)
	if err != nil {
		return err
	}
	known, err := c.welcome(ctx, s, logger)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	c.greet(p, s.URL(), known)
	return s.Run(ctx)
}

// welcome gives the credentials of the demo organization, which it makes if there
// is no organization at all. It gives none if there is one whose credentials are
// lost.
func (c *devCommand) welcome(ctx context.Context, s *server.Server, logger *slog.Logger) (*credentials, error) {
	path := credentialsFile(c.Data)
	kept, found, err := readCredentials(path)
	if err != nil {
		logger.Warn("dev.credentials_unreadable", "error", err)
	} else if found {
		known, err := s.Knows(ctx, kept.APIKey)
		if err != nil {
			return nil, err
		}
		if known {
			return c.moveTo(s.URL(), kept)
		}
	}
	empty, err := s.Empty(ctx)
	if err != nil || !empty {
		return nil, err
	}
	password := newPassword()
	made, err := s.PlantDemo(ctx, "robin@example.com", password)
	if made.Key == "" {
		return nil, err
	}
	fresh := credentialsOf(made, s.URL(), password)
	return &fresh, errors.Join(err, fresh.save(path)) // the key works, also if planting failed midway
}

// moveTo makes credentials name the address that the server has this time.
func (c *devCommand) moveTo(url string, kept credentials) (*credentials, error) {
	if kept.URL == url {
		return &kept, nil
	}
	kept.URL = url
	return &kept, kept.save(credentialsFile(c.Data))
}

// greet says what runs where, and what to do first.
func (c *devCommand) greet(p *program, url string, known *credentials) {
	fmt.Fprintf(p.stdout, "Parley is running at %s\n\n", url)
	if known == nil {
		fmt.Fprintf(p.stdout, "  Its organization's key is not in %s or no longer works.\n", credentialsFile(c.Data))
		fmt.Fprintf(p.stdout, "  A new organization with a new key:  parley org create NAME %s\n", c.storageFlags())
	} else {
		fmt.Fprintf(p.stdout, "  Dashboard    %s/\n", url)
		fmt.Fprintf(p.stdout, "  Email        %s\n", known.Email)
		fmt.Fprintf(p.stdout, "  Password     %s\n", known.Password)
		fmt.Fprintf(p.stdout, "  Colleagues   %s (admin), %s (agent), the same password\n", demo.AdminEmail, demo.AgentEmail)
		fmt.Fprintf(p.stdout, "  API key      %s\n", known.APIKey)
		fmt.Fprintf(p.stdout, "  Credentials  %s\n", credentialsFile(c.Data))
	}
	fmt.Fprintf(p.stdout, "  Data folder  %s\n\n", c.Data)
	if known != nil {
		fmt.Fprintf(p.stdout, "Try it:\n\n  curl -H 'Authorization: Bearer %s' %s/v1/conversations\n\n", known.APIKey, url)
	}
	fmt.Fprintf(p.stdout, "Stop it with Ctrl-C.\n")
}

// storageFlags are the flags that lead another command to the same data.
func (c *devCommand) storageFlags() string {
	if c.DatabaseURL != "" {
		return "--database-url postgres://…"
	}
	return "--data " + c.Data
}
