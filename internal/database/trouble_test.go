package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestLockedFileIsUnavailable(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it waits for SQLite's five seconds")
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	db := dbtest.Open(t, database.Config{Path: path})
	withLines(t, db, acme)
	intruder, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer intruder.Close()
	conn, err := intruder.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `begin immediate`); err != nil {
		t.Fatal(err)
	}
	write := func() error {
		return db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, "a") })
	}
	wantUnavailable(t, write())
	if _, err := conn.ExecContext(ctx, `rollback`); err != nil {
		t.Fatal(err)
	}
	if err := write(); err != nil {
		t.Errorf("a write when the file is free again: %v", err)
	}
	wantLines(t, db, acme, "a")
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	var e *parley.Error
	if !errors.As(err, &e) || e.Kind != parley.Unavailable || e.RetryAfter != time.Second || e.Err == nil {
		t.Errorf("got %v, want Unavailable for a second with its cause", err)
	}
}

func TestServerThatGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	db := dbtest.Open(t, database.Config{URL: server.URL("postgres")})
	withLines(t, db, acme)
	write := func(text string) error {
		return db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, text) })
	}
	read := func() error {
		var n int
		return db.Read().QueryRow(ctx, `select count(*) from lines`).Scan(&n)
	}
	if err := write("before"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	resync, listening := make(chan struct{}, 100), make(chan error)
	go func() {
		listening <- db.Heads(ctx, func(org parley.OrganizationID, head int64) {
			if org == "" {
				resync <- struct{}{}
			}
		})
	}()
	<-resync

	// A write that is going on when the server goes.
	wrote, stopped, result := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		first := true
		result <- db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
			if err := execLine(ctx, tx, acme, "during"); err != nil {
				return err
			}
			if first {
				first = false
				close(wrote)
				<-stopped
			}
			return nil
		})
	}()
	<-wrote
	server.Stop(t)
	close(stopped)
	wantUnavailable(t, <-result)
	began := time.Now()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { wantUnavailable(t, write(fmt.Sprint("away ", i))) })
	}
	all.Wait()
	wantUnavailable(t, read())
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to say that the server is away", took)
	}

	server.Start(t)
	<-resync
	for err := write("after"); err != nil; err = write("after") {
		wantUnavailable(t, err) // the lane pauses between its attempts
	}
	if err := read(); err != nil {
		t.Error(err)
	}
	wantLines(t, db, acme, "before", "after")
	cancel()
	if err := <-listening; !errors.Is(err, context.Canceled) {
		t.Errorf("Heads returned %v", err)
	}
}

// A server that crashes says nothing: what is left is a broken connection.
func TestReadThatIsCutOffIsUnavailable(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	db := dbtest.Open(t, database.Config{URL: server.URL("postgres")})
	many, err := db.Read().Query(ctx, `select generate_series(1, 10000000)`)
	if err != nil {
		t.Fatal(err)
	}
	defer many.Close()
	if !many.Next() {
		t.Fatalf("there are no rows: %v", many.Err())
	}
	slow := make(chan error)
	go func() {
		var n int
		slow <- db.Read().QueryRow(ctx, `select 1 from pg_sleep(3600)`).Scan(&n)
	}()
	for asleep := false; !asleep; {
		err := db.Read().QueryRow(ctx, `select exists (select from pg_stat_activity where wait_event = 'PgSleep')`).Scan(&asleep)
		if err != nil {
			t.Fatal(err)
		}
	}
	server.Crash(t)
	wantUnavailable(t, <-slow)
	for many.Next() {
	}
	wantUnavailable(t, many.Err())
}

func TestIdleConnectionThatDiedIsReplaced(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	withLines(t, db, acme)
	write := func(text string) error {
		return db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, text) })
	}
	if err := write("a"); err != nil {
		t.Fatal(err)
	}
	exec(t, db, `
		select count(pg_terminate_backend(pid))
		from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`)
	if err := write("b"); err != nil {
		t.Errorf("a write on a connection that died: %v", err)
	}
	wantLines(t, db, acme, "a", "b")
}

func TestFunctionThatBreaksTheConnectionBreaksNoOther(t *testing.T) {
	t.Parallel()
	eachWayOnPostgres(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		g := gather(t, db, acme)
		for _, text := range []string{"a", "b", "c"} {
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				if err := write(ctx, tx, acme, text); err != nil || text != "b" {
					return err
				}
				var ended bool
				return tx.QueryRow(ctx, `select pg_terminate_backend(pg_backend_pid())`).Scan(&ended)
			})
		}
		errs := g.run()
		if errs[0] != nil || errs[2] != nil {
			t.Errorf("the writes were answered %v", errs)
		}
		wantUnavailable(t, errs[1])
		wantLines(t, db, acme, "a", "c")
	})
}

func TestDeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	one, two := dbtest.Open(t, database.Config{URL: url}), dbtest.Open(t, database.Config{URL: url})
	withLines(t, one, acme, other)
	const update = `update organizations set name = name || $2 where id = $1`
	crossing := func(db *database.DB, first, second parley.OrganizationID, mine, theirs chan struct{}) error {
		runs := 0
		return db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
			if _, err := tx.Exec(ctx, update, first, "!"); err != nil {
				return err
			}
			if runs++; runs == 1 {
				close(mine)
				<-theirs
			}
			_, err := tx.Exec(ctx, update, second, "!")
			return err
		})
	}
	a, b, result := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() { result <- crossing(one, acme, other, a, b) }()
	if err := crossing(two, other, acme, b, a); err != nil {
		t.Error(err)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
	var name string
	if err := one.Read().QueryRow(ctx, `select name from organizations where id = $1`, acme).Scan(&name); err != nil || name != "Example!!" {
		t.Errorf("the name is %q, error %v: each function's effects must happen once", name, err)
	}
}

func TestHeadsTellsOfOtherProcesses(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	here, there := dbtest.Open(t, database.Config{URL: url}), dbtest.Open(t, database.Config{URL: url})
	withLines(t, here, acme, other)
	type moved struct {
		org  parley.OrganizationID
		head int64
	}
	ctx, cancel := context.WithCancel(ctx)
	heads, result := make(chan moved, 100), make(chan error)
	go func() {
		result <- here.Heads(ctx, func(org parley.OrganizationID, head int64) { heads <- moved{org, head} })
	}()
	if first := <-heads; first != (moved{}) {
		t.Errorf("the first call was %v", first)
	}
	for _, w := range []struct {
		db  *database.DB
		org parley.OrganizationID
	}{{here, acme}, {there, acme}, {there, other}} {
		err := w.db.Write(ctx, w.org, func(ctx context.Context, tx *database.Tx) error {
			return queueLine(ctx, tx, w.org, fmt.Sprint(w.db == here))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := there.Close(); err != nil { // which tells what is left
		t.Fatal(err)
	}
	told := map[moved]bool{<-heads: true, <-heads: true}
	if !told[moved{acme, 2}] || !told[moved{other, 1}] {
		t.Errorf("told of %v", told)
	}
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("Heads returned %v", err)
	}
	if len(heads) > 0 {
		t.Errorf("told of %v as well", <-heads)
	}
}

func TestHeadsWaitsOnSQLite(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	err := dbtest.SQLite(t).Heads(ctx, func(org parley.OrganizationID, head int64) { t.Errorf("told of %s %d", org, head) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Heads returned %v", err)
	}
}
