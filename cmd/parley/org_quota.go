package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"

	"parley"
	"parley/internal/quota"
	"parley/internal/server"
)

type orgQuotaCommand struct {
	ID           string `arg:"" help:"Id of the organization."`
	EventsPerDay string `help:"Events that it may have in a day (UTC): a number, 0 for no limit, or default for what the server says." placeholder:"N"`
	Objects      string `help:"Objects that it may have, likewise." placeholder:"N"`
	Storage      string `help:"Bytes of files that it may keep, likewise." placeholder:"N"`

	storage `embed:""`
}

// Run changes the quotas that are named, and prints all and what is used of them.
func (c *orgQuotaCommand) Run(ctx context.Context, p *program) error {
	id, ok := parley.ParseID[parley.OrganizationID](c.ID)
	if !ok {
		return fmt.Errorf("%q is not the id of an organization: one looks like org_01kaf0v3b1f8wr5q2n7m4t9xzc", c.ID)
	}
	warnings := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	usage, err := server.Quota(ctx, c.config(warnings), id, c.change)
	if err != nil {
		return err
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(usage)
}

// change makes the overrides of an organization those that the flags say.
func (c *orgQuotaCommand) change(o *quota.Overrides) (changed bool, err error) {
	for _, flag := range []struct {
		name, value string
		override    **int64
	}{
		{"events-per-day", c.EventsPerDay, &o.EventsPerDay},
		{"objects", c.Objects, &o.Objects},
		{"storage", c.Storage, &o.Storage},
	} {
		switch flag.value {
		case "":
			continue
		case "default":
			*flag.override = nil
		default:
			n, err := strconv.ParseInt(flag.value, 10, 64)
			if err != nil || n < 0 {
				return false, fmt.Errorf("--%s must be a number, 0 (no limit) or more, or default", flag.name)
			}
			*flag.override = &n
		}
		changed = true
	}
	return changed, nil
}
