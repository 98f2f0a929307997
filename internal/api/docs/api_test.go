package docs_test

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/account"
	"parley/internal/api"
	"parley/internal/attachment"
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
	"parley/internal/tally"
	"parley/internal/testing/files"
	"parley/internal/vault"
	"parley/internal/web"
	"parley/internal/work"
)

// newAPI is the whole API, with a database of its own: the pages that tests look
// at are those that users see.
func newAPI(t *testing.T) (http.Handler, *account.Account) {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	logger := slog.New(slog.DiscardHandler)
	log := eventlog.New(db, logger)
	accounts, conversations := account.New(db, log), conversation.New(db, log)
	scripts := sandbox.New(sandbox.Options{Timeout: time.Second, KillAfter: time.Minute})
	t.Cleanup(scripts.Close)
	endpoints := endpoint.New(db, log, outbound.Policy{AllowHTTP: true, AllowPrivate: true}, vault.Ephemeral())
	endpoints.RunIn(scripts)
	folder := files.Folder(t, t.TempDir())
	door := api.New(api.Parts{
		DB: db, Log: log, Account: accounts, Conversations: conversations, Contacts: contact.New(db, log, conversations), Help: help.New(db, log), Sales: sales.New(db, log), Work: work.New(db, log),
		Attachments: attachment.New(attachment.Config{DB: db, Log: log, Files: folder, LinkKey: vault.Ephemeral().Derive("links"), Logger: logger}),
		Endpoints:   endpoints, Limiter: ratelimit.New(ratelimit.Limit{Quota: 6000, Window: time.Minute}), Tally: tally.New(db, logger), Logger: logger,
	}, nil)
	return web.Handle(logger, door.Handler()), accounts
}
