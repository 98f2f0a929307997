package dbtest_test

import (
	"context"
	"sync"
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		others := []*database.DB{db, dbtest.SQLite(t)}
		if db.Engine() == database.Postgres {
			others[1] = dbtest.Postgres(t)
		}
		var all sync.WaitGroup
		for _, db := range others {
			all.Go(func() {
				err := db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
					_, err := tx.Exec(ctx, `create table mine (n bigint)`) // which fails if it is there
					return err
				})
				if err != nil {
					t.Errorf("create a table: %v", err)
				}
			})
		}
		all.Wait()
		version, err := db.Version(ctx)
		if err != nil || version < 1 {
			t.Errorf("the schema has version %d, error %v", version, err)
		}
	})
}

func TestServerOfOnesOwnMayBeStoppedAndStarted(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	open := func() error {
		db, err := database.Open(context.Background(), database.Config{URL: server.URL("postgres")})
		if err != nil {
			return err
		}
		return db.Close()
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	server.Stop(t)
	if err := open(); err == nil {
		t.Error("a server that was stopped answers")
	}
	server.Start(t)
	if err := open(); err != nil {
		t.Error(err)
	}
}
