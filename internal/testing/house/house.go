// Package house gives a test a whole Parley in its own process: a real database,
// every verb, the delivery engine, and the API on a loopback HTTP server, with an
// organization that has just been founded.
//
//	h := house.New(t)
//	contact := h.Make("/v1/contacts", `{"name":"Ada"}`)
//	h.Do("GET", "/v1/contacts/"+contact.Text("id"), "").Want(200).Includes(`{"name":"Ada"}`)
//
// Transformations run in a sandbox, for which the test's binary needs a TestMain that
// calls [sandbox.Child].
//
// Every answer is checked against the OpenAPI document, and a test in which
// anything is logged as an error fails.
package house

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/attachment"
	"parley/internal/blob"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/outbound"
	"parley/internal/ratelimit"
	"parley/internal/sales"
	"parley/internal/sandbox"
	"parley/internal/store"
	"parley/internal/tally"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/pipe"
	"parley/internal/vault"
	"parley/internal/web"
	"parley/internal/webhook"
	"parley/internal/work"
)

// House is a Parley. Its Client is that of the organization which was founded with
// it; what it is asked for goes to that organization.
type House struct {
	*Client

	DB            *database.DB
	Log           *eventlog.Log
	Account       *account.Account
	Contacts      *contact.Contacts
	Conversations *conversation.Conversations
	Endpoints     *endpoint.Endpoints
	Attachments   *attachment.Attachments
	Tally         *tally.Tally // nothing is written unless it runs
	API           *api.API

	// URL is where the API is, without a path.
	URL string

	engine   *webhook.Engine
	http     *http.Client
	contract *contract
	stop     func()
}

// Plan says what is unusual about a house.
type Plan struct {
	DB    *database.DB    // a fresh SQLite database if nil
	Limit ratelimit.Limit // of requests by key; none if zero. Houses on one PostgreSQL database share it

	// InMemory serves the API over pipes, for a test in a testing/synctest bubble; t
	// must be the bubble's.
	InMemory bool

	Files     blob.Store // where attachments are; a folder of the test's own if nil
	MaxUpload int64      // bytes of an attachment; as usual if 0
	PublicURL string     // as the operator says it; empty: where requests go
}

func (p Plan) files(t testing.TB) blob.Store {
	t.Helper()
	if p.Files != nil {
		return p.Files
	}
	folder, err := blob.OpenFolder(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatalf("make a folder for attachments: %v", err)
	}
	t.Cleanup(func() {
		if err := folder.Close(); err != nil {
			t.Errorf("close the folder of attachments: %v", err)
		}
	})
	return folder
}

// New builds a house that ends with its test, on a database of the test's own or,
// if none is given, on a fresh SQLite one. Nothing is delivered: see Deliver.
func New(t testing.TB, db ...*database.DB) *House {
	t.Helper()
	var p Plan
	if len(db) > 0 {
		p.DB = db[0]
	}
	return p.Build(t)
}

// Build is New for an unusual house.
func (p Plan) Build(t testing.TB) *House {
	t.Helper()
	if p.DB == nil {
		p.DB = dbtest.SQLite(t)
	}
	logger := slog.New(&alarm{t: t})
	stopping := make(chan struct{})
	h := &House{DB: p.DB, stop: sync.OnceFunc(func() { close(stopping) })}
	h.Log = eventlog.New(h.DB, logger)
	h.Account = account.New(h.DB, h.Log)
	h.Conversations = conversation.New(h.DB, h.Log)
	h.Contacts = contact.New(h.DB, h.Log, h.Conversations)
	policy := outbound.Policy{AllowHTTP: true, AllowPrivate: true}
	h.Endpoints = endpoint.New(h.DB, h.Log, policy, vault.Ephemeral())
	h.Attachments = attachment.New(attachment.Config{
		DB: h.DB, Log: h.Log, Files: p.files(t), LinkKey: vault.Ephemeral().Derive("links"), MaxSize: p.MaxUpload, Logger: logger,
	})
	scripts := sandbox.New(sandbox.Options{Timeout: time.Second, KillAfter: time.Minute}) // a busy machine is no fault of theirs
	h.Endpoints.RunIn(scripts)
	client := outbound.New(policy, outbound.Options{})
	h.engine = webhook.New(webhook.Config{DB: h.DB, Log: h.Log, Endpoints: h.Endpoints, Client: client, Sandbox: scripts, Logger: logger})
	h.Tally = tally.New(h.DB, logger)
	h.API = api.New(api.Parts{
		DB: h.DB, Log: h.Log, Account: h.Account, Contacts: h.Contacts, Conversations: h.Conversations, Endpoints: h.Endpoints,
		Attachments: h.Attachments, Help: help.New(h.DB, h.Log), Sales: sales.New(h.DB, h.Log), Work: work.New(h.DB, h.Log),
		Limiter: p.limiter(t, logger), Tally: h.Tally, Logger: logger, Version: "test", PublicURL: p.PublicURL,
	}, stopping)
	door := h.API.Handler()

	closeServer := h.serve(t, web.Handle(logger, door), p.InMemory)
	t.Cleanup(func() {
		h.Stop()
		h.http.CloseIdleConnections()
		closeServer()
		h.Account.Wait()
		client.Close()
		scripts.Close()
	})
	h.contract = contractOf(t, door)
	h.Client = h.AddOrganization(t)
	return h
}

