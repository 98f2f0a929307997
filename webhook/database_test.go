package webhook_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/webhook"
)

const kept = "select count(*) from parley_events_done"

func TestOldIDsAreForgotten(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		crm, billing := inDatabase(t, db, "crm"), inDatabase(t, db, "billing")
		nothing := func(context.Context, *sql.Tx) error { return nil }
		for i := range 4 {
			must(crm.Once(t.Context(), fmt.Sprint("evt_", i), nothing))(t)
		}
		must(billing.Once(t.Context(), "evt_0", nothing))(t)
		day := int64(24 * 60 * 60)
		exec(t, db, fmt.Sprintf("update parley_events_done set done_at = done_at - %d where event_id in ('evt_0', 'evt_1')", 36*day))
		exec(t, db, fmt.Sprintf("update parley_events_done set done_at = done_at - %d where event_id = 'evt_2'", 34*day))
		if err := crm.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := number(t, db, kept); n != 3 {
			t.Errorf("%d ids are kept, want evt_2, evt_3 and what is not ours", n)
		}
	})
}

// A receiver has the old ids forgotten by itself.
func TestAReceiverPrunesAboutOnceAnHour(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db := openDatabase(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "crm.db"))
		d := must(webhook.InDatabase(t.Context(), db, "crm", webhook.DatabaseOptions{Keep: 10 * time.Minute}))(t)
		r := receiver(t, d)
		r.Otherwise(func(context.Context, webhook.RawEvent) error { return nil })
		sequence := int64(0)
		next := func(wanted int) {
			t.Helper()
			sequence++
			id, body := bodyOf(t, "message.created", sequence)
			if want(t, post(t, r, id, body), http.StatusNoContent); number(t, db, kept) != wanted {
				t.Errorf("after %d events %d ids are kept, want %d", sequence, number(t, db, kept), wanted)
			}
		}
		next(1)
		time.Sleep(30 * time.Minute)
		next(2)
		time.Sleep(31 * time.Minute)
		next(1)
		next(2)
		db.Close()
		synctest.Wait()
	})
}

func TestTheTableIsMadeOnce(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		var all sync.WaitGroup
		for range 4 { // processes that begin at once
			all.Go(func() {
				if _, err := webhook.InDatabase(t.Context(), db, "crm", webhook.DatabaseOptions{}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, statement := range webhook.Schema("by_migration") {
			exec(t, db, statement)
		}
		d := must(webhook.InDatabase(t.Context(), db, "crm", webhook.DatabaseOptions{Table: "by_migration"}))(t)
		must(d.Once(t.Context(), "evt_1", func(context.Context, *sql.Tx) error { return nil }))(t)
		if n := number(t, db, "select count(*) from by_migration"); n != 1 {
			t.Errorf("%d ids are kept in the table of that name", n)
		}
	})
}

func TestQuestionMarksWorkWhereTheDatabaseTakesThem(t *testing.T) {
	t.Parallel()
	db := openDatabase(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "crm.db"))
	d := must(webhook.InDatabase(t.Context(), db, "crm", webhook.DatabaseOptions{Placeholder: webhook.QuestionMark}))(t)
	for _, want := range []bool{false, true} {
		repeat := must(d.Once(t.Context(), "evt_1", func(context.Context, *sql.Tx) error { return nil }))(t)
		if repeat != want {
			t.Errorf("a repeat is %v, want %v", repeat, want)
		}
	}
	if err := d.Prune(t.Context()); err != nil {
		t.Error(err)
	}
}

// An error that is not for want of a first time must not pass for a repeat, or the
// event would be lost.
func TestADatabaseThatFailsIsNoRepeat(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, db *sql.DB) {
		d := inDatabase(t, db, "crm")
		nothing := func(context.Context, *sql.Tx) error { return nil }
		if repeat, err := d.Once(t.Context(), strings.Repeat("x", 101), nothing); repeat || err == nil {
			t.Errorf("an id that is too long: %v, %v", repeat, err)
		}
		exec(t, db, "alter table parley_events_done rename column done_at to elsewhere")
		if repeat, err := d.Once(t.Context(), "evt_1", nothing); repeat || err == nil {
			t.Errorf("an id that cannot be written: %v, %v", repeat, err)
		}
		exec(t, db, "alter table parley_events_done rename to elsewhere")
		if repeat, err := d.Once(t.Context(), "evt_1", nothing); repeat || err == nil {
			t.Errorf("a table that is gone: %v, %v", repeat, err)
		}
		db.Close()
		if repeat, err := d.Once(t.Context(), "evt_1", nothing); repeat || err == nil {
			t.Errorf("a database that is closed: %v, %v", repeat, err)
		}
		r := receiver(t, d)
		r.Otherwise(func(context.Context, webhook.RawEvent) error { return nil })
		id, body := bodyOf(t, "message.created", 1)
		want(t, post(t, r, id, body), http.StatusInternalServerError)
	})
}

func TestDatabaseOptionsAreChecked(t *testing.T) {
	t.Parallel()
	db := openDatabase(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "crm.db"))
	for name, o := range map[string]webhook.DatabaseOptions{
		"crm":                    {Table: "events; drop table users"},
		"billing":                {Keep: -time.Hour},
		"":                       {},
		strings.Repeat("x", 101): {},
	} {
		if _, err := webhook.InDatabase(t.Context(), db, name, o); err == nil {
			t.Errorf("%q, %+v: a Database", name, o)
		}
	}
	db.Close()
	if _, err := webhook.InDatabase(t.Context(), db, "crm", webhook.DatabaseOptions{}); err == nil {
		t.Error("a Database in one that is closed")
	}
}
