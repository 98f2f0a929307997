// Package server is Parley as a whole: it builds every part from a Config by hand,
// runs them all, and stops them in an order in which nothing is cut off: a request
// that was taken is answered, a delivery that was begun is recorded, and what is
// left waits in the log for the next start (see [Server.Run]).
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/attachment"
	"parley/internal/blob"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/session"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/live"
	"parley/internal/outbound"
	"parley/internal/quota"
	"parley/internal/ratelimit"
	"parley/internal/sandbox"
	"parley/internal/tally"
	"parley/internal/vault"
	"parley/internal/webhook"
)

// Config says what to build.
type Config struct {
	Addr          string          // to listen on, "host:port"; port 0 takes a free one
	Data          string          // the folder of the SQLite file; made if it is missing
	DatabaseURL   string          // of a PostgreSQL database; empty means SQLite
	Files         blob.S3Config   // the bucket that attachments are kept in; without one, the folder files in Data
	MaxUpload     int64           // bytes of an attachment; 0 is attachment.DefaultMaxSize
	PublicURL     string          // where clients reach the server, for links; empty: where they say they do
	SecretKey     string          // seals secrets, in base64; empty: the one in the data folder
	Policy        outbound.Policy // where webhooks may go
	RateLimit     int             // requests per minute and API key; 0 is no limit
	TrustProxy    []netip.Prefix  // proxies that are believed where requests come from
	SignInLimit   int             // attempts to sign in per minute and email, three times as many per address; 0 is no limit
	SignUp        bool            // strangers may make organizations
	Provider      openid.Config   // of identities that people may sign in with; without an issuer there is none
	Quotas        quota.Limits    // of organizations that have none of their own
	RetentionDays int             // how long logs are kept of organizations that do not say so themselves; 0: for ever
	Logger        *slog.Logger    // nil: nothing is logged
	Version       string          // of this program
	Dev           bool            // it runs for a developer, who may see how it is made
}

// logger is where the server logs to: nowhere, unless it is told.
func (c Config) logger() *slog.Logger {
	if c.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Logger
}

// Server is a whole Parley that listens, and serves once it runs.
type Server struct {
	config   Config
	logger   *slog.Logger
	listener net.Listener

	db            *database.DB
	vault         *vault.Vault
	files         blob.Store
	unlock        func() error // gives the data folder free
	closeFiles    func() error
	log           *eventlog.Log
	account       *account.Account
	conversations *conversation.Conversations
	contacts      *contact.Contacts
	endpoints     *endpoint.Endpoints
	attachments   *attachment.Attachments
	client        *outbound.Client
	sandbox       *sandbox.Sandbox
	engine        *webhook.Shifts
	limiter       *ratelimit.Limiter
	tally         *tally.Tally
	byEmail       *ratelimit.Limiter
	byAddress     *ratelimit.Limiter
	api           *api.API
	sessions      *session.Sessions
	hub           *live.Hub
	dashboard     http.Handler

	metrics  *prometheus.Registry
	traffic  traffic
	http     *http.Server
	stopping chan struct{} // closed when the doors are to close: streams end
}

// New listens on the address, opens the database and builds everything. The
// address comes first: who asks during the start waits a moment and is answered.
// Its errors are one line that says what is wrong and, where there is one, the way
// out. A Server that is not run must be closed.
func New(ctx context.Context, c Config) (*Server, error) {
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, logger: c.logger(), listener: listener, stopping: make(chan struct{})}
	if err := s.open(ctx); err != nil {
		listener.Close()
		return nil, err
	}
	s.build()
	return s, nil
}

// open opens the database. An embedded one has room for one server.
func (s *Server) open(ctx context.Context) (err error) {
	if s.db, err = open(ctx, s.config); err != nil {
		return err
	}
	s.unlock = func() error { return nil }
	if s.config.DatabaseURL == "" {
		if s.unlock, err = lock(s.config.Data); err != nil {
			return errors.Join(err, s.db.Close())
		}
	}
	if err := s.openVault(ctx); err != nil {
		return errors.Join(err, s.db.Close(), s.unlock())
	}
	if err := s.openFiles(ctx); err != nil {
		return errors.Join(err, s.db.Close(), s.unlock())
	}
	return nil
}

// open opens the database of a Config.
func open(ctx context.Context, c Config) (*database.DB, error) {
	config := database.Config{URL: c.DatabaseURL, Logger: c.logger()}
	if c.DatabaseURL == "" {
		config.Path = filepath.Join(c.Data, "parley.db")
	}
	return database.Open(ctx, config)
}

// Addr is the address that the server listens on, with the port it was given.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is where this machine reaches the server.
func (s *Server) URL() string {
	host, port, err := net.SplitHostPort(s.Addr())
	if err != nil {
		return "http://" + s.Addr()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Close frees what New took, for a Server that was never run.
func (s *Server) Close() error {
	s.listener.Close()
	s.account.Wait()
	s.client.Close()
	s.sandbox.Close()
	return errors.Join(s.db.Close(), s.closeFiles(), s.unlock())
}
