// Package dbtest gives tests a real, empty, migrated database of each engine. A
// test owns its database; nothing another test does can be seen in it, and
// nothing is left behind.
//
// SQLite databases are files in the test's own folder. PostgreSQL databases live
// on a throwaway server that is started once per test binary from the programs
// installed on the machine, also when the tests run as root, or on the server
// named by PARLEY_TEST_DATABASE_URL (a URL whose user may create databases).
// Where there is neither, tests that need one are skipped and say so.
package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
)

// serverVariable names the environment variable with the URL of a server on
// which the tests may create databases.
const serverVariable = "PARLEY_TEST_DATABASE_URL"

// Each runs body on both engines, as the parallel subtests "sqlite" and "postgres".
func Each(t *testing.T, body func(t *testing.T, db *database.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, Postgres(t))
	})
}

// SQLite opens a fresh database in a file, and closes it when the test ends.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	return Open(t, database.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
}

// Postgres opens a fresh database on PostgreSQL, closes and drops it when the test
// ends, and skips the test where PostgreSQL is missing.
func Postgres(t testing.TB) *database.DB {
	t.Helper()
	return Open(t, database.Config{URL: PostgresURL(t)})
}

// Open opens the database that c names, with its warnings in the test's log, and
// closes it when the test ends.
func Open(t testing.TB, c database.Config) *database.DB {
	t.Helper()
	if c.Logger == nil {
		c.Logger = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	db, err := database.Open(context.Background(), c)
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return db
}

// PostgresURL makes a fresh, migrated database on PostgreSQL for a test that opens
// it by itself or hands it to another process, and drops it when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	host := hostOf(t)
	name := "parley_" + strings.ToLower(rand.Text())
	if err := host.admin("create database " + name + host.template); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := host.admin("drop database " + name + " with (force)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return host.url(name)
}

func hostOf(t testing.TB) host {
	t.Helper()
	h, err := sharedHost()
	orSkip(t, err)
	return h
}

// orSkip skips a test where there is no PostgreSQL, and fails it where there is one
// that does not work.
func orSkip(t testing.TB, err error) {
	t.Helper()
	if missing := (notInstalled{}); errors.As(err, &missing) {
		t.Skipf("PostgreSQL is not installed: %v", err)
	}
	if err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", err)
	}
}

// notInstalled is the reason why a machine has no server for the tests.
type notInstalled struct{ error }

// host is the server that the tests of this binary share.
type host struct {
	url      func(name string) string
	template string // " template x" once there is a migrated database to copy
}

// sharedHost is made by the first test that needs it. It is the one global here:
// a test binary has no other place that outlives its tests.
var sharedHost = sync.OnceValues(func() (host, error) {
	if base := os.Getenv(serverVariable); base != "" {
		return externalHost(base)
	}
	server, err := startServer(quick)
	if err != nil {
		return host{}, err
	}
	return withTemplate(host{url: server.URL})
})

// externalHost leaves nothing on somebody else's server but the tests' own
// databases, so it has no template: each database migrates when it is opened.
func externalHost(base string) (host, error) {
	u, err := url.Parse(base)
	if err != nil {
		return host{}, fmt.Errorf("%s is not a URL", serverVariable)
	}
	return host{url: func(name string) string {
		if name == "postgres" {
			return base
		}
		v := *u
		v.Path = "/" + name
		return v.String()
	}}, nil
}

// withTemplate migrates one database, of which every test gets a copy.
func withTemplate(h host) (host, error) {
	const name = "parley_template"
	if err := h.admin("create database " + name); err != nil {
		return host{}, err
	}
	db, err := database.Open(context.Background(), database.Config{URL: h.url(name), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return host{}, err
	}
	h.template = " template " + name
	return h, db.Close()
}

// admin runs one statement outside the tests' databases.
func (h host) admin(statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, h.url("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
