package webhook

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Database is a [Dedup] that keeps the ids of events in a table of the program's own
// database. An id is inserted first, in the transaction that the handler then works
// in: the two are committed together or not at all, and of twins that come at once one
// waits for the other at the table's primary key.
type Database struct {
	db   *sql.DB
	name string
	keep time.Duration

	insert, find, prune string
}

// DatabaseOptions say what is unusual about a [Database].
type DatabaseOptions struct {
	// Table is the name of the table; "" is parley_events_done.
	Table string

	// Placeholder is how the database writes the n-th parameter of a statement; nil is
	// [Dollar].
	Placeholder func(n int) string

	// Keep is how long an id is kept; 0 is 35 days. Parley may send an event for as
	// long as its log holds it, which is 30 days unless it was told otherwise.
	Keep time.Duration
}

const defaultKeep = 35 * 24 * time.Hour

// Dollar writes parameters as PostgreSQL and SQLite take them: $1.
func Dollar(n int) string { return fmt.Sprintf("$%d", n) }

// QuestionMark writes parameters as MySQL and SQLite take them: ?.
func QuestionMark(int) string { return "?" }

var tableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$`)

// InDatabase keeps the ids of events in db, and makes the table for them if it is not
// there. The name is the receiver's: two that do different things with the same events
// must have different names, or what one has done would be passed over by the other;
// processes that share the work of one receiver have the same.
func InDatabase(ctx context.Context, db *sql.DB, name string, o DatabaseOptions) (*Database, error) {
	if o.Table == "" {
		o.Table = "parley_events_done"
	}
	if o.Placeholder == nil {
		o.Placeholder = Dollar
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	switch {
	case name == "" || len(name) > maxName:
		return nil, fmt.Errorf("webhook: InDatabase: a receiver has a name of 1 to %d bytes", maxName)
	case !tableName.MatchString(o.Table):
		return nil, fmt.Errorf("webhook: InDatabase: %q is no name for a table", o.Table)
	case o.Keep < 0:
		return nil, errors.New("webhook: InDatabase: ids cannot be kept for less than no time")
	}
	d := &Database{db: db, name: name, keep: o.Keep}
	p := o.Placeholder
	d.insert = "insert into " + o.Table + " (receiver, event_id, done_at) values (" + p(1) + ", " + p(2) + ", " + p(3) + ")"
	d.find = "select count(*) from " + o.Table + " where receiver = " + p(1) + " and event_id = " + p(2)
	d.prune = "delete from " + o.Table + " where receiver = " + p(1) + " and done_at < " + p(2)
	return d, d.makeTable(ctx, o.Table)
}

const (
	maxName = 100
	maxID   = 100
)

// Schema are the statements that make the table of this name, for those who make
// their tables in migrations: [InDatabase] makes none that is there.
func Schema(table string) []string {
	_, index, qualified := strings.Cut(table, ".")
	if !qualified {
		index = table
	}
	return []string{
		"create table " + table + " (\n" +
			fmt.Sprintf("  receiver varchar(%d) not null,\n  event_id varchar(%d) not null,\n", maxName, maxID) +
			"  done_at bigint not null,\n  primary key (receiver, event_id)\n)",
		"create index " + index + "_by_age on " + table + " (receiver, done_at)",
	}
}

// makeTable asks for the table before it makes it, so that the program needs no right
// to make tables where there is one. Of several processes that begin at once one makes
// it.
func (d *Database) makeTable(ctx context.Context, table string) error {
	if _, err := d.knows(ctx, ""); err == nil {
		return nil
	}
	var failed error
	for _, statement := range Schema(table) {
		if _, err := d.db.ExecContext(ctx, statement); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	if _, err := d.knows(ctx, ""); err != nil {
		return fmt.Errorf("webhook: make the table %s: %w", table, errors.Join(failed, err))
	}
	return nil
}

// Once implements Dedup.
func (d *Database) Once(ctx context.Context, id string, work Work) (repeat bool, err error) {
	if len(id) > maxID {
		return false, fmt.Errorf("webhook: the id of an event has %d bytes, and at most %d are kept", len(id), maxID)
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("webhook: begin a transaction: %w", err)
	}
	defer tx.Rollback() // does nothing once it is committed, and all if the work panics
	if _, err := tx.ExecContext(ctx, d.insert, d.name, id, time.Now().Unix()); err != nil {
		tx.Rollback()
		return d.taken(ctx, id, err)
	}
	if err := work(ctx, tx); err != nil {
		return false, err
	}
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("webhook: commit: %w", err)
	}
	return false, nil
}

// taken tells whether an id could not be inserted because it is there. Asking is what
// every database understands; what they call such an error differs.
func (d *Database) taken(ctx context.Context, id string, cause error) (bool, error) {
	known, err := d.knows(ctx, id)
	if err == nil && known {
		return true, nil
	}
	return false, fmt.Errorf("webhook: note the id of the event: %w", cause)
}

func (d *Database) knows(ctx context.Context, id string) (bool, error) {
	var n int
	err := d.db.QueryRowContext(ctx, d.find, d.name, id).Scan(&n)
	return n > 0, err
}

// Prune forgets the ids that have been kept for long enough. A [Receiver] sees to it
// by itself, about once an hour.
func (d *Database) Prune(ctx context.Context) error {
	if _, err := d.db.ExecContext(ctx, d.prune, d.name, time.Now().Add(-d.keep).Unix()); err != nil {
		return fmt.Errorf("webhook: forget old ids: %w", err)
	}
	return nil
}
