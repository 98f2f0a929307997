package database_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

// TestMain makes sure that nothing runs on once every database is closed.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhatWasAnsweredIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		db := dbtest.Open(t, place)
		withLines(t, db, acme)
		for _, text := range []string{"a", "b"} {
			err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, text) })
			if err != nil {
				t.Fatal(err)
			}
		}
		version, err := db.Version(ctx)
		if err != nil || version < 1 {
			t.Errorf("the schema's version is %d, error %v", version, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		wantLines(t, dbtest.Open(t, place), acme, "a", "b")
	})
}

func TestCloseFinishesWritesThatWait(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		db := dbtest.Open(t, place)
		withLines(t, db, acme)
		g := gather(t, db, acme)
		var want []string
		for i := range 10 {
			want = append(want, fmt.Sprint(i))
			g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return queueLine(ctx, tx, acme, fmt.Sprint(i)) })
		}
		closed := make(chan error)
		go func() { closed <- db.Close() }()
		refused := refusedWrite(db)
		if parley.KindOf(refused) != parley.Unavailable {
			t.Errorf("a write while the database closes: %v", refused)
		}
		select {
		case err := <-closed:
			t.Errorf("Close returned before the writes, with %v", err)
		default:
		}
		if err := errors.Join(g.run()...); err != nil {
			t.Error(err)
		}
		if err := errors.Join(<-closed, db.Close()); err != nil {
			t.Errorf("close: %v", err)
		}
		wantLines(t, dbtest.Open(t, place), acme, want...)
	})
}

// refusedWrite writes until that is refused.
func refusedWrite(db *database.DB) error {
	for {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Millisecond, cancel)
		err := db.Write(ctx, acme, func(context.Context, *database.Tx) error { return nil })
		if !errors.Is(err, context.Canceled) {
			return err
		}
		runtime.Gosched()
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		db := dbtest.Open(t, place)
		known, err := db.Version(ctx)
		if err != nil {
			t.Fatal(err)
		}
		exec(t, db, `insert into goose_db_version (version_id, is_applied) values (9999, $1)`, true)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		newer, err := database.Open(ctx, place)
		if err == nil {
			newer.Close()
			t.Fatal("a newer schema was opened")
		}
		for _, part := range []string{"version 9999", fmt.Sprint("version ", known)} {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error %q does not name %s in one line", err, part)
			}
		}
	})
}

func TestProcessesMayStartAtOnce(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		if place.URL != "" {
			dropEverything(t, place.URL)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				db, err := database.Open(ctx, place)
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if err := db.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
		}
		all.Wait()
		db := dbtest.Open(t, place)
		var repeated int
		err := db.Read().QueryRow(ctx, `
			select count(*)
			from (select version_id from goose_db_version group by version_id having count(*) > 1) as repeated`).Scan(&repeated)
		if err != nil || repeated != 0 {
			t.Errorf("%d migrations ran twice, error %v", repeated, err)
		}
	})
}

func dropEverything(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, `drop schema public cascade; create schema public`); err != nil {
		t.Fatal(err)
	}
}

func TestProcessesShareADatabase(t *testing.T) {
	t.Parallel()
	eachPlace(t, func(t *testing.T, place database.Config) {
		const writers, writes = 5, 20
		nodes := []*database.DB{dbtest.Open(t, place), dbtest.Open(t, place)}
		orgs := []parley.OrganizationID{acme, other}
		withLines(t, nodes[0], orgs...)
		var all sync.WaitGroup
		for n, db := range nodes {
			for w := range writers {
				all.Go(func() {
					for i := range writes {
						org := orgs[(w+i)%len(orgs)]
						err := db.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
							return queueLine(ctx, tx, org, fmt.Sprint(n, " ", w, " ", i))
						})
						if err != nil {
							t.Errorf("write: %v", err)
						}
					}
				})
			}
		}
		all.Wait()
		total := len(lines(t, nodes[0], acme)) + len(lines(t, nodes[1], other))
		if want := len(nodes) * writers * writes; total != want {
			t.Errorf("there are %d lines, want %d", total, want)
		}
	})
}

func TestSchemasOfTheEnginesAreAlike(t *testing.T) {
	t.Parallel()
	postgres, sqlite := dbtest.Postgres(t), dbtest.SQLite(t)
	inPostgres := columns(t, postgres, `
		select table_name || '.' || column_name
		from information_schema.columns
		where table_schema = 'public'`)
	inSQLite := columns(t, sqlite, `
		select m.name || '.' || c.name
		from sqlite_master m, pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite%'`)
	for _, c := range inPostgres {
		if !slices.Contains(inSQLite, c) {
			t.Errorf("only PostgreSQL has the column %s", c)
		}
	}
	for _, c := range inSQLite {
		if !slices.Contains(inPostgres, c) {
			t.Errorf("only SQLite has the column %s", c)
		}
	}
	if !slices.Contains(inSQLite, "organizations.last_seq") {
		t.Errorf("the schema has no organizations: %v", inSQLite)
	}
}

func columns(t *testing.T, db *database.DB, query string) (names []string) {
	t.Helper()
	rows, err := db.Read().Query(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSQLiteFileIsNobodyElses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "made", "for it", "parley 100%?.db")
	db := dbtest.Open(t, database.Config{Path: path})
	withLines(t, db, acme)
	for name, want := range map[string]fs.FileMode{
		filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600,
	} {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has the mode %o, want %o", name, got, want)
		}
	}
}

func TestWhatCannotBeOpenedIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("this is a text, not a database, and long enough to be told apart from one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		config database.Config
		says   []string
	}{
		"nothing":        {database.Config{}, []string{"no database is named"}},
		"no folder":      {database.Config{Path: filepath.Join(file, "parley.db")}, []string{file, "not a directory"}},
		"not a database": {database.Config{Path: file}, []string{file, "not a database"}},
		"a folder":       {database.Config{Path: filepath.Dir(file)}, []string{"file " + filepath.Dir(file), "is a directory"}},
		"not a URL":      {database.Config{URL: "postgres://parley:hunter2@127.0.0.1:x/parley"}, []string{"URL"}},
		"no server":      {database.Config{URL: "postgres://parley:hunter2@127.0.0.1:1/sales"}, []string{"sales", "127.0.0.1:1", "refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, err := database.Open(ctx, c.config)
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error %q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error %q shows the password or is not one line", err)
			}
		})
	}
}
