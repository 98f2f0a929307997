package database_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestFullDiskIsInsufficientSpace(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	withLines(t, db, acme)
	limit := func(pages string) {
		err := db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			var n int
			return tx.QueryRow(ctx, `pragma max_page_count = `+pages).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit("1") // which is as many as there are
	big := strings.Repeat("x", 1<<20)
	g := gather(t, db, acme)
	g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, "small") })
	g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, big) })
	g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return execLine(ctx, tx, acme, "1"+big) })
	errs := g.run()
	var refused *parley.Error
	if !errors.As(errs[1], &refused) || refused.RetryAfter <= 0 || !strings.Contains(refused.Detail, "full") {
		t.Errorf("the refusal does not say when to come again and why: %v", errs[1])
	}
	if errs[0] != nil || parley.KindOf(errs[1]) != parley.InsufficientSpace || parley.KindOf(errs[2]) != parley.InsufficientSpace {
		t.Errorf("the writes were answered %.200q", fmt.Sprint(errs))
	}
	if err := db.Writable(ctx); parley.KindOf(err) != parley.InsufficientSpace {
		t.Errorf("a disk that refused something a moment ago is told to be %v", err)
	}
	limit("1000000")
	err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, "later") })
	if err != nil {
		t.Errorf("a write when there is space again: %v", err)
	}
	wantLines(t, db, acme, "small", "later")
	db.Calm()
	if err := db.Writable(ctx); err != nil { // which tries
		t.Errorf("a disk that has room is told to be %v", err)
	}
}

func TestDiskThatTookEverythingIsNotAsked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := db.Writable(ctx); err != nil { // a write would be refused
			t.Errorf("a disk that refused nothing is told to be %v", err)
		}
	})
}

func TestTouchGoesToTheDisk(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		db := dbtest.Open(t, place)
		touch := func() (rows int64) {
			err := db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
				result, err := tx.Exec(ctx, db.Engine().Touch())
				if err == nil {
					rows, err = result.RowsAffected()
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return rows
		}
		touch()
		if place.URL != "" {
			if rows := touch(); rows != 1 {
				t.Errorf("%d rows were written, want 1", rows)
			}
			return
		}
		before := logSize(t, place.Path)
		touch()
		if after := logSize(t, place.Path); after <= before {
			t.Errorf("SQLite's log had %d bytes and has %d", before, after)
		}
	})
}

func logSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
