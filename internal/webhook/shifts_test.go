package webhook_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/outbound"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/receiver"
	"parley/internal/vault"
	"parley/internal/webhook"
)

// node is one of several processes on a database.
type node struct {
	db        *database.DB
	log       *eventlog.Log
	account   *account.Account
	endpoints *endpoint.Endpoints
	stop      func()
}

func startNode(t *testing.T, config database.Config, keys *vault.Vault) *node {
	t.Helper()
	policy := outbound.Policy{AllowHTTP: true, AllowPrivate: true}
	quiet := slog.New(slog.DiscardHandler)
	n := &node{db: dbtest.Open(t, config)}
	n.log = eventlog.New(n.db, quiet)
	n.account = account.New(n.db, n.log)
	n.endpoints = endpoint.New(n.db, n.log, policy, keys)
	client := outbound.New(policy, outbound.Options{})
	shifts := webhook.NewShifts(webhook.Config{DB: n.db, Log: n.log, Endpoints: n.endpoints, Client: client, Logger: quiet})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		listening := make(chan struct{})
		go func() {
			defer close(listening)
			_ = n.log.Run(ctx)
		}()
		if err := shifts.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
		<-listening
	}()
	n.stop = func() {
		cancel()
		<-done
		client.Close()
	}
	return n
}

// Of two processes on one database one delivers; when it goes, the other goes on
// where it was. Nothing is lost and, as the first ended in peace, nothing repeated.
func TestAnotherProcessTakesOverTheDelivery(t *testing.T) {
	t.Parallel()
	configs := map[string]func(*testing.T) database.Config{
		"sqlite": func(t *testing.T) database.Config {
			return database.Config{Path: filepath.Join(t.TempDir(), "parley.db")}
		},
		"postgres": func(t *testing.T) database.Config { return database.Config{URL: dbtest.PostgresURL(t)} },
	}
	for name, config := range configs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, keys := config(t), vault.Ephemeral()
			r := receiver.New(t)
			first := startNode(t, c, keys)
			made, err := first.account.Found(t.Context(), account.Founding{
				Name: "Example Bakery", Owner: "Robin", Email: "robin@example.com", Password: "a long password", Scopes: []parley.Scope{"*"},
			})
			if err != nil {
				t.Fatal(err)
			}
			by := parley.Caller{Organization: made.Organization.ID, Actor: parley.System}
			wanted := parley.Webhook{
				URL: r.URL, EventTypes: []string{"label.*"}, Format: "standard", Ordering: "key",
				Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10,
			}
			hook, _, err := first.endpoints.Create(t.Context(), by, wanted, endpoint.Start{})
			if err != nil {
				t.Fatal(err)
			}
			publish := func(n *node) {
				t.Helper()
				for range 3 {
					if _, _, err := n.endpoints.Test(t.Context(), by, hook.ID); err != nil {
						t.Fatal(err)
					}
				}
			}
			publish(first)
			r.Wait(t, 3)
			second := startNode(t, c, keys)
			defer second.stop()
			publish(second) // the first delivers what the second has written
			r.Wait(t, 6)
			first.stop()
			publish(second)
			r.Wait(t, 9)
			seen := map[string]bool{}
			for _, id := range r.IDs() {
				if seen[id] {
					t.Errorf("%s came twice", id)
				}
				seen[id] = true
			}
			first.account.Wait()
		})
	}
}
