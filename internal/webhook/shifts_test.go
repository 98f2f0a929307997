package webhook_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

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
	shifts    *webhook.Shifts
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
	n.shifts = webhook.NewShifts(webhook.Config{DB: n.db, Log: n.log, Endpoints: n.endpoints, Client: client, Logger: quiet})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		listening := make(chan struct{})
		go func() {
			defer close(listening)
			_ = n.log.Run(ctx)
		}()
		if err := n.shifts.Run(ctx); err != nil {
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

// Of two processes on one database each endpoint is one's; when that goes, the other
// goes on where it was. Nothing is lost and, as the first ended in peace, nothing repeated.
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
					if _, _, err := n.endpoints.Test(t.Context(), by, hook.ID, ""); err != nil {
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

// Processes that come take over some of the endpoints, and give them back when they
// go; meanwhile all that is written reaches every endpoint, once and in order.
func TestProcessesShareTheEndpoints(t *testing.T) {
	t.Parallel()
	const endpoints = 24
	config, keys := database.Config{URL: dbtest.PostgresURL(t)}, vault.Ephemeral()
	first := startNode(t, config, keys)
	made, err := first.account.Found(t.Context(), account.Founding{
		Name: "Example Bakery", Owner: "Robin", Email: "robin@example.com", Password: "a long password", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	by := parley.Caller{Organization: made.Organization.ID, Actor: parley.System}
	var receivers []*receiver.Receiver
	for range endpoints {
		r := receiver.New(t)
		receivers = append(receivers, r)
		wanted := parley.Webhook{
			URL: r.URL, EventTypes: []string{"custom.*"}, Format: "standard", Ordering: "key",
			Retry: parley.Retry{Preset: "standard"}, TimeoutSeconds: 10,
		}
		if _, _, err := first.endpoints.Create(t.Context(), by, wanted, endpoint.Start{}); err != nil {
			t.Fatal(err)
		}
	}
	var published []string
	publish := func(n *node) {
		t.Helper()
		err := n.db.Write(t.Context(), by.Organization, func(ctx context.Context, tx *database.Tx) error {
			at, err := n.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			draft, _ := parley.CustomEvent("custom.thing", "key", json.RawMessage(`{}`))
			e, err := n.log.Append(ctx, tx, by, at, draft)
			published = append(published, string(e.ID))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	shares := func(nodes ...*node) (have []int) {
		for _, n := range nodes {
			have = append(have, n.shifts.Totals().Endpoints)
		}
		return have
	}
	// settle publishes until the nodes share all endpoints, and every one has some.
	settle := func(nodes ...*node) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); ; <-time.After(50 * time.Millisecond) {
			publish(nodes[0])
			total, least := 0, endpoints
			for _, n := range shares(nodes...) {
				total, least = total+n, min(least, n)
			}
			if total == endpoints && least > 0 {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("the nodes have %v of %d endpoints", shares(nodes...), endpoints)
			}
		}
	}
	settle(first)
	second, third := startNode(t, config, keys), startNode(t, config, keys)
	settle(first, second, third)
	first.stop()
	settle(second, third)
	third.stop()
	settle(second)
	for i, r := range receivers {
		r.Wait(t, len(published))
		if !slices.Equal(r.IDs(), published) {
			t.Errorf("endpoint %d was sent %d events, want %d, once and in order", i, len(r.IDs()), len(published))
		}
	}
	second.stop()
	first.account.Wait()
}