// limiter limits requests, as a server on this database does.
func (p Plan) limiter(t testing.TB, logger *slog.Logger) *ratelimit.Limiter {
	if p.Limit.Quota == 0 || p.DB.Engine() != database.Postgres {
		return ratelimit.New(p.Limit)
	}
	l := ratelimit.Shared(p.Limit, store.NewRates(p.DB), logger)
	run(t, "the limiter", l.Run)
	return l
}

// serve serves the API and makes the HTTP client that reaches it.
func (h *House) serve(t testing.TB, door http.Handler, inMemory bool) (stop func()) {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	h.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if !inMemory {
		server := httptest.NewServer(door)
		h.URL = server.URL
		return server.Close
	}
	pipes := pipe.Listen()
	h.URL, transport.DialContext = "http://parley.example.com", pipes.Dial
	server := &http.Server{Handler: door}
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(pipes); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve the API: %v", err)
		}
	})
	return func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("stop the API: %v", err)
		}
		serving.Wait()
	}
}

// AddOrganization founds another organization and gives its client, whose key may
// do everything.
func (h *House) AddOrganization(t testing.TB) *Client {
	t.Helper()
	founded, err := h.Account.Found(t.Context(), account.Founding{
		Name: "Example Bakery", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatalf("found an organization: %v", err)
	}
	return &Client{
		t: t, house: h, Secret: founded.Key,
		Organization: founded.Organization, Owner: founded.Owner, Inbox: founded.Inbox,
	}
}

// Room is the same house for another test, such as a parallel subtest, with an
// organization of its own.
func (h *House) Room(t testing.TB) *House {
	t.Helper()
	room := *h
	room.Client = h.AddOrganization(t)
	return &room
}

// Deliver runs the delivery engine until the test ends.
func (h *House) Deliver(t testing.TB) {
	t.Helper()
	run(t, "the delivery engine", h.engine.Run)
}

// Erase works on erasures of contacts until the test ends.
func (h *House) Erase(t testing.TB) {
	t.Helper()
	run(t, "the work on erasures", func(ctx context.Context) error {
		return h.Contacts.RunErasures(ctx, h.Attachments, slog.New(&alarm{t: t}))
	})
}

// run has work done beside a test, until that ends.
func run(t testing.TB, name string, work func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- work(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s does not stop", name)
		}
	})
}

// Stop tells the API that the server is about to stop, so that streams end.
func (h *House) Stop() { h.stop() }

// alarm fails the test for what is logged as an error, and shows warnings.
type alarm struct {
	t     testing.TB
	attrs []slog.Attr
}

// Enabled implements slog.Handler.
func (a *alarm) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle implements slog.Handler.
func (a *alarm) Handle(_ context.Context, r slog.Record) error {
	attrs := a.attrs
	r.Attrs(func(attr slog.Attr) bool {
		attrs = append(attrs[:len(attrs):len(attrs)], attr)
		return true
	})
	if r.Level >= slog.LevelError {
		a.t.Errorf("logged as an error: %s %v", r.Message, attrs)
	} else {
		a.t.Logf("logged: %s %v", r.Message, attrs)
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (a *alarm) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &alarm{a.t, append(a.attrs[:len(a.attrs):len(a.attrs)], attrs...)}
}

// WithGroup implements slog.Handler.
func (a *alarm) WithGroup(string) slog.Handler { return a }
