package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"parley/internal/outbound"
	"parley/internal/quota"
	"parley/internal/server"
)

// serverFlags are common to serve and dev.
type serverFlags struct {
	AllowHost     []string       `help:"Host that webhooks may go to wherever it leads, also over http; *.example.com is all below it." placeholder:"HOST"`
	AllowNetwork  []netip.Prefix `help:"Network that webhooks may go to though it is not public." placeholder:"192.0.2.0/24"`
	RetentionDays int            `help:"Days that the event log is kept of organizations that do not say so themselves; 0 is for ever." default:"30"`
	MaxUpload     int            `help:"Largest attachment, in MiB." default:"25"`
	PublicURL     string         `name:"public-url" help:"Where clients reach this server, for links in answers; left out: the address that a request was sent to." placeholder:"https://…"`
	QuotaEvents   int64          `name:"quota-events-per-day" help:"Events that an organization may have in a day (UTC), unless parley org quota says otherwise; 0 is no limit." default:"0"`
	QuotaObjects  int64          `help:"Objects that an organization may have, likewise; 0 is no limit." default:"0"`
	QuotaStorage  int64          `help:"Bytes of files that an organization may keep, likewise; 0 is no limit." default:"0"`
	SignInLimit   int            `name:"sign-in-limit" help:"Attempts to sign in per minute with one email, and three times as many from one address; 0 is no limit." default:"10"`
	TrustProxy    []netip.Prefix `help:"Network of proxies in front, whose X-Forwarded-For says where requests come from." placeholder:"192.0.2.0/24"`
	LogFormat     string         `help:"Format of the log on stderr: text or json." enum:"text,json" default:"text"`
	LogLevel      slog.Level     `help:"Least level of the log: debug, info, warn or error." default:"info"`

	S3   s3Flags   `embed:"" prefix:"s3-"`
	OIDC oidcFlags `embed:"" prefix:"oidc-"`
}

// maxRetentionDays is the most that an organization can ask for, too.
const maxRetentionDays = 3650

// mostUpload is the largest attachment that an operator may allow, in MiB.
const mostUpload = 5000

func (f serverFlags) check() error {
	if f.RetentionDays < 0 || f.RetentionDays > maxRetentionDays {
		return fmt.Errorf("--retention-days must be between 0 (for ever) and %d", maxRetentionDays)
	}
	if f.MaxUpload < 1 || f.MaxUpload > mostUpload {
		return fmt.Errorf("--max-upload must be between 1 and %d (MiB)", mostUpload)
	}
	if f.QuotaEvents < 0 || f.QuotaObjects < 0 || f.QuotaStorage < 0 {
		return errors.New("--quota-events-per-day, --quota-objects and --quota-storage must be 0 (no limit) or more")
	}
	if f.SignInLimit < 0 {
		return errors.New("--sign-in-limit must be 0 (no limit) or more")
	}
	return errors.Join(f.checkPublicURL(), f.S3.check(), f.OIDC.check(f.PublicURL))
}

func (f serverFlags) checkPublicURL() error {
	u, err := url.Parse(f.PublicURL)
	if f.PublicURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil) {
		return errors.New("--public-url must be like https://parley.example.com, without a path")
	}
	return nil
}

// apply gives a configuration what the flags say.
func (f serverFlags) apply(c *server.Config) {
	c.RetentionDays, c.MaxUpload = f.RetentionDays, int64(f.MaxUpload)<<20
	c.PublicURL, c.Files = strings.TrimRight(f.PublicURL, "/"), f.S3.config()
	c.TrustProxy = f.TrustProxy
	c.SignInLimit, c.Provider = f.SignInLimit, f.OIDC.config()
	c.Quotas = quota.Limits{EventsPerDay: f.QuotaEvents, Objects: f.QuotaObjects, Storage: f.QuotaStorage}
}

func (f serverFlags) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

type serveCommand struct {
	Addr      string `help:"Address to listen on." default:":8080" placeholder:"HOST:PORT"`
	RateLimit int    `help:"Requests per minute and API key; 0 is no limit." default:"60000"`
	SignUp    bool   `name:"sign-up" help:"Let strangers make organizations of their own at /sign-up; otherwise only invitations let people in."`

	storage     `embed:""`
	serverFlags `embed:""`
}

// Validate implements kong's check of a command.
func (c *serveCommand) Validate() error { return errors.Join(checkRateLimit(c.RateLimit), c.check()) }

func checkRateLimit(limit int) error {
	if limit < 0 {
		return errors.New("--rate-limit must be 0 or more")
	}
	return nil
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	config := c.config(c.logger(p.stderr))
	config.Addr, config.RateLimit, config.SignUp = c.Addr, c.RateLimit, c.SignUp
	c.apply(&config)
	config.Policy = outbound.Policy{AllowHosts: c.AllowHost, AllowNetworks: c.AllowNetwork}
	s, err := server.New(ctx, config)
	if err != nil {
		return err
	}
	empty, err := s.Empty(ctx)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if empty {
		config.Logger.Info("server.empty", "hint", "there is no organization yet: the first visitor of the dashboard sets it up, or parley org create NAME makes one")
	}
	return s.Run(ctx)
}
