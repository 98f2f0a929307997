package database_test

import (
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

// eachPlace runs body for a database of each engine that it opens by itself, as
// often as it likes.
func eachPlace(t *testing.T, body func(t *testing.T, place database.Config)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, database.Config{Path: filepath.Join(t.TempDir(), "parley.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, database.Config{URL: dbtest.PostgresURL(t)})
	})
}

// exec runs one statement that belongs to no organization's log.
func exec(t testing.TB, db *database.DB, statement string, args ...any) {
	t.Helper()
	err := db.Record(context.Background(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// recordRow runs a query for one row inside a Record.
func recordRow(db *database.DB, query string, args []any, into ...any) error {
	return db.Record(context.Background(), func(ctx context.Context, tx *database.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(into...)
	})
}

// createOrganization inserts an organization whose log is empty.
func createOrganization(t testing.TB, db *database.DB, org parley.OrganizationID) {
	t.Helper()
	exec(t, db, insertOrganization, org)
}

const insertOrganization = `
	insert into organizations (id, name, created_at, updated_at)
	values ($1, 'Example', 1700000000000, 1700000000000)`

// withLines makes the table lines, which the tests write to, and organizations.
func withLines(t testing.TB, db *database.DB, orgs ...parley.OrganizationID) {
	t.Helper()
	exec(t, db, `create table lines (org_id text not null, seq bigint not null, text text not null, primary key (org_id, text))`)
	for _, org := range orgs {
		createOrganization(t, db, org)
	}
}

const insertLine = `insert into lines (org_id, seq, text) values ($1, $2, $3)`

// line writes a line with the next sequence, in one of the ways in which code does.
type line func(ctx context.Context, tx *database.Tx, org parley.OrganizationID, text string) error

func execLine(ctx context.Context, tx *database.Tx, org parley.OrganizationID, text string) error {
	seq, err := tx.NextSequence(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertLine, org, seq, text)
	return err
}

func queueLine(ctx context.Context, tx *database.Tx, org parley.OrganizationID, text string) error {
	seq, err := tx.NextSequence(ctx)
	if err != nil {
		return err
	}
	tx.Queue(ctx, insertLine, org, seq, text)
	return nil
}

// queueLineAndLook has what it queued sent before it ends.
func queueLineAndLook(ctx context.Context, tx *database.Tx, org parley.OrganizationID, text string) error {
	if err := queueLine(ctx, tx, org, text); err != nil {
		return err
	}
	var n int
	return tx.QueryRow(ctx, `select count(*) from lines where org_id = $1 and text = $2`, org, text).Scan(&n)
}

// ways are the ways to write a line.
var ways = map[string]line{"exec": execLine, "queue": queueLine, "queue and look": queueLineAndLook}

// eachWay runs body for every way to write, on both engines.
func eachWay(t *testing.T, body func(t *testing.T, db *database.DB, write line)) {
	for name, write := range ways {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) { body(t, db, write) })
		})
	}
}

// eachWayOnPostgres runs body for every way to write, on PostgreSQL.
func eachWayOnPostgres(t *testing.T, body func(t *testing.T, db *database.DB, write line)) {
	for name, write := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t, dbtest.Postgres(t), write)
		})
	}
}

// lines are the texts of an organization's lines in the order of their sequences,
// which must be 1, 2, 3, … up to its head.
func lines(t testing.TB, db *database.DB, org parley.OrganizationID) []string {
	t.Helper()
	ctx := context.Background()
	rows, err := db.Read().Query(ctx, `select seq, text from lines where org_id = $1 order by seq`, org)
	if err != nil {
		t.Fatalf("read the lines: %v", err)
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var (
			seq  int64
			text string
		)
		if err := rows.Scan(&seq, &text); err != nil {
			t.Fatalf("scan a line: %v", err)
		}
		texts = append(texts, text)
		if seq != int64(len(texts)) {
			t.Errorf("the sequence after %d is %d", len(texts)-1, seq)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read the lines: %v", err)
	}
	if head := storedHead(t, db, org); head != int64(len(texts)) {
		t.Errorf("the head is %d after %d lines", head, len(texts))
	}
	return texts
}

func wantLines(t testing.TB, db *database.DB, org parley.OrganizationID, want ...string) {
	t.Helper()
	if got := lines(t, db, org); !slices.Equal(got, want) {
		t.Errorf("lines of %s: got %q, want %q", org, got, want)
	}
}

func storedHead(t testing.TB, db *database.DB, org parley.OrganizationID) (head int64) {
	t.Helper()
	err := db.Read().QueryRow(context.Background(), `select last_seq from organizations where id = $1`, org).Scan(&head)
	if err != nil {
		t.Fatalf("read the head of %s: %v", org, err)
	}
	return head
}

// gathered is writes that share a transaction.
type gathered struct {
	t       *testing.T
	db      *database.DB
	org     parley.OrganizationID // whose lane is held up
	release chan struct{}
	held    chan error
	results []chan error
}

// gather holds up the lane of org, so that what is written next waits for run and
// then shares one transaction.
func gather(t *testing.T, db *database.DB, org parley.OrganizationID) *gathered {
	t.Helper()
	g := &gathered{t: t, db: db, org: org, release: make(chan struct{}), held: make(chan error, 1)}
	started := make(chan struct{})
	go func() {
		g.held <- db.Write(context.Background(), org, func(context.Context, *database.Tx) error {
			close(started)
			<-g.release
			return nil
		})
	}()
	<-started
	return g
}

// write adds a write, and returns when it waits.
func (g *gathered) write(ctx context.Context, org parley.OrganizationID, fn func(context.Context, *database.Tx) error) {
	result := make(chan error, 1)
	before := g.db.Waiting(g.org)
	go func() { result <- g.db.Write(ctx, org, fn) }()
	g.results = append(g.results, result)
	for g.db.Waiting(g.org) == before {
		runtime.Gosched()
	}
}

// run lets the writes go and gives their results in order.
func (g *gathered) run() []error {
	close(g.release)
	if err := <-g.held; err != nil {
		g.t.Errorf("the write that held up the others: %v", err)
	}
	errs := make([]error, len(g.results))
	for i, result := range g.results {
		errs[i] = <-result
	}
	return errs
}
