package database_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestOnlyOneProcessHasATurn(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, a, b *database.DB) {
		inside, second := make(chan struct{}), make(chan struct{})
		var running atomic.Int32
		alone := func(entered chan struct{}) func(context.Context) error {
			return func(ctx context.Context) error {
				if running.Add(1) != 1 {
					t.Error("two run at once")
				}
				close(entered)
				<-ctx.Done()
				running.Add(-1)
				return nil
			}
		}
		first, stopFirst := context.WithCancel(t.Context())
		done := make(chan error, 2)
		go func() { done <- a.Exclusive(first, "test", alone(inside)) }()
		<-inside

		other, stopOther := context.WithCancel(t.Context())
		go func() { done <- b.Exclusive(other, "test", alone(second)) }()
		free := make(chan struct{})
		if err := b.Exclusive(t.Context(), "another", func(context.Context) error { close(free); return nil }); err != nil {
			t.Fatalf("a turn of another name: %v", err)
		}
		<-free
		select {
		case <-second:
			t.Fatal("the second began while the first ran")
		default:
		}
		stopFirst()
		select {
		case <-second:
		case <-time.After(10 * time.Second):
			t.Fatal("the second did not get its turn after the first ended")
		}
		stopOther()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAWaiterGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, a, b *database.DB) {
		err := a.Exclusive(t.Context(), "test", func(context.Context) error {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			return b.Exclusive(ctx, "test", func(context.Context) error {
				t.Error("it began while another ran")
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestATurnIsLostWithTheServer(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	db := dbtest.Open(t, database.Config{URL: server.URL("postgres")})
	lost := make(chan struct{})
	go func() {
		_ = db.Exclusive(t.Context(), "test", func(ctx context.Context) error {
			server.Stop(t)
			<-ctx.Done()
			close(lost)
			return nil
		})
	}()
	select {
	case <-lost:
	case <-time.After(20 * time.Second):
		t.Fatal("the turn outlived the server")
	}
}

// eachPair runs a body on each engine with two handles on one database, as two
// processes would have.
func eachPair(t *testing.T, body func(t *testing.T, a, b *database.DB)) {
	t.Helper()
	pair := func(c func(*testing.T) database.Config) func(*testing.T) {
		return func(t *testing.T) {
			t.Parallel()
			config := c(t)
			body(t, dbtest.Open(t, config), dbtest.Open(t, config))
		}
	}
	t.Run("sqlite", pair(func(t *testing.T) database.Config {
		return database.Config{Path: filepath.Join(t.TempDir(), "parley.db")}
	}))
	t.Run("postgres", pair(func(t *testing.T) database.Config {
		return database.Config{URL: dbtest.PostgresURL(t)}
	}))
}

// A full disk must not keep a process from its turn.
func TestTurnWritesNothingOnSQLite(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db := dbtest.Open(t, database.Config{Path: filepath.Join(folder, "parley.db")})
	err := db.Exclusive(ctx, "turn", func(context.Context) error {
		entries, err := os.ReadDir(folder)
		for _, e := range entries {
			if info, err := e.Info(); err != nil || strings.Contains(e.Name(), "-turn") && info.Size() > 0 || strings.HasSuffix(e.Name(), "-journal") {
				t.Errorf("%s is written to, error %v", e.Name(), err)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
